"""The wheel holds all it needs and runs without a network."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, as ``make wheel`` does."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    listed = subprocess.run(
        ["git", "ls-files", "src/witnessbox"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    tracked = {line.removeprefix("src/") for line in listed.stdout.splitlines()}
    assert "witnessbox/py.typed" in tracked
    assert tracked - packed == set()


def test_it_runs_the_demo_without_a_network(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    words = [sys.executable, "-m", "witnessbox", "demo", "demo", "--scale", "0.02", "--jobs", "1"]
    if shutil.which("unshare") and os.geteuid() == 0:
        words = ["unshare", "--net", *words]  # not even a loopback
    done = subprocess.run(
        words,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("= truth") == 6
