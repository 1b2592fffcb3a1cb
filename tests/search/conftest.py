import pytest

from tests.search.talk import Talk, write
from witnessbox.evidence.folder import Folder
from witnessbox.ledger.store import open_ledger
from witnessbox.search import index

NAMES = {"p1": ["Ana Holt", "~ Annie", "07700 900111"], "p2": ["Ben Marsh"], "p3": ["Zoë"]}
BLUE = Talk(
    "c1",
    "Team Blue",
    [
        ("p1", "Where is the kettle?", 0),
        ("p2", "on my way, the lamp is broken", 1),
        ("p1", "My kettles are on the WAY out", 2),
        ("", "Ben Marsh changed the subject", 3),
        ("p3", "Müller paid ＣＡＳＨ for the torch 👍🏽", 60 * 24),
        ("p2", "明天开会 会議 ok", 60 * 24 * 31),
    ],
)
NIGHTS = Talk(
    "c2",
    "Nights",
    [
        ("p2", "kettle & <b>lamp</b>", 0),
        ("p1", "don't touch the lamp; Don't!", 5),
        ("p3", "พรุ่งนี้เจอกัน", 6),
        ("p3", "re\u0301sume\u0301 and résumé", 7),
    ],
)


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """An operation of two conversations, indexed; only read."""
    made = Folder(tmp_path_factory.mktemp("operation"))
    write(made, [BLUE, NIGHTS], NAMES)
    index.run(made, open_ledger(f"sqlite:///{made.ledger}", "op-test", made.head))
    return made
