"""The report's numbers out of the tables.  Pure: tables and receipts in, rows out."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.intake.explained import Explained
from witnessbox.intake.record import Receipt
from witnessbox.reconcile.model import Discrepancy, Strength
from witnessbox.reports.figures import MonthCount
from witnessbox.reports.model import ConversationRow, CopyRow, DoubtRow, ExhibitRow, Tally
from witnessbox.reports.pseudonyms import Pseudonyms
from witnessbox.reports.times import date, lag, stamped

_PLATFORMS = {"whatsapp": "WhatsApp", "messenger": "Messenger", "instagram": "Instagram"}
_EXAMPLE_CHARACTERS = 160

Mask = Callable[[str], str]
"""Replaces the names of known people in a text."""


def exhibits(
    accounts: Sequence[Explained],
    receipts: Sequence[Receipt],
    zone: ZoneInfo,
    pseudonyms: Pseudonyms,
) -> tuple[ExhibitRow, ...]:
    """Give a row for each exhibit that a parser read, under its first receipt, by reference."""
    first = {receipt.exhibit: receipt for receipt in reversed(receipts)}
    bases = lawful_bases(receipts)
    rows = [
        ExhibitRow(
            reference=one.reference,
            exhibit=one.exhibit,
            name=pseudonyms.mask_path(one.name),
            custodian=pseudonyms.mask(one.custodian),
            received=date(stamped(first[one.exhibit].received_at, zone), zone),
            basis=bases.index(first[one.exhibit].lawful_basis) + 1,
            size_bytes=one.size_bytes,
            explained=one.accounted,
            messages=one.messages,
            problems=one.problems,
            parser=one.parser,
            whole=one.whole,
            unit=one.unit,
        )
        for one in accounts
        if one.parser is not None
    ]
    return tuple(sorted(rows, key=lambda row: (_natural(row.reference), row.exhibit)))


def lawful_bases(receipts: Iterable[Receipt]) -> tuple[str, ...]:
    """Give the lawful bases on which things were received, in the order of the receipts."""
    return tuple(dict.fromkeys(receipt.lawful_basis for receipt in receipts))


def _natural(reference: str) -> list[tuple[int, str]]:
    """Sort HS/2 before HS/10."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in re.split(r"(\d+)", reference)
        if part
    ]


def parsers(rows: Iterable[ExhibitRow]) -> tuple[Tally, ...]:
    """Count the exhibits each parser read."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.parser] = counts.get(row.parser, 0) + 1
    return tuple(Tally(parser, counts[parser]) for parser in sorted(counts))


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number and the masked title of each conversation, by id."""

    number: Mapping[str, int]
    title: Mapping[str, str]

    def label(self, conversation: str) -> str:
        """Name a conversation as charts and quotations do."""
        return f"{self.number[conversation]}: {self.title[conversation]}"


def numbering(conversations: pa.Table, mask: Mask) -> Numbering:
    """Give each conversation a number, the largest first."""
    rows = conversations.select(["conversation", "title", "messages"]).to_pylist()
    rows.sort(key=lambda row: (-row["messages"], row["conversation"]))
    return Numbering(
        {row["conversation"]: number for number, row in enumerate(rows, 1)},
        {row["conversation"]: mask(row["title"] or "untitled") for row in rows},
    )


def conversation_rows(
    conversations: pa.Table, numbers: Numbering, zone: ZoneInfo
) -> tuple[ConversationRow, ...]:
    """Give a row for each conversation, by number."""
    rows = [
        ConversationRow(
            number=numbers.number[row["conversation"]],
            title=numbers.title[row["conversation"]],
            platform=_PLATFORMS.get(row["platform"] or "", row["platform"] or "not known"),
            copies=row["copies"],
            messages=row["messages"],
            first=date(row["first_at"], zone),
            last=date(row["last_at"], zone),
        )
        for row in conversations.to_pylist()
    ]
    return tuple(sorted(rows, key=lambda row: row.number))


def copy_rows(
    copies: pa.Table, discrepancies: pa.Table, numbers: Numbering, zone: ZoneInfo, mask: Mask
) -> tuple[CopyRow, ...]:
    """Give a row for each copy; of ``discrepancies`` it takes copy, kind and strength."""
    rows = []
    differences = _differences(discrepancies)
    corroborated = _corroborated(discrepancies)
    for row in copies.to_pylist():
        number = numbers.number[row["conversation"]]
        custodian = mask(row["custodian"] or "")
        doubt = ", not sure" if row["offset_doubt"] else ""
        rows.append(
            CopyRow(
                conversation=number,
                label=f"{number}: {custodian or 'custodian not known'}",
                custodian=custodian,
                messages=row["messages"],
                missing=differences.get((row["copy"], "missing"), 0),
                corroborated=corroborated.get(row["copy"], 0),
                placeholders=differences.get((row["copy"], "placeholder"), 0),
                only_here=differences.get((row["copy"], "only-here"), 0),
                clock=lag(row["offset_ms"] or 0) + doubt,
                first=date(row["first_at"], zone),
                last=date(row["last_at"], zone),
            )
        )
    ordered = sorted(rows, key=lambda row: (row.conversation, row.label, row.first, -row.messages))
    return _told_apart(ordered)


def _told_apart(rows: Sequence[CopyRow]) -> tuple[CopyRow, ...]:
    """Tell apart the copies of one conversation that one custodian has more than one of."""
    seen: dict[str, int] = {}
    told = []
    for row in rows:
        seen[row.label] = seen.get(row.label, 0) + 1
        again = f" ({seen[row.label]})" if seen[row.label] > 1 else ""
        told.append(replace(row, label=row.label + again))
    return tuple(told)


def clock_doubts(copies: pa.Table, mask: Mask) -> tuple[str, ...]:
    """Give the reasons why copies' clocks are not sure, each once."""
    doubts = copies["offset_doubt"].drop_null().to_pylist()
    return tuple(sorted({mask(reason) for doubt in doubts for reason in doubt.split("; ")}))


def _corroborated(discrepancies: pa.Table) -> dict[str, int]:
    """Count each copy's missing messages that are corroborated or documented."""
    grades = pa.array([Strength.CORROBORATED.value, Strength.DOCUMENTED.value])
    missing = pc.equal(discrepancies["kind"].cast(pa.string()), Discrepancy.MISSING.value)
    shown = pc.is_in(discrepancies["strength"].cast(pa.string()), grades)
    copies = discrepancies["copy"].filter(pc.and_(missing, shown))
    return {one["values"]: one["counts"] for one in pc.value_counts(copies).to_pylist()}


def _differences(discrepancies: pa.Table) -> dict[tuple[str, str], int]:
    """Count discrepancies by copy and kind."""
    plain = pa.table({name: discrepancies[name].cast(pa.string()) for name in ("copy", "kind")})
    grouped = plain.group_by(["copy", "kind"]).aggregate([([], "count_all")])
    return {(row["copy"], row["kind"]): row["count_all"] for row in grouped.to_pylist()}


def months(messages: pa.Table, label: str, zone: ZoneInfo) -> list[MonthCount]:
    """Count one conversation's messages by month of the operation's zone."""
    local = pc.strftime(
        messages["sent_at"].drop_null().cast(pa.timestamp("ms", tz=str(zone))), format="%Y-%m"
    )
    counted = [(one["values"], one["counts"]) for one in pc.value_counts(local).to_pylist()]
    return [MonthCount(label, month, count) for month, count in sorted(counted)]


def doubts(problems: pa.Table, references: Mapping[str, str], mask: Mask) -> tuple[DoubtRow, ...]:
    """Count the problems that reading raised, by code, the gravest and most frequent first."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in problems.select(["exhibit", "code", "severity", "what"]).to_pylist():
        groups.setdefault((row["code"], row["severity"]), []).append(row)
    gravity = {"loss": 0, "doubt": 1, "note": 2}
    rows = [
        DoubtRow(
            code=code,
            severity=severity,
            count=len(found),
            example=_short(mask(found[0]["what"] or "")),
            references=", ".join(
                sorted({references.get(one["exhibit"], "") for one in found}, key=_natural)
            ),
        )
        for (code, severity), found in groups.items()
    ]
    return tuple(sorted(rows, key=lambda row: (gravity.get(row.severity, 3), -row.count, row.code)))


def _short(text: str) -> str:
    return text if len(text) <= _EXAMPLE_CHARACTERS else text[:_EXAMPLE_CHARACTERS] + "…"
