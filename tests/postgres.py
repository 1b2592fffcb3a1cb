"""A PostgreSQL server of the tests' own, on a socket in a temporary folder; no network."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _programs() -> Path:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb")
    if not places and found is None:
        message = "PostgreSQL is not installed; run 'make setup' (the tests fail rather than skip)"
        raise RuntimeError(message)
    return places[-1].parent if places else Path(str(found)).parent


def _run(*words: str | Path, as_owner: bool) -> None:
    command = [str(word) for word in words]
    if as_owner:  # PostgreSQL refuses to run as root
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, capture_output=True, cwd="/")


@contextmanager
def server() -> Iterator[str]:
    """Start a server, give the SQLAlchemy address of an empty database, and stop it afterwards."""
    programs, root = _programs(), os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="witnessbox-pg-"))
    try:
        if root:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        _run(programs / "initdb", "-D", data, "-U", "witness", "-A", "trust", "-E", "UTF8",
             "--no-sync", "--locale=C.UTF-8", as_owner=root)  # fmt: skip
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        _run(programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start",
             as_owner=root)  # fmt: skip
        try:
            yield f"postgresql+psycopg://witness@/postgres?host={folder}"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop", as_owner=root)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
