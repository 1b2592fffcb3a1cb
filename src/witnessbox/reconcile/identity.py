"""Who is who: the names different phones use for one person, told by the messages they share.

Within a conversation, two names on two phones are one person when the texts both phones hold stand
under them together.  Across conversations one phone's name for somebody is one person, unless that
would give the person two names on another phone; a telephone number is one person everywhere; and
the custodian is one person on all platforms.  Names that resemble one another decide nothing,
except for speakers who share no text of their own with anyone.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np

from witnessbox.evidence.digest import derive
from witnessbox.reconcile.blocking import shared
from witnessbox.reconcile.lines import AGREE_MS
from witnessbox.reconcile.model import Clock, Name, Source
from witnessbox.reconcile.normalise import fold_word
from witnessbox.reconcile.offsets import corrected
from witnessbox.reconcile.sketch import Sketch

_MOST = 0.6
_NOT_NUMBER = re.compile(r"[^\d+]")

Node = tuple[int, int]
"""A copy's place, and a name's place in its sketch."""


@dataclass(slots=True)
class _Circle:
    """Nodes joined so far; joining is refused where the rule at hand says so."""

    leaders: dict[Node, Node] = field(default_factory=dict)
    members: dict[Node, set[Node]] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        self.leaders[node] = node
        self.members[node] = {node}

    def leader(self, node: Node) -> Node:
        while self.leaders[node] != node:
            node = self.leaders[node]
        return node

    def group(self, node: Node) -> set[Node]:
        return self.members[self.leader(node)]

    def join(self, first: Node, second: Node) -> None:
        small, large = sorted((self.leader(first), self.leader(second)))
        if small != large:
            self.leaders[large] = small
            self.members[small] |= self.members.pop(large)


@dataclass(frozen=True, slots=True)
class Copies:
    """What identity needs of every copy; the four run alike."""

    sources: Sequence[Source]
    sketches: Sequence[Sketch]
    clocks: Sequence[Clock]
    groups: Sequence[Sequence[int]]  # conversations, as places of copies


def people(copies: Copies) -> list[tuple[Name, ...]]:
    """Name the person behind each name of each copy, in the order of the sketch's names."""
    circle = _Circle()
    for copy, sketch in enumerate(copies.sketches):
        for name in range(len(sketch.names)):
            circle.add((copy, name))
    for group in copies.groups:
        _join_by_messages(copies, group, circle)
        _join_by_name(copies, group, circle)
    _join_across(copies, circle)
    owners = _owners(copies, circle)
    return _named(copies, circle, owners)


def _join_by_messages(copies: Copies, group: Sequence[int], circle: _Circle) -> None:
    votes: dict[tuple[Node, Node], int] = {}
    for a, b in combinations(group, 2):
        votes.update(_votes(copies, a, b))
    totals: dict[tuple[Node, int], int] = {}
    for (first, second), count in votes.items():
        totals[first, second[0]] = totals.get((first, second[0]), 0) + count
        totals[second, first[0]] = totals.get((second, first[0]), 0) + count
    for (first, second), count in sorted(votes.items(), key=lambda it: (-it[1], it[0])):
        if count >= _MOST * min(totals[first, second[0]], totals[second, first[0]]) and (
            count >= 3 or _lone(circle, first, second)
        ):
            circle.join(first, second)


def _lone(circle: _Circle, first: Node, second: Node) -> bool:
    """Say whether joining gives no copy two names for one person."""
    ours = {copy for copy, _ in circle.group(first)}
    return not ours & {copy for copy, _ in circle.group(second)}


def _votes(copies: Copies, a: int, b: int) -> list[tuple[tuple[Node, Node], int]]:
    """Count how often two copies' names stand by the same text at the same time."""
    first, second = copies.sketches[a], copies.sketches[b]
    both = shared(first, second)
    at_first = corrected(first.sent_ms[both.first], first.places[both.first], copies.clocks[a])
    at_second = corrected(second.sent_ms[both.second], second.places[both.second], copies.clocks[b])
    slack = AGREE_MS + (first.unit_ms + second.unit_ms) // 2
    names = np.stack([first.senders[both.first], second.senders[both.second]], axis=1)
    together = names[(np.abs(at_first - at_second) <= slack) & (names >= 0).all(axis=1)]
    pairs, counts = np.unique(together, axis=0, return_counts=True)
    return [
        (((a, int(x)), (b, int(y))), int(count))
        for (x, y), count in zip(pairs, counts, strict=True)
    ]


def _join_by_name(copies: Copies, group: Sequence[int], circle: _Circle) -> None:
    """Join speakers nobody's texts joined, by the same name, where it contradicts nothing."""
    by_name: dict[str, list[Node]] = {}
    for copy in group:
        for place, name in enumerate(copies.sketches[copy].names):
            by_name.setdefault(plain_name(name), []).append((copy, place))
    for _, nodes in sorted(by_name.items()):
        for first, second in pairwise(nodes):
            if first[0] != second[0] and _lone(circle, first, second):
                circle.join(first, second)


def plain_name(name: str) -> str:
    """Fold a name: push-name marks off, a telephone number as its digits."""
    folded = fold_word(name).removeprefix("~").strip()
    digits = _NOT_NUMBER.sub("", folded)
    return digits if is_number(folded) else folded


def is_number(name: str) -> bool:
    """Say whether a name is a telephone number."""
    return len(re.sub(r"\D", "", name)) >= 7 and not re.search(r"[^\W\d_]", name)


def _join_across(copies: Copies, circle: _Circle) -> None:
    links: dict[tuple[str, ...], list[Node]] = {}
    for copy, (source, sketch) in enumerate(zip(copies.sources, copies.sketches, strict=True)):
        for place, name in enumerate(sketch.names):
            plain = plain_name(name)
            key = ("number", plain) if is_number(name) else (*_phone(source, copy), plain)
            links.setdefault(key, []).append((copy, place))
    for _, nodes in sorted(links.items()):
        for first, second in pairwise(nodes):
            if not _contradicts(copies, circle.group(first), circle.group(second)):
                circle.join(first, second)


def _phone(source: Source, copy: int) -> tuple[str, ...]:
    """Name the phone (as far as a custodian and a platform are one phone) a copy comes from."""
    return (source.custodian, source.platform) if source.custodian else ("", f"{copy:09d}")


def _contradicts(copies: Copies, first: set[Node], second: set[Node]) -> bool:
    """Say whether one phone would get two names for one person."""

    def names(nodes: set[Node]) -> dict[tuple[str, ...], set[str]]:
        found: dict[tuple[str, ...], set[str]] = {}
        for copy, place in nodes:
            phone = _phone(copies.sources[copy], copy)
            found.setdefault(phone, set()).add(plain_name(copies.sketches[copy].names[place]))
        return found

    ours, theirs = names(first), names(second)
    return any(not ours[phone] & theirs[phone] for phone in ours.keys() & theirs.keys())


def _owners(copies: Copies, circle: _Circle) -> set[tuple[int, Node]]:
    """Find each copy's custodian among its speakers, by a name any phone uses for them.

    One speaker must fit better than every other, else nobody is taken for the custodian.
    """
    owners: set[tuple[int, Node]] = set()
    for copy, source in enumerate(copies.sources):
        wanted = _name_words([source.custodian])
        leaders = sorted(
            {circle.leader((copy, n)) for n in range(len(copies.sketches[copy].names))}
        )
        fits = sorted(
            (
                (len(wanted & _name_words(_all_names(copies, circle, node))), node)
                for node in leaders
            ),
            reverse=True,
        )
        if fits and fits[0][0] and (len(fits) == 1 or fits[1][0] < fits[0][0]):
            owners.add((copy, fits[0][1]))
    by_custodian: dict[str, list[Node]] = {}
    for copy, node in sorted(owners):
        by_custodian.setdefault(copies.sources[copy].custodian, []).append(node)
    for nodes in by_custodian.values():
        for first, second in pairwise(nodes):
            if not _contradicts(copies, circle.group(first), circle.group(second)):
                circle.join(first, second)
    return {(copy, circle.leader(node)) for copy, node in owners}


def _all_names(copies: Copies, circle: _Circle, node: Node) -> list[str]:
    return [copies.sketches[copy].names[place] for copy, place in sorted(circle.group(node))]


def _name_words(names: Iterable[str]) -> set[str]:
    return {
        word for name in names for word in re.findall(r"\w+", plain_name(name)) if len(word) > 2
    }


def _named(
    copies: Copies, circle: _Circle, owners: set[tuple[int, Node]]
) -> list[tuple[Name, ...]]:
    known: dict[Node, tuple[str, str]] = {}
    for node, group in circle.members.items():
        seen = min((copies.sources[c].copy, copies.sketches[c].names[n]) for c, n in group)
        own = {
            copies.sketches[copy].names[place] for copy, place in group if (copy, node) in owners
        }
        known[node] = derive("person", *seen), label(_weighted(copies, group), own)
    return [
        tuple(
            Name(
                name,
                *known[circle.leader((copy, place))],
                messages=sketch.counts[place],
                owner=(copy, circle.leader((copy, place))) in owners,
            )
            for place, name in enumerate(sketch.names)
        )
        for copy, sketch in enumerate(copies.sketches)
    ]


def _weighted(copies: Copies, group: set[Node]) -> dict[str, tuple[int, int]]:
    """Give each of a person's names the copies that use it and the messages under it."""
    found: dict[str, tuple[int, int]] = {}
    for copy, place in sorted(group):
        name = copies.sketches[copy].names[place]
        used, messages = found.get(name, (0, 0))
        found[name] = used + 1, messages + copies.sketches[copy].counts[place]
    return found


def label(names: dict[str, tuple[int, int]], own: Collection[str] = ()) -> str:
    """Choose the name to show: the person's own on their phone, else the one most copies use.

    A telephone number or a push name is shown only where there is nothing else.
    """

    def worth(item: tuple[str, tuple[int, int]]) -> tuple[bool, bool, bool, int, bool, int, str]:
        name, (copies, messages) = item
        pushed = fold_word(name).startswith("~")
        return (
            not is_number(name),
            not pushed,
            name in own,
            copies,
            " " in name.strip(),
            messages,
            name,
        )

    return max(names.items(), key=worth)[0]
