"""The code-book: the categories and severities reviewers may use, as data that ships with us."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from witnessbox.review.coding import Coding, ReviewError
from witnessbox.screening.model import Category as Scored


@dataclass(frozen=True, slots=True)
class SeverityLevel:
    """One level of severity and what it means."""

    level: int
    title: str
    definition: str


@dataclass(frozen=True, slots=True)
class Term:
    """A protected characteristic or a behaviour, with the name to show."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Category:
    """One thing a message may be, as a behaviour and the characteristics it is about."""

    id: str
    title: str
    behaviour: str
    characteristics: tuple[str, ...]
    definition: str


@dataclass(frozen=True, slots=True)
class CodeBook:
    """All that a coding may say, in the order in which it is shown."""

    severity: tuple[SeverityLevel, ...]
    characteristic: tuple[Term, ...]
    behaviour: tuple[Term, ...]
    category: tuple[Category, ...]

    def find(self, category: str) -> Category | None:
        """Give a category by its id."""
        return next((one for one in self.category if one.id == category), None)

    def title(self, category: str) -> str:
        """Give a category's name to show; of one that is unknown, the id itself."""
        if category == Scored.ABUSE:
            return "Abuse of any kind"  # screening scores it, nobody codes it
        found = self.find(category)
        return category if found is None else found.title

    def check(self, coding: Coding) -> None:
        """Raise ReviewError where a coding uses a category the code-book does not have."""
        for category in coding.categories:
            if self.find(category) is None:
                known = ", ".join(one.id for one in self.category)
                raise ReviewError(f"there is no category '{category}'; use one of: {known}")


def read(text: str) -> CodeBook:
    """Read a code-book from TOML.  Raises ReviewError where it does not hold together."""
    try:
        book = msgspec.convert(tomllib.loads(text), CodeBook)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ReviewError(f"the code-book cannot be read: {error}; correct it there") from error
    behaviours = {one.id for one in book.behaviour}
    characteristics = {one.id for one in book.characteristic}
    for category in book.category:
        strange = {category.behaviour} - behaviours | set(
            category.characteristics
        ) - characteristics
        if strange:
            raise ReviewError(
                f"category '{category.id}' of the code-book names {', '.join(sorted(strange))}, "
                "which it does not define; add it or correct the name"
            )
    return book


@cache
def shipped() -> CodeBook:
    """Give the code-book that ships with the package."""
    return read(resources.files(__package__).joinpath("codebook.toml").read_text("utf-8"))
