r"""Signal conversations as text, as signal-export writes them: ``<chat>/chat.md``.

::

    [2024-03-01 13:00:00] Ana: on my way␣␣
    (- Bo: 👍 -)

    [2024-03-01 13:01:30] Me: ␣

    > on my way

    good![rota.jpg](./media/2024-03-01T13-01-30.000_00_rota.jpg)␣␣

A line without a head continues the message above.  Times are those of the clock of the computer
that exported; ``Me`` is the account's owner.  Reactions, stickers, files and quotations are told
from text by the two spaces the exporter puts behind every body.

Versions seen: 2019 (``index.md``, minutes, a comma behind the date in some copies) to 2026.  Not
read: ``index.html``, which says the same; edits, which only ``data.json`` has; which message a
reply answers, since messages have no ids.  ``Incoming call`` of older versions stays text.
"""

from collections.abc import Iterator
from itertools import islice

from witnessbox.evidence.model import Severity
from witnessbox.intake.careful import Doubt
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.signal.pages import Page, is_page, read
from witnessbox.intake.signal.rows import Placed, Reading
from witnessbox.intake.signal.stretches import Manner, Rest, Stretch, manner, stretches

FORMAT = Format(name="signal-text", title="Signal (text)", version=1, platform="signal")

_BATCH = 1 << 12


def identify(name: str, head: bytes) -> bool:
    """Say whether a file of this name that begins with these bytes is in this format."""
    return is_page(name, head)


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:
    """Read a page from its first byte to its last."""
    longest_bytes = source.limits.text_message_bytes
    with source.open() as stream:
        known = manner(stream, longest_bytes)
    reading = Reading(source, FORMAT.label, assumption.zone)
    with source.open() as stream:
        found = stretches(stream, longest_bytes, strict=known.strict)
        while several := list(islice(found, _BATCH)):
            yield _batch(reading, several, known)
    yield reading.last(_platform(source)).batch()


def _batch(reading: Reading, several: list[Stretch | Rest], known: Manner) -> Batch:
    rows = reading.rows()
    for one in several:
        reading.reached = one.end
        if isinstance(one, Rest):
            rows.problem(one.start, one.end, one.code, one.what, Severity.LOSS)
            continue
        page = read(one.data)
        doubts: tuple[Doubt, ...] = ()
        if page.damaged or not page.whole:
            doubts = tuple(_doubts(page, known, last=one.end == reading.source.size_bytes))
        reading.add(rows, Placed(one.start, one.end, page.said, doubts))
        for start in one.doubted:
            what = "a line like a head, behind text that does not end as the exporter ends it"
            rows.doubt(start, "head-in-a-body", what)
    return rows.batch()


def _doubts(page: Page, known: Manner, *, last: bool) -> Iterator[Doubt]:
    if page.damaged:
        yield Doubt("damaged-text", "bytes that are not UTF-8, shown as U+FFFD")
    if last and known.strict and not page.whole:
        yield Doubt("cut-off", "the file ends inside a message")
    elif known.whole and not known.strict and not page.whole:
        yield Doubt("odd-end", "it does not end as the exporter ends messages")


def _platform(source: Source) -> Iterator[Doubt]:
    if not source.name.lower().endswith(".md"):
        what = (
            "no Markdown page; taken for Signal by its heads, a full date and minutes in brackets"
        )
        yield Doubt("platform-unsure", what)
