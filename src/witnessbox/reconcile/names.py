"""Names as phones write them: what of a name counts, and which of several names to show."""

import re
from collections.abc import Collection
from functools import lru_cache

from witnessbox.intake.database.people import OWNER
from witnessbox.reconcile.normalise import fold_word

_NOT_NUMBER = re.compile(r"[^\d+]")
_NOT_DIGIT = re.compile(r"\D")
_WORD = re.compile(r"\w+")
_KEPT = 1 << 14
_LETTER = re.compile(r"[^\W\d_]")
_ABROAD = "00"  # dialled before a country's number, where others write "+"

_OWNER_SENDS = frozenset(("you", "du", "tu", "vous", "jij", "voce"))
"""Whom exports name, folded, where the phone's owner wrote; some are people's names elsewhere."""
_OWNER_WORDS = _OWNER_SENDS.union(("dich", "te", "ti", "usted", "lei", "je"))
_DATABASE_OWNER = fold_word(OWNER)
_STAND_INS = frozenset(("facebook user", "instagram user", "deleted account"))
"""What platforms write for people whose account is gone, folded: nobody's name."""


@lru_cache(maxsize=_KEPT)
def plain_name(name: str) -> str:
    """Fold a name: push-name marks off, a telephone number as its digits."""
    folded = fold_word(name).removeprefix("~").strip()
    digits = _NOT_NUMBER.sub("", folded)
    return digits if is_number(folded) else folded


def is_number(name: str) -> bool:
    """Say whether a name is a telephone number."""
    return len(_NOT_DIGIT.sub("", name)) >= 7 and not _LETTER.search(name)


@lru_cache(maxsize=_KEPT)
def number_of(name: str) -> str | None:
    """Give the digits of a telephone number, from the country's on where they are written."""
    if not is_number(name):
        return None
    return _NOT_DIGIT.sub("", fold_word(name)).removeprefix(_ABROAD)


def is_pushed(name: str) -> bool:
    """Say whether people chose this name themselves, so that two of them may bear it."""
    return fold_word(name).startswith("~")


@lru_cache(maxsize=_KEPT)
def written_name(name: str) -> str:
    """Fold a name as one phone keeps it apart from others: "~ Ana" is not "Ana" there."""
    return f"~{plain_name(name)}" if is_pushed(name) else number_of(name) or plain_name(name)


def is_database_owner(name: str) -> bool:
    """Say whether a database means its own phone's owner."""
    return fold_word(name) == _DATABASE_OWNER


@lru_cache(maxsize=_KEPT)
def is_owner_word(name: str) -> bool:
    """Say whether a name only speaks to the phone's owner."""
    return is_database_owner(name) or plain_name(name) in _OWNER_WORDS


def is_stand_in(name: str) -> bool:
    """Say whether a platform writes this for anybody whose account is gone."""
    return plain_name(name) in _STAND_INS


def is_owner_sending(name: str) -> bool:
    """Say whether a sender's name is a word for the phone's owner, or may be one."""
    return is_database_owner(name) or plain_name(name) in _OWNER_SENDS


@lru_cache(maxsize=_KEPT)
def name_words(name: str) -> frozenset[str]:
    """Give the words of a name that can tell people apart."""
    return frozenset(word for word in _WORD.findall(plain_name(name)) if len(word) > 2)


def is_full_name(name: str) -> bool:
    """Say whether a name is of several words, and somebody's."""
    return len(name_words(name)) > 1 and not is_number(name) and not is_stand_in(name)


def label(names: dict[str, tuple[int, int]], own: Collection[str] = ()) -> str:
    """Choose the name to show: the person's own on their phone, else the one most copies use.

    ``names`` gives the copies that use each name, and the messages under it.  What only speaks to
    a phone's owner, a telephone number or a push name is shown only where there is nothing else.
    """

    def worth(
        item: tuple[str, tuple[int, int]],
    ) -> tuple[bool, bool, bool, bool, int, bool, int, str]:
        name, (copies, messages) = item
        return (
            not is_owner_word(name),
            not is_number(name),
            not is_pushed(name),
            name in own,
            copies,
            " " in name.strip(),
            messages,
            name,
        )

    return max(names.items(), key=worth)[0]
