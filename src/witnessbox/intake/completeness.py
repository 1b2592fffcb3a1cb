"""What should have come with what came: parts of a Messenger thread, halves of an account.  Pure.

A download lacks what it lacks in silence; only its neighbours show it.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from witnessbox.intake.messenger.survey import folder_of, part_of
from witnessbox.intake.record import Receipt

CUT_OVER = "e2ee_cutover/"


@dataclass(frozen=True, slots=True)
class Absence:
    """Something that should lie beside an exhibit and does not."""

    code: str
    what: str


def absences(
    receipts: Sequence[Receipt], encrypted: Collection[str]
) -> dict[str, tuple[Absence, ...]]:
    """Say for each exhibit what is missing beside it.

    ``encrypted`` names the exhibits that are downloads of end-to-end encrypted chats.
    """
    found: dict[str, list[Absence]] = defaultdict(list)
    for exhibit, absence in [*_missing_parts(receipts), *_missing_halves(receipts, encrypted)]:
        if absence not in found[exhibit]:
            found[exhibit].append(absence)
    return {exhibit: tuple(those) for exhibit, those in found.items()}


def _missing_parts(receipts: Sequence[Receipt]) -> list[tuple[str, Absence]]:
    threads: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for receipt in receipts:
        path = PurePosixPath(receipt.name)
        part = part_of(path)
        if part:
            folder = folder_of(path) or str(path.parent)
            threads[receipt.delivery, folder].setdefault(part, receipt.exhibit)
    found = []
    for (_, folder), parts in threads.items():
        previous = 0
        for part in sorted(parts):
            if part > previous + 1:
                first, last = previous + 1, part - 1
                names = f"message_{first}.json"
                if last > first:
                    names += f" to message_{last}.json"
                what = f"{names} of {folder} did not come with message_{part}.json"
                found.append((parts[part], Absence("missing-part", what)))
            previous = part
    return found


def _missing_halves(
    receipts: Sequence[Receipt], encrypted: Collection[str]
) -> list[tuple[str, Absence]]:
    of: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        of[receipt.custodian].append(receipt)
    found = []
    for theirs in of.values():
        account = [
            one
            for one in theirs
            if part_of(PurePosixPath(one.name)) and "instagram" not in one.name.lower()
        ]
        sealed = [one for one in theirs if one.exhibit in encrypted]
        if not sealed:
            what = (
                "this conversation went on end-to-end encrypted; "
                "no download of encrypted chats was received from this custodian"
            )
            found += [
                (one.exhibit, Absence("encrypted-half-missing", what))
                for one in account
                if (folder_of(PurePosixPath(one.name)) or "").startswith(CUT_OVER)
            ]
        if not account:
            what = (
                "messages from before encryption are in the account download; "
                "none was received from this custodian"
            )
            found += [(one.exhibit, Absence("account-half-missing", what)) for one in sealed]
    return found
