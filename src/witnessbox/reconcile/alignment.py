"""Laying the copies of one conversation over one another: which rows show the same message.

First by what identifies: a platform id, or the same words by the same person at the same corrected
time; pictures, calls and the like by their kind instead of words.  Repeats that this leaves open
go to ``repeats``, placeholders, notices and altered words to ``leftovers``: both look at the place
between messages already matched.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from witnessbox.evidence.model import Kind
from witnessbox.reconcile.columns import KINDS
from witnessbox.reconcile.order import Ints, Sightings, arrange, steadied
from witnessbox.reconcile.repeats import OpenRow, settle
from witnessbox.reconcile.sorting import numbered, order_by

TELLING_CHARACTERS = 14
TEXT, MEDIA, NOTICE, DELETED, CALL, LOCATION, EVENT = range(7)
OWN = -2
"""The event of a notice that each phone makes for itself, such as one about encryption."""
_CLASS = {
    Kind.TEXT: TEXT,
    Kind.POLL: TEXT,
    Kind.SHARE: TEXT,
    Kind.MEDIA: MEDIA,
    Kind.STICKER: MEDIA,  # one phone's sticker is the next one's "media omitted"
    Kind.CONTACT: MEDIA,
    Kind.EMPTY: MEDIA,  # a view-once picture leaves nothing
    Kind.NOTICE: NOTICE,
    Kind.DELETED: DELETED,
    Kind.CALL: CALL,
    Kind.LOCATION: LOCATION,
    Kind.EVENT: EVENT,
}
_SORTS = np.array([_CLASS.get(kind, TEXT) for kind in KINDS] + [TEXT], np.int64)
_ALLOWED_MS = {60_000: 45_000, 1_000: 15_000, 1: 15_000}
"""How far a row's time may lie from the true one: rounding of time and clock, and some jitter."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a conversation's copies, copy after copy, each in its own order."""

    copy: Ints
    sent_ms: Ints  # corrected, as far as the row's precision goes
    unit_ms: Ints
    person: Ints  # −1 for nobody
    word: Ints  # code of the folded text, −1 for none
    sort: Ints  # TEXT … EVENT
    event: Ints  # of a notice: code of its membership event, −1 where it is none, or OWN
    about: Ints  # whom a notice's event concerns, or what sort a file is; −1 where not known
    poll: npt.NDArray[np.bool_]
    edited: npt.NDArray[np.bool_]
    telling: npt.NDArray[np.bool_]  # words so long that nobody says them twice by chance
    platform_id: Ints  # code, −1 for none
    middle_ms: Ints = field(init=False)  # times at the middle of what their precision leaves open
    allowed_ms: Ints = field(init=False)  # how far each row's time may be out
    in_turn: npt.NDArray[np.bool_] = field(init=False)  # its time fits those around it in its copy

    def __post_init__(self) -> None:
        object.__setattr__(self, "middle_ms", self.sent_ms + self.unit_ms // 2)
        object.__setattr__(self, "allowed_ms", allowed_ms(self.unit_ms))
        object.__setattr__(self, "in_turn", steadied(self.copy, self.sent_ms)[1])


@dataclass(frozen=True, slots=True)
class Between:
    """For each row, the ranks of the matched messages its copy shows before and after it."""

    after: Ints  # −1 where there is none
    before: Ints  # a number above every rank where there is none


def allowed_ms(unit_ms: Ints) -> Ints:
    """Say how far times of these precisions may be out."""
    allowed = np.full(len(unit_ms), _ALLOWED_MS[60_000], np.int64)
    for unit, milliseconds in _ALLOWED_MS.items():
        allowed[unit_ms == unit] = milliseconds
    return allowed


def sorts_of(kinds: Ints, has_text: npt.NDArray[np.bool_]) -> Ints:
    """Put kinds (places in ``KINDS``) into the sorts that match across phones and languages.

    Where a copy does not have the question of a poll, that it is a poll stands for words.
    """
    sorts = _SORTS[kinds]
    sorts[(sorts == TEXT) & ~has_text & (kinds != KINDS.index(Kind.POLL))] = MEDIA
    return sorts


def by_identity(rows: Rows) -> tuple[Ints, Between]:
    """Give each row its message by platform id or words; −1 for placeholders, still to be placed.

    Also says between which matched messages each row stands.
    """
    stand_in = _stand_ins(rows)
    lead = np.flatnonzero((stand_in == np.arange(len(rows.copy))) & (rows.sort != DELETED))
    blocks = _blocks(rows, lead)
    turn = _turns(lead, rows.copy[lead], blocks)
    clear = _clear(rows, lead, blocks, turn)
    group = np.full(len(rows.copy), -1, np.int64)
    pairs = blocks * (int(turn.max(initial=0)) + 1) + turn
    group[lead] = numbered(pairs)
    certain = np.zeros(len(rows.copy), bool)
    certain[lead] = clear[blocks]
    between = _between(rows, np.where(certain, group, -1))
    crossing = lead[_crossing(rows, between, group)[group[lead]] & certain[lead]]
    if len(crossing):
        clear[blocks[np.isin(group[lead], group[crossing])]] = False
        certain[lead] = clear[blocks]
        between = _between(rows, np.where(certain, group, -1))
    unclear = np.flatnonzero(~clear[blocks])
    following = int(group.max(initial=-1)) + 1
    order = unclear[order_by(blocks[unclear])]
    for part in np.split(order, np.flatnonzero(np.diff(blocks[order])) + 1):
        if len(part):
            slots = settle(open_rows(rows, between, lead[part]))
            for slot in slots:
                group[slot] = following
                following += 1
    return group[stand_in], between


def _stand_ins(rows: Rows) -> Ints:
    """Let one row of each platform id, no placeholder if possible, stand for all with that id."""
    stand_in = np.arange(len(rows.copy))
    known = np.flatnonzero(rows.platform_id >= 0)
    known = known[np.argsort(rows.sort[known] == DELETED, kind="stable")]
    _, first, places = np.unique(rows.platform_id[known], return_index=True, return_inverse=True)
    stand_in[known] = known[first[places]]
    return stand_in


def _keys(rows: Rows) -> Ints:
    """Give each row a number that only the same words (or kind) by the same person share."""
    by_words = np.isin(rows.sort, (TEXT, NOTICE)) & (rows.event < 0)
    content = np.where(by_words, rows.word + 2, 0) + np.where(rows.event >= 0, -rows.event - 1, 0)
    content -= content.min(initial=0)
    person = np.where(rows.sort == NOTICE, -1, rows.person) + 1
    person = np.where(rows.event == OWN, rows.copy + 1, person)  # no two copies share these
    people = int(person.max(initial=0)) + 1
    return np.asarray((content * (EVENT + 1) + rows.sort) * people + person)


def _blocks(rows: Rows, lead: Ints) -> Ints:
    """Put rows with one key and times close enough to one another under one number.

    Close enough for the coarsest clock of all: which of them fit is looked at afterwards.
    """
    keys, middle, allowed = _keys(rows)[lead], rows.middle_ms[lead], rows.allowed_ms[lead]
    order = order_by(keys, middle, lead)
    fresh = np.ones(len(lead), bool)
    slack = 2 * int(allowed.max(initial=0))
    fresh[1:] = (np.diff(keys[order]) != 0) | (np.diff(middle[order]) > slack)
    blocks = np.empty(len(lead), np.int64)
    blocks[order] = np.cumsum(fresh) - 1
    return blocks


def _turns(lead: Ints, copy: Ints, blocks: Ints) -> Ints:
    """Count each copy's rows within a block: 0, 1, 2 … in its own order."""
    order = order_by(blocks, copy, lead)
    fresh = np.ones(len(lead), bool)
    fresh[1:] = (np.diff(blocks[order]) != 0) | (np.diff(copy[order]) != 0)
    begin = np.flatnonzero(fresh)
    turns = np.empty(len(lead), np.int64)
    turns[order] = np.arange(len(lead)) - begin[np.cumsum(fresh) - 1] if len(lead) else 0
    return turns


def _clear(rows: Rows, lead: Ints, blocks: Ints, turn: Ints) -> npt.NDArray[np.bool_]:
    """Say which blocks leave no doubt: every copy in it has as many rows, at fitting times."""
    count = int(blocks.max(initial=-1)) + 1
    order = order_by(blocks, rows.copy[lead], turn)
    last = np.ones(len(lead), bool)
    block, copy = blocks[order], rows.copy[lead][order]
    last[:-1] = (np.diff(block) != 0) | (np.diff(copy) != 0)
    most = np.zeros(count, np.int64)
    least = np.full(count, np.iinfo(np.int64).max, np.int64)
    np.maximum.at(most, block[last], turn[order][last])
    np.minimum.at(least, block[last], turn[order][last])
    by_time = order_by(blocks, turn, rows.middle_ms[lead])
    middle, allowed = rows.middle_ms[lead][by_time], rows.allowed_ms[lead][by_time]
    fresh = np.ones(len(lead), bool)
    fresh[1:] = (np.diff(blocks[by_time]) != 0) | (np.diff(turn[by_time]) != 0)
    begin = np.flatnonzero(fresh)
    end = np.append(begin[1:], len(lead)) - 1 if len(begin) else begin
    wide = middle[end] - middle[begin] > allowed[end] + allowed[begin]
    clear = most == least
    clear[blocks[by_time[begin[wide]]]] = False
    return np.asarray(clear)


def _crossing(rows: Rows, between: Between, group: Ints) -> npt.NDArray[np.bool_]:
    """Say which messages of few or no words have rows on two sides of a matched message.

    Of two equal repeats, one copy then lost the first and the other the second.
    """
    known = np.flatnonzero((group >= 0) & ~rows.telling)
    count = int(group.max(initial=-1)) + 1
    last, first = np.full(count, -1, np.int64), np.full(count, np.iinfo(np.int64).max)
    np.maximum.at(last, group[known], between.after[known])
    np.minimum.at(first, group[known], between.before[known])
    return np.asarray(last >= first)


def _between(rows: Rows, group: Ints) -> Between:
    """Rank the messages that two copies show, and place every row between them.

    A row out of its turn, which came late or bears a false date, bounds nothing, and may stand
    anywhere between where it is shown and where its time says.
    """
    count = len(rows.copy)
    known = np.flatnonzero(group >= 0)
    sizes = np.bincount(group[known], minlength=1)
    shown = known[sizes[group[known]] > 1]
    dense = numbered(group[shown])
    messages = int(dense.max(initial=-1)) + 1
    seen = Sightings(rows.copy[shown], dense, rows.sent_ms[shown], rows.unit_ms[shown])
    rank = np.full(count, -1, np.int64)
    rank[shown] = arrange(seen, messages)[dense]
    bounds = rows.in_turn & (rank >= 0)
    places = np.arange(count)
    last = np.maximum.accumulate(np.where(bounds, places, -1))
    following = np.minimum.accumulate(np.where(bounds, places, count)[::-1])[::-1]
    last = np.concatenate([[-1], last[:-1]]).astype(np.int64) if count else last
    following = np.append(following[1:], count) if count else following
    there = (last >= 0) & (rows.copy[last] == rows.copy)
    after = np.where(there, rank[last], -1)
    safe = np.minimum(following, max(count - 1, 0))
    there = (following < count) & (rows.copy[safe] == rows.copy)
    before = np.where(there, rank[safe], messages)
    astray = np.flatnonzero(~rows.in_turn)
    if len(astray) and messages:
        low, high = _by_time(rows, rank, astray)
        after[astray] = np.minimum(after[astray], low)
        before[astray] = np.maximum(before[astray], high)
    return Between(after, before)


def _by_time(rows: Rows, rank: Ints, some: Ints) -> tuple[Ints, Ints]:
    """Give the ranks of the matched messages before and after some rows, as their times say."""
    ranked = np.flatnonzero(rank >= 0)
    when = np.full(int(rank.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(when, rank[ranked], rows.middle_ms[ranked])
    when = np.minimum.accumulate(when[::-1])[::-1]  # none later than one that follows it
    middle, allowed = rows.middle_ms[some], rows.allowed_ms[some]
    low = np.searchsorted(when, middle - allowed) - 1
    high = np.searchsorted(when, middle + allowed, side="right")
    return low.astype(np.int64), high.astype(np.int64)


def open_rows(rows: Rows, between: Between, places: Ints) -> list[OpenRow]:
    """Take rows out one by one, to be looked at singly."""
    columns = (
        places,
        rows.copy[places],
        rows.sent_ms[places] + rows.unit_ms[places] // 2,
        allowed_ms(rows.unit_ms[places]),
        between.after[places],
        between.before[places],
    )
    return [OpenRow(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
