"""The words case records may use that are data: standards of behaviour and kinds of outcome."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from witnessbox.cases.model import Standard


@dataclass(frozen=True, slots=True)
class OutcomeKind:
    """One way a matter can end for somebody.

    ``result``: it says how proceedings ended.  ``service``: it says whether they still serve.
    """

    id: str
    title: str
    result: bool
    service: bool


@dataclass(frozen=True, slots=True)
class _Standards:
    standard: tuple[Standard, ...]


@dataclass(frozen=True, slots=True)
class _Outcomes:
    outcome: tuple[OutcomeKind, ...]


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


@cache
def standards() -> tuple[Standard, ...]:
    """Give the standards that ship with us."""
    return msgspec.convert(tomllib.loads(_text("standards.toml")), _Standards).standard


@cache
def outcome_kinds() -> tuple[OutcomeKind, ...]:
    """Give the kinds of outcome, gravest first."""
    return msgspec.convert(tomllib.loads(_text("outcomes.toml")), _Outcomes).outcome
