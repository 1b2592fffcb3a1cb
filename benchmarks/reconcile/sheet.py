"""One answer's scores, all on one sheet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.reconcile.answer import Answer
from benchmarks.reconcile.known import Known, expected_together, persons
from benchmarks.reconcile.model import Form
from benchmarks.reconcile.scores import (
    OUTSIDE,
    Counted,
    Errors,
    by_strength,
    deletions,
    forgeries,
    join_errors,
    pairs,
)

_STEADY_MS = 120_000
_FAR = 20  # places: beyond what some minutes on a clock explain
_JOINED, _SPLIT = "conversations joined", "conversation split"
_UNTOLD = ("no other copy", "too few texts")


@dataclass(frozen=True, slots=True)
class Clocks:
    """How far the offsets that are told lie from the true ones, within each conversation."""

    steady: int  # copies with one true offset, to which an offset is told
    middle_ms: int
    most_ms: int  # of nine in ten
    within_30_s: int
    moving: int  # copies whose true offset drifts, jumps or changes with summer time
    moving_doubted: int
    untold: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The scores of one answer; None where a way of working gives no such answer."""

    sightings: int
    joins: Counted
    missing: Counted
    outside: int  # messages told as missing where the copy does not reach
    notices: Counted | None = None
    people: Counted | None = None
    people_within: Counted | None = None  # one conversation
    owners: Counted | None = None
    forged: Counted | None = None
    grades: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # of missing: told, rightly
    alone_elsewhere_lost: int = 0
    altered: tuple[int, int] = (0, 0)  # times altered, and of them marked in any way
    placed: tuple[int, int] = (0, 0)  # messages put in order, and of them far from their place
    clocks: Clocks | None = None
    talks: int = 0  # conversations that can be told apart
    talks_joined: int = 0
    talks_split: int = 0
    errors: Errors = field(default_factory=Errors)


def score(truth: Known, told: Answer) -> Sheet:
    """Score the product's whole answer."""
    speech = truth.speech()
    notices = [at for at in range(len(truth.seen)) if not truth.is_speech(truth.seen[at].entry)]
    missing, errors = deletions(truth, told.missing)
    forged, bare, others = forgeries(truth, told.alone)
    who = persons(truth)
    expected = expected_together(truth)
    _merge(errors, others, join_errors(truth, speech, told.message, told.talk))
    _merge(errors, _of_people(truth, who, told.person), _of_talks(truth, told.talk, expected))
    return Sheet(
        sightings=len(truth.seen),
        joins=joined(truth, speech, told.message),
        missing=missing,
        outside=sum(errors.counts[kind] for kind in OUTSIDE),
        notices=joined(truth, notices, told.message),
        people=_people(truth, who, told.person, within=False),
        people_within=_people(truth, who, told.person, within=True),
        owners=_owners(truth, who, told.owners),
        forged=forged,
        grades=by_strength(truth, told.missing),
        alone_elsewhere_lost=bare,
        altered=_altered(truth, told),
        placed=_placed(truth, told),
        clocks=_clocks(truth, told),
        talks=len(set(expected.values())),
        talks_joined=errors.counts[_JOINED],
        talks_split=errors.counts[_SPLIT],
        errors=errors,
    )


def joined(truth: Known, places: Sequence[int], message: Sequence[str]) -> Counted:
    """Score how some rows were put together."""
    found = [message[at] for at in places]
    return pairs(found, [truth.seen[at].entry for at in places])


def _merge(errors: Errors, *others: Errors) -> None:
    for other in others:
        for kind, count in other.counts.items():
            errors.counts[kind] += count
            errors.examples[kind] = other.examples[kind]


def _people(
    truth: Known,
    who: Mapping[tuple[str, str], str],
    told: Mapping[tuple[str, str], str],
    *,
    within: bool,
) -> Counted:
    nodes = sorted(who)
    talk = [truth.talk(copy) if within else "" for copy, _ in nodes]
    found = [(one, told.get(node, node)) for one, node in zip(talk, nodes, strict=True)]
    return pairs(found, [(one, who[node]) for one, node in zip(talk, nodes, strict=True)])


def _of_people(
    truth: Known, who: Mapping[tuple[str, str], str], told: Mapping[tuple[str, str], str]
) -> Errors:
    errors = Errors()
    by_person: dict[str, list[tuple[str, str]]] = defaultdict(list)
    by_told: dict[object, list[tuple[str, str]]] = defaultdict(list)
    for node in sorted(who):
        by_person[who[node]].append(node)
        by_told[told.get(node, node)].append(node)
    for nodes in by_person.values():
        for a, b in _each(nodes):
            if told.get(a, a) != told.get(b, b):
                where = "in" if truth.talk(a[0]) == truth.talk(b[0]) else "across"
                kind = f"person apart, {where} conversations: {_sort(a[1], b[1])}"
                errors.add(kind, f"{a} ≠ {b}")
    for nodes in by_told.values():
        for a, b in _each(nodes):
            if who[a] != who[b]:
                where = "in" if truth.talk(a[0]) == truth.talk(b[0]) else "across"
                errors.add(f"persons joined, {where} conversations", f"{a} = {b}")
    return errors


def _each(nodes: list[tuple[str, str]]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    return [(a, b) for place, a in enumerate(nodes) for b in nodes[place + 1 :]]


def _sort(first: str, second: str) -> str:
    return " and ".join(sorted({_sort_of(first), _sort_of(second)}))


def _sort_of(name: str) -> str:
    if name == "owner of this phone":
        return "a database's owner"
    if name in {"You", "Du", "Tú", "Vous", "Jij"}:
        return "“You”"
    if name.startswith("~"):
        return "a push name"
    return "a number" if any(map(str.isdigit, name)) else "a name"


def _owners(truth: Known, who: Mapping[tuple[str, str], str], told: Mapping[str, str]) -> Counted:
    spoke = {
        copy for (copy, _), person in who.items() if truth.copies[copy].phone.owner.key == person
    }
    right = sum(
        who.get((copy, name)) == truth.copies[copy].phone.owner.key for copy, name in told.items()
    )
    return Counted(right, len(told) - right, len(spoke) - right)


def _altered(truth: Known, told: Answer) -> tuple[int, int]:
    marked = {at for at, _ in told.other} | set(told.alone)
    altered = [at for at, one in enumerate(truth.seen) if one.form is Form.TIME_ALTERED]
    return len(altered), sum(at in marked for at in altered)


def _placed(truth: Known, told: Answer) -> tuple[int, int]:
    """Count the messages, and those more than some places from where they stood in truth."""
    said: dict[str, dict[str, int]] = defaultdict(dict)
    for one, message in zip(truth.seen, told.message, strict=True):
        at = truth.entries[one.entry].at_ms
        own = said[told.talk[one.copy]]
        own[message] = min(at, own.get(message, at))
    far = 0
    for own in said.values():
        ordered = sorted(own, key=lambda message: own[message])
        by_told = sorted(own, key=lambda message: told.position[message])
        places = {message: place for place, message in enumerate(by_told)}
        far += sum(abs(places[one] - place) > _FAR for place, one in enumerate(ordered))
    return sum(map(len, said.values())), far


def _true_offsets(truth: Known) -> dict[str, list[int]]:
    """Say, row by row, what is to be added to the times a copy was read with."""
    found: dict[str, list[int]] = defaultdict(list)
    for one in truth.seen:
        if one.sent_ms is not None and one.form not in {Form.FORGED, Form.TIME_ALTERED}:
            middle = one.sent_ms + one.unit_ms // 2
            found[one.copy].append(truth.entries[one.entry].at_ms - middle)
    return found


def _clocks(truth: Known, told: Answer) -> Clocks:
    errors: dict[str, list[int]] = defaultdict(list)
    moving = doubted = untold = 0
    for copy, offsets in sorted(_true_offsets(truth).items()):
        said = told.offsets[copy]
        ordered = sorted(offsets)
        spread = ordered[len(ordered) * 9 // 10] - ordered[len(ordered) // 10]
        if said.doubt is not None and said.doubt.startswith(_UNTOLD):
            untold += 1
        elif spread > _STEADY_MS:
            moving += 1
            doubted += said.doubt is not None and "steps" in said.doubt
        else:
            errors[told.talk[copy]].append(said.offset_ms - int(median(ordered)))
    apart = [abs(one - int(median(those))) for those in errors.values() for one in those] or [0]
    most = int(quantiles(apart, n=10)[-1]) if len(apart) > 1 else apart[0]
    near = sum(one <= 30_000 for one in apart)
    return Clocks(len(apart), int(median(apart)), most, near, moving, doubted, untold)


def _of_talks(truth: Known, talk: Mapping[str, str], expected: Mapping[str, int]) -> Errors:
    errors = Errors()
    found: dict[str, list[str]] = defaultdict(list)
    for copy, conversation in sorted(talk.items()):
        found[conversation].append(copy)
    for copies in found.values():
        if len({truth.talk(copy) for copy in copies}) > 1:
            errors.add(_JOINED, " + ".join(copies))
    whole: dict[int, list[str]] = defaultdict(list)
    for copy in sorted(talk):
        whole[expected[copy]].append(copy)
    for copies in whole.values():
        if len({talk[copy] for copy in copies}) > 1:
            parts: dict[str, list[str]] = defaultdict(list)
            for copy in copies:
                parts[talk[copy]].append(copy)
            errors.add(_SPLIT, " | ".join(" ".join(one) for one in parts.values()))
    return errors
