"""The first pass over an export: which layouts, what date order, who speaks.

Nothing is decided message by message that a whole file can decide.  What is kept grows with the
number of layouts, days and names, each under a limit, not with the file.

A little longer than most files: one pass gathers all that later decisions need.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np

from witnessbox.evidence.model import Kind
from witnessbox.intake import clock
from witnessbox.intake.clock import Dates, Ground, Hint, Ints, Named, Order, Verdict
from witnessbox.intake.parser import Source
from witnessbox.intake.whatsapp.heads import CR, Heads, Scanner
from witnessbox.intake.whatsapp.kinds import Classifier
from witnessbox.intake.whatsapp.memory import Kept
from witnessbox.intake.whatsapp.names import Candidates, candidates
from witnessbox.intake.whatsapp.stamps import Layout
from witnessbox.intake.whatsapp.stretches import CHUNK_BYTES, Stretch, stretches
from witnessbox.intake.whatsapp.titles import conversation, from_path
from witnessbox.intake.whatsapp.wordings import MARK, recognise

_MOST_DATES = 20_000
_MOST_NAMES = 5_000
_MOST_ATTACHMENTS = 5_000
_MOST_UNDER_NAME = 1_000
_MOST_MARKED, _LONGEST_MARKED_BYTES = 200, 400
_PLAIN_KINDS = (Kind.TEXT, Kind.NOTICE, Kind.EMPTY)
_SURE_COUNT, _SURE_SHARE = 3, 0.01
_CRLF_SHARE = 0.8
_HALF_DAY_STEP_MINUTES = 360  # from before noon to after it, on a clock without markers
_BLOCK_COUNT, _BLOCK_SHARE = 20, 0.05
MARK_BYTES = MARK.encode()
_KOREAN = re.compile(r"^\[?(?:0/0/0,? \?\^ ?0:0|0\. 0\. 0\.?,? \?\^? ?0:0)")
"""``24/8/21 PM 1:28`` or ``24. 8. 21. 오후 1:28``: Korean phones alone write the half-day so."""

_ATTACHMENT = re.compile(
    rb"(?:IMG|VID|PTT|AUD|STK|DOC)-(\d{4})(\d\d)(\d\d)-WA\d|"
    rb"-(?:PHOTO|VIDEO|AUDIO|STICKER|GIF)-(\d{4})-(\d\d)-(\d\d)-|"
    rb"(\d{4})-(\d\d)-(\d\d)-(?:PHOTO|VIDEO|AUDIO)-\d"
)


@dataclass(frozen=True, slots=True)
class LayoutUse:
    """How an export uses one layout.  ``sure`` layouts make heads wherever they stand."""

    layout: Layout
    heads: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """What the whole file says about itself."""

    uses: tuple[LayoutUse, ...]
    verdicts: dict[str, Verdict]  # by the date's spelling
    names: dict[bytes, int]
    heads: int
    authored: int
    line_end: int
    ends_with_crlf: bool  # lines before heads end in CR LF, nearly all of them
    marked: bool  # placeholders, calls and the like bear the platform's mark
    hours_in_doubt: bool
    back_in_a_day: int  # steps back of some hours within one day, on a clock without half-days
    title: str | None  # the group's last name, as notices tell it
    titled_speech: bool  # most of what stands under the file's own name is speech: a person's name
    samples: dict[str, str]  # one stamp of each date spelling

    @property
    def main(self) -> Layout:
        """Give the layout most heads are in."""
        return max(self.uses, key=lambda use: use.heads).layout


def survey(
    source: Source, scanner: Scanner, names: Kept[Candidates], chunk_bytes: int = CHUNK_BYTES
) -> Survey:
    """Read a source once and decide what holds for all of it.

    The scanner learns its layouts; the candidates for names found on the way are kept in ``names``.
    """
    if not _has_line_feeds(source):
        scanner.line_end = CR
    tally = _Tally(scanner, names, source.name)
    longest_bytes = source.limits.text_message_bytes
    with source.open() as stream:
        for stretch in stretches(stream, scanner, None, chunk_bytes, longest_bytes=longest_bytes):
            tally.add(stretch)
    verdicts = {spelling: tally.verdict(spelling, None) for spelling in tally.dates}
    unsettled = {s for s, v in verdicts.items() if v.ground is Ground.GUESS or v.slight}
    if unsettled:
        named = _named_dates(source, scanner, unsettled, chunk_bytes)
        verdicts |= {spelling: tally.verdict(spelling, named[spelling]) for spelling in named}
    return tally.survey(verdicts)


def _has_line_feeds(source: Source) -> bool:
    """Say whether LF ends lines: it does unless a file has CR alone."""
    returns = False
    with source.open() as stream:
        while block := stream.read(CHUNK_BYTES):
            if b"\n" in block:
                return True
            returns |= b"\r" in block
    return not returns


class _Tally:
    """Counts while the file goes by."""

    def __init__(self, scanner: Scanner, kept: Kept[Candidates], name: str) -> None:
        self.scanner, self.kept = scanner, kept
        self.wants_title = from_path(name) is None
        self.own_name = conversation(name, None).encode()
        self.under_own_name = [0, 0]  # lines that read like no notice, and that do
        self.heads: Counter[int] = Counter()
        self.runs: Counter[int] = Counter()
        self.first: dict[int, int] = {}
        self.last: dict[int, int] = {}
        self.last_layout = -1
        self.seen = 0
        self.dates: dict[str, list[Ints]] = {}
        self.last_date: dict[str, int] = {}
        self.kept_dates = 0
        self.samples: dict[str, str] = {}
        self.names: Counter[bytes] = Counter()
        self.authored = 0
        self.crlf = 0
        self.marked = False
        self.classifier = Classifier(marks_expected=False)
        self.hours = [24, -1]
        self.back_in_a_day = 0
        self.title: str | None = None

    def add(self, stretch: Stretch) -> None:
        heads = stretch.heads
        if not len(heads):
            return
        self._count_layouts(heads)
        self._keep_dates(stretch, heads)
        self._watch_hours(heads)
        found = candidates(stretch, heads, self.kept)
        self._count_names(found)
        self._look_at_bytes(stretch, heads, found)
        self._look_under_own_name(stretch, heads, found)
        if self.wants_title:
            self._look_for_title(stretch, heads, found)

    def _count_layouts(self, heads: Heads) -> None:
        counts = np.bincount(heads.layout)
        for number in np.flatnonzero(counts).tolist():
            rows = np.flatnonzero(heads.layout == number)
            self.first.setdefault(number, self.seen + int(rows[0]))
            self.last[number] = self.seen + int(rows[-1])
        self.seen += len(heads)
        self.heads.update(dict(enumerate(counts.tolist())))
        firsts = np.flatnonzero(np.diff(heads.layout, prepend=self.last_layout))
        self.runs.update(heads.layout[firsts].tolist())
        self.last_layout = int(heads.layout[-1])

    def _keep_dates(self, stretch: Stretch, heads: Heads) -> None:
        """Keep each date once as long as it stays the same, for each spelling of dates."""
        layouts, runs = self.scanner.layouts, heads.only(heads.changes())
        key = (runs.a << 40) | (runs.b << 20) | runs.c
        spelled = {layouts[n].date for n in np.flatnonzero(np.bincount(runs.layout)).tolist()}
        for spelling in sorted(spelled):
            own = np.array([layout.date == spelling for layout in layouts])[runs.layout]
            rows = np.flatnonzero(own)
            changes = rows[np.diff(key[rows], prepend=self.last_date.get(spelling, -1)) != 0]
            self.last_date[spelling] = int(key[rows[-1]])
            if spelling not in self.samples:
                start, end = runs.stamp_start[rows[0]], runs.stamp_end[rows[0]]
                self.samples[spelling] = stretch.data[start:end].decode("utf-8", "replace")
            if self.kept_dates + len(changes) > _MOST_DATES:
                changes = changes[: _MOST_DATES - self.kept_dates]
            self.kept_dates += len(changes)
            at = runs.start[changes] + stretch.offset
            table = np.stack([at, runs.a[changes], runs.b[changes], runs.c[changes]])
            self.dates.setdefault(spelling, []).append(table)

    def _watch_hours(self, heads: Heads) -> None:
        """See whether a clock without markers ever shows an hour a 12-hour clock cannot."""
        rows = heads if not heads.half.any() else heads.only(heads.half == 0)
        if not len(rows):
            return
        self.hours = [min(self.hours[0], int(rows.h.min())), max(self.hours[1], int(rows.h.max()))]
        if self.hours[0] < 1 or self.hours[1] > 12:
            return
        minute = rows.h * 60 + rows.m
        same_day = (np.diff(rows.a) == 0) & (np.diff(rows.b) == 0) & (np.diff(rows.c) == 0)
        self.back_in_a_day += int((same_day & (np.diff(minute) <= -_HALF_DAY_STEP_MINUTES)).sum())

    def _count_names(self, found: Candidates) -> None:
        counts = dict(zip(found.names, found.counts.tolist(), strict=True))
        counts.pop(b"", None)
        self.authored += int(found.named.sum())
        if len(self.names) < _MOST_NAMES:
            self.names.update(counts)

    def _look_at_bytes(self, stretch: Stretch, heads: Heads, found: Candidates) -> None:
        self.crlf += int((stretch.above(heads.start, 2) == CR).sum())
        if self.marked:
            return
        octets = stretch.octets()
        body = np.where(found.named, found.colon + 2, heads.body)
        near = body[octets[body] == MARK_BYTES[0]]
        near = near[(octets[near + 1] == MARK_BYTES[1]) & (octets[near + 2] == MARK_BYTES[2])]
        for start in near[:_MOST_MARKED].tolist():
            line = stretch.data[start : start + _LONGEST_MARKED_BYTES].split(b"\n", 1)[0]
            nature = self.classifier.judge(line.decode("utf-8", "replace"))
            self.marked |= nature.kind not in _PLAIN_KINDS

    def _look_under_own_name(self, stretch: Stretch, heads: Heads, found: Candidates) -> None:
        own = np.array([name == self.own_name for name in found.names], np.bool_)
        rows = np.flatnonzero(own[found.index] & found.named)
        for row in rows[: _MOST_UNDER_NAME - sum(self.under_own_name)].tolist():
            line = stretch.data[found.colon[row] + 1 : heads.line_end[row]][:_LONGEST_MARKED_BYTES]
            told = recognise(line.decode("utf-8", "replace"))
            self.under_own_name[told is not None] += 1

    def _look_for_title(self, stretch: Stretch, heads: Heads, found: Candidates) -> None:
        quiet = np.flatnonzero(~found.named)
        rare = {n for n, name in enumerate(found.names) if b'"' in name or b"\xe2\x80\x9c" in name}
        if rare:
            odd = np.isin(found.index, list(rare)) & found.named
            quiet = np.union1d(quiet, np.flatnonzero(odd))
        body = heads.body
        for row in quiet.tolist():
            line = stretch.data[body[row] : heads.line_end[row]]
            told = recognise(line[:600].decode("utf-8", "replace"))
            if told and told[0].event in {"created", "subject"}:
                self.title = told[1].groupdict().get("title") or self.title

    def verdict(self, spelling: str, named: Named | None) -> Verdict:
        table = np.concatenate(self.dates[spelling], axis=1)
        uses = [layout for layout in self.scanner.layouts if layout.date == spelling]
        orders = clock.readings(uses[0].year_first, uses[0].year_last)
        return clock.decide(orders, Dates(*table), _hint(spelling, uses), named)

    def survey(self, verdicts: dict[str, Verdict]) -> Survey:
        total = sum(self.heads.values())
        return Survey(
            uses=self._uses(total),
            verdicts=verdicts,
            names=dict(self.names),
            heads=total,
            authored=self.authored,
            line_end=self.scanner.line_end,
            ends_with_crlf=total > _SURE_COUNT and self.crlf >= _CRLF_SHARE * (total - 1),
            marked=self.marked,
            hours_in_doubt=self.hours[0] >= 1
            and 0 < self.hours[1] <= 12
            and self.back_in_a_day > 0,
            back_in_a_day=self.back_in_a_day,
            title=self.title,
            titled_speech=self.under_own_name[0] > self.under_own_name[1],
            samples=self.samples,
        )

    def _uses(self, total: int) -> tuple[LayoutUse, ...]:
        layouts = self.scanner.layouts
        if not total:
            return ()
        main = max(range(len(layouts)), key=lambda n: self.heads[n])
        return tuple(
            LayoutUse(layout, self.heads[n], n == main or self._is_sure(n, main, total))
            for n, layout in enumerate(layouts)
        )

    def _is_sure(self, number: int, main: int, total: int) -> bool:
        """Say whether a layout beside the main one is the export's own, not pasted into a body.

        It is if it ends heads the same way and is no rarity, or if it stands before or behind all
        the rest, as where exports were joined; a block in their midst must be a large one.
        """
        count = self.heads[number]
        alike = self.scanner.layouts[number].end == self.scanner.layouts[main].end
        if alike and count >= max(_SURE_COUNT, _SURE_SHARE * total):
            return True
        outer = self.last[number] > self.last[main] or self.first[number] < self.first[main]
        if outer and self.runs[number] == 1 and count > 1:
            return True
        return count >= max(_BLOCK_COUNT, _BLOCK_SHARE * total)


def _hint(spelling: str, uses: list[Layout]) -> Hint:
    """Say which order dates spelled like this have on phones, where nothing else decides."""
    if any(_KOREAN.search(layout.spelling) for layout in uses):
        return Hint(Order.YMD, firm=True)
    american = "/" in spelling and any("?^" in layout.spelling for layout in uses)
    return Hint(Order.MDY if american else Order.DMY, firm="/" not in spelling)


def _named_dates(
    source: Source, scanner: Scanner, spellings: set[str], chunk_bytes: int
) -> dict[str, Named]:
    """Read again, for the dates in attachment names beside the dates of their messages."""
    rows: dict[str, list[tuple[int, int, int, int]]] = {spelling: [] for spelling in spellings}
    epoch = date(1970, 1, 1).toordinal()
    longest_bytes = source.limits.text_message_bytes
    with source.open() as stream:
        for stretch in stretches(stream, scanner, None, chunk_bytes, longest_bytes=longest_bytes):
            for found in _ATTACHMENT.finditer(stretch.data, 0, stretch.size):
                row = int(np.searchsorted(stretch.heads.start, found.start(), side="right")) - 1
                day = _day(found)
                if row < 0 or day is None:
                    continue
                spelling = scanner.layouts[int(stretch.heads.layout[row])].date
                if spelling in rows and len(rows[spelling]) < _MOST_ATTACHMENTS:
                    a, b, c = (int(column[row]) for column in _date(stretch.heads))
                    rows[spelling].append((a, b, c, day - epoch))
    return {s: Named(*np.array(found, np.int64).T) for s, found in rows.items() if found}


def _date(heads: Heads) -> tuple[Ints, Ints, Ints]:
    return heads.a, heads.b, heads.c


def _day(found: re.Match[bytes]) -> int | None:
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None
