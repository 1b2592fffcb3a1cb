"""Pages of a search index are read as far as they make sense, and no further."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.intake.signal_desktop.doclists import Leaves, positions, segment_of, text_of

FIRST = 1 << 37 | 1


def pages(*texts: str, page_bytes: int = 64) -> list[tuple[int, bytes]]:
    """Index texts as SQLite does, on pages small enough that words go on from one to the next."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        opened.execute("CREATE VIRTUAL TABLE x USING fts5(body, prefix=2)")
        opened.execute("INSERT INTO x(x, rank) VALUES('pgsz', ?)", (page_bytes,))
        opened.execute("BEGIN")
        opened.executemany("INSERT INTO x(body) VALUES(?)", [(text,) for text in texts])
        opened.execute("COMMIT")
        return opened.execute("SELECT id, block FROM x_data ORDER BY id").fetchall()


def known(told: list[tuple[int, bytes]]) -> dict[int, dict[int, str]]:
    """Give the words of each row by their places."""
    leaves = Leaves()
    found: dict[int, dict[int, str]] = {}
    for page, block in told:
        for one in leaves.read(page, block):
            word = text_of(one.word)
            if word is not None:
                places = dict.fromkeys(positions(one.places), word)
                found.setdefault(one.row, {}).update(places)
    return found


def test_words_are_read_back_in_their_order_whatever_page_they_go_on() -> None:
    texts = [f"the kettle is on again said {name} at {n}" for n, name in enumerate("abcdefgh" * 9)]
    found = known(pages(*texts))
    assert len(found) == len(texts)
    words = [text.split() for text in texts]
    assert all(words[row - 1][place] == word for row in found for place, word in found[row].items())
    # A word whose places go on over the end of a page is lost; here pages hold a word or two.
    assert sum(map(len, found.values())) > 0.8 * sum(map(len, words))


def test_a_page_large_enough_gives_every_word() -> None:
    texts = ["tea for two", "two for tea and tea for two", "kettle"]
    found = known(pages(*texts, page_bytes=4000))
    assert [" ".join(found[row][k] for k in sorted(found[row])) for row in (1, 2, 3)] == texts


def test_pages_that_are_no_leaves_say_nothing() -> None:
    told = pages("tea", page_bytes=4000)
    assert [page for page, _ in told][:2] == [1, 10]
    assert known(told[:2]) == {}
    (leaf,) = [block for page, block in told if segment_of(page)]
    assert list(Leaves().read(FIRST | 1 << 31, leaf)) == []


def test_a_word_does_not_go_on_over_a_page_that_is_missing() -> None:
    told = [one for one in pages(*["tea"] * 200) if segment_of(one[0])]
    assert len(told) > 3
    rows = set(known(told))
    assert rows - set(known([told[0], *told[2:]]))


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\0\0\0",
        b"\0\0\0\x02",
        b"\0\0\xff\xff",
        b"\0\0\0\x08\x050tea\x01\x02\x04",
        b"\0\0\0\x06\x09x\x04",
        b"\0\0\0\x06\xff\xff\x04",
        b"\0\0\0\x08\x020a\xff\x04",
        b"\0\0\0\x08\x020a\x01\x04\x80",
        b"\0\0\0\x08\x020a\x01\x04\x00",
        b"\0\0\0\x0a\x020a\x01\x00\x08\x01\x04\x05",
    ],
)
def test_a_page_that_makes_no_sense_is_left_there(block: bytes) -> None:
    assert all(one.row == 1 for one in Leaves().read(FIRST, block))


@given(st.binary(max_size=300), st.integers(-(1 << 63), (1 << 63) - 1))
def test_no_page_gives_more_than_it_has(block: bytes, page: int) -> None:
    found = list(Leaves(page - 1, b"0tea").read(page, block))
    assert sum(len(one.places) for one in found) <= len(block)
    assert len(found) <= len(block)


@pytest.mark.parametrize(
    ("places", "held"),
    [
        (b"\x02\x05", [0, 3]),
        (b"\x02\x01\x01\x02", [0]),
        (b"\x82", []),
        (b"\x81" * 8 + b"\x05", None),
    ],
)
def test_places_are_those_of_the_first_column(places: bytes, held: list[int] | None) -> None:
    found = list(positions(places))
    assert found == held if held is not None else len(found) == 1


def test_beginnings_of_words_are_no_words() -> None:
    assert (text_of(b"0tea"), text_of(b"1te")) == ("tea", None)
