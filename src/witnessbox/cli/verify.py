"""``witnessbox verify``: what holds and what does not."""

from pathlib import Path

from witnessbox.cli.common import progress, say
from witnessbox.operation.model import open_operation
from witnessbox.operation.verify import Finding
from witnessbox.operation.verify import verify as check
from witnessbox.reports.check import is_bundle, verify_bundle


def verify(path: Path, /) -> int:
    """Read everything again; exit 1 on any breach.

    Parameters
    ----------
    path
        An operation's folder, or a bundle (folder or zip).
    """
    if is_bundle(path):
        found = Finding(f"the bundle {path.name}, by itself", tuple(verify_bundle(path)))
        return show([found])
    with progress() as watch:
        findings = list(check(open_operation(path), watch))
    return show(findings)


def show(findings: list[Finding]) -> int:
    """Print findings, breaches below each; give the exit code."""
    for finding in findings:
        say(f"{'holds ' if finding.holds else 'BREACH'}  {finding.what}")
        for breach in finding.breaches:
            say(f"          {breach}")
    return 0 if all(finding.holds for finding in findings) else 1
