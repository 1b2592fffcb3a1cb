"""A small operation built table by table: one conversation, two phones, each trap once.

Sam's phone holds all of it; Kit's lacks one message, holds a placeholder for another and has other
words in a third.  Everything in it is invented.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.people import ANA, NOON
from witnessbox.evidence import schema
from witnessbox.evidence.digest import derive
from witnessbox.evidence.schema import Table
from witnessbox.operation.model import Operation, new
from witnessbox.reconcile.decision import link_id
from witnessbox.reconcile.model import CopyName

BEGIN = datetime(2017, 3, 25, 20, 0, tzinfo=UTC)
WORDS = (
    (None, "Sam created group “Nights”"),
    ("Sam", "Is anyone on the late van?"),
    ("Kit", "me & <b>Lee</b>"),
    ("Kit", "women can't drive the van"),
    ("Sam", "That is not funny"),
    ("Lee", "only banter"),
    ("Sam", "Kettle is on"),
    ("Lee", "👍"),
)
STEP = timedelta(hours=1)
LACKED, WITHDRAWN, REWORDED = 4, 3, 6
CONVERSATION = derive("conversation", "nights")


def message_id(position: int) -> str:
    """Name the message at a position."""
    return derive("message", CONVERSATION, position)


def discrepancy_id(kind: str) -> str:
    """Name the discrepancy of a kind; there is one of each."""
    return derive("discrepancy", CONVERSATION, kind)


def operation(root: Path) -> Operation:
    """Make the operation in a new folder."""
    built = new(
        root,
        name="Operation Lantern",
        zone="Europe/London",
        profile="ew-police",
        actor=ANA,
        at=NOON,
    )
    _fill(built)
    return built


def _fill(built: Operation) -> None:
    lines = [f"{at:%d/%m/%Y, %H:%M} - {_line(who, what)}\n".encode() for who, what, at in _said()]
    kit = [line for place, line in enumerate(lines) if place != LACKED]
    kit[WITHDRAWN] = b"25/03/2017, 23:00 - Kit: This message was deleted\n"
    exhibits = [_store(built, b"".join(lines)), _store(built, b"".join(kit))]
    spans = [_spans(lines), _spans(kit)]
    copies = [derive("copy", exhibit) for exhibit in exhibits]
    held = {0: list(range(len(WORDS))), 1: [p for p in range(len(WORDS)) if p != LACKED]}
    _write(built, schema.CONVERSATIONS, "operation", [_conversation()])
    _write(
        built,
        schema.COPIES,
        "operation",
        [
            _copy(copies[0], exhibits[0], "PC 411 Sam Ode", len(held[0]), 0),
            _copy(copies[1], exhibits[1], "PC 902 Kit Marsh", len(held[1]), -420_000),
        ],
    )
    _write(
        built,
        schema.CANONICAL_MESSAGES,
        CONVERSATION,
        [
            _canonical(place, who, what, at, exhibits[0], spans[0][place])
            for place, (who, what, at) in enumerate(_said())
        ],
    )
    sightings = [
        _sighting(copies[phone], exhibits[phone], place, spans[phone][row], (phone, row))
        for phone in (0, 1)
        for row, place in enumerate(held[phone])
    ]
    sightings.sort(key=lambda row: row["sent_at"])
    _write(built, schema.SIGHTINGS, CONVERSATION, sightings)
    _write(
        built,
        schema.DISCREPANCIES,
        CONVERSATION,
        [
            _discrepancy(copies[1], kind, (what, "supported"), place, exhibits[0], spans[0][place])
            for kind, what, place in (
                ("missing", "not in this copy, though it covers that time", LACKED),
                ("placeholder", "deleted on this phone", WITHDRAWN),
                ("text-differs", "says Kettle is off", REWORDED),
            )
        ],
    )


BATCHED = (3, 5)


def screened(
    built: Operation,
    *,
    category: str = "misogyny",
    language: str = "en",
    reasons: Sequence[str] = ("women", "drive"),
) -> None:
    """Put two messages into a batch, as screening would."""
    _write(
        built,
        schema.BATCHES,
        "operation",
        [
            {
                "batch": 1,
                "rank": rank,
                "message": message_id(place),
                "conversation": CONVERSATION,
                "position": place,
                "score": 0.9 - rank / 10,
                "category": "misogyny",
            }
            for rank, place in enumerate(BATCHED)
        ],
    )
    _write(
        built,
        schema.SCORES,
        CONVERSATION,
        [
            {
                "message": message_id(BATCHED[0]),
                "conversation": CONVERSATION,
                "category": category,
                "score": 0.9,
                "severity": 2,
                "source": "lexicon",
                "language": language,
                "reasons": list(reasons),
            }
        ],
    )


NAMES = (("Sam", "Kit", "Lee"), ("S", "Kit", "Lee (van)"))
"""What each phone calls Sam, Kit and Lee: joined, joined with a contradiction, only proposed."""


def copy_id(built: Operation, phone: int) -> str:
    """Name a phone's copy."""
    custodian = ("PC 411 Sam Ode", "PC 902 Kit Marsh")[phone]
    rows = built.tables.read(schema.COPIES).to_pylist()
    return str(next(row["copy"] for row in rows if row["custodian"] == custodian))


def link(built: Operation, who: int) -> str:
    """Name the link between the two names of one of the three."""
    return link_id(*(CopyName(copy_id(built, phone), NAMES[phone][who]) for phone in (0, 1)))


def recognised(built: Operation) -> None:
    """Say who is who, as reconciliation would: Lee's two names are only proposed."""
    people: list[Mapping[str, Any]] = []
    links: list[Mapping[str, Any]] = []
    for phone, names in enumerate(NAMES):
        for who, name in enumerate(names):
            people.append(
                {
                    "person": derive("person", name if who == 2 else NAMES[0][who]),
                    "label": NAMES[0][who] if who < 2 else name,
                    "copy": copy_id(built, phone),
                    "name": name,
                    "messages": 2 + who,
                    "owner": who == phone,
                }
            )
    for who, (weight, state, against) in enumerate(
        (
            (39.6, "joined", []),
            (8.2, "joined", ["they have different telephone numbers (−4.3)"]),
            (5.1, "proposed", ["1 text stands under one of them and somebody else's name (−5.6)"]),
        )
    ):
        links.append(
            {
                "link": link(built, who),
                "first_copy": copy_id(built, 0),
                "first_name": NAMES[0][who],
                "second_copy": copy_id(built, 1),
                "second_name": NAMES[1][who],
                "first_person": derive("person", NAMES[0][who]),
                "second_person": derive("person", NAMES[1][2] if who == 2 else NAMES[0][who]),
                "rule": "texts",
                "texts_agreed": 6,
                "texts_against": len(against),
                "traits_agreed": 0,
                "traits_against": len(against),
                "weight": weight,
                "speaks_for": ["6 texts stand under both names (+39.6)"],
                "speaks_against": against,
                "state": state,
            }
        )
    _write(built, schema.PEOPLE, "operation", people)
    _write(built, schema.LINKS, "operation", links)


def _said() -> list[tuple[str | None, str, datetime]]:
    return [(who, what, BEGIN + place * STEP) for place, (who, what) in enumerate(WORDS)]


def _line(who: str | None, what: str) -> str:
    return what if who is None else f"{who}: {what}"


def _store(built: Operation, data: bytes) -> str:
    return built.vault.store(io.BytesIO(data)).digest


def _spans(lines: Iterable[bytes]) -> list[tuple[int, int]]:
    spans, start = [], 0
    for line in lines:
        spans.append((start, start + len(line)))
        start += len(line)
    return spans


def _write(built: Operation, table: Table, shard: str, rows: list[Mapping[str, Any]]) -> None:
    built.tables.write(
        table, shard, [pa.RecordBatch.from_pylist([dict(row) for row in rows], table.schema)]
    )


def _conversation() -> Mapping[str, Any]:
    return {
        "conversation": CONVERSATION,
        "title": "Nights",
        "platform": "whatsapp",
        "copies": 2,
        "messages": len(WORDS),
        "first_at": BEGIN,
        "last_at": BEGIN + STEP * (len(WORDS) - 1),
    }


def _copy(copy: str, exhibit: str, custodian: str, held: int, offset: int) -> Mapping[str, Any]:
    return {
        "copy": copy,
        "conversation": CONVERSATION,
        "title": "Nights",
        "custodian": custodian,
        "exhibits": [exhibit],
        "parser": "whatsapp-text/1",
        "messages": held,
        "matched": len(WORDS) - 1,
        "first_at": BEGIN,
        "last_at": BEGIN + STEP * (len(WORDS) - 1),
        "offset_ms": offset,
        "offset_doubt": None,
    }


def _canonical(
    place: int, who: str | None, what: str, at: datetime, exhibit: str, span: tuple[int, int]
) -> Mapping[str, Any]:
    return {
        "message": message_id(place),
        "conversation": CONVERSATION,
        "position": place,
        "sent_at": at,
        "precision": "minute",
        "sender": None if who is None else derive("person", who),
        "sender_name": who,
        "kind": "notice" if who is None else "text",
        "text": what,
        "normalised": what.casefold(),
        "edited": False,
        "deleted": place == WITHDRAWN,
        "sightings": 1 if place == LACKED else 2,
        "exhibit": exhibit,
        "start": span[0],
        "end": span[1],
    }


def _sighting(
    copy: str, exhibit: str, place: int, span: tuple[int, int], row: tuple[int, int]
) -> Mapping[str, Any]:
    who, _, at = _said()[place]
    phone, number = row
    return {
        "message": message_id(place),
        "conversation": CONVERSATION,
        "copy": copy,
        "exhibit": exhibit,
        "start": span[0],
        "end": span[1],
        "copy_row": number,
        "sent_at": at,
        "sender_name": who,
        "kind": "deleted" if phone and place == WITHDRAWN else "text",
        "matched_by": "placeholder" if phone and place == WITHDRAWN else "text",
        "same_text": not (phone and place in {REWORDED, WITHDRAWN}),
    }


def _discrepancy(
    copy: str, kind: str, told: tuple[str, str], place: int, exhibit: str, span: tuple[int, int]
) -> Mapping[str, Any]:
    what, strength = told
    return {
        "discrepancy": discrepancy_id(kind),
        "conversation": CONVERSATION,
        "message": message_id(place),
        "copy": copy,
        "kind": kind,
        "strength": strength,
        "what": what,
        "position": place,
        "run": None,
        "exhibit": exhibit,
        "start": span[0],
        "end": span[1],
    }
