"""Three phones' copies of one invented chat, reconciled and stored: each trap once."""

from dataclasses import dataclass, replace

from tests.reconcile.chats import MINUTE, SECOND, Phone, Said, chat
from tests.reconcile.test_run import receive
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.schema import CONVERSATIONS, DISCREPANCIES, SIGHTINGS
from witnessbox.evidence.tables import Tables
from witnessbox.ledger.store import Ledger
from witnessbox.reconcile.run import run
from witnessbox.reconcile.why.model import Asked, Sort

SAID = chat(400, seed=5)
CLOCK_SET = 250
"""From this message on Ben's clock is an hour ahead."""
CY_BEGINS = 60


def _plain(after: int) -> int:
    """Find a message of words that is said once, from a number on."""
    texts = [one.text for one in SAID]
    return next(
        one.number for one in SAID[after:] if one.kind == "text" and texts.count(one.text) == 1
    )


LACKED, WITHDRAWN, REWORDED = _plain(120), _plain(140), _plain(160)
RUN = range(200, 204)
"""Messages in a row that Cy's phone lacks."""
EARLY = _plain(20)  # before Cy's copy begins
ANA = Phone("ana", ("Ana", "Ben", "Cy", "Dee", "Eli"), SECOND, custodian="Ana Holt")
BEN = Phone(
    "ben",
    ("~ A", "Ben", "Cyrus", "07700 900123", "El"),
    MINUTE,
    skew_ms=-480_000,
    custodian="Ben Marsh",
    steps=((CLOCK_SET, 3_600_000),),
    altered={REWORDED: f"{SAID[REWORDED].text}, and nobody else"},
)
CY = Phone(
    "cy",
    ("Annie", "B.", "Cy", "D", "E"),
    SECOND,
    custodian="Cy Orr",
    first=CY_BEGINS,
    drops=frozenset({LACKED, *RUN}),
    placeholders=frozenset({WITHDRAWN}),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """The tables, and the conversation's id."""

    tables: Tables
    conversation: str

    def message(self, number: int, phone: Phone = ANA) -> Asked:
        """Name the canonical message that a phone's row of a true message became."""
        rows = self.tables.read(SIGHTINGS, [self.conversation]).to_pylist()
        (found,) = (
            row["message"]
            for row in rows
            if (row["exhibit"], row["start"]) == (phone.exhibit, number * 1000)
        )
        return Asked(Sort.MESSAGE, found, self.conversation)

    def discrepancy(self, kind: str, number: int) -> Asked:
        """Name a discrepancy of one kind at a true message."""
        wanted = self.message(number).id
        rows = self.tables.read(DISCREPANCIES, [self.conversation]).to_pylist()
        (found,) = (
            row["discrepancy"] for row in rows if (row["kind"], row["message"]) == (kind, wanted)
        )
        return Asked(Sort.DISCREPANCY, found, self.conversation)


def kept(folder: Folder, ledger: Ledger, *, said: list[Said] = SAID) -> Kept:
    """Reconcile the three copies."""
    receive(folder, ledger, [(said, phone) for phone in (ANA, BEN, CY)])
    run(folder, ledger)
    tables = Tables(folder.tables)
    (conversation,) = tables.read(CONVERSATIONS)["conversation"].to_pylist()
    return Kept(tables, conversation)


def alone(folder: Folder, ledger: Ledger) -> Kept:
    """Keep Ana's copy of the chat and no other."""
    receive(folder, ledger, [(SAID[:50], replace(ANA, name="alone"))])
    run(folder, ledger)
    tables = Tables(folder.tables)
    (conversation,) = tables.read(CONVERSATIONS)["conversation"].to_pylist()
    return Kept(tables, conversation)
