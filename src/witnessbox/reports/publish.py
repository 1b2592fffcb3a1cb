"""Publish: gather, verify every quotation, render, seal in a bundle, enter the release.

Nothing is written until all of it holds; a report's folder appears whole, and the ledger's entry
comes last, so that what the ledger calls released is there.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.vault import Vault
from witnessbox.intake.limits import DEFAULT, Limits
from witnessbox.intake.parser import Parser
from witnessbox.intake.parsers import PARSERS
from witnessbox.intake.plan import jobs
from witnessbox.ledger.model import Actor, Entry, Head
from witnessbox.ledger.store import Ledger
from witnessbox.reports import bundle, render
from witnessbox.reports.citation import Reading, verify
from witnessbox.reports.counts import as_csv, counts
from witnessbox.reports.gather import Edition, Gathered, gather
from witnessbox.reports.model import Report
from witnessbox.reports.record import Given, Release, release, releases
from witnessbox.reports.times import stamped

_TRIES = 3


class PublishError(WitnessboxError):
    """A report was not published; the message says why."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a report is set with: fonts beside our own, and how exhibits are read again."""

    fonts: render.Fonts = field(default_factory=render.Fonts)
    parsers: Sequence[Parser] = PARSERS
    limits: Limits = DEFAULT


@dataclass(frozen=True, slots=True)
class Published:
    """Where a published report lies."""

    folder: Path
    bundle: Path
    release: Release

    @property
    def page(self) -> Path:
        """Give the report for the screen."""
        return self.folder / bundle.PAGE

    @property
    def pdf(self) -> Path:
        """Give the report for the file."""
        return self.folder / bundle.PDF


def publish(  # noqa: PLR0913 - what, in which edition, who, when, why, with what
    folder: Folder,
    ledger: Ledger,
    edition: Edition,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    press: Press | None = None,
) -> Published:
    """Publish the report of an operation as it stands.

    Raises CitationError where a quotation is not what its exhibit says, and PublishError where the
    report cannot be written; nothing is published then.
    """
    press = press or Press()
    gathered, entries = _steady(folder, ledger, edition)
    quotations = gathered.report.quotations
    verify(
        (quoted.citation for quoted in quotations),
        Reading(
            Vault(folder.vault),
            press.parsers,
            gathered.names,
            {
                job.exhibit: [one.exhibit for one in job.beside]
                for job in jobs(folder, ledger, edition.zone)
            },
            press.limits,
        ),
    )
    files = make(gathered, entries, press)
    packed = bundle.pack(files)
    name = _name(folder, ledger, at.astimezone(ZoneInfo(edition.zone)))
    made = Release(
        name=name,
        title=_title(gathered.report),
        manifest_sha256=hashlib.sha256(files[bundle.MANIFEST]).hexdigest(),
        bundle_sha256=hashlib.sha256(packed).hexdigest(),
        told=Head(len(entries), entries[-1].hash),
        merkle_root=gathered.report.seal.merkle_root,
        quotations=len(quotations),
        pseudonyms=tuple(Given(*one) for one in sorted(gathered.pseudonyms.by_person.items())),
    )
    published = Published(folder.reports / name, folder.reports / f"{name}.zip", made)
    _write(published, files, packed)
    try:
        release(ledger, made, actor, at, reason)
    except WitnessboxError:
        shutil.rmtree(published.folder)
        published.bundle.unlink()
        raise
    return published


def _steady(folder: Folder, ledger: Ledger, edition: Edition) -> tuple[Gathered, list[Entry]]:
    """Gather from a ledger that nobody appended to meanwhile, so that all parts tell one state."""
    for _ in range(_TRIES):
        gathered = gather(folder, ledger, edition)
        entries = list(ledger.entries())
        before = gathered.report.seal
        if (before.ledger_entries, before.ledger_hash) == (len(entries), entries[-1].hash):
            return gathered, entries
    raise PublishError("the ledger keeps growing while the report is made; pause and try again")


def preview(folder: Folder, ledger: Ledger, edition: Edition) -> str:
    """Give the page a report would have now, its quotations not yet verified."""
    return render.html(gather(folder, ledger, edition).report)


def make(gathered: Gathered, entries: Sequence[Entry], press: Press) -> dict[str, bytes]:
    """Make the files of a bundle.  Raises PublishError where they would not pass their own check.

    The same report and ledger give the same bytes.
    """
    report = gathered.report
    numbers = counts(report, gathered.months)
    made_at = stamped(entries[-1].at, ZoneInfo("UTC"))
    files = {
        bundle.PAGE: render.html(report).encode(),
        bundle.PDF: render.pdf(report, made_at, press.fonts),
        bundle.QUOTATIONS: bundle.written(report.quotations),
        bundle.STATISTICS: bundle.written(numbers),
        bundle.STATISTICS_CSV: as_csv(numbers),
        bundle.LEDGER: bundle.ledger_lines(entries),
    }
    manifest = bundle.Manifest(
        format=bundle.FORMAT,
        title=_title(report),
        product=report.title.product,
        data_version=report.seal.data_version,
        ledger=Head(report.seal.ledger_entries, report.seal.ledger_hash),
        merkle_root=report.seal.merkle_root,
        files=bundle.listed(files),
    )
    files[bundle.MANIFEST] = bundle.written(manifest)
    found = bundle.breaches(files)
    if found:
        raise PublishError(
            f"the bundle does not pass its own check: {found[0]}; nothing was written"
        )
    return files


def _title(report: Report) -> str:
    return f"{report.title.operation}: {report.title.subtitle}"


def _name(folder: Folder, ledger: Ledger, at: datetime) -> str:
    """Name a report by its day and the first number that no report of that day has."""
    taken = {made.name for made in releases(ledger)}
    for number in count(1):
        name = f"{at:%Y-%m-%d}-{number}"
        if name not in taken and not (folder.reports / name).exists():
            return name
    raise AssertionError


def _write(published: Published, files: Mapping[str, bytes], packed: bytes) -> None:
    reports = published.folder.parent
    partial: Path | None = None
    try:
        reports.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=reports))
        for path, data in files.items():
            _write_file(partial / path, data)
        zipped = partial.with_suffix(".zip")
        _write_file(zipped, packed)
        partial.chmod(0o755)
        partial.rename(published.folder)
        zipped.rename(published.bundle)
    except OSError as error:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
            partial.with_suffix(".zip").unlink(missing_ok=True)
        raise PublishError(
            f"the report cannot be written to {reports}: {error}; nothing was published, free "
            "space or check access and try again"
        ) from error


def _write_file(place: Path, data: bytes) -> None:
    with place.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
