"""Why a message is missing: what the data show, and how each explanation stands beside it.

The ordinary explanations come first, and none is left out because it is unlikely.  That a message
was deleted is one explanation among them, and never the only one that is open where a window, a
limit or a setting would do.
"""

import numpy as np

from witnessbox.reconcile.absent import Absent
from witnessbox.reconcile.alignment import DELETED
from witnessbox.reconcile.counted import counted, lasting
from witnessbox.reconcile.grounding import EXCLUDED, OPEN, UNLIKELY, At, Grounds, Said
from witnessbox.reconcile.model import Evidence, Explanation, Strength
from witnessbox.reconcile.order import Ints
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
        + ~absent.sure
        + absent.gap.whole
        + (absent.near_bound | absent.near_step)
        + absent.scene.marked[absent.position]
        + (absent.away == 2)
    )
    pinned = absent.pinned & ~absent.near_bound & ~absent.near_step
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
    # This phone is one of those that lack it, unless another export of it has it.
    lacking = np.maximum(absent.scene.others[absent.position], 1)
    pairs, which = np.unique(np.stack([absent.holding, lacking]), axis=1, return_inverse=True)
    sentences = [
        f"{counted(held, 'phone')} {'holds' if held == 1 else 'hold'} the message; "
        + (
            "one that was to hold it does not"
            if lacked == 1
            else f"{lacked:,} that were to hold it do not"
        )
        for held, lacked in pairs.T.tolist()
    ]
    grounds.shows(absent.of, Evidence.PHONES, Said(sentences, which.reshape(-1)))


def _runs(absent: Absent, grounds: Grounds) -> None:
    """Tell of stretches: how many, over how long, and of how many writers."""
    scene = absent.scene
    order = np.lexsort((absent.position, absent.run))
    begins = np.searchsorted(absent.run[order], np.arange(len(absent.sizes)))
    sentences = []
    for begin, size in zip(begins.tolist(), absent.sizes.tolist(), strict=True):
        own = order[begin : begin + size]
        at = scene.at_ms[absent.position[own]]
        writers = np.unique(scene.person[absent.position[own]])
        who = "all by this phone's owner" if absent.own[own].all() else "all by one person"
        who = who if len(writers) == 1 else f"by {len(writers)} people"
        sentences.append(
            f"it is one of {size:,} messages in a row that this copy lacks, sent within "
            f"{lasting(int(at.max() - at.min()))}, {who}"
        )
    several = absent.size > 1
    said = Said(sentences, absent.run[several])
    grounds.shows(absent.of[several], Evidence.RUN, said, At(absent.copy[several]))


def _numbers(absent: Absent, grounds: Grounds) -> None:
    gap, of = absent.gap, absent.of
    words = np.stack([absent.size, gap.missing, gap.chance, gap.places])
    each, which = np.unique(words, axis=1, return_inverse=True)
    which = which.reshape(-1)
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


def explanations(absent: Absent, grounds: Grounds) -> None:
    """Say how each explanation of missing messages stands, the ordinary ones first."""
    _reach(absent, grounds)
    _delivery(absent, grounds)
    _ours(absent, grounds)
    _by_hand(absent, grounds)


def _reach(absent: Absent, grounds: Grounds) -> None:
    """Weigh windows, limits and settings."""
    of = absent.of
    near = absent.near_bound.astype(np.int64)
    said = Said(
        [
            "outside what this copy could know: it holds older and newer messages",
            (
                "outside what this copy could know: it holds older and newer messages, but it "
                "begins or ends less than an hour away"
            ),
        ],
        near,
    )
    grounds.explains(of, Explanation.WINDOW, np.where(near, UNLIKELY, EXCLUDED), said)
    text = ~absent.scene.databases[absent.copy]
    words = "a limit of exports: it leaves out the oldest messages, and this copy holds older ones"
    grounds.explains(of[text], Explanation.LIMIT, EXCLUDED, Said([words]))
    timed = absent.scene.timed[absent.position].astype(np.int64)
    said = Said(
        [
            "disappearing messages: no notice that could be read sets a timer at that time",
            (
                "disappearing messages: a timer was set at that time, but this copy holds older "
                "ones, or another copy has this one for longer than the timer would let it"
            ),
        ],
        timed,
    )
    grounds.explains(of, Explanation.TIMER, UNLIKELY, said)
    words = "a cleared chat: that takes what is older too, and this copy holds older messages"
    grounds.explains(of, Explanation.CLEARED, EXCLUDED, Said([words]))
    _absence(absent, grounds)
    _files(absent, grounds)


def _absence(absent: Absent, grounds: Grounds) -> None:
    long = absent.away > 0
    said = Said(
        [
            (
                "the owner was not in the conversation, or the phone was another: but the owner "
                "wrote some of these messages"
            ),
            (
                "the owner was not in the conversation, or the phone was another: no notice tells "
                "it, but the owner, who writes often, wrote none of these messages"
            ),
            (
                "the owner was not in the conversation, or the phone was another: no notice tells "
                "it, and whether the owner wrote in that time does not decide it"
            ),
        ],
        absent.away[long] - 1,
    )
    standing = np.where(absent.away[long] == 1, UNLIKELY, OPEN)
    grounds.explains(absent.of[long], Explanation.AWAY, standing, said)


def _files(absent: Absent, grounds: Grounds) -> None:
    scene = absent.scene
    asked = [window.asked & scene.media for window in scene.windows]
    held = np.array([(mask & own).sum() for mask, own in zip(asked, scene.held, strict=True)])
    most = held * 2 >= np.array([mask.sum() for mask in asked])
    media = scene.media[absent.position]
    kept = most[absent.copy[media]].astype(np.int64)
    said = Said(
        [
            "files left out or cleaned away: this copy lacks most of the files that others hold",
            "files left out or cleaned away: this copy shows most of the files that others hold",
        ],
        kept,
    )
    standing = np.where(kept, UNLIKELY, OPEN)
    grounds.explains(absent.of[media], Explanation.MEDIA_SETTING, standing, said)


def _delivery(absent: Absent, grounds: Grounds) -> None:
    """Weigh what may have kept a message from ever being there."""
    of, gap = absent.of, absent.gap
    case = np.select([absent.again, gap.agrees, absent.own, gap.whole], [1, 2, 3, 4], 0)
    said = Said(
        [
            "it was never delivered to this phone (off, out of reach, another device)",
            "it was never delivered to this phone: but another export of the phone holds it",
            "it was never delivered to this phone: but numbers are missing at its place",
            "it was never delivered to this phone: but the phone's owner wrote it",
            "it was never delivered to this phone; that no number is missing speaks for it",
        ],
        case,
    )
    standing = np.array([OPEN, EXCLUDED, EXCLUDED, UNLIKELY, OPEN])[case]
    grounds.explains(of, Explanation.NOT_DELIVERED, standing, said)
    case = np.where(absent.again, 2, absent.near_end.astype(np.int64))
    said = Said(
        [
            "it came late: it would stand later in this copy, and no such message is there",
            "it came late, after this copy was exported: the copy ends less than a day later",
            "it came late: but another export of the phone holds it",
        ],
        case,
    )
    grounds.explains(of, Explanation.LATE, np.array([UNLIKELY, OPEN, EXCLUDED])[case], said)
    scene = absent.scene
    people = {name.person for copy in scene.planned.copies for name in copy.names}
    if len(people) <= 2:
        other = ~absent.own & ~absent.again
        words = "its writer was blocked on this phone, in a conversation of two"
        grounds.explains(of[other], Explanation.BLOCKED, OPEN, Said([words]))
    marked = scene.marked[absent.position]
    words = "its writer deleted it for everyone: another copy has the mark of that"
    grounds.explains(of[marked], Explanation.WITHDRAWN, OPEN, Said([words]))


def _ours(absent: Absent, grounds: Grounds) -> None:
    """Weigh clocks and our own mistakes."""
    near = absent.near_step.astype(np.int64)
    said = Said(
        [
            "a clock that was off: the clocks of the copies were measured and agree around here",
            "a clock that was off: the clock of this copy was set near here",
        ],
        near,
    )
    grounds.explains(absent.of, Explanation.CLOCK, np.where(near, OPEN, UNLIKELY), said)
    loose = ~absent.pinned
    case = np.select([absent.by_id, loose, ~absent.sure], [0, 1, 2], 3)
    said = Said(
        [
            "our mistake in matching: the copies give the platform's ids, and this one is not here",
            "our mistake in matching: what stands around the place is not matched itself",
            (
                "our mistake in matching: its words are short or none, and may have been taken for "
                "another message"
            ),
            (
                "our mistake in matching: its words are such as are not said twice, and the place "
                "is sure"
            ),
        ],
        case,
    )
    standing = np.array([EXCLUDED, OPEN, OPEN, UNLIKELY])[case]
    grounds.explains(absent.of, Explanation.MATCHING, standing, said)


def _by_hand(absent: Absent, grounds: Grounds) -> None:
    whole = absent.gap.whole.astype(np.int64)
    said = Said(
        [
            "it was deleted on this phone",
            "it was deleted on this phone: but no number is missing in its database",
        ],
        whole,
    )
    grounds.explains(absent.of, Explanation.DELETED_HERE, np.where(whole, UNLIKELY, OPEN), said)
    text = ~absent.scene.databases[absent.copy]
    words = "it was taken out of the file after the export"
    grounds.explains(absent.of[text], Explanation.FILE_ALTERED, OPEN, Said([words]))
