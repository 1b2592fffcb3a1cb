"""Witnessbox: from seized group-chat exports to a published report."""

from pathlib import Path
from typing import TYPE_CHECKING

from witnessbox.version import VERSION

if TYPE_CHECKING:
    from witnessbox.operation.model import Operation

__version__ = VERSION
__all__ = ["__version__", "open"]


def open(directory: Path | str) -> "Operation":  # noqa: A001 - the contract's word
    """Open the operation in a folder; its tables come as Arrow: ``open("op").table("messages")``.

    Raises OperationError where the folder holds none.
    """
    # Imported here because every command imports this package first, and Arrow takes a second.
    from witnessbox.operation.model import open_operation  # noqa: PLC0415

    return open_operation(directory)
