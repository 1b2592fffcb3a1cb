"""Why a message may be missing, and how each explanation stands beside what the data show.

The ordinary explanations come first, and none is left out because it is unlikely.  That a message
was deleted is one explanation among them, and never the only one that is open where a window, a
limit or a setting would do.
"""

import numpy as np

from witnessbox.reconcile.absent import Absent
from witnessbox.reconcile.grounding import EXCLUDED, OPEN, UNLIKELY, Grounds, Said
from witnessbox.reconcile.model import Explanation


def explanations(absent: Absent, grounds: Grounds) -> None:
    """Say how each explanation of missing messages stands, the ordinary ones first."""
    _reach(absent, grounds)
    _delivery(absent, grounds)
    _ours(absent, grounds)
    _by_hand(absent, grounds)


def _reach(absent: Absent, grounds: Grounds) -> None:
    """Weigh windows, limits and settings."""
    of = absent.of
    case = np.select([absent.beyond, absent.near_bound], [2, 1], 0)
    said = Said(
        [
            "outside what this copy could know: it holds older and newer messages",
            (
                "outside what this copy could know: it holds older and newer messages, but it "
                "begins or ends less than an hour away"
            ),
            (
                "outside what this copy could know: it ends before that or begins after it, but "
                "somebody decided that it could know of this"
            ),
        ],
        case,
    )
    standing = np.array([EXCLUDED, UNLIKELY, UNLIKELY])[case]
    grounds.explains(of, Explanation.WINDOW, standing, said)
    text = ~absent.scene.databases[absent.copy]
    case = (absent.before < 0).astype(np.int64)[text]
    said = Said(
        [
            "a limit of exports: it leaves out the oldest messages, and this copy holds older ones",
            "a limit of exports: it leaves out the oldest messages, and this copy holds none older",
        ],
        case,
    )
    grounds.explains(of[text], Explanation.LIMIT, np.where(case, OPEN, EXCLUDED), said)
    _timers(absent, grounds)
    _cleared(absent, grounds)
    _absence(absent, grounds)
    _files(absent, grounds)


def _cleared(absent: Absent, grounds: Grounds) -> None:
    case = np.select([absent.before < 0, absent.begun_anew], [2, 1], 0)
    said = Said(
        [
            "a cleared chat: that takes what is older too, and this copy holds older messages",
            "a cleared chat: this copy holds next to nothing older, which may have been kept",
            "a cleared chat: this copy holds nothing older",
        ],
        case,
    )
    standing = np.array([EXCLUDED, OPEN, OPEN])[case]
    grounds.explains(absent.of, Explanation.CLEARED, standing, said)


def _timers(absent: Absent, grounds: Grounds) -> None:
    timed = absent.scene.timed[absent.position]
    case = np.select([timed & absent.given, timed], [2, 1], 0)
    said = Said(
        [
            "disappearing messages: no notice that could be read sets a timer at that time",
            (
                "disappearing messages: a timer was set at that time, but this copy holds older "
                "ones, or another copy has this one for longer than the timer would let it"
            ),
            "disappearing messages: a timer was set at that time",
        ],
        case,
    )
    standing = np.array([UNLIKELY, UNLIKELY, OPEN])[case]
    grounds.explains(absent.of, Explanation.TIMER, standing, said)


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
    case = np.select(
        [absent.by_id, absent.elsewhere, ~absent.pinned, ~absent.sure], [0, 1, 2, 3], 4
    )
    said = Said(
        [
            "our mistake in matching: the copies give the platform's ids, and this one is not here",
            (
                "our mistake in matching: the same words stand elsewhere in this copy, in a "
                "message that no other copy shows"
            ),
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
    standing = np.array([EXCLUDED, OPEN, OPEN, OPEN, UNLIKELY])[case]
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
