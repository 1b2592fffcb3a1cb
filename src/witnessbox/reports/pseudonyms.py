"""One person, one pseudonym: the same in every report of the operation.

Rules kept here:

- A number once given at a release is kept at the next; people who come in later get the numbers
  after it.  Somebody the case file has under a label goes by that label.
- The people who own the copies of one custodian are one person, and so are those whom the case
  file puts under one label.
- A name that a quotation, a title or a file name mentions is replaced too, so that the words do not
  give away what the margin hides.  A name that several people share stands for none of them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_SHORTEST_NAME = 3
_SHARED = "a person"
_NUMBERED = re.compile(r"Person (\d+)")
_NUMBER = re.compile(r"(?<![\w.])(?:(?:\+|\(?0)\d*(?:[\s().-]{0,2}\d){8,14}|\d{9,})(?!\w)")
_NO_NAMES = frozenset(
    {"the", "sgt", "sarge", "insp", "inspector", "constable", "sergeant", "chief", "skip", "new",
     "old", "mobile", "work", "home", "van", "team", "night", "nights", "shift", "officer"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A person and a name somebody knows them by; ``custodian`` of a copy they own, else empty."""

    person: str
    name: str
    custodian: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label the case file uses for whoever goes by one of these names."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Who is called what in a report."""

    by_person: Mapping[str, str]
    by_name: Mapping[str, str]
    pattern: re.Pattern[str] | None

    def of(self, person: str | None) -> str:
        """Give a person's pseudonym; a message nobody signed is the platform's own."""
        if person is None:
            return "the platform"
        return self.by_person.get(person, "an unknown person")

    def called(self, label: str, names: Iterable[str]) -> str:
        """Give what somebody of the case file is called: never their name."""
        found = {self.by_name.get(name.strip().casefold(), _SHARED) for name in names} - {_SHARED}
        return found.pop() if len(found) == 1 else self.mask(label)

    def mask(self, text: str) -> str:
        """Replace the names of known people, and whatever looks like a telephone number.

        A text that is nothing but a name becomes the pseudonym alone.
        """
        whole = self.by_name.get(text.strip().casefold())
        return self._replaced(text, self.pattern) if whole is None else whole

    def mask_path(self, path: str) -> str:
        """Replace names in a file's path, where they may be written small; the last two parts."""
        parts = path.split("/")
        cut = "/".join(parts[-2:])
        loose = None if self.pattern is None else re.compile(self.pattern.pattern, re.IGNORECASE)
        masked = self._replaced(cut.replace("_", " _ "), loose).replace(" _ ", "_")
        return f"…/{masked}" if len(parts) > 2 else masked

    def _replaced(self, text: str, pattern: re.Pattern[str] | None) -> str:
        masked = _NUMBER.sub("[number]", text)
        if pattern is None:
            return masked
        return pattern.sub(lambda found: f"[{self.by_name[found[0].casefold()]}]", masked)


def assign(
    named: Iterable[Named], given: Mapping[str, str], labelled: Iterable[Labelled] = ()
) -> Pseudonyms:
    """Give everyone a pseudonym, keeping those ``given`` earlier.

    New numbers follow the order of the people's ids, which are hashes and so tell nothing.
    """
    known, labels = list(named), list(labelled)
    first = _merged(known, labels)
    names: dict[str, set[str]] = {person: set() for person in first.values()}
    for one in known:
        names[first[one.person]].update({one.name.strip(), one.custodian.strip()} - {""})
    chosen = _labels(names, labels)
    for person in sorted(set(given) & set(first)):
        chosen.setdefault(first[person], given[person])
    taken = max((int(one[1]) for one in map(_NUMBERED.fullmatch, given.values()) if one), default=0)
    for number, person in enumerate(sorted(set(names) - set(chosen)), taken + 1):
        chosen[person] = f"Person {number:02d}"
    by_person = {person: chosen[leader] for person, leader in first.items()}
    by_name = _by_name(names, chosen)
    return Pseudonyms(by_person, by_name, _pattern(names, by_name))


def _merged(known: Sequence[Named], labels: Sequence[Labelled]) -> dict[str, str]:
    """Name for each person the first of those they are the same as.

    Owners of one custodian's copies are the same, and so are those the case file puts under one
    label by a name that it puts under no other.
    """
    claims = Counter(name for one in labels for name in {name.casefold() for name in one.names})
    groups: dict[str, set[str]] = {}
    for one in known:
        if one.custodian:
            groups.setdefault(f"custodian {one.custodian}", set()).add(one.person)
        for number, label in enumerate(labels):
            name = one.name.casefold()
            if claims[name] == 1 and name in {other.casefold() for other in label.names}:
                groups.setdefault(f"label {number}", set()).add(one.person)
    first = {one.person: one.person for one in known}
    for key in sorted(groups):
        same = {first[person] for person in groups[key]}
        first = {who: min(same) if lead in same else lead for who, lead in first.items()}
    return first


def _labels(names: Mapping[str, set[str]], labels: Iterable[Labelled]) -> dict[str, str]:
    """Find whom the case file labels; a label that gives a known name away is not used."""
    telling = {
        word.casefold()
        for known_as in names.values()
        for name in known_as
        for word in (name, *_words(name))
    }
    chosen: dict[str, str] = {}
    for one in labels:
        if telling & {word.casefold() for word in (one.label, *_words(one.label))}:
            continue
        wanted = {name.casefold() for name in one.names}
        for person, known_as in names.items():
            if wanted & {name.casefold() for name in known_as}:
                chosen.setdefault(person, one.label)
    return chosen


def _by_name(names: Mapping[str, set[str]], chosen: Mapping[str, str]) -> dict[str, str]:
    holders: dict[str, set[str]] = {}
    for person, known_as in names.items():
        for name in known_as:
            for word in (name, *_words(name)):
                holders.setdefault(word.strip().casefold(), set()).add(chosen[person])
    return {
        word: next(iter(people)) if len(people) == 1 else _SHARED
        for word, people in holders.items()
    }


def _words(name: str) -> list[str]:
    return [
        word
        for word in re.findall(r"[^\W\d_]+", name)
        if len(word) >= _SHORTEST_NAME and word[0].isupper() and word.casefold() not in _NO_NAMES
    ]


def _pattern(names: Mapping[str, set[str]], by_name: Mapping[str, str]) -> re.Pattern[str] | None:
    """Match names as people write them: capitalised, so that "will" is not Will."""
    written = {
        word
        for known_as in names.values()
        for name in known_as
        for word in (name.strip(), *_words(name))
        if len(word) >= _SHORTEST_NAME and word.casefold() in by_name
    }
    if not written:
        return None
    longest_first = sorted(written, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
