"""Tables of messages written straight, by the million, as extracting would leave them.

Twenty phones show every conversation.  Half hand over a text file for each, the other half one
database with all of them.  Only the tables and the receipts are made, conversation by conversation.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import MEMBERSHIPS, MESSAGES
from witnessbox.evidence.tables import ShardWriter, Tables
from witnessbox.example.draws import draws
from witnessbox.example.phrases import ordinary, phrases
from witnessbox.intake.record import KIND, Receipt
from witnessbox.ledger.model import Actor
from witnessbox.ledger.record import draft
from witnessbox.ledger.store import Ledger

PHONES = 20
_PEOPLE = 24
_FIRST_MS = 1_704_700_000_000
_NOW = datetime(2026, 1, 2, tzinfo=UTC)
_WHO = Actor("ana", "Ana Okoro")
_AGAIN = ("ok", "😂", "👍", "yes", "lol", "thanks", "haha", "no")
_SHARE_AGAIN, _SHARE_LOST = 0.2, 0.02
_PHRASES = 20_000
_UNITS = {1: "millisecond", 1_000: "second", 60_000: "minute"}

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Size:
    """How many conversations, and messages in each."""

    conversations: int
    messages: int

    @property
    def sightings(self) -> int:
        """Give about how many rows that makes."""
        return self.conversations * self.messages * PHONES


def size_of(sightings: int) -> Size:
    """Spread sightings over conversations; the more there are, the longer each is."""
    each = sightings // PHONES
    conversations = max(2, round((each / 8) ** 0.5 / 5))
    return Size(conversations, each // conversations)


@dataclass(frozen=True, slots=True)
class _Said:
    """What was truly said in one conversation."""

    number: int
    at_ms: Ints
    sender: Ints
    text: pa.Array  # of strings


def write(folder: Folder, ledger: Ledger, size: Size, seed: int) -> int:
    """Write the tables and receipts of an operation; give the number of rows."""
    tables = Tables(folder.tables)
    words = _words(seed)
    rows = 0
    with ExitStack() as stack:
        databases = {
            phone: stack.enter_context(tables.writer(MESSAGES, _exhibit(seed, phone, None)))
            for phone in range(1, PHONES, 2)
        }
        for number in range(size.conversations):
            stream = np.random.default_rng((seed, number))
            said = _said(number, size.messages, words, stream)
            for phone in range(PHONES):
                rows += _written(tables, databases, said, (seed, phone), stream)
    for phone in range(1, PHONES, 2):
        tables.write(MEMBERSHIPS, _exhibit(seed, phone, None), [])
    ledger.append([draft(KIND, one, _WHO, _NOW) for one in _receipts(size, seed)])
    return rows


def _words(seed: int) -> pa.Array:
    stream = draws(seed, "words")
    families = phrases().families
    mates = ("Sam", "Jo", "Kez", "Una")
    said = [ordinary(stream.choice(families), stream, mates) for _ in range(_PHRASES)]
    return pa.array([*said, *_AGAIN], pa.string())


def _said(number: int, count: int, words: pa.Array, stream: np.random.Generator) -> _Said:
    gaps = np.where(stream.random(count) < 0.06, 14_400_000, 40_000)
    at = _FIRST_MS + np.cumsum((stream.exponential(1.0, count) * gaps).astype(np.int64) + 500)
    again = stream.random(count) < _SHARE_AGAIN
    word = np.where(
        again,
        _PHRASES + stream.integers(0, len(_AGAIN), count),
        stream.integers(0, _PHRASES, count),
    )
    # Every other text is told apart by a number, as people's texts are by what they are about.
    mark = pa.array(stream.integers(10, 1_000_000, count)).cast(pa.string())
    marked = pa.compute.binary_join_element_wise(words.take(pa.array(word)), mark, " ")
    plain = again | (stream.random(count) < 0.3)
    text = pa.compute.if_else(pa.array(plain), words.take(pa.array(word)), marked)
    return _Said(number, at.astype(np.int64), stream.integers(0, _PEOPLE, count), text)


def _written(
    tables: Tables,
    databases: dict[int, ShardWriter],
    said: _Said,
    whose: tuple[int, int],
    stream: np.random.Generator,
) -> int:
    """Write one copy; give its rows."""
    seed, phone = whose
    exhibit = _exhibit(seed, phone, said.number)
    unit = 1 if phone % 2 else (60_000, 1_000)[phone // 2 % 2]
    kept = np.flatnonzero(stream.random(len(said.at_ms)) >= _SHARE_LOST)
    batch = _batch(said, kept, exhibit, (phone, unit))
    if phone % 2:
        databases[phone].add(batch)
        return len(kept)
    tables.write(MESSAGES, exhibit, [batch])
    tables.write(MEMBERSHIPS, exhibit, [])
    return len(kept)


def _batch(said: _Said, kept: Ints, exhibit: str, how: tuple[int, int]) -> pa.RecordBatch:
    phone, unit = how
    count = len(kept)
    database = unit == 1
    offset = 0 if database else (phone * 7_919_000) % 5_400_000
    at = (said.at_ms[kept] + offset) // unit * unit
    text = said.text.take(pa.array(kept))
    length = np.asarray(pa.compute.binary_length(text), np.int64) + 40
    end = np.cumsum(length)
    if database:
        end = end + said.number * 100_000_000
    names = pa.array([f"Name {person} of {phone % 5}" for person in range(_PEOPLE)], pa.string())
    sent = pa.array(at).cast(pa.timestamp("ms"))
    nothing = pa.nulls(count, pa.string())
    ids = pa.array([f"3EB0{said.number:06X}{one:010X}" for one in kept.tolist()], pa.string())
    columns = {
        "exhibit": _always(exhibit, count),
        "start": pa.array(end - length),
        "end": pa.array(end),
        "conversation": _always(f"Group {said.number}", count),
        "thread": _always(f"{said.number:018}@g.us", count) if database else nothing,
        "sequence": pa.array(np.arange(count)),
        "stamp": nothing,
        "wall_at": pa.nulls(count, pa.timestamp("ms")) if database else sent,
        "sent_at": sent.cast(pa.timestamp("ms", tz="UTC")),
        "precision": _always(_UNITS[unit], count),
        "zone": _always("UTC", count),
        "sender": pa.DictionaryArray.from_arrays(pa.array(said.sender[kept].astype("i4")), names),
        "kind": _always("text", count),
        "text": text,
        "platform_id": ids if database else nothing,
        "reply_to": nothing,
        "edited": pa.array(np.zeros(count, bool)),
        "deleted": pa.array(np.zeros(count, bool)),
        "parser": _always("whatsapp-android/2" if database else "whatsapp-text/5", count),
        "table": _always("message", count) if database else nothing,
        "row": pa.array(kept) if database else pa.nulls(count, pa.int64()),
    }
    return pa.table(columns).cast(MESSAGES.schema).combine_chunks().to_batches()[0]


def _always(word: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, "i4")), [word])


def _exhibit(seed: int, phone: int, conversation: int | None) -> str:
    """Name the exhibit that holds a phone's copy of a conversation."""
    of = "" if phone % 2 else str(conversation)
    return sha256(f"{seed}/{phone}/{of}".encode()).hexdigest()


def _receipts(size: Size, seed: int) -> Iterator[Receipt]:
    for phone in range(PHONES):
        for number in range(1 if phone % 2 else size.conversations):
            exhibit = _exhibit(seed, phone, number)
            yield Receipt(
                exhibit=exhibit,
                reference=f"WB/{phone:02}/{number}",
                name="msgstore.db" if phone % 2 else f"WhatsApp Chat with Group {number}.txt",
                size_bytes=1,
                custodian=f"Owner {phone}",
                received_by=_WHO.name,
                received_at=_NOW.isoformat(),
                lawful_basis="example",
                container=None,
                delivery=f"{phone}",
                zone=None,
            )


def place_of(root: Path) -> Folder:
    """Give the folder of such an operation."""
    folder = Folder(root)
    folder.root.mkdir(parents=True, exist_ok=True)
    return folder
