"""``witnessbox why``: step by step, why things were joined or flagged."""

import re
import sys
from collections.abc import Callable, Mapping

import msgspec
from rich.console import Console

from witnessbox.cli.common import Directory
from witnessbox.cli.telling import Teller, Told
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import first_receipts, receipts
from witnessbox.operation.model import Operation, open_operation
from witnessbox.reconcile.why import explaining
from witnessbox.reconcile.why.asked import by_id
from witnessbox.reconcile.why.model import Asked, Sort, WhyError
from witnessbox.review.places import Lost, Reference, finder

_PLACE = re.compile(r"(?P<exhibit>.+):(?P<start>\d{1,18})")


def why(directory: Directory, what: str, /, *, json: bool = False) -> int:
    """Tell how a message, person or discrepancy came about.

    Parameters
    ----------
    what
        Its id, or as much of it as no other has; or a message's exhibit and first byte, WB/1:1024.
    json
        Print one JSON object.
    """
    operation = open_operation(directory)
    asked = _asked(operation, what)
    told = _EXPLAINED[asked.sort](operation.tables, asked)
    if json:
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        return 0
    received = first_receipts(receipts(operation.ledger))
    names = {exhibit: one.reference for exhibit, one in received.items()}
    Teller(Console(highlight=False), operation.zone, names).tell(told)
    return 0


_EXPLAINED: Mapping[Sort, Callable[[Tables, Asked], Told]] = {
    Sort.MESSAGE: explaining.of_message,
    Sort.PERSON: explaining.of_person,
    Sort.DISCREPANCY: explaining.of_discrepancy,
}


def _asked(operation: Operation, what: str) -> Asked:
    """Find what is meant: an id, or a place of an exhibit.  Raises WhyError."""
    place = _PLACE.fullmatch(what)
    if place is None:
        return by_id(operation.tables, what)
    reference = Reference(exhibit=place["exhibit"], start=int(place["start"]))
    (found,) = finder(operation.folder, operation.ledger)([reference])
    if isinstance(found, Lost):
        raise WhyError(found.why)
    return by_id(operation.tables, found.message)
