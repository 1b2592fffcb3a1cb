"""The second pass over an export: batches of columns, with every byte accounted for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from witnessbox.evidence.model import Kind, Problem, Severity
from witnessbox.intake import zone
from witnessbox.intake.clock import NO_TIME, Flags, Ints
from witnessbox.intake.parser import Assumption, Batch, Source
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.whatsapp import bodies, columns, doubts, forgery, stamps, tail
from witnessbox.intake.whatsapp.admission import Refused, admit, sure_layouts
from witnessbox.intake.whatsapp.columns import Constants, Rows
from witnessbox.intake.whatsapp.heads import CR, LF, Heads, Scanner
from witnessbox.intake.whatsapp.kinds import Classifier
from witnessbox.intake.whatsapp.memory import MOST_HEADS, Kept
from witnessbox.intake.whatsapp.names import Candidates, Standing, candidates, standing
from witnessbox.intake.whatsapp.settled import Hours, Rulings, apply, rulings
from witnessbox.intake.whatsapp.stretches import CHUNK_BYTES, Stretch, renamed, stretches
from witnessbox.intake.whatsapp.survey import Survey, survey
from witnessbox.intake.whatsapp.times import contradictory, wall_times
from witnessbox.intake.whatsapp.titles import conversation
from witnessbox.intake.zone import Moments

Told = list[Problem]
_CHUNKS, _LEAST_BYTES = 4, 1 << 12  # a message too long is noticed by the chunk
_TEXT, _NOTICE = bodies.CODES[Kind.TEXT], bodies.CODES[Kind.NOTICE]


def read(
    source: Source,
    assumption: Assumption,
    parser: str,
    *,
    chunk_bytes: int = CHUNK_BYTES,
    careful: bool = False,
    most_kept: int = MOST_HEADS,
) -> Iterator[Batch]:
    """Read a text export twice: once to decide what holds for all of it, once for its rows."""
    longest_bytes = source.limits.text_message_bytes
    chunk_bytes = min(chunk_bytes, max(longest_bytes // _CHUNKS, _LEAST_BYTES))
    scanner, names = Scanner(careful=careful, most_kept=most_kept), Kept[Candidates](most_kept)
    found = apply(survey(source, scanner, names, chunk_bytes), assumption.settled)
    ruled = rulings(assumption.settled)
    same = Constants(
        source.exhibit, conversation(source.name, found.title), assumption.zone, parser
    )
    reader = _Reader(found, scanner, same, ruled, longest_bytes)
    reader.names = names
    sure = sure_layouts(found)
    with source.open() as stream:
        for stretch in stretches(stream, scanner, sure, chunk_bytes, ruled.bodies, longest_bytes):
            yield reader.batch(stretch)


class _Reader:
    """Carries over what one stretch must know of those before it."""

    def __init__(
        self, found: Survey, scanner: Scanner, same: Constants, ruled: Rulings, longest_bytes: int
    ) -> None:
        self.found, self.scanner, self.same, self.ruled = found, scanner, same, ruled
        self.longest_bytes, self.begun = longest_bytes, False
        self.hours = Hours() if found.hours_in_doubt and ruled.twelve_hours else None
        self.tell = doubts.Teller(same.exhibit, same.parser)
        self.pending = doubts.of_the_file(found, self.tell)
        marks = bool(found.heads) and found.main.end == "bracket" and found.marked
        self.classifier = Classifier(marks_expected=marks)
        self.lone = forgery.lone_names(found)
        self.bracketed = bool(found.heads) and found.main.end == "bracket"
        self.standings: dict[bytes, Standing] = {}
        self.names: Kept[Candidates] = Kept(0)
        self.before = doubts.Before()
        self.titles = frozenset((same.conversation.encode(), (found.title or "").encode()))
        self.speakers: Counter[str] = Counter()

    def batch(self, stretch: Stretch) -> Batch:
        """Read one stretch."""
        layouts, verdicts = self.scanner.layouts, self.found.verdicts
        wall_ms = wall_times(stretch.heads, layouts, verdicts, stretch.offset)
        following = wall_times(stretch.following, layouts, verdicts, stretch.offset)
        if self.hours is not None:
            heads = stretch.heads
            wall_ms = self.hours.read(wall_ms, heads.start + stretch.offset, heads.half == 0)
        following_ms = int(following[0]) if len(following) else NO_TIME
        admitted, refused = admit(stretch, wall_ms, following_ms, self.found, self.ruled)
        told = self._look_alikes(stretch, refused) + self._after_returns(stretch)
        told += self._settled(stretch)
        heads = stretch.heads
        if not admitted.all():
            heads, wall_ms = heads.only(admitted), wall_ms[admitted]
        ending = tail.look(stretch, heads, self.found, self.tell)
        told += ending.problems
        heads, wall_ms = heads.only(slice(ending.heads)), wall_ms[: ending.heads]
        told += self._before_the_first(stretch, heads, ending.end)
        self.begun |= len(heads) > 0
        return self._rows(renamed(stretch, heads), wall_ms, ending.end, told)

    def _look_alikes(self, stretch: Stretch, refused: list[Refused]) -> Told:
        """Name the lines that look like heads and were left in the bodies they stand in."""
        left = "this line looks like the head of a message"
        missed = f"{left} in a layout that is not read; left as text"
        return [
            *(
                self.tell.at(stretch.offset + at, "header-like-line", missed)
                for at in stretch.misses
            ),
            *(
                self.tell.at(
                    stretch.offset + one.at,
                    "header-in-body",
                    f"{left} and is read as part of the one above (body): {one.why}; what speaks "
                    "for a message of its own is that it has a date, a time and what may be a "
                    "name; compare another copy",
                )
                for one in refused
            ),
        ]

    def _settled(self, stretch: Stretch) -> Told:
        """Name the heads that begin a message only because that was settled, and open days."""
        messages, _ = self.ruled.on(stretch.heads.start + stretch.offset)
        messages &= ~sure_layouts(self.found)[stretch.heads.layout] if messages.any() else messages
        what = (
            "this head is written unlike the file's others, which speaks for part of the message "
            "above (body); read as a message of its own"
        )
        starts = (stretch.heads.start[messages] + stretch.offset).tolist()
        told = [self.tell.at(byte, "header-in-body", what) for byte in starts]
        return told + (doubts.of_open_days(self.hours, self.tell) if stretch.last else [])

    def _after_returns(self, stretch: Stretch) -> Told:
        """Name heads behind a lone CR: some phones once ended lines so, and here it ends none."""
        if self.scanner.line_end == CR or stretch.data.find(b"\r", 0, stretch.size) < 0:
            return []
        octets = stretch.octets()
        returns = np.flatnonzero(octets[: stretch.size] == CR)
        lone = returns[octets[returns + 1] != LF] + 1
        what = (
            "this looks like the head of a message, but only a CR ends the line above; left as text"
        )
        return [
            self.tell.at(stretch.offset + at, "header-like-line", what)
            for at in lone.tolist()
            if stamps.read(stretch.data[at : at + stamps.LONGEST_HEAD_BYTES]) is not None
        ]

    def _before_the_first(self, stretch: Stretch, heads: Heads, end: int) -> list[Problem]:
        """Name the bytes of a stretch that no message owns."""
        first = int(heads.start[0]) if len(heads) else end
        if not first:
            return []
        blank = not stretch.data[:first].strip(b"\r\n\t \xef\xbb\xbf")
        what = "no message owns these bytes: " + (
            f"the one before them is longer than {self.longest_bytes:,} bytes, the limit "
            "text_message_bytes, and is closed there"
            if self.begun
            else "no head stands before them"
        )
        grave = Severity.NOTE if blank else Severity.LOSS
        at = stretch.offset
        return [self.tell.over(at, at + first, "no-head", what, grave)]

    def _rows(self, stretch: Stretch, wall_ms: Ints, end: int, told: list[Problem]) -> Batch:
        heads = stretch.heads
        if not len(heads):
            return self._batch(stretch, told)
        found = candidates(stretch, heads, self.names)
        notice, unsure = self._standings(stretch, found)
        bounds = np.append(heads.start[1:], end)
        text_end = _without_line_end(stretch, bounds, self.scanner.line_end)
        text_start = self._text_start(stretch, heads, found, notice)
        text_start = np.minimum(text_start, text_end)
        kind = np.full(len(heads), _TEXT, np.int64)
        kind[notice] = _NOTICE
        plain = np.zeros(len(heads), np.bool_)
        moments = zone.to_utc(wall_ms, self.same.zone)
        seconds = np.array([layout.seconds for layout in self.scanner.layouts])[heads.layout]
        rows = Rows(
            heads.start, bounds, heads.stamp_start, heads.stamp_end, text_start, text_end,
            wall_ms, moments.utc, kind, notice, plain, seconds,
        )  # fmt: skip
        if self.bracketed:
            partner = self.found.titled_speech
            bodies.under_the_title(stretch, rows, found, self.titles, partner=partner)
        enclosed, odd = bodies.classify(stretch, heads, rows, self.classifier, self.tell)
        members = bodies.memberships(stretch, rows)
        what = "what stands before the colon may be a name or part of a notice; read as a name"
        uncertain = (rows.start[unsure & ~rows.notice] + stretch.offset).tolist()
        told += odd + [self.tell.at(byte, "name-or-notice", what) for byte in uncertain]
        at = stretch.offset, self.before.messages
        told += self._doubts(stretch, rows, found, moments)
        self._count_speakers(found, rows.notice)
        messages, bad = columns.messages(stretch.data, rows, found, at, self.same)
        for byte in bad:
            what = f"this byte is no UTF-8 ({byte.reason}); U+FFFD stands in its place"
            told.append(self.tell.at(stretch.offset + byte.at, "not-utf-8", what))
        return replace(
            self._batch(stretch, told),
            messages=messages,
            attachments=columns.attachments(
                enclosed, rows.start + stretch.offset, self.same.exhibit
            ),
            memberships=columns.memberships(members, rows, stretch.offset, self.same),
        )

    def _standings(self, stretch: Stretch, found: Candidates) -> tuple[Flags, Flags]:
        """Judge each distinct name once, and spread the verdicts over the rows."""
        body = stretch.heads.body
        judged = [Standing.SENTENCE] * len(found.names)
        firsts = np.full(len(found.names), -1, np.int64)
        firsts[found.index[::-1]] = np.arange(len(found.index))[::-1]
        for place, name in enumerate(found.names):
            if name:
                judged[place] = self._standing(stretch, name, int(firsts[place]), body)
        sentence = np.array([one is Standing.SENTENCE for one in judged], np.bool_)
        unsure = np.array([one is Standing.UNSURE for one in judged], np.bool_)
        return sentence[found.index], unsure[found.index]

    def _standing(self, stretch: Stretch, name: bytes, row: int, body: Ints) -> Standing:
        known = self.standings.get(name)
        if known is None:
            line = stretch.data[body[row] : stretch.heads.line_end[row]].decode("utf-8", "replace")
            known = standing(name.decode("utf-8", "replace"), line[:600], self.found.names)
            self.standings[name] = known
        return known

    def _text_start(self, stretch: Stretch, heads: Heads, found: Candidates, notice: Flags) -> Ints:
        """Give where each text begins: after the name's colon and space, else after the head."""
        spaced = stretch.octets()[np.maximum(found.colon, 0) + 1] == 0x20
        return np.where(notice, heads.body, found.colon + 1 + spaced)

    def _doubts(self, stretch: Stretch, rows: Rows, found: Candidates, moments: Moments) -> Told:
        heads, tell, before = stretch.heads, self.tell, self.before
        start = rows.start + stretch.offset
        lone = np.array([name in self.lone for name in found.names], np.bool_)[found.index]
        what = "the hour is over 12 and has a half-day marker; read by the hour"
        odd = start[contradictory(heads)].tolist()
        told = [
            *doubts.of_layouts(heads, before.layout, self.found, stretch.offset, tell),
            *doubts.of_times(start, rows.wall_ms, tell),
            *doubts.of_order(start, rows.wall_ms, before, tell),
            *doubts.of_zone(start, moments, before, self.same.zone, tell),
            *doubts.of_bodies(stretch, rows.text_start, rows.text_end, rows.start, tell),
            *forgery.suspects(stretch, rows, lone & ~rows.notice, self.found, before, tell),
            *(tell.at(byte, "half-day", what) for byte in odd),
        ]
        known = np.flatnonzero(rows.wall_ms != NO_TIME)[-2:]
        self.before = doubts.Before(
            layout=int(heads.layout[-1]),
            start=(*before.start, *start[known].tolist())[-2:],
            wall_ms=(*before.wall_ms, *rows.wall_ms[known].tolist())[-2:],
            twice=bool(moments.twice[-1]),
            never=bool(moments.never[-1]),
            text=bool(rows.kind[-1] == _TEXT),
            messages=before.messages + len(rows),
        )
        return told

    def _count_speakers(self, found: Candidates, notice: Flags) -> None:
        counts = np.bincount(found.index[~notice], minlength=len(found.names))
        for name, count in zip(found.names, counts.tolist(), strict=True):
            if count and name:
                self.speakers[name.decode("utf-8", "replace")] += count

    def _batch(self, stretch: Stretch, told: Told) -> Batch:
        """Make the batch that every stretch has: its problems and, at the end, who spoke."""
        end = stretch.offset + stretch.size
        due = [one for one in self.pending if one.span.start < end or stretch.last]
        self.pending = self.pending[len(due) :]
        every = sorted(
            told + due, key=lambda problem: (problem.span.start, problem.span.end, problem.code)
        )
        counts = dict(self.speakers) if stretch.last else {}
        return Batch(
            problems=problem_rows(every),
            participants=columns.participants(counts, self.same),
        )


def _without_line_end(stretch: Stretch, bounds: Ints, line_end: int) -> Ints:
    """Take one line end off the end of each text."""
    octets = stretch.octets()
    ended = np.asarray(octets[bounds - 1] == line_end)
    returned = ended & (line_end == LF) & (octets[bounds - 2] == CR)
    text_end: Ints = bounds - ended - returned
    return text_end
