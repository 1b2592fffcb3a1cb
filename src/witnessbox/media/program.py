"""Running a local program on one exhibit: no shell, limits of time and output, no network.

The program gets a copy in a folder of its own, never the vault, and what it leaves there is thrown
away.  Where the system can give it a network of its own (Linux, ``unshare``), that has no way out.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.digest import pieces, sha256_of

MOST_OUTPUT_BYTES = 4 << 20
"""How much a program may write about one exhibit."""

_LOOK_SECONDS = 0.1
_SAID_CHARACTERS = 200
_NETWORK = re.compile(
    r"://|^(?:[^/@\s]+@)?[\w.-]+\.[a-z]{2,}:\d|\b\d{1,3}(?:\.\d{1,3}){3}\b|\blocalhost\b"
    r"|\[[0-9a-f:]+\]|^[^/\s]+@[\w.-]+:",
    re.IGNORECASE,
)


class ProgramError(WitnessboxError):
    """A program cannot be used, or gave nothing for one exhibit."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program on this machine: where it is, and the SHA-256 of its file."""

    path: str
    sha256: str


def find(name: str) -> Program | None:
    """Find a program by its name or path; None where there is none that can be run."""
    found = shutil.which(name)
    if found is None:
        return None
    place = Path(found).resolve()
    with place.open("rb") as stream:
        return Program(found, sha256_of(pieces(stream)))


def words_of(command: str) -> tuple[str, ...]:
    """Cut a command as a person writes it into words.  Raises ProgramError for one not to be run.

    It must say where the file goes, and must not name an address elsewhere.
    """
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise ProgramError(f"the command {command!r} cannot be read: {error}") from error
    if not any("{file}" in word for word in words[1:]):
        raise ProgramError(
            f"the command {command!r} does not say where the file goes; write {{file}} there"
        )
    for word in words:
        if _NETWORK.search(word):
            raise ProgramError(
                f"{word!r} is an address of a network; exhibits do not leave this machine, so name "
                "a program that works here"
            )
    return words


def output_of(command: Sequence[str], given: IO[bytes] | None, seconds: int) -> str:
    """Run a program and give what it wrote.  Raises ProgramError where it fails or is ended."""
    with (
        tempfile.TemporaryDirectory(prefix="witnessbox-") as scratch,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as beside,
    ):
        with _running([*_apart(), *command], given, out, beside, scratch) as process:
            _wait(process, out, beside, seconds)
        if process.returncode != 0:
            raise ProgramError(f"it ended with exit code {process.returncode}: {_last(beside)}")
        out.seek(0)
        return out.read().decode(errors="replace")


@contextmanager
def _running(
    command: Sequence[str], given: IO[bytes] | None, out: IO[bytes], beside: IO[bytes], folder: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program, and end it with all it started, whatever happens."""
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the user names the program
            command,
            stdin=subprocess.DEVNULL if given is None else given,
            stdout=out,
            stderr=beside,
            cwd=folder,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},  # one file, one core: jobs are our affair
            start_new_session=True,
        )
    except OSError as error:
        raise ProgramError(f"it cannot be started: {error.strerror}") from error
    try:
        yield process
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(
    process: subprocess.Popen[bytes], out: IO[bytes], beside: IO[bytes], seconds: int
) -> None:
    end = time.monotonic() + seconds
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_SECONDS)
        if max(os.fstat(stream.fileno()).st_size for stream in (out, beside)) > MOST_OUTPUT_BYTES:
            raise ProgramError(f"it was ended: it wrote more than {MOST_OUTPUT_BYTES:,} bytes")
        if process.returncode is not None:
            return
        if time.monotonic() > end:
            raise ProgramError(f"it was ended after {seconds:,} seconds")


def _last(beside: IO[bytes]) -> str:
    beside.seek(0)
    lines = beside.read().decode(errors="replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return said[-1][-_SAID_CHARACTERS:] if said else "it said nothing"


@cache
def _apart() -> tuple[str, ...]:
    """Give the words that cut a program off from the network; none where the system has none."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    words = (unshare, "--user", "--map-current-user", "--net", "--")
    tried = subprocess.run([*words, "true"], capture_output=True, check=False)  # noqa: S603 - our own words
    return words if tried.returncode == 0 else ()


def is_apart() -> bool:
    """Say whether programs run cut off from the network on this machine."""
    return bool(_apart())
