"""Write the example operation into a folder: ``python examples/make.py FOLDER [SCALE]``."""

import sys
from pathlib import Path

from witnessbox.errors import WitnessboxError
from witnessbox.example import write


def main() -> int:
    """Write it and say what was written."""
    if len(sys.argv) not in (2, 3):
        print("usage: python examples/make.py FOLDER [SCALE from 0.01 to 1]", file=sys.stderr)
        return 2
    try:
        written = write(Path(sys.argv[1]), scale=float(sys.argv[2]) if len(sys.argv) == 3 else 1.0)
    except (WitnessboxError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{written.files} files with {written.message_records:,} records of {written.messages:,} "
        f"messages in {written.conversations} conversations: {written.exports}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
