"""Settlements in the ledger, and doubts in the tables: who may settle what, and what is open.

A person's decision is an entry; the exhibits it touches are due to be extracted again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Problem, Severity, Span
from witnessbox.evidence.schema import PROBLEMS
from witnessbox.evidence.tables import Tables
from witnessbox.evidence.vault import Vault
from witnessbox.intake.parser import Batch
from witnessbox.intake.problems import problem_rows
from witnessbox.intake.record import Receipt, first_receipts
from witnessbox.intake.settlement import (
    AS_READ,
    OPEN,
    ZONE,
    Settled,
    Settlement,
    choices,
    idle,
    settle,
    settleable,
)
from witnessbox.ledger.model import Actor
from witnessbox.ledger.record import draft, read
from witnessbox.ledger.store import Ledger

KIND = "settlement"
_SHOWN_BYTES = 160


class SettlementError(WitnessboxError):
    """A doubt cannot be settled as was asked; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubt of an exhibit as it stands, and how it can be settled.

    ``shown`` are the bytes at the place where it shows, to the end of the line or a little less.
    """

    exhibit: str
    reference: str
    code: str
    start: int
    what: str
    choices: tuple[str, ...]
    shown: str
    open: bool


def settled(ledger: Ledger) -> dict[str, tuple[Settled, ...]]:
    """Give every settlement by exhibit, in the order of the ledger."""
    found: dict[str, tuple[Settled, ...]] = {}
    for entry in ledger.entries(KIND):
        one = read(entry, Settlement)
        why = f"{entry.actor.name}, {entry.at[:10]}: {entry.reason}"
        word = Settled(one.code, one.decision, one.start, why)
        found[one.exhibit] = (*found.get(one.exhibit, ()), word)
    return found


def doubts(folder: Folder, received: Sequence[Receipt]) -> list[Doubt]:
    """List what can be settled or was, exhibit after exhibit, in the order of the bytes."""
    tables, vault = Tables(folder.tables), Vault(folder.vault)
    shards = frozenset(tables.shards(PROBLEMS))
    found: list[Doubt] = []
    for exhibit, receipt in first_receipts(received).items():
        if exhibit in shards:
            rows = tables.read(PROBLEMS, [exhibit], ["start", "code", "what", "severity"])
            found += _of_exhibit(vault, exhibit, receipt.reference, rows.to_pylist())
    return found


def _of_exhibit(
    vault: Vault, exhibit: str, reference: str, rows: Sequence[Mapping[str, Any]]
) -> list[Doubt]:
    wanted = [row for row in rows if settleable(row["severity"], row["code"], row["what"])]
    if not wanted:
        return []
    found = []
    with vault.open(exhibit) as stream:
        for row in sorted(wanted, key=lambda row: (row["start"], row["code"])):
            stream.seek(row["start"])
            line = stream.read(_SHOWN_BYTES).splitlines()[:1] or [b""]
            found.append(
                Doubt(
                    exhibit,
                    reference,
                    row["code"],
                    row["start"],
                    row["what"],
                    choices(row["code"], row["what"]),
                    line[0].decode("utf-8", "replace"),
                    row["severity"] == Severity.DOUBT,
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about the doubts of one code in one exhibit, and why."""

    exhibit: str
    code: str
    decision: str
    reason: str
    start: int | None = None  # one doubt alone; None: every one of this code


def record(
    ledger: Ledger, known: Sequence[Doubt], decision: Decision, actor: Actor, at: datetime
) -> list[Settlement]:
    """Enter a decision into the ledger, a settlement for each place it must be told apart.

    ``known`` are the exhibit's doubts as its tables have them.  Raises SettlementError where there
    is no such doubt, the decision is none of its readings, or no reason is given.
    """
    reason = decision.reason.strip()
    if not reason:
        raise SettlementError("a settlement needs a reason: say what decides; nothing was changed")
    about = [
        one
        for one in known
        if (one.exhibit, one.code) == (decision.exhibit, decision.code)
        and decision.start in {None, one.start}
    ]
    if not about:
        where = "" if decision.start is None else f" at byte {decision.start}"
        raise SettlementError(
            f"there is no doubt {decision.code!r}{where} in that exhibit; list the doubts with "
            "'witnessbox settle' and extract first what is due"
        )
    word = _decision(decision, about)
    made = [
        Settlement(decision.exhibit, decision.code, word, start)
        for start in _starts(decision, word, about)
    ]
    ledger.append([draft(KIND, one, actor, at, reason) for one in made])
    return made


def _starts(decision: Decision, word: str, about: Sequence[Doubt]) -> list[int | None]:
    """Say at which bytes a decision is written down; None for all of its code at once."""
    if decision.code == ZONE or (decision.start is None and word in {AS_READ, OPEN}):
        return [None]
    return list(dict.fromkeys(one.start for one in about))


def _decision(decision: Decision, about: Sequence[Doubt]) -> str:
    """Check a decision against each doubt it is about, and write it the one way."""
    word = decision.decision
    if decision.code == ZONE and word not in {AS_READ, OPEN}:
        return _zone(word)
    if word == OPEN:
        return word
    for one in about:
        if word not in one.choices:
            possible = ", ".join(one.choices)
            raise SettlementError(
                f"the doubt {one.code!r} at byte {one.start} cannot be settled as {word!r}; "
                f"choose one of: {possible}"
            )
    return word


def _zone(word: str) -> str:
    """Take an IANA zone, or an offset in whole hours such as ``+03:00``."""
    if word in available_timezones():
        return word
    sign, hours = word[:1], word[1:].removesuffix(":00")
    if sign in {"+", "-"} and hours.isascii() and hours.isdigit():
        # The names of zones with a fixed offset count the other way round.
        name = f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}"
        if name in available_timezones():
            return name
    raise SettlementError(
        f"{word!r} is neither an IANA time zone nor an offset in whole hours; try 'Europe/London' "
        "or '+03:00'"
    )


@dataclass(slots=True)
class Settling:
    """Turns an exhibit's settled doubts into notes as they go by, and remembers what it met."""

    settled: tuple[Settled, ...]
    _met: set[tuple[str, int]] = field(default_factory=set)

    def batch(self, batch: Batch) -> Batch:
        """Settle a batch's problems; the same batch where nothing was settled."""
        if not self.settled or batch.problems is None:
            return batch
        found = [_problem(row) for row in batch.problems.to_pylist()]
        return replace(batch, problems=problem_rows(self.problems(found)))

    def problems(self, problems: Sequence[Problem]) -> list[Problem]:
        """Settle problems."""
        self._met.update((one.code, one.span.start) for one in problems)
        return list(settle(problems, self.settled))

    def idle(self, at: Span, label: str) -> list[Problem]:
        """Name the settlements whose doubt was not met: they change nothing any more."""
        return [
            Problem(
                at,
                label,
                "settlement-idle",
                f"{one.code} was settled as {one.decision}, but shows no longer"
                + ("" if one.start is None else f" at byte {one.start}")
                + "; look at the exhibit's doubts again",
                Severity.DOUBT,
            )
            for one in idle(self.settled, frozenset(self._met))
        ]


def _problem(row: Mapping[str, Any]) -> Problem:
    return Problem(
        Span(row["exhibit"], row["start"], row["end"]),
        row["parser"],
        row["code"],
        row["what"],
        Severity(row["severity"]),
        row["table"],
        row["row"],
    )
