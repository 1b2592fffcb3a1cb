"""What is peculiar to Instagram's threads: reactions and edits that stand there as messages.

Nothing but a wording tells them apart, and anybody can type it.  So they stay rows, and each thing
made of a wording is a counted doubt.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from witnessbox.evidence.model import Kind, Severity
from witnessbox.intake.careful import Doubt
from witnessbox.intake.instagram.edits import Edits, Version
from witnessbox.intake.instagram.wordings import wordings
from witnessbox.intake.messenger.platform import Sign
from witnessbox.intake.messenger.rows import Rows
from witnessbox.intake.messenger.survey import Survey

_START, _END, _SENT_AT, _SENDER, _KIND, _TEXT = 0, 1, 4, 5, 6, 7


class Instagram:
    """Sees to the rows of one file; counts what only shows at its end."""

    plain = False  # a text may be a reaction or an edit

    def __init__(self, sign: Sign | None) -> None:
        self._sign = sign
        self._edits = Edits()
        self._reactions = 0

    def look(self, rows: Rows) -> None:
        """Turn what tells of a reaction into a notice with a reaction; mark what was edited."""
        known = wordings()
        for place, row in enumerate(rows.messages):
            sender, text = row[_SENDER], row[_TEXT]
            if row[_KIND] != Kind.TEXT or sender is None:
                continue
            reaction = known.reaction(text)
            if reaction is not None:
                self._react(rows, place, reaction)
                continue
            edited = known.is_edited(text)
            if edited:
                rows.edited.add(row[_START])
            if row[_SENT_AT] is not None:
                words = known.before_mark(text)
                one = Version(row[_START], row[_SENT_AT], sender, words)
                _tell(self._edits.take(one, edited=edited), rows)

    def _react(self, rows: Rows, place: int, reaction: str) -> None:
        row = rows.messages[place]
        sender, start = row[_SENDER], row[_START]
        rows.messages[place] = (
            *row[:_SENDER],
            None,
            Kind.NOTICE.value,
            *row[_TEXT:],
        )
        rows.reactions.append((start, sender, reaction, row[_SENT_AT]))
        rows.heard.senders[sender] -= 1
        self._reactions += 1

    def last(self, known: Survey, rows: Rows) -> None:
        """Say what rests on wordings alone, and whether this is Instagram at all."""
        del known
        _tell(self._edits.rest(), rows)
        if self._reactions:
            what = (
                f"{self._reactions} rows tell of a reaction to a message they do not name; only "
                "their wording shows it, and the message may list the same reaction"
            )
            rows.remark(Doubt("reaction-by-wording", what), Severity.DOUBT)
        if self._sign is not Sign.PLACE:
            what = "taken for Instagram because of its links; it may be a Messenger export"
            rows.remark(Doubt("platform-unsure", what), Severity.DOUBT)


def _tell(decided: Iterable[tuple[Version, Version | None]], rows: Rows) -> None:
    for edited, earlier in decided:
        if earlier is None:
            what = "edited, as its wording says; no earlier version of it stands near it"
        else:
            at = datetime.fromtimestamp(earlier.at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
            what = (
                "edited, as its wording says; what it was before is likely the message of "
                f"{at} UTC at byte {earlier.start}"
            )
        rows.problem(edited.start, edited.start, Doubt("edit-by-wording", what), Severity.DOUBT)
