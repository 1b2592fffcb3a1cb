"""What reviewers found, counted and quoted.  Pure: codings and the coded messages in, findings out.

Rules kept here:

- A message counts under a category when every reviewer whose word on it stands gave that category.
  What reviewers differ about is counted as disputed and not quoted until they are heard again.
- Its severity is the lowest any of them gave; "banter" counts where any of them noted it.
- A message of severity 0 is counted and not quoted: it reports or challenges what the category is
  about, and standing among quotations it would seem to do it.
- No score comes in here: findings rest on codings alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from witnessbox.evidence.model import Span
from witnessbox.reports.citation import Citation
from witnessbox.reports.glyphs import right_to_left
from witnessbox.reports.model import Finding, Quoted, Reviewed, Tally
from witnessbox.review.codebook import Category, CodeBook
from witnessbox.review.coding import Coding, Standing

_LAST_GAP = re.compile(r"(?<=\S)\s+\S*$")


@dataclass(frozen=True, slots=True)
class Coded:
    """A coded message as the report needs it; ``text`` is what stands at the span that was read."""

    message: str
    span: Span
    reference: str
    text: str
    sender: str  # pseudonym
    sent_at: datetime | None
    sent: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all reviewers of a message agree on."""

    categories: frozenset[str]
    severity: int
    banter: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """How much is quoted: messages under each category, and characters of each message."""

    per_category: int = 3
    longest_characters: int = 500


def verdict(codings: Sequence[Coding]) -> Verdict:
    """Say what all of a message's reviewers agree on."""
    agreed = frozenset.intersection(*(frozenset(one.categories) for one in codings))
    if not agreed:
        return Verdict(frozenset(), 0, banter=False)
    return Verdict(agreed, min(one.severity for one in codings), any(one.banter for one in codings))


def differ(codings: Sequence[Coding]) -> bool:
    """Say whether reviewers differ about the categories of a message."""
    return len({frozenset(one.categories) for one in codings}) > 1


def reviewed(words: Standing, messages: int) -> Reviewed:
    """Count what was read out of how many messages."""
    verdicts = [verdict(words.of(message)) for message in words.messages()]
    relevant = [one for one in verdicts if one.categories]
    disputed = sum(differ(words.of(message)) for message in words.messages())
    blank = sum(not any(one.relevant for one in words.of(message)) for message in words.messages())
    return Reviewed(
        read=len(verdicts),
        unread=max(messages - len(verdicts), 0),
        relevant=len(relevant),
        not_relevant=blank,
        disputed=disputed,
        reviewers=len({one.reviewer for one in words.codings}),
        banter=sum(one.banter for one in relevant),
    )


def findings(
    words: Standing,
    coded: Mapping[str, Coded],
    book: CodeBook,
    measure: Measure,
    mask: Callable[[str], str],
) -> tuple[Finding, ...]:
    """Give a finding for each category that some message is agreed to fall under, in book order."""
    verdicts = {message: verdict(words.of(message)) for message in sorted(words.messages())}
    quoted: set[str] = set()
    found: list[Finding] = []
    for category in _categories(book, verdicts.values()):
        under = {m: one for m, one in verdicts.items() if category.id in one.categories}
        if not under:
            continue
        able = [
            message
            for message in under
            if message in coded
            and coded[message].text
            and under[message].severity
            and message not in quoted
            and not differ(words.of(message))
        ]
        able.sort(key=lambda message: (-under[message].severity, _order(coded[message])))
        chosen = able[: measure.per_category]
        first = len(quoted) + 1
        quoted.update(chosen)
        shown = tuple(
            quote(f"Q{number}", coded[message], under[message], measure, mask)
            for number, message in enumerate(chosen, first)
        )
        found.append(_finding(category, under, coded, book, shown))
    return tuple(found)


def _categories(book: CodeBook, verdicts: Iterable[Verdict]) -> list[Category]:
    """Give the book's categories, and after them any a ledger holds that the book has lost."""
    known = {category.id for category in book.category}
    lost = sorted({one for verdict in verdicts for one in verdict.categories} - known)
    return [*book.category, *(Category(one, one, "", (), "") for one in lost)]


def _order(coded: Coded) -> tuple[str, str]:
    return (coded.sent_at.isoformat() if coded.sent_at else "", coded.message)


def quote(
    name: str, coded: Coded, agreed: Verdict, measure: Measure, mask: Callable[[str], str]
) -> Quoted:
    """Quote a message, cut at a word where it is too long."""
    text = _cut(coded.text, measure.longest_characters)
    return Quoted(
        id=name,
        citation=Citation(coded.reference, coded.span, text, 0, len(coded.text)),
        shown=mask(text),
        sender=coded.sender,
        sent=coded.sent,
        conversation=coded.conversation,
        severity=agreed.severity,
        banter=agreed.banter,
        right_to_left=right_to_left(text),
    )


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    cut = text[:longest]
    last_gap = _LAST_GAP.search(cut)
    return cut[: last_gap.start()] if last_gap else cut


def _finding(
    category: Category,
    under: Mapping[str, Verdict],
    coded: Mapping[str, Coded],
    book: CodeBook,
    shown: tuple[Quoted, ...],
) -> Finding:
    titles = {one.id: one.title for one in book.characteristic}
    return Finding(
        category=category.id,
        title=category.title,
        definition=category.definition,
        characteristic="; ".join(titles.get(one, one) for one in category.characteristics),
        messages=len(under),
        people=len({coded[message].sender for message in under if message in coded}),
        banter=sum(one.banter for one in under.values()),
        severities=tuple(
            Tally(level.title, count)
            for level in book.severity
            if (count := sum(one.severity == level.level for one in under.values()))
        ),
        quotations=shown,
    )
