"""What a file from a stranger may cost: every limit, with its default.

A limit drops nothing in silence.  An archive beyond one is refused, or kept closed where it lies in
another; bytes of a record beyond one are a problem of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from witnessbox.errors import WitnessboxError

_MOST = (1 << 63) - 1  # what a file can be asked for


class LimitError(WitnessboxError):
    """A limit is set that is none, or to what is no number that can be one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be held in memory or written to disk for one file."""

    members: int = 200_000  # of an archive, with all archives in it
    depth: int = 3  # an archive in an archive in an archive
    total_bytes: int = 64 << 30  # unpacked, all members together
    ratio: int = 250  # unpacked to packed, above 10 MB
    json_record_bytes: int = 1 << 23  # one message in JSON, or the document around
    html_block_bytes: int = 1 << 23
    text_message_bytes: int = 1 << 23
    sms_record_bytes: int = 1 << 26  # with its pictures in it
    ufdr_record_bytes: int = 1 << 22
    ufdr_damages: int = 1_000
    table_row_bytes: int = 1 << 20
    xml_depth: int = 64
    picture_pixels: int = 120_000_000  # of a picture that is decoded; about 8 bytes each
    database_row_bytes: int = (1 << 31) - 1
    database_batch_bytes: int = 1 << 28  # of the long rows of a page, put together
    database_addresses: int = 1 << 20  # rows of one table of addresses, contacts or members


DEFAULT = Limits()


def limits_of(told: Mapping[str, object]) -> Limits:
    """Take limits out of settings; those not named keep their defaults.  Raises LimitError."""
    known = [one.name for one in fields(Limits)]
    for name, value in told.items():
        if name not in known:
            raise LimitError(f"there is no limit {name!r}; there are: {', '.join(known)}")
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MOST:
            raise LimitError(
                f"the limit {name} must be a whole number from 1 to {_MOST:,}, not {value!r:.80}"
            )
    return Limits(**told)  # type: ignore[arg-type]


def departures(limits: Limits) -> tuple[tuple[str, int], ...]:
    """Name the limits that are not at their default, and what they are."""
    return tuple(
        (one.name, getattr(limits, one.name))
        for one in fields(Limits)
        if getattr(limits, one.name) != getattr(DEFAULT, one.name)
    )
