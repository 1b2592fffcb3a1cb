"""``witnessbox publish``: the report and its bundle."""

from pathlib import Path

from witnessbox.cli.common import now, say, settings
from witnessbox.operation.model import open_operation
from witnessbox.reports.gather import Edition
from witnessbox.reports.publish import publish as release


def publish(directory: Path, /, *, title: str = "Learning report", reason: str = "") -> int:
    """Publish the report of an operation as it stands; a wrong quotation stops it.

    Parameters
    ----------
    directory
        The operation's folder.
    title
        What kind of report it is.
    reason
        Why it is released, for the ledger.
    """
    operation = open_operation(directory)
    opening = operation.opening
    published = release(
        operation.folder,
        operation.ledger,
        Edition(opening.name, opening.zone, title),
        actor=settings().actor,
        at=now(),
        reason=reason,
    )
    say(f"{published.release.quotations:,} quotations verified against their bytes")
    for path in (published.page, published.pdf, published.bundle):
        say(f"{path}")
    return 0
