"""A table's times, read in the form its mapping states.  Pure."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from witnessbox.intake.stamps import Moment, moment, plainly

Read = Callable[[str], Moment | None]

_UNITS = {"unix": 1_000, "unix-ms": 1, "unix-us": 0.001}
_LAST_MS = 253_402_300_799_999  # the year 9999
_DIGITS = {
    "%Y": "(?P<Y>[12][0-9]{3})",
    "%m": "(?P<m>0[1-9]|1[0-2])",
    "%d": "(?P<d>0[1-9]|[12][0-9]|3[01])",
    "%H": "(?P<H>[01][0-9]|2[0-3])",
    "%M": "(?P<M>[0-5][0-9])",
    "%S": "(?P<S>[0-5][0-9])",
}
"""Parts of a form that are so many digits in any language."""
_PARTS = re.compile(r"(%.)")
_NEEDED = ("%Y", "%m", "%d", "%H", "%M")


def reader(form: str, zone: str) -> Read:
    """Make what reads a time of a form a mapping states; it gives None where it is none."""
    if form == "iso":
        return lambda stamp: moment(stamp.strip(), zone)
    if form in _UNITS:
        unit_ms = _UNITS[form]
        return lambda stamp: _counted(stamp, unit_ms)
    pattern = _pattern(form)

    def read(stamp: str) -> Moment | None:
        written = stamp.strip()
        found = None if pattern is None else pattern.fullmatch(written)
        if found is not None:
            year, month, day, hour, minute = found.group("Y", "m", "d", "H", "M")
            second = found.groupdict().get("S")
            at = plainly((f"{year}-{month}-{day}", hour, minute), second, None, zone)
            if at is not None:
                return at
        return _with_care(written, form, zone)

    return read


def _pattern(form: str) -> re.Pattern[str] | None:
    """Make what matches a time whose parts are all digits; None where the form has others."""
    parts = _PARTS.split(form)
    told = [part for part in parts if "%" in part]
    if not set(_NEEDED) <= set(told) <= _DIGITS.keys() or len(set(told)) < len(told):
        return None
    return re.compile("".join(_DIGITS.get(part) or re.escape(part) for part in parts))


def _with_care(written: str, form: str, zone: str) -> Moment | None:
    try:
        at = datetime.strptime(written, form)  # noqa: DTZ007 - the zone is the mapping's
        return moment(at.isoformat(timespec=_finest(form)), zone)
    except ValueError:
        return None


def _counted(stamp: str, unit_ms: float) -> Moment | None:
    try:
        at_ms = round(float(stamp) * unit_ms)
    except (ValueError, OverflowError):
        return None
    if not 0 <= at_ms <= _LAST_MS:
        return None
    written = datetime.fromtimestamp(at_ms // 1000, UTC).replace(microsecond=at_ms % 1000 * 1000)
    return moment(written.isoformat(timespec="milliseconds" if unit_ms <= 1 else "seconds"), "UTC")


def _finest(form: str) -> str:
    """Say how finely a form knows the time."""
    if "%f" in form:
        return "milliseconds"
    return "seconds" if any(part in form for part in ("%S", "%c", "%X", "%T")) else "minutes"
