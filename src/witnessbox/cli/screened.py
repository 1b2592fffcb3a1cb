"""What the commands that read scores begin with: an operation whose messages were screened."""

from pathlib import Path

from witnessbox.evidence.schema import BATCHES
from witnessbox.operation.model import Operation, open_operation
from witnessbox.review.coding import ReviewError


def screened(directory: Path) -> Operation:
    """Open an operation.  Raises ReviewError where no message was screened."""
    operation = open_operation(directory)
    if not operation.tables.shards(BATCHES):
        raise ReviewError(f"no message has been screened yet; run 'witnessbox run {directory}'")
    return operation
