"""What a report needs out of an operation's tables, table by table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence import schema
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.evidence.tables import Tables
from witnessbox.intake.explained import explained
from witnessbox.intake.record import Receipt
from witnessbox.ledger.store import Ledger
from witnessbox.reports import figures
from witnessbox.reports import statistics as numbers
from witnessbox.reports.findings import Coded
from witnessbox.reports.limits import Blind
from witnessbox.reports.model import CopyRow, DoubtRow, ExhibitRow, Reviewed
from witnessbox.reports.pseudonyms import Named, Pseudonyms
from witnessbox.reports.times import moment
from witnessbox.review.coding import Coding, Standing
from witnessbox.screening import classifier, coverage
from witnessbox.screening.model import DECIDES_NOTHING, Source

_MODEL = (
    "The classifier ({model}) is a linear model over words and parts of words, learned from public "
    "English texts, mostly of American social media from 2016 to 2021; its card says on what, and "
    "how well it does."
)
_SECOND = (
    "Messages that are likely to be abuse by that were scored again by an encoder, a small neural "
    "network that gives no reasons; linear model and encoder: {versions}."
)
_FAILINGS = (
    "It is weak on threats and bullying, was not measured on sexual violence, domestic abuse and "
    "antisemitism, and does not read other languages or pictures. A low score clears no message."
)
_UNLEARNED = (
    "Messages in languages without a model: {messages:,}. They have scores that say little, and no "
    "score is a reason to leave one of them unread."
)


@dataclass(frozen=True, slots=True)
class Material:
    """An operation opened for reporting."""

    folder: Folder
    tables: Tables
    ledger: Ledger
    receipts: tuple[Receipt, ...]
    zone: ZoneInfo
    pseudonyms: Pseudonyms
    numbering: numbers.Numbering


def named(tables: Tables) -> Iterator[Named]:
    """Give every name the copies have for people, and the custodians of copies."""
    custodians = {
        row["copy"]: row["custodian"] or ""
        for row in tables.read(schema.COPIES, columns=["copy", "custodian"]).to_pylist()
    }
    owned: set[str] = set()
    for row in tables.read(schema.PEOPLE).to_pylist():
        custodian = custodians.get(row["copy"], "") if row["owner"] else ""
        owned.add(custodian)
        yield Named(row["person"], row["name"] or "", custodian)
        yield Named(row["person"], row["label"] or "", custodian)
    for custodian in sorted(set(custodians.values()) - owned - {""}):
        yield Named(f"custodian {custodian}", custodian, custodian)


def exhibits(held: Material) -> tuple[ExhibitRow, ...]:
    """Give a row for each exhibit that was read."""
    accounts = explained(held.folder, held.ledger)
    return numbers.exhibits(accounts, held.receipts, held.zone, held.pseudonyms)


def _shard(tables: Tables, table: schema.Table, shard: str, columns: list[str]) -> pa.Table:
    present = tables.path(table, shard).is_file()
    return tables.read(table, [shard] if present else [], columns)


def months(held: Material) -> Iterator[figures.MonthCount]:
    """Count messages by month, conversation by conversation."""
    for shard in held.tables.shards(schema.CANONICAL_MESSAGES):
        rows = held.tables.read(schema.CANONICAL_MESSAGES, [shard], ["conversation", "sent_at"])
        if rows.num_rows:
            conversation = str(rows["conversation"][0].as_py())
            label = figures.label(
                held.numbering.label(conversation),
                f"conversation {held.numbering.number[conversation]}",
            )
            yield from numbers.months(rows, label, held.zone)


def copies(held: Material) -> tuple[CopyRow, ...]:
    """Give a row for each copy."""
    found = held.tables.read(schema.DISCREPANCIES, columns=["copy", "kind", "strength"])
    return numbers.copy_rows(
        held.tables.read(schema.COPIES),
        found,
        held.numbering,
        held.zone,
        held.pseudonyms.mask,
    )


def coded(held: Material, words: Standing) -> dict[str, Coded]:
    """Give each coded message with the text that stands at the bytes its reviewers read."""
    first: dict[str, Coding] = {}
    for coding in sorted(words.codings, key=lambda one: (one.message, one.span)):
        first.setdefault(coding.message, coding)
    texts = _texts(held.tables, [coding.span for coding in first.values()])
    references = {one.exhibit: one.reference for one in reversed(held.receipts)}
    found: dict[str, Coded] = {}
    for row in _canonical(held.tables, list(first)):
        span = first[row["message"]].span
        found[row["message"]] = Coded(
            message=row["message"],
            span=span,
            reference=references.get(span.exhibit, span.exhibit[:12]),
            text=texts.get(span, ""),
            sender=held.pseudonyms.of(row["sender"]),
            sent_at=row["sent_at"],
            sent=moment(row["sent_at"], held.zone),
            conversation=f"conversation {held.numbering.number[row['conversation']]}",
        )
    return found


def _canonical(tables: Tables, messages: list[str]) -> Iterator[dict[str, Any]]:
    wanted = pa.array(sorted(messages), pa.string())
    for shard in tables.shards(schema.CANONICAL_MESSAGES):
        rows = tables.read(
            schema.CANONICAL_MESSAGES, [shard], ["message", "conversation", "sender", "sent_at"]
        )
        yield from rows.filter(pc.is_in(rows["message"], value_set=wanted)).to_pylist()


def _texts(tables: Tables, spans: list[Span]) -> dict[Span, str]:
    wanted: dict[str, set[int]] = {}
    for span in spans:
        wanted.setdefault(span.exhibit, set()).add(span.start)
    found: dict[Span, str] = {}
    for exhibit in sorted(wanted):
        rows = _shard(tables, schema.MESSAGES, exhibit, ["start", "end", "text"])
        starts = pa.array(sorted(wanted[exhibit]), pa.int64())
        for row in rows.filter(pc.is_in(rows["start"], value_set=starts)).to_pylist():
            found[Span(exhibit, row["start"], row["end"])] = row["text"] or ""
    return found


def screening(held: Material) -> tuple[str, ...]:
    """Say how many messages were scored, and by what."""
    rows = held.tables.read(schema.SCORES, columns=["message", "source", "version"])
    if rows.num_rows == 0:
        return ("No message was scored.",)
    plain = pa.table({name: rows[name].cast(pa.string()) for name in rows.column_names})
    counted = plain.group_by("source").aggregate([("message", "count_distinct")])
    sources = ", ".join(
        f"{row['source']} {row['message_count_distinct']:,}"
        for row in sorted(counted.to_pylist(), key=lambda row: str(row["source"]))
    )
    made = (
        f"Messages with a score, by what made it: {sources}. The words that made a score are kept "
        "beside it in the table of scores."
    )
    unlearned = coverage.without_model(held.tables)
    apart = (_UNLEARNED.format(messages=unlearned),) if unlearned else ()
    model = _MODEL.format(model=classifier.shipped().version)
    encoded = plain.filter(pc.equal(plain["source"], str(Source.ENCODER)))
    versions = ", ".join(sorted(pc.unique(encoded["version"]).to_pylist()))
    again = (_SECOND.format(versions=versions),) if versions else ()
    return made, model, *again, _FAILINGS, *apart, DECIDES_NOTHING


def blind(held: Material, read: int, seen: Reviewed, unplaced: int, bare: int) -> Blind:
    """Count what was not read, not known or not looked at."""
    attachments = held.tables.read(schema.ATTACHMENTS, columns=["omitted"])
    problems = held.tables.read(schema.PROBLEMS, columns=["severity"])
    losses = pc.sum(pc.equal(problems["severity"].cast(pa.string()), "loss")).as_py()
    copies = held.tables.read(schema.COPIES, columns=["offset_doubt"])
    return Blind(
        unread_files=len({receipt.exhibit for receipt in held.receipts}) - read,
        losses=losses or 0,
        unread_messages=seen.unread,
        attachments_left_out=pc.sum(attachments["omitted"]).as_py() or 0,
        attachments_named=attachments.num_rows,
        unsure_clocks=copies.num_rows - copies["offset_doubt"].null_count,
        unplaced_codings=unplaced,
        unsupported=bare,
    )


def doubts(held: Material) -> tuple[DoubtRow, ...]:
    """Count the problems that reading raised."""
    references = {one.exhibit: one.reference for one in reversed(held.receipts)}
    problems = held.tables.read(schema.PROBLEMS, columns=["exhibit", "code", "severity", "what"])
    return numbers.doubts(problems, references, held.pseudonyms.mask)
