r"""Relativity Short Message Format (RSMF) 1.0 and 2.0: the manifest in its archive.

An ``.rsmf`` file is a mail whose attachment ``rsmf.zip`` holds ``rsmf_manifest.json`` and the files
it names.  Receipt takes the mail and the archive apart (``mail.py``, ``containers.py``), so that
what is read here is the manifest, an exhibit of its own::

    {"version": "2.0.0", "participants": [{"id": "P1", "display": "Ana"}],
     "conversations": [{"id": "C1", "platform": "sms", "participants": ["P1"]}],
     "events": [{"type": "message", "id": "1", "participant": "P1", "conversation": "C1",
                 "timestamp": "2024-03-01T13:00:00Z", "body": "on my way"}, ...]}

An event's span begins at its ``{`` and runs to the next one's.  Participants, conversations and
whatever else stands around the list of events are in a problem of severity *note*, ``envelope``.

Versions seen: 1.0.0 and 2.0.0.  A time without a zone is read in the assumed one.  In no table, but
counted (``beside-the-tables``): directions, marks of importance, custom properties, other keys.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from witnessbox.evidence.model import Severity
from witnessbox.intake.apps import platform_of
from witnessbox.intake.gathered import Gathered, batches
from witnessbox.intake.json_spans import Elements, Frame, Stretch
from witnessbox.intake.json_walk import walk
from witnessbox.intake.parser import Assumption, Batch, Format, Source
from witnessbox.intake.rsmf.rows import UNKNOWN_KEYS, Heard, Placed, Scene, add
from witnessbox.intake.rsmf.survey import SHAPE, frame_of, survey
from witnessbox.intake.rsmf.words import read_event

FORMAT = Format(
    name="rsmf", title="Relativity Short Message Format (RSMF)", version=1, platform="rsmf"
)
MANIFEST = "rsmf_manifest.json"

_LISTS = tuple(
    re.compile(rb'"' + key + rb'"[ \t\r\n]*:[ \t\r\n]*\[')
    for key in (b"participants", b"conversations")
)
_EVENTS = re.compile(rb'"events"[ \t\r\n]*:[ \t\r\n]*\[')
_OWN = re.compile(rb'"(?:conversations|events)"[ \t\r\n]*:')


def identify(name: str, head: bytes) -> bool:
    """Say whether a file of this name that begins with these bytes is in this format."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return False
    if PurePosixPath(name).name.lower() == MANIFEST:
        return True
    found = [pattern.search(start) is not None for pattern in (*_LISTS, _EVENTS)]
    return sum(found) >= 2 and _OWN.search(start) is not None


def parse(source: Source, assumption: Assumption) -> Iterator[Batch]:
    """Read a manifest from its first byte to its last."""
    with source.open() as stream:
        cast = survey(stream, source.limits.json_record_bytes)
    home = source.path.parent.as_posix()
    scene = Scene(
        cast=cast,
        home="" if home == "." else home,
        title=_title(source.path),
        zone=assumption.zone,
    )
    yield from batches(_gathered(source, scene))


def _gathered(source: Source, scene: Scene) -> Iterator[Gathered]:
    with source.open() as stream:
        reading = _Reading(source, scene)
        for stretch in walk(stream, SHAPE, source.limits.json_record_bytes):
            yield from reading.rows(stretch)
        yield reading.last()


def _title(path: PurePosixPath) -> str:
    """Name a conversation nobody names after the file it came in."""
    mails = [part for part in path.parts if part.lower().endswith(".rsmf")]
    return PurePosixPath(mails[-1]).stem if mails else path.stem


class _Reading:
    """One manifest on its way into rows; counts what only shows at the end."""

    def __init__(self, source: Source, scene: Scene) -> None:
        self._exhibit = source.exhibit
        self._scene = scene
        self._heard = Heard()
        self._index = 0
        self._reached = 0
        self._labels: dict[str | None, str] = {}  # of conversations

    def _rows(self) -> Gathered:
        return Gathered(self._exhibit, FORMAT.label)

    def rows(self, stretch: Stretch) -> Iterator[Gathered]:
        """Turn one stretch of the file into rows."""
        self._reached = stretch.end
        if isinstance(stretch, Elements):
            yield from self._taken(stretch)
            return
        rows = self._rows()
        if isinstance(stretch, Frame):
            told = ", ".join(key for key in frame_of(stretch)[0] if key != SHAPE.key)
            what = (
                f"the document around the events ({told})"
                if told
                else "the document's own brackets"
            )
            rows.problem(stretch.start, stretch.end, "envelope", what, Severity.NOTE)
        else:
            severity = Severity.LOSS if stretch.end > stretch.start else Severity.DOUBT
            rows.problem(stretch.start, stretch.end, stretch.code, stretch.what, severity)
        yield rows

    def _taken(self, stretch: Elements) -> Iterator[Gathered]:
        """Take events; those of one app that follow one another are together."""
        rows = self._rows()
        ends = [*stretch.starts[1:], stretch.end]
        for start, end, piece in zip(stretch.starts, ends, stretch.pieces, strict=True):
            event, doubts, unknown = read_event(piece)
            if unknown:
                self._heard.beside[UNKNOWN_KEYS] += unknown
            label = self._label(event.conversation)
            if label != rows.parser:
                yield rows
                rows = Gathered(self._exhibit, label)
            add(rows, self._scene, self._heard, Placed(start, end, self._index, event))
            self._index += 1
            for doubt in doubts:
                rows.doubt(start, doubt.code, doubt.what)
        yield rows

    def _label(self, conversation: str | None) -> str:
        """Name the app before the parser, so that a chat is laid beside other copies of it."""
        label = self._labels.get(conversation)
        if label is None:
            platform = self._scene.platform(conversation)
            label = f"{platform_of(platform)}-{FORMAT.label}" if platform else FORMAT.label
            self._labels[conversation] = label
        return label

    def last(self) -> Gathered:
        """Give what shows only over the whole manifest: who was there, and what to know of it."""
        rows, cast = self._rows(), self._scene.cast
        for doubt in cast.doubts:
            rows.doubt(self._reached, doubt.code, doubt.what)
        beside = [f"{count} {what}" for what, count in self._heard.beside.items() if count]
        if beside:
            what = f"in the file and in no table: {', '.join(beside)}"
            rows.problem(self._reached, self._reached, "beside-the-tables", what, Severity.NOTE)
        rows.participants.extend(self._participants())
        return rows

    def _participants(self) -> Iterator[tuple[str, str, str | None, int, bool]]:
        listed = {
            (key, person)
            for key, one in self._scene.cast.conversations.items()
            for person in one.participants or ()
        }
        for key, person in sorted(listed | self._heard.messages.keys()):
            name, _ = self._scene.conversation(key or None)
            messages = self._heard.messages[key, person]
            shown = self._scene.person(person) or person
            yield name, shown, person, messages, (key, person) in listed
