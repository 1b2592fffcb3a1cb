"""One operation with pictures, made once and only read; and a copy for each test that writes."""

import shutil
from pathlib import Path

import pytest

from tests.media import chats
from witnessbox.operation.model import Operation, open_operation


@pytest.fixture(scope="session")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Operation:
    return chats.operation(tmp_path_factory.mktemp("pictured"))


@pytest.fixture
def own(pictured: Operation, tmp_path: Path) -> Operation:
    shutil.copytree(pictured.folder.root, tmp_path / "operation")
    return open_operation(tmp_path / "operation")
