"""What the bodies of a stretch are: kinds, attachments, changes of membership, doubts."""

import numpy as np

from witnessbox.evidence.model import Kind, Problem
from witnessbox.intake.whatsapp.columns import Attachment, Membership, Rows
from witnessbox.intake.whatsapp.doubts import Teller
from witnessbox.intake.whatsapp.heads import Heads
from witnessbox.intake.whatsapp.kinds import KINDS, Classifier, Nature
from witnessbox.intake.whatsapp.names import Candidates
from witnessbox.intake.whatsapp.notices import changes
from witnessbox.intake.whatsapp.stretches import Stretch
from witnessbox.intake.whatsapp.wordings import recognise

CODES = {kind: place for place, kind in enumerate(KINDS)}
_MOST_UNDER_TITLE = 1_000
_LONGEST_NOTICE_BYTES = 1_200


def under_the_title(
    stretch: Stretch, rows: Rows, found: Candidates, titles: frozenset[bytes]
) -> None:
    """Tell notices that stand under the conversation's own name, without the platform's mark.

    In a chat of two that is the other person's name, so a known wording must support it.
    """
    own = np.array([name in titles and name != b"" for name in found.names], np.bool_)
    under = np.flatnonzero(own[found.index])
    for row in under[:_MOST_UNDER_TITLE].tolist():
        if recognise(_text(stretch, rows, row)) is not None:
            rows.notice[row] = True
            rows.kind[row] = CODES[Kind.NOTICE]


def classify(
    stretch: Stretch, heads: Heads, rows: Rows, classifier: Classifier, tell: Teller
) -> tuple[list[Attachment], list[Problem]]:
    """Fill in kinds and edited marks; give the attachments and what is in doubt."""
    enclosed: list[Attachment] = []
    told: list[Problem] = []
    special = classifier.rows(stretch, heads, rows.text_start, rows.text_end)
    for row in special[~rows.notice[special]].tolist():
        body = stretch.data[rows.text_start[row] : rows.text_end[row]]
        nature = classifier.nature(body)
        rows.edited[row] = nature.edited
        rows.kind[row] = CODES[nature.kind]
        rows.notice[row] = nature.kind is Kind.NOTICE
        start = stretch.offset + int(rows.start[row])
        enclosed += [Attachment(start, e.name, e.media, e.omitted) for e in nature.enclosed]
        told += _doubts(nature, body, start, tell)
    return enclosed, told


def _doubts(nature: Nature, body: bytes, start: int, tell: Teller) -> list[Problem]:
    if nature.typed:
        what = (
            "this reads like a line of the platform but lacks the mark its other lines bear; "
            "read as typed by a person"
        )
        return [tell.at(start, "placeholder-without-mark", what)]
    if nature.doubt:
        what = "'null' stands for a message shown once, but a person may have typed it"
        return [tell.at(start, nature.doubt, what)]
    text = body[:_LONGEST_NOTICE_BYTES].decode("utf-8", "replace")
    if nature.unknown and recognise(text) is None:
        what = "this bears the platform's mark in a wording not known; read as a notice"
        return [tell.at(start, "unknown-notice", what)]
    return []


def memberships(stretch: Stretch, rows: Rows) -> list[Membership]:
    """Read the changes that a stretch's notices tell."""
    members: list[Membership] = []
    for row in np.flatnonzero(rows.notice).tolist():
        start, end = (stretch.offset + int(column[row]) for column in (rows.start, rows.end))
        sent_ms = int(rows.sent_ms[row])
        members += [
            Membership(start, end, change.event, change.actor, change.member, sent_ms)
            for change in changes(_text(stretch, rows, row))
        ]
    return members


def _text(stretch: Stretch, rows: Rows, row: int) -> str:
    body = stretch.data[rows.text_start[row] : rows.text_end[row]]
    return body[:_LONGEST_NOTICE_BYTES].decode("utf-8", "replace")
