"""Why a copy holds a message otherwise, or alone: what the data show, and what would explain it."""

from dataclasses import dataclass

import numpy as np

from witnessbox.reconcile.alignment import DELETED
from witnessbox.reconcile.counted import counted
from witnessbox.reconcile.grounding import EXCLUDED, OPEN, UNLIKELY, At, Grounds, Said
from witnessbox.reconcile.model import Discrepancy, Evidence, Explanation, MatchedBy, Strength
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.timers import Flags
from witnessbox.reconcile.told import STRENGTHS, Told

_NOTED, _SUPPORTED, _CORROBORATED, _DOCUMENTED = map(STRENGTHS.index, Strength)
_MANY = 3
"""So many other phones seldom lost one message all together."""
_BY_HAND = "the file was changed after the export"


@dataclass(frozen=True)
class Shown:
    """Discrepancies of one kind that a row of the copy itself shows, and facts about these rows."""

    told: Told
    of: Ints
    row: Ints
    copy: Ints
    position: Ints
    editable: Flags  # the row is not of a database
    by_id: Flags  # the row was matched by the platform's id
    sure: Flags  # the message can be told from all others

    @property
    def agreeing(self) -> Ints:
        """Count the other phones that hold the message with the words that are quoted."""
        scene = self.told.scene
        rows, which = scene.rows_at(self.position)
        phone = scene.phones[scene.laid.rows.copy[rows]]
        other = scene.woven.same_text[rows] & (phone != scene.phones[self.copy[which]])
        pairs = np.unique(np.stack([which[other], phone[other]]), axis=1)[0]
        return np.bincount(pairs, minlength=len(self.of)).astype(np.int64)


def shown(told: Told, kind: Discrepancy) -> Shown:
    """Take the discrepancies of one kind."""
    scene, of = told.scene, told.of(kind)
    row, position = told.row[of], told.position[of]
    by_id = scene.woven.matched_by[row] == scene.woven.why.index(MatchedBy.PLATFORM_ID)
    return Shown(
        told, of, row, told.copy[of], position, ~scene.database[row], by_id, scene.sure[position]
    )


def weigh(told: Told, grounds: Grounds, strength: Ints) -> None:
    """Weigh all that rows of copies show, and grade it."""
    for kind, weighing in (
        (Discrepancy.PLACEHOLDER, _placeholder),
        (Discrepancy.TEXT_DIFFERS, _text_differs),
        (Discrepancy.EDITED, _edited),
        (Discrepancy.ONLY_HERE, _only_here),
        (Discrepancy.TIME_RUNS_BACK, _time_runs_back),
        (Discrepancy.TIME_DIFFERS, _time_differs),
    ):
        one = shown(told, kind)
        if len(one.of):
            strength[one.of] = weighing(one, grounds)


def _here(one: Shown, grounds: Grounds, code: Evidence, words: str) -> None:
    grounds.shows(one.of, code, Said([words]), At(one.copy, one.row))


def _others(one: Shown, grounds: Grounds, code: Evidence, words: str) -> None:
    """List the rows of other copies that show the message."""
    scene = one.told.scene
    rows, which = scene.rows_at(one.position)
    other = (scene.laid.rows.copy[rows] != one.copy[which]) & (
        scene.laid.rows.sort[rows] != DELETED
    )
    rows, which = rows[other], which[other]
    grounds.shows(one.of[which], code, Said([words]), At(scene.laid.rows.copy[rows], rows))


def _by_hand(one: Shown, grounds: Grounds, standing: int, words: str = _BY_HAND) -> None:
    of = one.of[one.editable]
    grounds.explains(of, Explanation.FILE_ALTERED, standing, Said([words]))


def _matching(one: Shown, grounds: Grounds) -> None:
    case = np.select([one.by_id, one.sure], [0, 1], 2)
    said = Said(
        [
            "our mistake in matching: the platform's id says that it is this message",
            "our mistake in matching: its words or its place are such as cannot be mistaken",
            "our mistake in matching: another message may have been taken for it",
        ],
        case,
    )
    standing = np.array([EXCLUDED, UNLIKELY, OPEN])[case]
    grounds.explains(one.of, Explanation.MATCHING, standing, said)


def _placeholder(one: Shown, grounds: Grounds) -> Ints:
    _here(one, grounds, Evidence.MARKED_HERE, "has a mark that a message was deleted")
    _others(one, grounds, Evidence.HELD_BY, "holds a message in the place of the mark")
    words = "its writer, or an admin, deleted it for everyone, and other phones kept it"
    grounds.explains(one.of, Explanation.WITHDRAWN, OPEN, Said([words]))
    case = one.by_id.astype(np.int64)
    said = Said(
        [
            "our mistake in matching: the mark may stand for another message of its sender",
            "our mistake in matching: the platform's id says that it is this message",
        ],
        case,
    )
    grounds.explains(one.of, Explanation.MATCHING, np.where(case, EXCLUDED, UNLIKELY), said)
    words = "it was deleted on this phone, and the app leaves a mark of that"
    grounds.explains(one.of, Explanation.DELETED_HERE, OPEN, Said([words]))
    return np.full(len(one.of), _DOCUMENTED)


def _text_differs(one: Shown, grounds: Grounds) -> Ints:
    _here(one, grounds, Evidence.OTHER_WORDS, "has other words than are quoted")
    _others(one, grounds, Evidence.HELD_BY, "holds the message")
    agreeing = one.agreeing
    each, which = np.unique(agreeing, return_inverse=True)
    sentences = [
        f"{counted(number, 'other phone')} {'has' if number == 1 else 'have'} the quoted words"
        for number in each.tolist()
    ]
    grounds.shows(one.of, Evidence.PHONES, Said(sentences, which.reshape(-1)))
    words = "it was edited on the platform: no copy marks it so, and not every export does"
    standing = np.where(one.editable, OPEN, UNLIKELY)
    grounds.explains(one.of, Explanation.EDITED, standing, Said([words]))
    words = "the phones write the same thing in two ways (names, links, line ends)"
    grounds.explains(one.of, Explanation.RENDERING, OPEN, Said([words]))
    _matching(one, grounds)
    _by_hand(one, grounds, OPEN)
    several = agreeing > 1
    grade = np.select(
        [several & one.by_id, several, one.by_id], [_DOCUMENTED, _CORROBORATED, _SUPPORTED], _NOTED
    )
    return grade.astype(np.int64)


def _edited(one: Shown, grounds: Grounds) -> Ints:
    scene = one.told.scene
    _here(one, grounds, Evidence.OTHER_WORDS, "has other words than are quoted")
    rows, which = scene.rows_at(one.position)
    marked = scene.laid.rows.edited[rows]
    said = Said(["marks the message as edited"])
    at = At(scene.laid.rows.copy[rows[marked]], rows[marked])
    grounds.shows(one.of[which[marked]], Evidence.EDIT_MARK, said, at)
    words = "it was edited on the platform, and the phones have it from before and from after"
    grounds.explains(one.of, Explanation.EDITED, OPEN, Said([words]))
    _matching(one, grounds)
    _by_hand(one, grounds, UNLIKELY)
    return np.full(len(one.of), _NOTED)


def _only_here(one: Shown, grounds: Grounds) -> Ints:
    _here(one, grounds, Evidence.WRITTEN_HERE, "alone holds the message")
    _around(one, grounds)
    others = one.told.scene.others[one.position]
    each, which = np.unique(others, return_inverse=True)
    sentences = [
        f"{counted(number, 'other phone')} that {'was' if number == 1 else 'were'} to hold it "
        f"{'does' if number == 1 else 'do'} not"
        for number in each.tolist()
    ]
    grounds.shows(one.of, Evidence.PHONES, Said(sentences, which))
    # What the losses of the others explain is told of them as missing too.
    explained = np.isin(one.position, one.told.position[one.told.of(Discrepancy.MISSING)])
    shown_well = (others >= _MANY) & ~explained & one.editable
    case = np.select([others < 2, ~shown_well], [0, 1], 2)
    said = Said(
        [
            "the other phone lost it, or never got it",
            "all other phones lost it, or never got it",
            "all other phones lost it, or never got it: they lose less than that",
        ],
        case,
    )
    standing = np.array([OPEN, OPEN, UNLIKELY])[case]
    grounds.explains(one.of, Explanation.LOST_ELSEWHERE, standing, said)
    words = "our mistake in matching: its words are such as are not said twice"
    grounds.explains(one.of, Explanation.MATCHING, UNLIKELY, Said([words]))
    _by_hand(one, grounds, OPEN, "the line was put into the file after the export")
    return np.where(shown_well, _CORROBORATED, _NOTED)


def _around(one: Shown, grounds: Grounds) -> None:
    """Show the rows around those that one copy alone has."""
    copies = one.told.scene.laid.rows.copy
    for code, rows, where in (
        (Evidence.BEFORE, one.row - 1, "before"),
        (Evidence.AFTER, one.row + 1, "after"),
    ):
        safe = np.clip(rows, 0, len(copies) - 1)
        there = (rows == safe) & (copies[safe] == one.copy)
        said = Said([f"holds what stands {where} it, as other phones do"])
        grounds.shows(one.of[there], code, said, At(one.copy[there], safe[there]))


def _time_runs_back(one: Shown, grounds: Grounds) -> Ints:
    _here(one, grounds, Evidence.WRITTEN_HERE, "has the earlier time here")
    said = Said(["has the later time on the message before"])
    grounds.shows(one.of, Evidence.BEFORE, said, At(one.copy, one.row - 1))
    _late_and_clock(one, grounds, OPEN, OPEN)
    _by_hand(one, grounds, OPEN)
    return np.full(len(one.of), _NOTED)


def _time_differs(one: Shown, grounds: Grounds) -> Ints:
    _here(one, grounds, Evidence.WRITTEN_HERE, "has this time")
    _others(one, grounds, Evidence.OTHER_TIME, "has another time, which fits those around it")
    _late_and_clock(one, grounds, UNLIKELY, UNLIKELY)
    _matching(one, grounds)
    _by_hand(one, grounds, OPEN)
    scene = one.told.scene
    others = scene.holding[one.position] - 1
    grade = np.select([others > 1, one.sure | one.by_id], [_CORROBORATED, _SUPPORTED], _NOTED)
    return grade.astype(np.int64)


def _late_and_clock(one: Shown, grounds: Grounds, late: int, clock: int) -> None:
    words = {
        OPEN: "it came late, and stands where it arrived",
        UNLIKELY: "it came late: but what comes late bears the same time on every phone",
    }
    grounds.explains(one.of, Explanation.LATE, late, Said([words[late]]))
    words = {
        OPEN: "the clock of this phone, or of the sender's, was set or was off",
        UNLIKELY: "a clock that was off: but that moves all that stands around it too",
    }
    grounds.explains(one.of, Explanation.CLOCK, clock, Said([words[clock]]))
