"""The second pass over an export: batches of columns, with every byte accounted for."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from witnessbox.evidence.model import Kind, Problem, Severity
from witnessbox.intake import zone
from witnessbox.intake.clock import NO_TIME, Flags, Ints
from witnessbox.intake.parser import Assumption, Batch, Source
from witnessbox.intake.whatsapp import columns, doubts, tail
from witnessbox.intake.whatsapp.admission import admit, sure_layouts
from witnessbox.intake.whatsapp.columns import Attachment, Constants, Membership, Rows
from witnessbox.intake.whatsapp.heads import (
    CHUNK_BYTES,
    CR,
    LF,
    Heads,
    Scanner,
    Stretch,
    renamed,
    stretches,
)
from witnessbox.intake.whatsapp.kinds import KINDS, Classifier, Nature
from witnessbox.intake.whatsapp.names import Candidates, Standing, candidates, standing
from witnessbox.intake.whatsapp.notices import changes
from witnessbox.intake.whatsapp.survey import Survey, survey
from witnessbox.intake.whatsapp.times import contradictory, wall_times
from witnessbox.intake.whatsapp.titles import conversation
from witnessbox.intake.whatsapp.wordings import recognise

_CODE = {kind: place for place, kind in enumerate(KINDS)}
_MOST_UNDER_TITLE = 1_000
_TEXT, _NOTICE = _CODE[Kind.TEXT], _CODE[Kind.NOTICE]


def read(
    source: Source,
    assumption: Assumption,
    parser: str,
    *,
    chunk_bytes: int = CHUNK_BYTES,
    careful: bool = False,
) -> Iterator[Batch]:
    """Read a text export twice: once to decide what holds for all of it, once for its rows."""
    scanner = Scanner(careful=careful)
    found = survey(source, scanner, chunk_bytes)
    same = Constants(
        source.exhibit, conversation(source.name, found.title), assumption.zone, parser
    )
    reader = _Reader(found, scanner, same)
    with source.open() as stream:
        for stretch in stretches(stream, scanner, sure_layouts(found), chunk_bytes):
            yield reader.batch(stretch)


class _Reader:
    """Carries over what one stretch must know of those before it."""

    def __init__(self, found: Survey, scanner: Scanner, same: Constants) -> None:
        self.found, self.scanner, self.same = found, scanner, same
        self.tell = doubts.Teller(same.exhibit, same.parser)
        self.pending = doubts.of_the_file(found, self.tell)
        marks = bool(found.heads) and found.main.end == "bracket" and found.marked
        self.classifier = Classifier(marks_expected=marks)
        self.lone = doubts.lone_names(found)
        self.bracketed = bool(found.heads) and found.main.end == "bracket"
        self.standings: dict[bytes, Standing] = {}
        self.sequence = 0
        self.layout = -1
        self.wall_ms = NO_TIME
        self.speakers: Counter[str] = Counter()

    def batch(self, stretch: Stretch) -> Batch:
        """Read one stretch."""
        layouts, verdicts = self.scanner.layouts, self.found.verdicts
        wall_ms = wall_times(stretch.heads, layouts, verdicts, stretch.offset)
        admitted, refused = admit(stretch, wall_ms, self.found)
        told = [
            self.tell.at(
                stretch.offset + one.at,
                "header-in-body",
                f"this line looks like the head of a message and is read as part of the one above: "
                f"{one.why}; compare another copy",
            )
            for one in refused
        ]
        told += self._near_misses(stretch)
        heads = stretch.heads
        if not admitted.all():
            heads, wall_ms = heads.only(admitted), wall_ms[admitted]
        ending = tail.look(stretch, heads, self.found, self.tell)
        told += ending.problems
        heads, wall_ms = heads.only(slice(ending.heads)), wall_ms[: ending.heads]
        told += self._before_the_first(stretch, heads, ending.end)
        return self._rows(renamed(stretch, heads), wall_ms, ending.end, told)

    def _near_misses(self, stretch: Stretch) -> list[Problem]:
        what = (
            "this line looks like the head of a message in a layout that is not read; left as text"
        )
        return [
            self.tell.at(stretch.offset + at, "header-like-line", what) for at in stretch.misses
        ]

    def _before_the_first(self, stretch: Stretch, heads: Heads, end: int) -> list[Problem]:
        """Name the bytes of a stretch that no message owns."""
        first = int(heads.start[0]) if len(heads) else end
        if not first:
            return []
        blank = not stretch.data[:first].strip(b"\r\n\t \xef\xbb\xbf")
        what = "no message owns these bytes: no head stands before them"
        grave = Severity.NOTE if blank else Severity.LOSS
        at = stretch.offset
        return [self.tell.over(at, at + first, "no-head", what, grave)]

    def _rows(self, stretch: Stretch, wall_ms: Ints, end: int, told: list[Problem]) -> Batch:
        heads = stretch.heads
        if not len(heads):
            return self._batch(stretch, None, told, [], [])
        found = candidates(stretch, heads)
        notice, unsure = self._standings(stretch, found)
        bounds = np.append(heads.start[1:], end)
        text_end = _without_line_end(stretch, bounds, self.scanner.line_end)
        text_start = self._text_start(stretch, heads, found, notice)
        text_start = np.minimum(text_start, text_end)
        kind = np.full(len(heads), _TEXT, np.int64)
        kind[notice] = _NOTICE
        edited = np.zeros(len(heads), np.bool_)
        moments = zone.to_utc(wall_ms, self.same.zone)
        seconds = np.array([layout.seconds for layout in self.scanner.layouts])[heads.layout]
        rows = Rows(
            heads.start, bounds, heads.stamp_start, heads.stamp_end,
            heads.body, np.where(notice, heads.body, found.colon), text_start, text_end,
            wall_ms, moments.utc, kind, notice, edited, seconds,
        )  # fmt: skip
        rows.name_end[:] = np.minimum(rows.name_end, text_start)
        if self.bracketed:
            self._under_the_title(stretch, rows, found)
        enclosed = self._classify(stretch, heads, rows, told)
        members = self._memberships(stretch, rows)
        told += self._doubts(stretch, heads, rows, found, unsure)
        told += doubts.of_zone(
            rows.start + stretch.offset, moments.twice, moments.never, self.same.zone, self.tell
        )
        self._count_speakers(found, rows.notice)
        return self._batch(stretch, rows, told, enclosed, members)

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

    def _classify(
        self, stretch: Stretch, heads: Heads, rows: Rows, told: list[Problem]
    ) -> list[Attachment]:
        enclosed: list[Attachment] = []
        special = self.classifier.rows(stretch, heads, rows.text_start, rows.text_end)
        for row in special[~rows.notice[special]].tolist():
            body = stretch.data[rows.text_start[row] : rows.text_end[row]]
            nature = self.classifier.nature(body)
            rows.edited[row] = nature.edited
            rows.kind[row] = _CODE[nature.kind]
            start = stretch.offset + int(rows.start[row])
            enclosed += [Attachment(start, e.name, e.media, e.omitted) for e in nature.enclosed]
            told += self._of_nature(nature, body, start)
            rows.notice[row] = nature.kind is Kind.NOTICE
        return enclosed

    def _under_the_title(self, stretch: Stretch, rows: Rows, found: Candidates) -> None:
        """Tell notices that stand under the conversation's own name, without the platform's mark.

        In a chat of two that is the other person's name, so a known wording must support it.
        """
        titles = {self.same.conversation.encode(), (self.found.title or "").encode()}
        own = np.array([name in titles and name != b"" for name in found.names], np.bool_)
        under = np.flatnonzero(own[found.index])
        if len(under) > _MOST_UNDER_TITLE:
            return
        for row in under.tolist():
            body = stretch.data[rows.text_start[row] : rows.text_end[row]][:600]
            if recognise(body.decode("utf-8", "replace")) is not None:
                rows.notice[row] = True
                rows.kind[row] = _NOTICE

    def _of_nature(self, nature: Nature, body: bytes, start: int) -> list[Problem]:
        if nature.typed:
            what = (
                "this reads like a line of the platform but lacks the mark its other lines bear; "
                "read as typed by a person"
            )
            return [self.tell.at(start, "placeholder-without-mark", what)]
        if nature.doubt:
            what = "'null' stands for a message shown once, but a person may have typed it"
            return [self.tell.at(start, nature.doubt, what)]
        if nature.unknown and recognise(body[:600].decode("utf-8", "replace")) is None:
            what = "this bears the platform's mark in a wording not known; read as a notice"
            return [self.tell.at(start, "unknown-notice", what)]
        return []

    def _memberships(self, stretch: Stretch, rows: Rows) -> list[Membership]:
        members: list[Membership] = []
        for row in np.flatnonzero(rows.notice).tolist():
            text = stretch.data[rows.text_start[row] : rows.text_end[row]][:1200]
            for change in changes(text.decode("utf-8", "replace")):
                start, end = int(rows.start[row]), int(rows.end[row])
                members.append(
                    Membership(
                        stretch.offset + start,
                        stretch.offset + end,
                        change.event,
                        change.actor,
                        change.member,
                        int(rows.sent_ms[row]),
                    )  # fmt: skip
                )
        return members

    def _doubts(
        self, stretch: Stretch, heads: Heads, rows: Rows, found: Candidates, unsure: Flags
    ) -> list[Problem]:
        start = rows.start + stretch.offset
        told = doubts.of_layouts(heads, self.layout, self.found, stretch.offset, self.tell)
        told += doubts.of_times(start, rows.wall_ms, self.wall_ms, self.tell)
        told += doubts.of_bodies(stretch, rows.text_start, rows.text_end, rows.start, self.tell)
        lone = np.array([name in self.lone for name in found.names], np.bool_)[found.index]
        told += doubts.of_forgery(
            stretch, rows, lone & ~rows.notice, self.found.ends_with_crlf, self.tell
        )
        for row in np.flatnonzero(unsure & ~rows.notice).tolist():
            what = "what stands before the colon may be a name or part of a notice; read as a name"
            told.append(self.tell.at(int(start[row]), "name-or-notice", what))
        for row in np.flatnonzero(contradictory(heads)).tolist():
            what = "the hour is over 12 and has a half-day marker; read by the hour"
            told.append(self.tell.at(int(start[row]), "half-day", what))
        known = rows.wall_ms[rows.wall_ms != NO_TIME]
        self.wall_ms = int(known[-1]) if len(known) else self.wall_ms
        self.layout = int(heads.layout[-1])
        return told

    def _count_speakers(self, found: Candidates, notice: Flags) -> None:
        counts = np.bincount(found.index[~notice], minlength=len(found.names))
        for name, count in zip(found.names, counts.tolist(), strict=True):
            if count and name:
                self.speakers[name.decode("utf-8", "replace")] += count

    def _batch(
        self,
        stretch: Stretch,
        rows: Rows | None,
        told: list[Problem],
        enclosed: list[Attachment],
        members: list[Membership],
    ) -> Batch:
        messages = None
        if rows is not None:
            messages, bad = columns.messages(
                stretch.data, rows, stretch.offset, self.sequence, self.same
            )
            self.sequence += len(rows)
            for byte in bad:
                what = f"this byte is no UTF-8 ({byte.reason}); U+FFFD stands in its place"
                told.append(self.tell.at(stretch.offset + byte.at, "not-utf-8", what))
        end = stretch.offset + stretch.size
        told += [one for one in self.pending if one.span.start < end or stretch.last]
        self.pending = [one for one in self.pending if one.span.start >= end and not stretch.last]
        told.sort(key=lambda problem: (problem.span.start, problem.span.end, problem.code))
        counts = dict(self.speakers) if stretch.last else {}
        return Batch(
            messages=messages,
            problems=columns.problems(told, self.same.exhibit),
            participants=columns.participants(counts, self.same),
            attachments=columns.attachments(enclosed, self.same.exhibit),
            memberships=columns.memberships(members, self.same),
        )


def _without_line_end(stretch: Stretch, bounds: Ints, line_end: int) -> Ints:
    """Take one line end off the end of each text."""
    octets = stretch.octets()
    ended = octets[bounds - 1] == line_end
    returned = ended & (line_end == LF) & (octets[bounds - 2] == CR)
    return bounds - ended - returned
