"""The words of a report: *models* that hold named fields and other models.  Pure.

A chat is a model of type ``Chat``; its messages are models of type ``InstantMessage``.  Older
reports have text messages as models of type ``SMS`` and ``MMS`` that lie in no chat.
"""

from dataclasses import dataclass

import msgspec

CHAT = "Chat"
MESSAGE_TYPES = frozenset(("InstantMessage", "SMS", "MMS"))


class Model(msgspec.Struct):
    """One model as the report writes it; built up while its element is open."""

    type: str
    id: str = ""
    deleted_state: str = ""
    confidence: str = ""
    extraction: str = ""
    fields: dict[str, str] = {}
    models: dict[str, "list[Model]"] = {}
    twice: list[str] = []  # fields written again with another value

    @classmethod
    def of(cls, attributes: dict[str, str]) -> "Model":
        """Begin a model from the attributes of its element."""
        get = attributes.get
        return cls(
            get("type", ""),
            get("id", ""),
            get("deleted_state", ""),
            get("decoding_confidence", ""),
            get("extractionId", ""),
        )

    def put(self, name: str, value: str) -> None:
        """Take a field's value; the first one stands."""
        if self.fields.setdefault(name, value) != value:
            self.twice.append(name)

    def said(self, name: str) -> str | None:
        """Give a field as written; None where it is absent or blank."""
        value = self.fields.get(name)
        return value if value and not value.isspace() else None

    def told(self, name: str) -> str | None:
        """Give a field without the white space around it; None where it is absent or blank."""
        value = self.fields.get(name)
        return value.strip() or None if value is not None else None

    def first(self, name: str) -> "Model | None":
        """Give the first model under a name."""
        found = self.models.get(name)
        return found[0] if found else None

    def under(self, *names: str) -> "list[Model]":
        """Give the models under several names, each once however often the report repeats it."""
        if self.models.keys().isdisjoint(names):
            return []
        found, seen = [], set()
        for name in names:
            for one in self.models.get(name, ()):
                if one.id not in seen or not one.id:
                    seen.add(one.id)
                    found.append(one)
        return found


class Talk(msgspec.Struct, frozen=True):
    """One message and the chat it lies in; ``hurt`` says what had to be mended to read it."""

    start: int
    end: int
    message: Model
    chat: Model | None
    hurt: str | None = None
    after_damage: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What lies around messages: the report's head, a chat's own fields, records of other types."""

    start: int
    end: int
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that cannot be read; empty where only an end is missing."""

    start: int
    end: int
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Closed:
    """That a chat ended here; all of its own fields are known now."""

    at: int
    chat: Model


Stretch = Talk | Frame | Broken | Closed
