"""The copies that explanations are told of: made once, to be looked at only."""

from pathlib import Path

import pytest

from tests.reconcile.why.kept import Kept, kept
from witnessbox.evidence.folder import Folder
from witnessbox.ledger.store import open_ledger


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    root: Path = tmp_path_factory.mktemp("why")
    folder = Folder(root)
    return kept(folder, open_ledger(f"sqlite:///{folder.ledger}", "why", folder.head))
