from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from witnessbox.evidence.model import Span
from witnessbox.reports.findings import (
    Coded,
    Measure,
    Verdict,
    differ,
    findings,
    quote,
    reviewed,
    verdict,
)
from witnessbox.reports.model import Finding, Tally
from witnessbox.review.codebook import shipped
from witnessbox.review.coding import Coding, Standing, standing

BOOK = shipped()
AT = datetime(2017, 3, 12, 21, 4, tzinfo=UTC)


def coding(
    message: int, reviewer: str, *categories: str, severity: int = 1, banter: bool = False
) -> Coding:
    span = Span("e", message * 10, message * 10 + 10)
    if not categories:
        severity = 0
    return Coding(f"m{message}", span, reviewer, categories, severity, banter)


def said(*codings: Coding) -> Standing:
    return standing(codings, {one.place: one.message for one in codings})


def coded(message: int, text: str = "some words", sender: str = "Person 01") -> Coded:
    span = Span("e", message * 10, message * 10 + 10)
    return Coded(f"m{message}", span, "TP/1", text, sender, AT, "then", "conversation 1")


def found(words: Standing, *messages: Coded, measure: Measure | None = None) -> tuple[Finding, ...]:
    by_id = {one.message: one for one in messages}
    return findings(words, by_id, BOOK, measure or Measure(), lambda text: text)


def test_reviewers_agree_on_what_all_of_them_said() -> None:
    both = (
        coding(1, "ana", "racism", "bullying-threat", severity=3),
        coding(1, "bo", "racism", severity=2, banter=True),
    )
    assert verdict(both) == Verdict(frozenset({"racism"}), 2, banter=True)
    assert differ(both)
    assert not differ(both[:1])


def test_what_one_of_them_did_not_find_is_no_finding() -> None:
    words = said(coding(1, "ana", "racism"), coding(1, "bo"))
    assert found(words, coded(1)) == ()
    seen = reviewed(words, 10)
    assert (seen.read, seen.unread, seen.relevant, seen.disputed) == (1, 9, 0, 1)


def test_what_was_read_and_not_relevant_is_counted() -> None:
    seen = reviewed(said(coding(1, "ana"), coding(2, "ana", "racism", banter=True)), 2)
    assert (seen.not_relevant, seen.relevant, seen.banter, seen.reviewers) == (1, 1, 1, 1)


def test_a_finding_counts_messages_people_banter_and_severities() -> None:
    words = said(
        coding(1, "ana", "racism", severity=1),
        coding(2, "ana", "racism", severity=3, banter=True),
        coding(3, "ana", "racism", severity=3),
    )
    (finding,) = found(words, coded(1), coded(2, sender="Person 02"), coded(3))
    assert (finding.messages, finding.people, finding.banter) == (3, 2, 1)
    assert finding.severities == (Tally("Low", 1), Tally("High", 2))


def test_the_gravest_are_quoted_first_and_only_so_many() -> None:
    words = said(*(coding(number, "ana", "racism", severity=1 + number % 4) for number in range(8)))
    (finding,) = found(
        words, *(coded(number) for number in range(8)), measure=Measure(per_category=2)
    )
    assert [one.severity for one in finding.quotations] == [4, 4]
    assert [one.id for one in finding.quotations] == ["Q1", "Q2"]


def test_a_message_is_quoted_once_however_many_categories_it_has() -> None:
    words = said(coding(1, "ana", "racism", "bullying-threat"))
    first, second = found(words, coded(1))
    assert len(first.quotations) == 1
    assert second.quotations == ()


def test_what_reviewers_differ_about_is_not_quoted() -> None:
    words = said(coding(1, "ana", "racism", "bullying-threat"), coding(1, "bo", "racism"))
    (finding,) = found(words, coded(1))
    assert finding.messages == 1
    assert finding.quotations == ()


def test_a_message_that_does_no_harm_itself_is_not_quoted() -> None:
    (finding,) = found(said(coding(1, "ana", "racism", severity=0)), coded(1))
    assert finding.quotations == ()


def test_a_message_without_words_is_counted_and_not_quoted() -> None:
    (finding,) = found(said(coding(1, "ana", "racism")), coded(1, text=""))
    assert (finding.messages, finding.quotations) == (1, ())


def test_a_category_the_book_has_lost_is_still_reported() -> None:
    (finding,) = found(said(coding(1, "ana", "older-word")), coded(1))
    assert finding.title == "older-word"


@settings(deadline=None)
@given(st.text(min_size=1, max_size=80), st.integers(1, 60))
def test_a_quotation_is_a_beginning_of_its_message_and_says_when_it_is_cut(
    text: str, longest: int
) -> None:
    quoted = quote(
        "Q1",
        coded(1, text),
        Verdict(frozenset({"racism"}), 1, banter=False),
        Measure(1, longest),
        lambda words: words,
    )
    assert text.startswith(quoted.citation.text)
    assert quoted.citation.cut_after == (quoted.citation.text != text)
    assert len(quoted.citation.text) <= longest


def test_a_long_quotation_is_cut_at_a_word() -> None:
    quoted = quote(
        "Q1",
        coded(1, "one two three four"),
        Verdict(frozenset({"racism"}), 1, banter=False),
        Measure(1, 10),
        lambda words: words,
    )
    assert quoted.citation.text == "one two"
