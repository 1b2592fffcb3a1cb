"""One person, one pseudonym: the same in every report of the operation.

Numbers once given at a release are kept at the next; people who come in later get the numbers after
them.  A name that a quotation, a title or a file name mentions is replaced by its pseudonym, so
that the quoted words do not give away what the margin hides.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_SHORTEST_NAME = 3
_NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[\s().-]?\d){8,14}(?!\w)")
_RANKS = frozenset(
    {"the", "sgt", "sarge", "insp", "inspector", "constable", "sergeant", "chief", "skip", "new",
     "old", "mobile", "work", "home", "van", "team", "night", "nights", "shift"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A person and a name somebody knows them by."""

    person: str
    name: str


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

    def of_name(self, name: str) -> str:
        """Give the pseudonym of somebody known only by name, such as a custodian."""
        return self.by_name.get(name.casefold(), name)

    def mask(self, text: str) -> str:
        """Replace the names of known people, and whatever looks like a telephone number."""
        masked = _NUMBER.sub("[number]", text)
        if self.pattern is None:
            return masked
        return self.pattern.sub(lambda found: f"[{self.by_name[found[0].casefold()]}]", masked)


def assign(named: Iterable[Named], given: Mapping[str, str]) -> Pseudonyms:
    """Give everyone a pseudonym, keeping those ``given`` earlier.

    The new ones follow the order of the people's ids, which are hashes and so tell nothing.  A
    name that two people share stands for neither of them.
    """
    names: dict[str, set[str]] = {}
    for one in named:
        names.setdefault(one.person, set()).add(one.name)
    by_person = dict(given)
    taken = len(by_person)
    for person in sorted(names):
        if person not in by_person:
            taken += 1
            by_person[person] = f"Person {taken:02d}"
    by_name = _by_name(names, by_person)
    return Pseudonyms(by_person, by_name, _pattern(names, by_name))


def _by_name(names: Mapping[str, set[str]], by_person: Mapping[str, str]) -> dict[str, str]:
    holders: dict[str, set[str]] = {}
    for person, known_as in names.items():
        for name in known_as:
            for word in (name, *_words(name)):
                holders.setdefault(word.casefold(), set()).add(by_person[person])
    return {
        word: next(iter(people)) if len(people) == 1 else "a person"
        for word, people in holders.items()
    }


def _words(name: str) -> list[str]:
    return [
        word
        for word in re.findall(r"[^\W\d_]+", name)
        if len(word) >= _SHORTEST_NAME and word[0].isupper() and word.casefold() not in _RANKS
    ]


def _pattern(names: Mapping[str, set[str]], by_name: Mapping[str, str]) -> re.Pattern[str] | None:
    """Match whole names as people write them: capitalised, so that "will" is not Will."""
    written = {
        word
        for known_as in names.values()
        for name in known_as
        for word in (name, *_words(name))
        if len(word) >= _SHORTEST_NAME and word.casefold() in by_name
    }
    if not written:
        return None
    longest_first = sorted(written, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
