"""What simple ways of laying copies together would give on the same rows.

Both are told which copies show the same conversation, which the product must find out for itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

from benchmarks.reconcile.known import Known
from benchmarks.reconcile.scores import OUTSIDE, Counted, Told, deletions, pairs
from benchmarks.reconcile.sheet import Sheet


def by_time_and_text(truth: Known) -> Sheet:
    """Concatenate the copies and drop what has the same time and text, as ``whatstk`` merges."""
    places = truth.speech()
    seen = truth.seen
    found = [(truth.talk(seen[at].copy), seen[at].sent_ms, seen[at].text) for at in places]
    counted = pairs(found, [seen[at].entry for at in places])
    shown: dict[object, list[int]] = defaultdict(list)
    for at, message in zip(places, found, strict=True):
        shown[message].append(at)
    told = list(_lacking(truth, places, shown))
    missing, errors = deletions(truth, told)
    outside = sum(errors.counts[kind] for kind in OUTSIDE)
    return Sheet(len(seen), counted, missing, outside, errors=errors)


def _lacking(truth: Known, places: list[int], shown: dict[object, list[int]]) -> Iterator[Told]:
    """Tell, for every copy, which messages of its window it does not hold."""
    windows: dict[str, tuple[int, int]] = {}
    for at in places:
        one = truth.seen[at]
        sent = one.sent_ms or 0
        first, last = windows.get(one.copy, (sent, sent))
        windows[one.copy] = min(first, sent), max(last, sent)
    copies: dict[str, list[str]] = defaultdict(list)
    for copy in windows:
        copies[truth.talk(copy)].append(copy)
    for rows in shown.values():
        holders = {truth.seen[at].copy for at in rows}
        one = truth.seen[rows[0]]
        for copy in copies[truth.talk(one.copy)]:
            if copy not in holders and windows[copy][0] <= (one.sent_ms or 0) <= windows[copy][1]:
                yield Told(copy, one.entry)


def by_difference(truth: Known, most_rows: int) -> tuple[Sheet, frozenset[str]]:
    """Compare each two copies of a conversation line by line, as ``diff`` would.

    Conversations with a copy of more than ``most_rows`` are left out; gives those that are in.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for at in sorted(truth.speech(), key=lambda at: truth.seen[at].sequence):
        rows[truth.seen[at].copy].append(at)
    talks: dict[str, list[str]] = defaultdict(list)
    for copy in sorted(rows):
        talks[truth.talk(copy)].append(copy)
    small = {
        talk: copies
        for talk, copies in talks.items()
        if max(len(rows[copy]) for copy in copies) <= most_rows
    }
    right = wrong = 0
    told: set[Told] = set()
    for copies in small.values():
        for a, b in combinations(copies, 2):
            agreed = _agreed(truth, rows[a], rows[b])
            same = sum(truth.seen[x].entry == truth.seen[y].entry for x, y in agreed)
            right, wrong = right + same, wrong + len(agreed) - same
            told |= set(_skipped(truth, rows[a], rows[b], agreed))
    every = [at for copies in small.values() for copy in copies for at in rows[copy]]
    sizes = Counter(truth.seen[at].entry for at in every)
    there = sum(size * (size - 1) // 2 for size in sizes.values())
    missing, errors = deletions(truth, told)
    inside = sum(truth.talk(copy) in small for copy, _ in truth.due)
    missing = Counted(missing.right, missing.wrong, inside - _due(truth, told))
    outside = sum(errors.counts[kind] for kind in OUTSIDE)
    sheet = Sheet(len(every), Counted(right, wrong, there - right), missing, outside, errors=errors)
    return sheet, frozenset(small)


def _due(truth: Known, told: set[Told]) -> int:
    return sum((one.copy, one.entry) in truth.due for one in told)


def _agreed(truth: Known, first: list[int], second: list[int]) -> list[tuple[int, int]]:
    lines, others = ([truth.seen[at].text or "" for at in rows] for rows in (first, second))
    blocks = SequenceMatcher(None, lines, others).get_matching_blocks()
    return [
        (first[block.a + step], second[block.b + step])
        for block in blocks
        for step in range(block.size)
    ]


def _skipped(
    truth: Known, first: list[int], second: list[int], agreed: list[tuple[int, int]]
) -> Iterator[Told]:
    """Tell what one of two copies holds between lines they agree on, and the other does not."""
    if not agreed:
        return
    for side, rows, other in ((0, first, second), (1, second, first)):
        matched = {pair[side] for pair in agreed}
        low, high = rows.index(agreed[0][side]), rows.index(agreed[-1][side])
        for at in rows[low:high]:
            if at not in matched:
                yield Told(truth.seen[other[0]].copy, truth.seen[at].entry)
