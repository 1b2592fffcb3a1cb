from datetime import date
from pathlib import Path

import pytest

from tests.search.talk import DAWN
from witnessbox.evidence.folder import Folder
from witnessbox.search.model import Order, Query, QueryError, SearchError
from witnessbox.search.query import around, search


def found(talks: Folder, text: str, **more: object) -> list[str]:
    return [hit.message for hit in search(talks, Query(text, **more)).hits]  # type: ignore[arg-type]


def marked(talks: Folder, text: str) -> list[str]:
    return [
        hit.text[start:end]
        for hit in search(talks, Query(text, order=Order.OLDEST)).hits
        for start, end in hit.highlights
    ]


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ("kettle", ["c2-0", "c1-0"]),
        ("KETTLE lamp", ["c2-0"]),
        ("kett*", ["c1-2", "c2-0", "c1-0"]),
        ("kettle OR torch", ["c1-4", "c2-0", "c1-0"]),
        ('"on my way"', ["c1-1"]),
        ("kettle -lamp", ["c1-0"]),
        ("-lamp -kettle -kettles", ["c1-5", "c1-4", "c2-3", "c2-2", "c1-3"]),
        ("lamp (broken OR touch)", ["c2-1", "c1-1"]),
        ("muller", ["c1-4"]),
        ("cash", ["c1-4"]),
        ("don't", ["c2-1"]),
        ("明天", ["c1-5"]),
        ("天开会", ["c1-5"]),
        ("议", []),
        ("議", ["c1-5"]),
        ("พรุ่งนี้", ["c2-2"]),
        ("👍", ["c1-4"]),
        ("resume", ["c2-3"]),
        ("sender:annie", ["c2-1", "c1-2", "c1-0"]),
        ("sender:07700900111 kettle", ["c1-0"]),
        ("sender:nobody", []),
        ('in:"team blue" lamp', ["c1-1"]),
        ("in:elsewhere", []),
        ("since:2017-05-02", ["c1-5", "c1-4"]),
        ("until:2017-05-01 kettles", ["c1-2"]),
        ("since:2017-06 until:2017", ["c1-5"]),
        ("nothinglikeit*", []),
    ],
)
def test_the_language_finds(talks: Folder, query: str, messages: list[str]) -> None:
    assert found(talks, query) == messages


def test_fields_of_a_query_narrow_it_like_its_words(talks: Folder) -> None:
    assert found(talks, "kettle", sender="p1") == ["c1-0"]
    assert found(talks, "lamp", conversation="Nights") == ["c2-1", "c2-0"]
    assert found(talks, "lamp", conversation="c1") == ["c1-1"]
    assert found(talks, "", since=date(2017, 5, 2), until=date(2017, 5, 2)) == ["c1-4"]
    assert found(talks, "kettle", until=DAWN) == ["c2-0", "c1-0"]


def test_a_day_begins_at_midnight_of_the_zone_asked_in(talks: Folder) -> None:
    assert found(talks, "torch since:2017-05-02 until:2017-05-02", zone="Pacific/Auckland") == [
        "c1-4"
    ]
    assert found(talks, "kettle until:2017-05-01", zone="Pacific/Auckland") == ["c2-0", "c1-0"]
    assert found(talks, "touch until:2017-04-30", zone="Pacific/Pago_Pago") == ["c2-1"]
    assert found(talks, "touch until:2017-04-30") == []


def test_the_same_question_gives_the_same_pages_newest_first(talks: Folder) -> None:
    everything = found(talks, "", limit=100)
    pages = [found(talks, "", limit=3, offset=offset) for offset in range(0, 12, 3)]
    assert [message for page in pages for message in page] == everything
    assert found(talks, "", limit=100, order=Order.OLDEST) == everything[::-1]
    assert search(talks, Query("", limit=1)).total == len(everything) == 10


def test_relevance_orders_by_score_and_ties_by_time(talks: Folder) -> None:
    hits = search(talks, Query("lamp", order=Order.RELEVANCE)).hits
    assert {hit.message for hit in hits} == {"c1-1", "c2-0", "c2-1"}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    ties = search(talks, Query("", order=Order.RELEVANCE, limit=4, offset=2)).hits
    assert [hit.message for hit in ties] == found(talks, "", limit=4, offset=2)


@pytest.mark.parametrize(
    ("query", "ranges"),
    [
        ("kettle", ["kettle", "kettle"]),
        ("kett*", ["kettle", "kettle", "kettles"]),
        ('"on my way"', ["on my way"]),
        ("muller cash", ["Müller", "ＣＡＳＨ"]),
        ("don't", ["don't", "Don't"]),
        ("天开", ["天开"]),
        ("resume", ["re\u0301sume\u0301", "résumé"]),
        ("kettle -lamp sender:ana", ["kettle"]),
        ("<b> lamp", ["b", "lamp", "b"]),
    ],
)
def test_highlights_are_the_characters_that_answer(
    talks: Folder, query: str, ranges: list[str]
) -> None:
    assert marked(talks, query) == ranges


def test_a_hit_says_who_where_when_and_its_span(talks: Folder) -> None:
    (hit,) = search(talks, Query("broken")).hits
    assert (hit.sender, hit.sender_name, hit.title) == ("p2", "Ben Marsh", "Team Blue")
    assert (hit.position, hit.sent_at, hit.kind) == (1, DAWN.replace(minute=1), "text")
    assert (hit.span.start, hit.span.end) == (100, 190)


def test_the_lines_around_a_hit_come_in_order_and_stop_at_the_ends(talks: Folder) -> None:
    assert [line.position for line in around(talks, "c1", 1, 2)] == [0, 1, 2, 3]
    assert [line.position for line in around(talks, "c1", 5, 1)] == [4, 5]


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ('kettle "lamp', 8),
        ("(kettle", 1),
        ("kettle)", 7),
        ("kettle OR", 8),
        ("OR kettle", 1),
        ("()", 1),
        ("sender:", 1),
        ("sender: ana", 1),
        ('in:""', 1),
        ("since:yesterday", 7),
        ("until:2017-13", 7),
        ("a *", 3),
        ("a -(", 4),
        ("- -", 1),
        ('""', 1),
        ("?!", 1),
        ("--a", 1),
    ],
)
def test_a_query_that_cannot_be_read_says_where(talks: Folder, query: str, column: int) -> None:
    with pytest.raises(QueryError) as raised:
        search(talks, Query(query))
    assert raised.value.column == column
    assert f"character {column}" in str(raised.value)


def test_without_an_index_search_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="witnessbox index"):
        search(Folder(tmp_path), Query("kettle"))
