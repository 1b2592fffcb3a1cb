"""The end of an export: whether it was cut off, and where.  Pure."""

from dataclasses import dataclass

from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.whatsapp.doubts import Teller
from witnessbox.intake.whatsapp.heads import Heads
from witnessbox.intake.whatsapp.stamps import bare
from witnessbox.intake.whatsapp.stretches import Stretch
from witnessbox.intake.whatsapp.survey import Survey
from witnessbox.intake.whatsapp.wordings import recognise


@dataclass(frozen=True, slots=True)
class Ending:
    """Where messages end in a stretch, how many heads lie before that, and what to tell."""

    end: int
    heads: int
    problems: tuple[Problem, ...] = ()


def look(stretch: Stretch, heads: Heads, found: Survey, tell: Teller) -> Ending:
    """Judge the end of a stretch: only the last one's can be cut off."""
    whole = Ending(stretch.size, len(heads))
    ends_a_line = not stretch.size or stretch.data[stretch.size - 1] == found.line_end
    if not stretch.last or ends_a_line or not found.heads:
        return whole
    start = stretch.data.rfind(bytes([found.line_end]), 0, stretch.size) + 1
    at, end = stretch.offset + start, stretch.offset + stretch.size
    count = len(heads)
    is_head = count > 0 and int(heads.start[-1]) == start
    if is_head and _is_cut_name(stretch, heads, found):
        count -= 1
    elif is_head or not _is_cut_head(stretch.data[start : stretch.size], found):
        what = "the file does not end with a line end; its last message may be cut short"
        return Ending(stretch.size, count, (tell.at(end, "truncated-tail", what),))
    what = "the file is cut off within the head of a message; what followed is missing"
    return Ending(start, count, (tell.over(at, end, "truncated-tail", what, Severity.LOSS),))


def _is_cut_head(line: bytes, found: Survey) -> bool:
    """Say whether a line is the first part of a head in the main layout: its date, at least."""
    text = bare(line[:80].decode("utf-8", "ignore").lstrip("\ufeff\u200e\u200f"))
    spelling = found.main.spelling.replace("0000", "0")
    date = found.main.date.replace("0000", "0")
    return spelling.startswith(text.replace("0000", "0")) and date in text.replace("0000", "0")


def _is_cut_name(stretch: Stretch, heads: Heads, found: Survey) -> bool:
    """Say whether a last head is followed by nothing, or by the first part of a known name."""
    rest = stretch.data[heads.body[-1] : stretch.size]
    if b": " in rest or recognise(rest.decode("utf-8", "replace")) is not None:
        return False
    return any(name.startswith(rest.rstrip(b":")) for name in found.names)
