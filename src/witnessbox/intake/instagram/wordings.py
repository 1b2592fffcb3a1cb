"""What Instagram itself writes as if the sender had said it: reactions and the mark of an edit."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_LONGEST_CHARACTERS = 80
_SLOT = r"(?P<reaction>[^\w\s][^\s]{0,15}|[0-9#*]\S{0,15})"  # an emoji, or a keycap


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings, from their table."""

    edited: tuple[str, ...]
    reactions: tuple[tuple[re.Pattern[str], str], ...]

    def is_edited(self, text: str) -> bool:
        """Say whether a text ends with the mark of an edit."""
        return text.endswith(self.edited)

    def before_mark(self, text: str) -> str:
        """Give an edited text without its mark."""
        for mark in self.edited:
            text = text.removesuffix(mark)
        return text

    def reaction(self, text: str) -> str | None:
        """Give the reaction that a text tells of, or None where it tells of none."""
        if len(text) > _LONGEST_CHARACTERS:
            return None
        for pattern, stands_for in self.reactions:
            found = pattern.fullmatch(text.strip())
            if found:
                return found["reaction"] if "reaction" in pattern.groupindex else stands_for
        return None


@cache
def wordings() -> Wordings:
    """Load the table."""
    table = tomllib.loads(
        files("witnessbox.intake.instagram").joinpath("wordings.toml").read_text("utf-8")
    )
    return Wordings(
        edited=tuple(table["edited"]),
        reactions=tuple(
            (re.compile(re.escape(phrase).replace(r"\{reaction\}", _SLOT)), stands_for)
            for phrase, stands_for in table["reactions"].items()
        ),
    )
