"""Write every conversation of an operation as RSMF 2.0 files, a day a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.folder import Folder
from witnessbox.evidence.steps import Progress, silent
from witnessbox.evidence.tables import Tables
from witnessbox.evidence.vault import Vault
from witnessbox.intake.record import receipts
from witnessbox.ledger.store import Ledger
from witnessbox.reports.rsmf.events import Telling
from witnessbox.reports.rsmf.mail import File, write
from witnessbox.reports.rsmf.model import VERSION, Event, Manifest
from witnessbox.reports.rsmf.slices import Slice, sliced
from witnessbox.reports.rsmf.sources import custody, shared, sources
from witnessbox.version import VERSION as RELEASE

GENERATOR = f"Witnessbox {RELEASE}"
_ODD = re.compile(r"[^0-9A-Za-z]+")
_TITLE_CHARACTERS = 40


class RsmfError(WitnessboxError):
    """RSMF files cannot be written where or from what was asked."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    conversations: int
    files: int
    events: int


def export(
    folder: Folder, ledger: Ledger, output: Path, *, zone: str, progress: Progress = silent
) -> Exported:
    """Write an operation's conversations into a new or empty folder; days begin in ``zone``.

    Raises RsmfError where the folder holds something, or there is no conversation yet.
    """
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise RsmfError(f"{output} is not an empty folder; choose a new one")
    tables, vault = Tables(folder.tables), Vault(folder.vault)
    of = shared(tables)
    if not of.conversations:
        raise RsmfError("there is no conversation to export; run 'witnessbox run' first")
    output.mkdir(parents=True, exist_ok=True)
    held = custody(receipts(ledger))
    files = events = 0
    for done, conversation in enumerate(of.conversations):
        progress("export", done, len(of.conversations))
        telling = Telling(sources(tables, of, conversation), held)
        told = [telling.event(row) for row in telling.of.canonical]
        for part in sliced([telling.time(row) for row in telling.of.canonical], zone):
            _write(telling, [told[row] for row in part.rows], vault, output / _name(telling, part))
            files += 1
        events += len(told)
    progress("export", len(of.conversations), len(of.conversations))
    return Exported(len(of.conversations), files, events)


def _write(telling: Telling, events: Sequence[Event], vault: Vault, place: Path) -> None:
    conversation = telling.conversation()
    manifest = Manifest(
        version=VERSION,
        eventcollectionid=conversation.id,
        participants=telling.participants(),
        conversations=(conversation,),
        events=tuple(events),
    )
    named = dict.fromkeys(one.id for event in events for one in event.attachments)
    files = [
        File(name, partial(vault.open, telling.files[name].exhibit))
        for name in named
        if name in telling.files
    ]
    with place.open("xb") as stream:
        write(manifest, files, GENERATOR, stream)


def _name(telling: Telling, part: Slice) -> str:
    """Name a file by what it holds: title, conversation, day, and hour where a day has parts."""
    row = telling.of.conversation
    title = _ODD.sub("-", row["title"] or "")[:_TITLE_CHARACTERS].strip("-")
    when = "undated" if part.day is None else part.day.isoformat()
    if part.hours < 24:
        when += f"T{part.hour:02}"
    return "_".join(one for one in (title, row["conversation"], when) if one) + ".rsmf"
