"""The forms that decide on a link and undo a decision.  Pure."""

from typing import Literal

from pydantic import BaseModel, Field

REASON_CHARACTERS = 2000


class DecideForm(BaseModel):
    """What the form on a link sends; ``word`` is the button that was pressed."""

    word: Literal["same", "apart"]
    reason: str = Field(default="", max_length=REASON_CHARACTERS)


class SameForm(BaseModel):
    """What the form on a person sends: the other person who is the same, and what decides."""

    other: str = Field(max_length=64)
    reason: str = Field(default="", max_length=REASON_CHARACTERS)


class UndoForm(BaseModel):
    """What undoes a decision; ``link`` is the link to go back to, where there is one."""

    reason: str = Field(default="", max_length=REASON_CHARACTERS)
    link: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$")
