"""Run the ``witnessbox`` command."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Each process of a pool imports this module anew, and has no use for the command line.
    from witnessbox.cli.app import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
