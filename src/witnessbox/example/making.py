"""Write the whole example operation into a folder."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from witnessbox.errors import WitnessboxError
from witnessbox.example import render_messenger, render_whatsapp
from witnessbox.example.casework import case_file, codings
from witnessbox.example.chats import CHATS
from witnessbox.example.clock import ZONE
from witnessbox.example.conversations import converse
from witnessbox.example.draws import draws
from witnessbox.example.holding import copies_of
from witnessbox.example.model import Chat, Copy, Export, Talked
from witnessbox.example.people import BY_KEY
from witnessbox.example.phones import COPIES, PHONE
from witnessbox.example.places import quotable
from witnessbox.example.truth import truth

SMALLEST = 0.01
_MESSENGER_MESSAGES_A_FILE = 10_000


class ExampleError(WitnessboxError):
    """The example operation cannot be written as asked."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: counts to hold against what is read back."""

    folder: Path
    files: int
    conversations: int
    messages: int  # distinct, as truly sent
    notices: int  # distinct, what every member was told
    message_records: int  # over all files
    notice_records: int
    header_like_lines: int  # inside messages; whoever splits them off counts so many more
    planted: int
    lookalikes: int
    codings: int
    supporting: int  # messages that allegations rest on
    size_bytes: int

    @property
    def exports(self) -> Path:
        """Give the folder of the eighteen files."""
        return self.folder / "exports"


def write(folder: Path, *, seed: int = 1, scale: float = 1.0) -> Written:
    """Write the operation; the same seed and scale give the same bytes.

    Under ``exports/`` lie the files as they would be handed over; beside it ``operation.toml``,
    ``cases.toml``, ``codings.jsonl`` and ``truth.json.gz``.  Raises ExampleError.
    """
    if not SMALLEST <= scale <= 1.0:
        raise ExampleError(f"the scale is {SMALLEST} to 1, not {scale}; choose one in between")
    if folder.exists() and any(folder.iterdir()):
        raise ExampleError(f"{folder} is not empty; choose a new folder for the example")
    talks = tuple(converse(chat, _size(chat, scale), seed) for chat in CHATS)
    exports = _exports(talks, seed, max(20, round(_MESSENGER_MESSAGES_A_FILE * scale)))
    for export in exports:
        path = folder / "exports" / export.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(export.content)
    found = quotable(talks, exports)
    cases = case_file(found, exports)
    coded = codings(found, draws(seed, "codings"))
    (folder / "operation.toml").write_text(_operation(exports), encoding="utf-8")
    (folder / "cases.toml").write_text(cases.text, encoding="utf-8")
    rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in coded)
    (folder / "codings.jsonl").write_text(rows, encoding="utf-8")
    document = truth(talks, exports, seed, scale)
    _write_truth(folder / "truth.json.gz", document)
    totals = document["totals"]
    return Written(
        folder=folder,
        files=totals["files"],
        conversations=totals["conversations"],
        messages=totals["messages"],
        notices=totals["notices"],
        message_records=totals["message_records"],
        notice_records=totals["notice_records"],
        header_like_lines=sum(export.forged_at is not None for export in exports),
        planted=totals["planted"],
        lookalikes=totals["lookalike"],
        codings=len(coded),
        supporting=cases.messages,
        size_bytes=sum(len(export.content) for export in exports),
    )


def _size(chat: Chat, scale: float) -> int:
    return round(chat.messages * scale)


def _exports(talks: tuple[Talked, ...], seed: int, per_file: int) -> tuple[Export, ...]:
    copies: dict[str, Copy] = {}
    for talked in talks:
        plans = [plan for plan in COPIES if plan.chat == talked.chat.key]
        copies |= {copy.plan.reference: copy for copy in copies_of(talked, plans, seed)}
    return tuple(
        render_messenger.render(copies[plan.reference], per_file)
        if plan.chat.startswith("m")
        else render_whatsapp.render(copies[plan.reference])
        for plan in COPIES
    )


def _operation(exports: tuple[Export, ...]) -> str:
    """Say what the operation is and how each file came in."""
    head = (
        "# The example operation, and how each of its files came in.  Nothing in it is real.\n"
        'name = "Operation Lanternfish (example)"\n'
        f'zone = "{ZONE}"\n'
        'profile = "ew-police"\n'
        'receiving_officer = "DS Marguerite Osgodby"\n'
        'lawful_basis = "Handed over by the custodian under a notice of investigation (example)"\n'
    )
    return head + "".join(_receipt(export) for export in exports)


def _receipt(export: Export) -> str:
    phone = PHONE[export.copy.plan.phone]
    return (
        "\n[[file]]\n"
        f"path = {json.dumps('exports/' + export.path, ensure_ascii=False)}\n"
        f'reference = "{export.copy.plan.reference}"\n'
        f'custodian = "{BY_KEY[phone.owner].full}"\n'
        f'phone = "{phone.key}"\n'
        'received_at = "2024-05-13T10:00:00+01:00"\n'
    )


def _write_truth(path: Path, document: dict[str, object]) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
        packed.write(text)
