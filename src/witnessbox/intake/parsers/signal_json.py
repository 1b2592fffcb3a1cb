r"""Signal conversations as JSON lines, as signal-export writes them: ``<chat>/data.json``.

One message a line::

    {"date": "2024-03-01T13:00:00.123000", "sender": "Ana", "body": "on my way  ", "quote": "",
     "sticker": null, "reactions": [["Bo", "👍"]], "attachments": [{"name": "rota.jpg",
     "path": "media/rota.jpg"}], "deleted": false, "call": false, "missed": false, "edits": []}

A message's span is its line.  Times are those of the clock of the computer that exported; ``Me`` is
the account's owner.  The two spaces behind every body are the exporter's and are left out of the
text; so are the marks that make a quotation one.

Versions seen: 2021 to 2026.  What a message said before it was edited, and what a reply quotes, are
notes.  Not read: which message a reply answers, since messages have no ids; sticker pack keys; the
end-to-end history Signal itself exports (``main.jsonl``).
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from witnessbox.evidence.model import Severity
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.signal.rows import Placed, Reading
from witnessbox.intake.signal.words import read

FORMAT = Format(name="signal-json", title="Signal (JSON)", version=1, platform="signal")

_BATCH = 1 << 12
_KEYS = tuple(
    re.compile(rb'"' + key + rb'"[ \t]*:') for key in (b"date", b"sender", b"body", b"reactions")
)
_START = re.compile(rb'\{[ \t]*"(?:date|sender|body)"[ \t]*:[ \t]*"')


def identify(name: str, head: bytes) -> bool:
    """Say whether a file that begins with these bytes is in this format; names say nothing."""
    del name
    line = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    return _START.match(line) is not None and all(key.search(line) for key in _KEYS)


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:
    """Read a file from its first byte to its last."""
    reading = Reading(source, FORMAT.label, assumption.zone)
    with source.open() as stream:
        lines = _lines(stream, source.limits.text_message_bytes)
        while several := list(islice(lines, _BATCH)):
            yield _batch(reading, several)
    yield reading.last().batch()


def _lines(stream: BinaryIO, longest_bytes: int) -> Iterator[tuple[int, int, bytes | None]]:
    """Give each line's first byte, its end and what it is; nothing of one that is too long."""
    start = 0
    while data := stream.readline(longest_bytes):
        end = start + len(data)
        whole = data
        while not data.endswith(b"\n") and (data := stream.readline(longest_bytes)):
            end += len(data)
        yield start, end, whole if end - start == len(whole) else None
        start = end


def _batch(reading: Reading, several: list[tuple[int, int, bytes | None]]) -> Batch:
    rows = reading.rows()
    for start, end, line in several:
        reading.reached = end
        if line is None:
            most = reading.source.limits.text_message_bytes
            what = f"a line of {end - start:,} bytes; one of more than {most:,} is not read"
            rows.problem(start, end, "message-too-long", what, Severity.LOSS)
            continue
        piece = line.removeprefix(b"\xef\xbb\xbf").strip()
        found = read(piece) if piece else None
        if found is not None:
            said, doubts = found
            reading.add(rows, Placed(start, end, said, doubts))
        elif not piece:
            rows.blank(start, end, "blank-line", "an empty line")
        elif end == reading.source.size_bytes and not line.endswith(b"\n"):
            rows.problem(start, end, "cut-off", "the file ends inside a message", Severity.LOSS)
        else:
            rows.problem(start, end, "broken-message", "not readable as a message", Severity.LOSS)
    return rows.batch()
