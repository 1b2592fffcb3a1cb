"""What the bodies of a stretch are: kinds, attachments, changes of membership, doubts."""

from collections.abc import Iterable, Iterator

import numpy as np

from witnessbox.evidence.model import Kind, Problem
from witnessbox.intake.clock import Flags, Ints
from witnessbox.intake.whatsapp.columns import Finds, Rows
from witnessbox.intake.whatsapp.cuts import distinct
from witnessbox.intake.whatsapp.doubts import Teller
from witnessbox.intake.whatsapp.heads import Heads
from witnessbox.intake.whatsapp.kinds import KINDS, Classifier, Enclosed, Nature
from witnessbox.intake.whatsapp.names import Candidates
from witnessbox.intake.whatsapp.notices import Change, changes
from witnessbox.intake.whatsapp.stretches import Stretch
from witnessbox.intake.whatsapp.wordings import recognise

CODES = {kind: place for place, kind in enumerate(KINDS)}
_MOST_UNDER_TITLE = 1_000
_LONGEST_NOTICE_BYTES = 1_200


def under_the_title(
    stretch: Stretch, rows: Rows, found: Candidates, titles: frozenset[bytes], *, partner: bool
) -> None:
    """Tell notices that stand under the conversation's own name, without the platform's mark.

    In a chat of two that is the other person's name, so a known wording must support it.  Where
    that person speaks (``partner``), a sentence that names somebody ("nine left") is theirs too:
    nobody is added to a chat of two, and nobody leaves it.
    """
    own = np.array([name in titles and name != b"" for name in found.names], np.bool_)
    under = np.flatnonzero(own[found.index])
    under = under[:_MOST_UNDER_TITLE]
    for row, body in zip(under.tolist(), _bodies(stretch, rows, under), strict=True):
        told = recognise(_text(body))
        if told is not None and not (partner and told[1].groupdict()):
            rows.notice[row] = True
            rows.kind[row] = CODES[Kind.NOTICE]


def classify(
    stretch: Stretch, heads: Heads, rows: Rows, classifier: Classifier, tell: Teller
) -> tuple[Finds[Enclosed], list[Problem]]:
    """Fill in kinds and edited marks; give the attachments and what is in doubt."""
    special = classifier.rows(stretch, heads, rows.text_start, rows.text_end)
    special = special[~rows.notice[special]]
    index, texts = distinct(stretch.data, rows.text_start[special], rows.text_end[special])
    natures = [classifier.nature(body) for body in texts]
    rows.edited[special] = _flags(nature.edited for nature in natures)[index]
    rows.kind[special] = np.array([CODES[nature.kind] for nature in natures], np.int64)[index]
    rows.notice[special] = _flags(nature.kind is Kind.NOTICE for nature in natures)[index]
    odd = _flags(nature.typed or nature.unknown or nature.doubt != "" for nature in natures)[index]
    told: list[Problem] = []
    for row, place in zip(special[odd].tolist(), index[odd].tolist(), strict=True):
        start = int(rows.start[row]) + stretch.offset
        told += _doubts(natures[place], texts[place], start, tell)
    return Finds.by(special, index, [nature.enclosed for nature in natures]), told


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, np.bool_)


def _bodies(stretch: Stretch, rows: Rows, some: Ints) -> Iterator[bytes]:
    """Cut some rows' texts out, one by one."""
    bounds = zip(rows.text_start[some].tolist(), rows.text_end[some].tolist(), strict=True)
    return (stretch.data[start:end] for start, end in bounds)


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
    if nature.unknown and recognise(_text(body)) is None:
        what = "this bears the platform's mark in a wording not known; read as a notice"
        return [tell.at(start, "unknown-notice", what)]
    return []


def memberships(stretch: Stretch, rows: Rows) -> Finds[Change]:
    """Read the changes that a stretch's notices tell."""
    notices = np.flatnonzero(rows.notice)
    index, texts = distinct(stretch.data, rows.text_start[notices], rows.text_end[notices])
    return Finds.by(notices, index, [changes(_text(body)) for body in texts])


def _text(body: bytes) -> str:
    return body[:_LONGEST_NOTICE_BYTES].decode("utf-8", "replace")
