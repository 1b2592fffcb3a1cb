"""How ``witnessbox why`` prints what it tells: short lines, indented, that fit 80 columns."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from witnessbox.evidence.model import Precision, Span
from witnessbox.reconcile.grounds import MEANING, OVERVIEW, Ground, Grounded
from witnessbox.reconcile.why.model import (
    Copy,
    DiscrepancyWhy,
    Message,
    MessageWhy,
    NameOn,
    PersonWhy,
    ToldLink,
    ToldSighting,
)
from witnessbox.reconcile.why.words import added_ms, clock, milliseconds

Told = MessageWhy | PersonWhy | DiscrepancyWhy

_LABEL = 9  # characters
_FORMS = {Precision.MINUTE: "%Y-%m-%d %H:%M"}
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""What an export may hold and a terminal would obey."""
_FINE = "%Y-%m-%d %H:%M:%S"


class Teller:
    """Prints explanations; ``names`` are exhibit references by SHA-256."""

    def __init__(self, console: Console, zone: ZoneInfo, names: Mapping[str, str]) -> None:
        self._console, self._zone, self._names = console, zone, names

    def tell(self, told: Told) -> None:
        """Print what is told of whichever was asked about."""
        match told:
            case MessageWhy():
                self._message(told)
            case PersonWhy():
                self._person(told)
            case DiscrepancyWhy():
                self._discrepancy(told)

    def _message(self, told: MessageWhy) -> None:
        self._head(f"Message {told.message.id}")
        self._quote(told.message)
        self._step("Where it was found")
        for one in told.sightings:
            self._sighting(one)
        quoted = [one.copy.number for one in told.sightings if one.quoted]
        self._step(f"What is quoted: copy {quoted[0]}" if quoted else "What is quoted")
        self._points(told.quoting)
        self._step(f"When: {self._at(told.message.sent_at, told.message.precision)}")
        self._points(told.timing)
        if told.lacking:
            self._step("Which copies do not show it")
            self._points(f"{_called(one.copy)}: {one.stand}: {one.why}" for one in told.lacking)
        if told.discrepancies:
            self._step("What is told of it")
            copies = [one.copy for one in told.sightings]
            copies += [one.copy for one in told.lacking]
            for flag in told.discrepancies:
                self._flag(flag, copies)

    def _quote(self, message: Message) -> None:
        at = self._at(message.sent_at, message.precision)
        who = message.sender_name or "(notice)"
        self._line(f"{message.title}, #{message.position}, {at}, {who}, {message.kind}", 0)
        self._line(message.text or f"({message.kind}, no words)", 4)

    def _sighting(self, one: ToldSighting) -> None:
        self._line(f"{_called(one.copy)}: {self._place(one.sight.span)}", 2)
        as_written = one.written.stamp if one.written and one.written.stamp else "no time"
        sender = one.sight.sender_name
        self._labelled("written", f"{as_written}{f', by {sender}' if sender else ''}")
        if one.written and not one.sight.same_text:
            self._labelled("words", one.written.text or "(none)")
        if one.piece is not None and one.sight.sent_at is not None:
            added = added_ms(one.piece, milliseconds(one.sight.sent_at))
            self._labelled("clock", clock(one.piece, added))
        if one.corrected_at is not None:
            later = ", or up to a minute later" if one.to_the_minute else ""
            self._labelled("so", f"{self._at(one.corrected_at, Precision.SECOND)}{later}")
        self._labelled("taken by", f"{one.sight.matched_by}: {one.rule}")

    def _flag(self, one: Grounded, copies: Iterable[Copy]) -> None:
        copy = next((copy for copy in copies if copy.id == one.copy), None)
        named = _called(copy) if copy else f"copy {one.copy}"
        self._line(f"{one.kind} ({one.strength}), {named}: {one.what}", 2)
        self._line(f"witnessbox why … {one.discrepancy}", 4, style="dim")

    def _discrepancy(self, told: DiscrepancyWhy) -> None:
        one = told.told
        labels = {copy.id: _called(copy) for copy in told.copies}
        self._head(f"Discrepancy {one.discrepancy}: {one.kind}")
        self._line(OVERVIEW[one.kind], 0)
        self._line(f"In {_called(told.copy)}: {one.what}.", 0)
        self._line(f"It shows at {self._place(one.span)}.", 0)
        self._step("The message")
        self._line(told.message.id, 2, style="dim")
        self._quote(told.message)
        if told.run is not None:
            self._step(f"The run it belongs to: {told.run.messages:,} messages")
            self._points(
                f"#{end.position}, {self._at(end.sent_at, end.precision)}"
                for end in (told.run.first, told.run.last)
            )
        self._step(f"How strong: {one.strength}")
        self._line(f"{MEANING[one.strength]}.", 2)
        self._step("What the data show")
        self._points(self._ground(ground, labels) for ground in one.evidence)
        self._step("What would explain it, the ordinary first")
        self._points(f"{ground.standing}: {ground.words}" for ground in one.explanations)

    def _ground(self, ground: Ground, labels: Mapping[str, str]) -> str:
        who = "" if ground.copy is None else f"{labels.get(ground.copy, ground.copy)}: "
        where = "" if ground.span is None else f" ({self._place(ground.span)})"
        return f"{who}{ground.words}{where}"

    def _person(self, told: PersonWhy) -> None:
        self._head(f"Person {told.person}: {told.label}")
        self._step("Names on each copy")
        for name in told.names:
            owner = ", the phone's owner" if name.owner else ""
            said = f"{name.messages:,} message{'' if name.messages == 1 else 's'}"
            self._line(f"{name.title}, {_called(name.copy)}: {name.name}, {said}{owner}", 2)
        self._step("What joins these names, strongest first")
        self._links(told.joined)
        if told.apart:
            self._step("What may be the same person and was not joined")
            self._links(told.apart)

    def _links(self, links: Iterable[ToldLink]) -> None:
        shown = False
        for one in links:
            shown = True
            self._line(f"{_on(one.first)} and {_on(one.second)}: {one.state}", 2)
            self._labelled("led by", f"{one.rule}: {one.led}")
            self._labelled(
                "counts",
                f"texts {one.texts_agreed:,} for and {one.texts_against:,} against; "
                f"else {one.traits_agreed:,} for and {one.traits_against:,} against",
            )
            self._labelled("weight", f"{one.weight:+.1f}, {one.odds}")
            for label, said in (("for", one.speaks_for), ("against", one.speaks_against)):
                for words in said:
                    self._labelled(label, words)
        if not shown:
            self._line("- nothing", 2)

    def _head(self, words: str) -> None:
        self._line(words, 0, style="bold")

    def _step(self, words: str) -> None:
        self._console.print()
        self._line(words, 0, style="bold")

    def _points(self, points: Iterable[str]) -> None:
        listed = list(points)
        for one in listed or ["nothing"]:
            self._line(f"- {one}", 2)

    def _labelled(self, label: str, words: str) -> None:
        self._line(f"{label:<{_LABEL}} {words}", 4, hanging=_LABEL + 1)

    def _line(self, words: str, indent: int, *, hanging: int = 2, style: str = "") -> None:
        """Print one line, wrapped; what goes on is indented a little more."""
        left = indent + (hanging if indent else 0)
        width = max(self._console.width - left, 20)
        plain = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", words)
        for number, line in enumerate(Text(plain, style=style).wrap(self._console, width)):
            line.rstrip()
            self._console.print(Text(" " * (left if number else indent)) + line)

    def _place(self, span: Span) -> str:
        name = self._names.get(span.exhibit, "exhibit")
        return f"{name} ({span.exhibit[:12]}…), bytes {span.start:,} to {span.end:,}"

    def _at(self, moment: datetime | None, precision: str | None) -> str:
        if moment is None:
            return "no time"
        form = _FORMS.get(Precision(precision or Precision.MINUTE), _FINE)
        return f"{moment.astimezone(self._zone):{form}}"


def _called(copy: Copy) -> str:
    return f"copy {copy.number} ({copy.custodian})"


def _on(name: NameOn) -> str:
    where = f"copy {name.copy.number} of {name.title}" if name.copy else "a copy no longer listed"
    return f"{name.name} in {where}"
