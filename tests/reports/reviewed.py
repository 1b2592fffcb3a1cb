"""A made-up review to certify: 600 messages in reading order, the relevant ones mostly in front."""

from datetime import UTC, datetime

from tests.people import ANA, BO
from tests.review import builders
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.model import Span
from witnessbox.ledger.model import Actor
from witnessbox.ledger.record import draft
from witnessbox.ledger.store import Ledger
from witnessbox.review import record, samples
from witnessbox.review.coding import Coding
from witnessbox.screening.material import Purpose
from witnessbox.screening.stopping import TARGET_RECALL

AT = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
MESSAGES, READ_FIRST = 600, 300
RELEVANT = frozenset((*range(0, 90, 2), *range(90, 250, 20), 410))
OVERLOOKED = frozenset((110, 210))  # relevant, and Ana does not see it


def name(place: int) -> str:
    """Name the message at a place of the reading order."""
    return f"m{place:04}"


def span(place: int) -> Span:
    """Say which bytes it is."""
    return Span(builders.AB1, place * 10, place * 10 + 10)


def coded(place: int, reader: Actor, *, relevant: bool) -> Coding:
    """Say what somebody found."""
    categories = ("misogyny" if place % 4 else "racism",) if relevant else ()
    return Coding(name(place), span(place), reader.id, categories, 2 if relevant else 0)


def read(ledger: Ledger, places: list[int], reader: Actor = ANA) -> None:
    """Read messages as they are; Ana overlooks two."""
    seen = RELEVANT - OVERLOOKED if reader is ANA else RELEVANT
    codings = [coded(place, reader, relevant=place in seen) for place in places]
    ledger.append([draft(record.CODING, one, reader, AT) for one in codings])


def place_of(message: str) -> int:
    """Say where a message stands in the reading order."""
    return int(message[1:])


def more(folder: Folder) -> None:
    """Let another phone bring a hundred messages."""
    begun(folder, MESSAGES + 100)


def begun(folder: Folder, messages: int = MESSAGES) -> None:
    """Write the messages and their order."""
    builders.reconcile(
        folder, *(builders.Seen(name(place), (span(place),)) for place in range(messages))
    )
    builders.rank(
        folder,
        *(
            tuple(name(place) for place in range(first, first + 100))
            for first in range(0, messages, 100)
        ),
    )


def review(folder: Folder, ledger: Ledger, target: float = TARGET_RECALL) -> None:
    """Read half, draw and read a sealed sample, read some again with other eyes."""
    begun(folder)
    read(ledger, list(range(READ_FIRST)))
    sealed = samples.draw(
        folder, ledger, samples.Asked(Purpose.SEALED, 200, target=target), ANA, AT
    )
    read(ledger, [place_of(one) for one in sealed.messages])
    second = samples.draw(folder, ledger, samples.Asked(Purpose.SECOND_READING, 100), ANA, AT)
    read(ledger, [place_of(one) for one in second.messages], BO)
    read(ledger, list(range(20)), BO)
