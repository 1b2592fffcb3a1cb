"""What is noted of messages: since when earlier texts stood, what was deleted, whom it missed."""

from collections.abc import Iterator
from datetime import UTC, datetime

from witnessbox.evidence.model import Problem, Severity
from witnessbox.intake.database.columns import Same
from witnessbox.intake.signal_desktop import codes
from witnessbox.intake.signal_desktop.beyond import earlier
from witnessbox.intake.signal_desktop.spoken import Scene, Told, at_ms
from witnessbox.intake.signal_desktop.texts import mentioned
from witnessbox.intake.signal_desktop.words import Line

_SHOWN_CHARACTERS = 2000
Remark = tuple[str, str, Severity]


def remarks(told: Told, scene: Scene, stories: list[str | None], same: Same) -> Iterator[Problem]:
    """Give what is to be known of each message of a batch."""
    spoken = told.spoken
    for k in range(len(spoken.row)):
        at, row = int(spoken.start[k]), (spoken.table, int(spoken.row[k]))
        for code, what, severity in _of(told, k, scene, stories[k]):
            yield same.problem((at, at), code, what, severity, row)
    for k, doubt in told.doubts:
        at, row = int(spoken.start[k]), (spoken.table, int(spoken.row[k]))
        yield same.problem((at, at), doubt.code, doubt.what, Severity.DOUBT, row)


def _of(told: Told, k: int, scene: Scene, story: str | None) -> Iterator[Remark]:
    line, files = told.lines[k], told.files[k]
    yield from _lost(told, k, scene)
    text = told.spoken.text[k].as_py() if line.edit_history or line.body_ranges else None
    yield from _earlier(line, text)
    for place, who in mentioned(text, line.body_ranges or ()):
        what = f"the character {place + 1} of the text stands for @{scene.name(who)}"
        yield "mention", what, Severity.NOTE
    yield from _unsent(line, scene)
    if told.types[k] == codes.STORY:
        yield "story", "a story, which stands in no conversation of the app", Severity.NOTE
    elif story is not None:
        what = f"a reply to story {story}, which the app shows beside the story alone"
        yield "story-reply", what, Severity.NOTE
    if files.text is not None:
        where = files.text.name or "a file that did not come"
        what = f"the text goes on in {where}; what stands here is its beginning"
        yield "long-text", what, Severity.DOUBT
    for file in files.kept:
        if file.path and file.sent_as:
            yield "file-name", f"{file.path} was sent as {file.sent_as}", Severity.NOTE


def _lost(told: Told, k: int, scene: Scene) -> Iterator[Remark]:
    line = told.lines[k]
    if line.deleted_for_everyone:
        when = at_ms(line.deleted_for_everyone_timestamp)
        by = scene.name(line.deleted_for_everyone_by_admin_aci)
        what = f"deleted for everyone{f' at {written(when)}' if when else ''}"
        yield "deleted-for-everyone", f"{what}{f', by {by}' if by else ''}", Severity.NOTE
    elif told.erased[k]:
        yield "erased", "the app erased what this message held", Severity.NOTE
    if told.once[k]:
        yield "view-once", "sent to be seen once", Severity.NOTE


def _earlier(line: Line, now: str | None) -> Iterator[Remark]:
    """Tell what a message said before."""
    for text, when, _ in earlier(line, now):
        short = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
        since = f", sent at {written(when)}" if when else ""
        yield "edited", f"the text before{since}, was: {short}", Severity.NOTE


def _unsent(line: Line, scene: Scene) -> Iterator[Remark]:
    for who, state in (line.send_state_by_conversation_id or {}).items():
        if state.status in codes.UNSENT:
            yield "unsent", f"not sent to {scene.name(who)}: {state.status}", Severity.NOTE


def written(time_ms: int) -> str:
    """Write a time as people read it."""
    at = datetime.fromtimestamp(time_ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
