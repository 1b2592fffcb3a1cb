"""The reconciliation benchmark runs, and the example operation comes out as its truth says."""

from pathlib import Path

import pytest
from benchmarks.reconcile.on_example import measure


@pytest.mark.parametrize("scale", [0.02])
def test_the_example_is_laid_together_as_its_truth_says(tmp_path: Path, scale: float) -> None:
    result = measure(tmp_path, scale)
    assert result.recall >= 0.995
    assert result.wrong_pairs - result.wrong_notice_pairs <= 0.005 * result.right_pairs
    assert result.deletions_told == result.deletions
