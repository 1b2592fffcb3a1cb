"""``witnessbox publish``: the report and its bundle."""

from pathlib import Path

from witnessbox.cli.common import Directory, now, say, settings
from witnessbox.operation.model import open_operation
from witnessbox.reports.findings import Measure
from witnessbox.reports.gather import Edition
from witnessbox.reports.publish import Press
from witnessbox.reports.publish import publish as release
from witnessbox.reports.render import Fonts


def publish(
    directory: Directory,
    /,
    *,
    title: str = "Learning report",
    reason: str = "",
    per_category: int = 3,
    fonts: Path | None = None,
) -> int:
    """Publish the report of an operation as it stands; a wrong quotation stops it.

    Parameters
    ----------
    title
        What kind of report it is.
    reason
        Why it is released, for the ledger.
    per_category
        How many messages are quoted of each category, at most.
    fonts
        A folder of fonts for scripts ours do not cover, such as Chinese and Japanese.
    """
    operation = open_operation(directory)
    opening = operation.opening
    published = release(
        operation.folder,
        operation.ledger,
        Edition(opening.name, opening.zone, title, Measure(per_category=per_category)),
        actor=settings().actor,
        at=now(),
        reason=reason,
        press=Press(fonts=Fonts() if fonts is None else Fonts((fonts,)), limits=operation.limits),
    )
    say(f"{published.release.quotations:,} quotations verified against their bytes")
    for path in (published.page, published.pdf, published.bundle):
        say(f"{path}")
    return 0
