"""A quotation equals what stands in its exhibit, or nothing is published.

Rules kept here:

- The exhibit still hashes to its name.
- Its parser, run over the vault's bytes again, finds a message at just that span.
- The quotation is that message's text, from the character it says to the character it says, and
  the message is as long as it says; so neither a changed word nor a dropped "not" passes.
- The text also stands in the span's bytes in the way the format stores it, whatever the parser
  believes; where the format stores a stand-in for a name, all but the name stands there.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from typing import Any

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.model import Span
from witnessbox.evidence.vault import Vault
from witnessbox.intake.parser import HEAD_BYTES, Assumption, Parser, Source, choose

_UTC = Assumption("UTC", "only the words are compared")
_SHOWN_CHARACTERS = 200
_BREAK = re.compile(r"<br\s*/?>\n?")
_MARK = re.compile(r"<[^<>]*>")
_STAND_IN = "\ufffc"  # for a name
_NAME_CHARACTERS = 100
_MOST_MENTIONS = 50


class CitationError(WitnessboxError):
    """A quotation differs from its exhibit; nothing is published."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Words, and where in which exhibit they stand.

    ``first`` is the character of the message at which the words begin, ``message_characters`` how
    long the whole message is: a cut quotation is known as one.
    """

    reference: str  # the exhibit's reference, for people
    span: Span
    text: str
    first: int
    message_characters: int

    @property
    def cut_before(self) -> bool:
        """Say whether the message begins before the quotation does."""
        return self.first > 0

    @property
    def cut_after(self) -> bool:
        """Say whether the message goes on after the quotation."""
        return self.first + len(self.text) < self.message_characters


def whole(reference: str, span: Span, text: str) -> Citation:
    """Cite a message from its first character to its last."""
    return Citation(reference, span, text, 0, len(text))


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to read exhibits again: the vault, the parsers, and each exhibit's name.

    ``beside`` names the exhibits that one is read with: a table's mapping, a database's companions.
    """

    vault: Vault
    parsers: Sequence[Parser]
    names: Mapping[str, str]
    beside: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def source(self, exhibit: str) -> Source:
        """Give an exhibit as its parser takes it."""
        others = self.beside.get(exhibit, ())
        return replace(self._alone(exhibit), beside=tuple(map(self._alone, others)))

    def _alone(self, exhibit: str) -> Source:
        size_bytes = self.vault.path(exhibit).stat().st_size
        return Source(exhibit, self.names[exhibit], size_bytes, partial(self.vault.open, exhibit))


def verify(citations: Iterable[Citation], reading: Reading) -> None:
    """Hold every citation against the vault.  Raises CitationError for the first that fails."""
    found = breaches(citations, reading)
    if found:
        more = f" ({len(found) - 1} more do not hold either)" if len(found) > 1 else ""
        raise CitationError(f"{found[0]}; nothing was published{more}")


def breaches(citations: Iterable[Citation], reading: Reading) -> list[str]:
    """Say of each citation that does not hold what it says and what stands in the exhibit."""
    by_exhibit: dict[str, list[Citation]] = {}
    for citation in citations:
        by_exhibit.setdefault(citation.span.exhibit, []).append(citation)
    return [
        sentence
        for exhibit in sorted(by_exhibit)
        for sentence in _breaches_in(exhibit, by_exhibit[exhibit], reading)
    ]


def _breaches_in(exhibit: str, citations: Sequence[Citation], reading: Reading) -> Iterator[str]:
    changed = reading.vault.check(exhibit)
    if changed is not None:
        yield f"{citations[0].reference} cannot be quoted: {changed}"
        return
    texts = _texts_at({citation.span for citation in citations}, exhibit, reading)
    for citation in citations:
        wrong = difference(
            citation, texts.get(citation.span), lambda span: _stored(span, reading.vault)
        )
        if wrong is not None:
            yield wrong


def _texts_at(spans: set[Span], exhibit: str, reading: Reading) -> dict[Span, str]:
    """Run the exhibit's parser over the vault's bytes again and keep the texts at these spans."""
    source = reading.source(exhibit)
    with source.open() as stream:
        parser = choose(reading.parsers, source.name, stream.read(HEAD_BYTES))
    return dict(_texts(parser.parse(source, _UTC), spans, exhibit))


def _texts(batches: Iterable[Any], spans: set[Span], exhibit: str) -> Iterator[tuple[Span, str]]:
    wanted = {span.start for span in spans}
    for batch in batches:
        if batch.messages is None:
            continue
        starts = batch.messages["start"].to_pylist()
        for row, start in enumerate(starts):
            if start in wanted:
                end = batch.messages["end"][row].as_py()
                yield Span(exhibit, start, end), batch.messages["text"][row].as_py() or ""


def difference(
    citation: Citation, message: str | None, stored: Callable[[Span], Sequence[str]]
) -> str | None:
    """Say how a citation differs from the message at its span, or None where it holds.

    ``message`` is the text read there again, None where no message lies at just that span;
    ``stored`` gives the strings that a span's bytes hold, read without the parser.
    """
    span = citation.span
    place = f"{citation.reference} bytes {span.start} to {span.end}"
    if message is None:
        return f"{place} is not one message, but the report quotes “{_short(citation.text)}” there"
    standing = message[citation.first : citation.first + len(citation.text)]
    if standing != citation.text or len(message) != citation.message_characters:
        return f"{place} says “{_short(message)}”, but the report quotes “{_short(citation.text)}”"
    if not any(message in one or _mentioning(message, one) for one in stored(span)):
        return f"{place} does not hold “{_short(message)}” in its bytes, though its parser says so"
    return None


def _mentioning(message: str, stored: str) -> bool:
    """Say whether a text holds a message but for the names of those it mentions.

    Signal writes a stand-in for each name; the parser puts "@" and the name there.
    """
    parts = stored.split(_STAND_IN)
    if len(parts) == 1 or max(len(parts), message.count("@")) > _MOST_MENTIONS:
        return False
    names = [at for at, letter in enumerate(message) if letter == "@"]
    begun: set[int] = set()  # names up to which the message stands in the bytes
    for before, after in pairwise(parts):
        begun |= {at for at in names if before.endswith(message[:at])}
        spans = [range(at + 2, min(at + 2 + _NAME_CHARACTERS, len(message) + 1)) for at in begun]
        ends = {end for span in spans for end in span}
        if any(
            len(message) - end <= len(after) and after.startswith(message[end:]) for end in ends
        ):
            return True
        begun = {end + len(after) for end in ends if message.startswith(f"{after}@", end)}
    return False


def _stored(span: Span, vault: Vault) -> list[str]:
    return stored_strings(vault.read(span))


def stored_strings(data: bytes) -> list[str]:
    """Give every string a span may be said to hold: the text itself, and each JSON string in it.

    A JSON string counts twice, as decoded and as repaired where it is UTF-8 that was taken for
    Latin-1 (Messenger's exports).  Marked-up text counts as a page shows it, a table's field with
    its quotes undoubled, and bytes that are no UTF-8 as Windows wrote them.
    """
    text = data.decode("utf-8", "replace")
    found = list(dict.fromkeys([text, *_otherwise(text)]))
    if "\ufffd" in text:
        found.append(data.decode("cp1252", "replace").replace('""', '"'))
    start = text.find("{")
    if start >= 0:
        try:
            value, _ = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            return found
        for one in _strings(value):
            found.extend({one, _repaired(one)})
    return found


def _otherwise(text: str) -> Iterator[str]:
    """Give a text as formats mean it that write some of its letters in another way."""
    plain = text.replace("\r\n", "\n")
    yield plain
    yield text.replace('""', '"')
    yield html.unescape(plain)
    yield html.unescape(_MARK.sub("", _BREAK.sub("\n", plain)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _repaired(text: str) -> str:
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    if len(one_line) <= _SHOWN_CHARACTERS:
        return one_line
    return one_line[:_SHOWN_CHARACTERS] + "…"
