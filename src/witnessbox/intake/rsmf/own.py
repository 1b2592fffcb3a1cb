"""What files written by this program say in properties of their own, having no field for it.  Pure.

Anybody can write such a property, so that none may change who is said to have written what: a kind
is believed only where it tells one sort of message from another.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from witnessbox.evidence.model import Kind, Precision
from witnessbox.intake.rsmf.words import Custom

KIND = "Witnessbox kind"
PLACEHOLDER = "Witnessbox placeholder"
PRECISION = "Witnessbox precision"

_KINDS = {
    kind.value: kind
    for kind in (
        Kind.MEDIA,
        Kind.CALL,
        Kind.POLL,
        Kind.LOCATION,
        Kind.CONTACT,
        Kind.EVENT,
        Kind.STICKER,
        Kind.SHARE,
    )
}


@dataclass(frozen=True, slots=True)
class Own:
    """What an event's properties add to its fields."""

    kind: Kind | None = None
    placeholder: str | None = None
    precision: Precision | None = None


NOTHING = Own()


def own(properties: Iterable[Custom]) -> Own:
    """Read this program's properties among those of an event."""
    said = {one.name: one.value for one in properties if one.name is not None}
    if not said.keys() & {KIND, PLACEHOLDER, PRECISION}:
        return NOTHING
    placeholder = said.get(PLACEHOLDER)
    return Own(
        kind=_KINDS.get(str(said.get(KIND))),
        placeholder=None if placeholder is None else str(placeholder),
        precision=Precision.MINUTE if said.get(PRECISION) == Precision.MINUTE.value else None,
    )
