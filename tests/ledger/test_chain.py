"""Hash links and Merkle proofs."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import ANA, NOON
from witnessbox.ledger.chain import (
    GENESIS,
    ChainError,
    breaches,
    included,
    inclusion_proof,
    merkle_root,
    seal,
)
from witnessbox.ledger.model import Draft, Entry, Head


def _chain(bodies: list[str]) -> list[Entry]:
    entries: list[Entry] = []
    head = Head(0, GENESIS)
    for body in bodies:
        entries.append(seal(Draft("note", body, ANA, NOON), head))
        head = Head(len(entries), entries[-1].hash)
    return entries


def _changed(entry: Entry, field: str) -> Entry:
    other: dict[str, Any] = {field: "0" * 63 + "x"}
    return replace(entry, **other)


bodies = st.lists(st.integers().map(str), min_size=1, max_size=12)


@given(bodies)
def test_a_sealed_chain_holds(body: list[str]) -> None:
    assert breaches(_chain(body)) == []


@given(bodies, st.data())
def test_a_changed_entry_is_noticed(body: list[str], data: st.DataObject) -> None:
    entries = _chain(body)
    place = data.draw(st.integers(0, len(entries) - 1))
    changed = data.draw(
        st.sampled_from(["kind", "body", "at", "reason", "previous", "hash"]), label="field"
    )
    entries[place] = _changed(entries[place], changed)
    assert breaches(entries)


@given(bodies.filter(lambda body: len(body) > 1), st.data())
def test_a_removed_entry_is_noticed(body: list[str], data: st.DataObject) -> None:
    entries = _chain(body)
    head = Head(len(entries), entries[-1].hash)
    del entries[data.draw(st.integers(0, len(entries) - 1))]
    assert breaches(entries, head)


@given(bodies.filter(lambda body: len(body) > 1), st.data())
def test_entries_in_another_order_are_noticed(body: list[str], data: st.DataObject) -> None:
    entries = _chain(body)
    first, second = sorted(
        data.draw(st.sets(st.integers(0, len(entries) - 1), min_size=2, max_size=2))
    )
    entries[first], entries[second] = entries[second], entries[first]
    assert breaches(entries)


@given(bodies, st.data())
def test_an_inserted_entry_is_noticed(body: list[str], data: st.DataObject) -> None:
    entries = _chain(body)
    place = data.draw(st.integers(0, len(entries) - 1))
    head = Head(entries[place].position, entries[place].previous)
    entries.insert(place, seal(Draft("note", '"slipped in"', ANA, NOON), head))
    assert breaches(entries)


def test_an_entry_that_is_not_the_acknowledged_one_is_noticed() -> None:
    entries = _chain(["1", "2"])
    assert breaches(entries, Head(1, "f" * 64)) == [
        "entry 0 is not the one that was acknowledged there"
    ]


def test_an_empty_ledger_holds_before_anything_was_acknowledged() -> None:
    assert breaches([], Head(0, GENESIS)) == []


def test_an_emptied_ledger_does_not_hold_afterwards() -> None:
    assert breaches([], Head(2, "f" * 64)) == [
        "the ledger ends after 0 entries, but 2 were acknowledged"
    ]


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ChainError, match="zone"):
        seal(Draft("note", "1", ANA, naive), Head(0, GENESIS))


def test_a_body_that_is_not_json_is_refused() -> None:
    with pytest.raises(ChainError, match="not JSON"):
        seal(Draft("note", "{", ANA, NOON), Head(0, GENESIS))


@given(bodies, st.data())
def test_each_entry_is_proven_with_few_hashes(body: list[str], data: st.DataObject) -> None:
    hashes = [entry.hash for entry in _chain(body)]
    place = data.draw(st.integers(0, len(hashes) - 1))
    proof = inclusion_proof(hashes, place)
    assert len(proof) <= (len(hashes) - 1).bit_length()
    assert included(hashes[place], place, len(hashes), proof, merkle_root(hashes))


@given(bodies, st.data())
def test_a_proof_proves_nothing_else(body: list[str], data: st.DataObject) -> None:
    hashes = [entry.hash for entry in _chain(body)]
    place = data.draw(st.integers(0, len(hashes) - 1))
    proof, root = inclusion_proof(hashes, place), merkle_root(hashes)
    assert not included("ab" * 32, place, len(hashes), proof, root)
    assert not included(hashes[place], place, len(hashes), [*proof, "cd" * 32], root)
    assert not included(hashes[place], len(hashes), len(hashes), proof, root)


def test_the_tree_is_the_one_of_rfc_6962() -> None:
    # The empty tree is SHA-256 of nothing; a tree of one is its leaf, prefix 0x00.
    assert merkle_root([]).startswith("e3b0c44298fc1c14")
    assert merkle_root(["00" * 32]) == (
        "7f9c9e31ac8256ca2f258583df262dbc7d6f68f2a03043d5c99a4ae5a7396ce9"
    )


def test_there_is_no_proof_for_an_entry_that_is_not_there() -> None:
    with pytest.raises(ChainError, match="no entry 3"):
        inclusion_proof(["00" * 32], 3)
