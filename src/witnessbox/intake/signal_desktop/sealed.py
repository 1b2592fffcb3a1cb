"""Signal Desktop's database as the app keeps it: encrypted, known by its place and its bytes."""

from pathlib import PurePosixPath

_DATABASE = "db.sqlite"
_SAMPLE_BYTES = 1 << 12
_LEAST_BYTES = 512
_LEAST_DIFFERENT = 100  # of 256 values; text and pictures' heads have fewer, or begin otherwise

SEALED = (
    "Signal Desktop's database, encrypted (SQLCipher) or damaged at its beginning; decrypt a copy "
    "with the key from config.json beside it, which the operating system may keep sealed "
    "(sigtop export-database does both), and receive what comes out"
)


def is_sealed(name: str, head: bytes) -> bool:
    """Say whether a file that is no open database is named as Signal's and looks like chance."""
    sample = head[:_SAMPLE_BYTES]
    return (
        PurePosixPath(name).name.lower() == _DATABASE
        and len(sample) >= _LEAST_BYTES
        and len(set(sample)) >= _LEAST_DIFFERENT
    )
