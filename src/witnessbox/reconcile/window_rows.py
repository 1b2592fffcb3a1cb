"""The table of windows: each copy's stretches, and why it could know of one and not of another."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from witnessbox.evidence.schema import WINDOWS
from witnessbox.reconcile.canonical import Woven, named, places
from witnessbox.reconcile.layer import Layer
from witnessbox.reconcile.model import PlannedConversation, Reach
from witnessbox.reconcile.order import Ints
from witnessbox.reconcile.windows import Window

_REACHES = tuple(Reach)
_ONLY_MEDIA = "media"

WORDS = {
    Reach.HELD: "between the first message of this copy and its last",
    Reach.GIVEN: "somebody decided that this copy could know of this",
    Reach.START: "before the first message of this copy; nothing says why it begins there",
    Reach.JOINED: "before this phone's owner came into the conversation",
    Reach.LIMIT: "before the newest messages that an export of this kind is cut to",
    Reach.CLEARED: "this copy begins anew, though its owner was there before: the chat was cleared,"
    " the phone was new, or the export was cut",
    Reach.END: "after the last message of this copy",
    Reach.LEFT: "this phone's owner had left the conversation or was removed",
    Reach.TIMER: "messages were set to disappear, and this copy has none of them so far",
    Reach.BETWEEN_FILES: "between two files of which this copy is made up",
    Reach.MEDIA_ONLY: "this copy lacks files one after another, and has the words between them",
    Reach.EDGE: "so near to a bound that clocks cannot tell on which side",
    Reach.CLOCK_SET: "where the clock of this copy was set",
}
"""Each reason in plain words."""
NOT_GIVEN = "somebody decided that this copy could not know of this"


def windows_table(
    planned: PlannedConversation, laid: Layer, woven: Woven, found: Sequence[Window]
) -> Any:
    """Give the table of windows, by copy and position; what is said of files alone comes last."""
    parts = [_stretches(window, copy) for copy, window in enumerate(found)]
    copy, since, until, reach, row, inside, media = np.concatenate(
        [np.empty((7, 0), np.int64), *parts], axis=1
    )
    words = [*(WORDS[one] for one in _REACHES), NOT_GIVEN]
    said = np.where((reach == _REACHES.index(Reach.GIVEN)) & (inside == 0), len(_REACHES), reach)
    sent = laid.rows.sent_ms[woven.quoted]
    columns = {
        "conversation": pa.array([planned.conversation] * len(copy), pa.string()),
        "copy": named([one.source.copy for one in planned.copies], copy).cast(pa.string()),
        "only": named([_ONLY_MEDIA], np.zeros(len(copy), np.int64), media == 0),
        "since_position": pa.array(since),
        "until_position": pa.array(until),
        "since_at": pa.array(sent[since]).cast(pa.timestamp("ms", tz="UTC")),
        "until_at": pa.array(sent[until - 1]).cast(pa.timestamp("ms", tz="UTC")),
        "inside": pa.array(inside == 1),
        "reason": named([one.value for one in _REACHES], reach),
        "words": named(words, said),
        **places(laid, row),
    }
    return pa.table(columns).cast(WINDOWS.schema)


def _stretches(window: Window, copy: int) -> Ints:
    """Give a copy's stretches: copy, first, end, reach, row, inside, media alone."""
    count = len(window.reach)
    if not count:
        return np.empty((7, 0), np.int64)
    changes = (np.diff(window.reach) != 0) | (np.diff(window.row) != 0)
    changes |= np.diff(window.inside.astype(np.int64)) != 0
    since = np.concatenate([[0], np.flatnonzero(changes) + 1])
    until = np.append(since[1:], count)
    whole = np.stack(
        [
            np.full(len(since), copy),
            since,
            until,
            window.reach[since],
            window.row[since],
            window.inside[since].astype(np.int64),
            np.zeros(len(since), np.int64),
        ]
    )
    media = _REACHES.index(Reach.MEDIA_ONLY)
    files = [[copy, first, last + 1, media, -1, 0, 1] for first, last in window.media_only]
    return np.concatenate([whole, np.array(files, np.int64).reshape(-1, 7).T], axis=1)
