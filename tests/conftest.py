"""What every test may ask for."""

import fcntl
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

from tests import postgres
from witnessbox.cli.demo import demo
from witnessbox.evidence.folder import Folder
from witnessbox.ledger.store import Ledger, open_ledger

# No test is a matter of time: machines are shared and busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

TOGETHER = ("tests/end_to_end/", "tests/browser/")
"""Tests of one place share something costly, so one worker has them all; others go by file."""

LONGEST = (*TOGETHER, "tests/packaging/", "tests/validation/", "tests/benchmarks/")
"""What takes longest is begun first, so that no worker has it alone when all else is done."""


class _Places(LoadGroupScheduling):  # type: ignore[misc]
    """Groups by place; the groups that tests name themselves do not reach it from this pytest."""

    def _split_scope(self, nodeid: str) -> str:
        places = (place for place in TOGETHER if nodeid.startswith(place))
        return next(places, nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Places | None:
    """Share tests out by place, where groups are asked for."""
    return _Places(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first."""
    items.sort(key=lambda item: [not item.nodeid.startswith(place) for place in LONGEST])


@pytest.fixture(scope="session")
def lanternfish_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example operation, small, taken through the whole flow once for all workers; to copy."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each worker has a folder of its own in the run's
        place = place.parent
    made = place / "lanternfish.made"
    with (place / "lanternfish.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            demo(place / "lanternfish", scale=0.02, serve=False, jobs=1)
            made.touch()
    return place / "lanternfish" / "operation"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give the address of a PostgreSQL server of our own."""
    with postgres.server() as url:
        yield url


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give an empty operation folder."""
    root = tmp_path / "operation"
    root.mkdir()
    return Folder(root)


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, folder: Folder) -> Ledger:
    """Give an empty ledger, once on each store that must keep the contract."""
    if request.param == "sqlite":
        return open_ledger(f"sqlite:///{folder.ledger}", "op-test", folder.head)
    url = request.getfixturevalue("postgres_url")
    return open_ledger(url, uuid.uuid4().hex, folder.head)


@pytest.fixture
def sqlite_ledger(folder: Folder) -> Ledger:
    """Give an empty ledger in the operation's folder, for tests about something else."""
    return open_ledger(f"sqlite:///{folder.ledger}", "op-test", folder.head)
