import subprocess
import sys
from pathlib import Path

import pytest

MAKE = Path(__file__).parents[2] / "examples" / "make.py"


def _make(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(MAKE), *words], capture_output=True, text=True, check=False
    )


def test_it_writes_the_example_and_says_how_much(tmp_path: Path) -> None:
    done = _make(str(tmp_path / "new"), "0.01")
    assert done.returncode == 0
    assert done.stdout.startswith("18 files with ")
    assert len([path for path in (tmp_path / "new" / "exports").rglob("*") if path.is_file()]) == 18


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [((), 2, "usage"), (("new", "5"), 1, "scale"), (("new", "much"), 1, "much")],
)
def test_wrong_use_is_said_in_a_sentence(words: tuple[str, ...], code: int, said: str) -> None:
    done = _make(*words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
