"""What must be covered whole is measured, though no other test should ever import it."""

import sys
import tomllib
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_module_of_the_pure_core_is_imported_and_so_counted() -> None:
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = written["tool"]["coverage"]["run"]["include"]
    places = [place for pattern in patterns for place in ROOT.glob(pattern)]
    core = [place.relative_to(ROOT / "src") for place in places if place.suffix == ".py"]
    names = [".".join(place.with_suffix("").parts).removesuffix(".__init__") for place in core]
    for name in names:
        import_module(name)
    measured = {Path(str(sys.modules[name].__file__)).relative_to(ROOT / "src") for name in names}
    assert measured == set(core)
    assert {"witnessbox.ledger.chain", "witnessbox.intake.clock"} <= set(names)
