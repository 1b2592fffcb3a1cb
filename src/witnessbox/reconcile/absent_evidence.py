"""What the data show of missing messages, and how strong that is."""

import numpy as np

from witnessbox.reconcile.absent import Absent
from witnessbox.reconcile.alignment import DELETED
from witnessbox.reconcile.counted import counted, lasting
from witnessbox.reconcile.grounding import At, Grounds, Said
from witnessbox.reconcile.model import Evidence, Strength
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.sorting import order_by
from witnessbox.reconcile.told import STRENGTHS

_NOTED, _SUPPORTED, _CORROBORATED, _DOCUMENTED = map(STRENGTHS.index, Strength)
_NEIGHBOURS = (
    "nothing stands {} the place in this copy",
    "what stands {} the place in this copy is held by no other phone",
    "what stands {} the place in this copy is held by other phones too",
    "what stands {} the place in this copy is held by other phones too, and cannot be mistaken",
)


def strength(absent: Absent) -> Ints:
    """Grade missing messages.

    The place must be pinned down between two messages of the copy that other phones hold too.  Of
    the doubts that are counted, none leaves *corroborated* and one *supported*.
    """
    doubts = (
        (absent.holding < 2).astype(np.int64)
        + (~absent.sure | absent.elsewhere)
        + absent.gap.whole
        + (absent.near_bound | absent.near_step)
        + absent.scene.marked[absent.position]
        + ((absent.away == 2) | absent.begun_anew)
    )
    pinned = absent.pinned & ~absent.near_bound & ~absent.near_step & ~absent.elsewhere
    same_phone = absent.again & (absent.holding > 1) & absent.sure
    grade = np.select([doubts == 0, doubts == 1], [_CORROBORATED, _SUPPORTED], _NOTED)
    grade = np.where(absent.pinned, grade, _NOTED)
    return np.where(pinned & (absent.gap.agrees | same_phone), _DOCUMENTED, grade).astype(np.int64)


def evidence(absent: Absent, grounds: Grounds) -> None:
    """Say what the data show of missing messages."""
    _holders(absent, grounds)
    _phones(absent, grounds)
    for code, rows, where in (
        (Evidence.BEFORE, absent.before, "before"),
        (Evidence.AFTER, absent.after, "after"),
    ):
        said = Said([one.format(where) for one in _NEIGHBOURS], absent.standing_by(rows))
        grounds.shows(absent.of, code, said, At(np.where(rows < 0, -1, absent.copy), rows))
    _runs(absent, grounds)
    _numbers(absent, grounds)
    own = absent.own
    words = "this phone's owner wrote the message"
    grounds.shows(absent.of[own], Evidence.OWN_MESSAGE, Said([words]), At(absent.copy[own]))


def _holders(absent: Absent, grounds: Grounds) -> None:
    scene = absent.scene
    rows, which = scene.rows_at(absent.position)
    mark = scene.laid.rows.sort[rows] == DELETED
    words = Said(
        ["holds the message", "holds the message, in other words"],
        (~scene.woven.same_text[rows[~mark]]).astype(np.int64),
    )
    at = At(scene.laid.rows.copy[rows[~mark]], rows[~mark])
    grounds.shows(absent.of[which[~mark]], Evidence.HELD_BY, words, at)
    at = At(scene.laid.rows.copy[rows[mark]], rows[mark])
    said = Said(["has a mark that the message was deleted"])
    grounds.shows(absent.of[which[mark]], Evidence.MARKED_ELSEWHERE, said, at)


def _phones(absent: Absent, grounds: Grounds) -> None:
    again = absent.again
    words = "another export of this phone holds the message, so the phone once had it"
    grounds.shows(absent.of[again], Evidence.SAME_PHONE, Said([words]), At(absent.copy[again]))
    lacking = absent.scene.others[absent.position]
    most = int(lacking.max()) + 1
    pairs, which = np.unique(absent.holding * most + lacking, return_inverse=True)
    sentences = [_phones_say(*divmod(pair, most)) for pair in pairs.tolist()]
    grounds.shows(absent.of, Evidence.PHONES, Said(sentences, which))


def _phones_say(held: int, lacked: int) -> str:
    hold = f"{counted(held, 'phone')} {'holds' if held == 1 else 'hold'} the message"
    if not lacked:  # this phone has it in another export
        return hold
    if lacked == 1:
        return f"{hold}; one that was to hold it does not"
    return f"{hold}; {lacked:,} that were to hold it do not"


def _runs(absent: Absent, grounds: Grounds) -> None:
    """Tell of stretches: how many, over how long, and of how many writers."""
    scene = absent.scene
    several = absent.size > 1
    if not several.any():
        return
    order = order_by(absent.run, absent.position)
    long = np.flatnonzero(absent.sizes > 1)
    begins = np.searchsorted(absent.run[order], long)
    sentences = []
    for begin, size in zip(begins.tolist(), absent.sizes[long].tolist(), strict=True):
        own = order[begin : begin + size]
        at = scene.at_ms[absent.position[own]]
        writers = np.unique(scene.person[absent.position[own]])
        who = "all by this phone's owner" if absent.own[own].all() else "all by one person"
        who = who if len(writers) == 1 else f"by {len(writers)} people"
        sentences.append(
            f"it is one of {size:,} messages in a row that this copy lacks, sent within "
            f"{lasting(int(at.max() - at.min()))}, {who}"
        )
    said = Said(sentences, np.searchsorted(long, absent.run[several]))
    grounds.shows(absent.of[several], Evidence.RUN, said, At(absent.copy[several]))


def _numbers(absent: Absent, grounds: Grounds) -> None:
    gap, of = absent.gap, absent.of
    some = np.flatnonzero(gap.agrees | gap.loose)
    told = np.stack([absent.size, gap.missing, gap.chance, gap.places])[:, some]
    order = order_by(*told)
    fresh = np.ones(len(order), bool)
    fresh[1:] = (np.diff(told[:, order]) != 0).any(axis=0)
    each = told[:, order[fresh]]
    which = np.zeros(len(of), np.int64)
    which[some[order]] = np.cumsum(fresh) - 1
    agrees, loose = [], []
    for size, missing, chance, places in each.T.tolist():
        are = "one number is" if missing == 1 else f"{missing:,} numbers are"
        where = f"in this copy's database {are} missing at this place, where other phones hold "
        where += counted(size, "message")
        so = f"that is so at {chance:,} of {places:,} places"
        agrees.append(f"{where}; where nothing is lacking, {so}")
        loose.append(f"{where}; numbers are missing elsewhere too, so this proves little")
    for code, mask, sentences in (
        (Evidence.DATABASE_GAP, gap.agrees, agrees),
        (Evidence.DATABASE_LOOSE, gap.loose, loose),
    ):
        at = At(absent.copy[mask], absent.after[mask])
        grounds.shows(of[mask], code, Said(sentences, which[mask]), at)
    whole = "no number is missing in this copy's database at this place"
    at = At(absent.copy[gap.whole], absent.after[gap.whole])
    grounds.shows(of[gap.whole], Evidence.DATABASE_WHOLE, Said([whole]), at)
