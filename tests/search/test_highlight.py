from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from witnessbox.search.highlight import highlights
from witnessbox.search.language import parse

TEXTS = st.text("abÄé\u0301\u200d ,<&👍🏽明天ก็ﬁ", max_size=30)


def test_overlapping_answers_become_one_range() -> None:
    assert highlights(parse('"a b" b*'), "a bc a b") == ((2, 4), (5, 8))


def test_a_family_emoji_keeps_its_joins() -> None:
    assert highlights(parse("👩"), "x 👩\u200d👧 y") == ((2, 3),)


def test_nothing_is_marked_for_filters_and_exclusions() -> None:
    assert highlights(parse("-a sender:b"), "a b") == ()
    assert highlights(parse("a"), "") == ()


@given(TEXTS, st.sampled_from(["a*", "明天", '"a b"', "👍", "b OR é"]))
def test_ranges_lie_in_the_text_in_order_and_apart(text: str, query: str) -> None:
    ranges = highlights(parse(query), text)
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert all(a[1] < b[0] for a, b in pairwise(ranges))
