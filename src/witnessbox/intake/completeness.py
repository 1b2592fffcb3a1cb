"""What should have come with what came: parts of a conversation, halves of an account.  Pure.

A download lacks what it lacks in silence; only its neighbours show it.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from witnessbox.intake.messenger.survey import folder_of, part_of
from witnessbox.intake.messenger_html import survey as pages
from witnessbox.intake.record import Receipt
from witnessbox.intake.telegram_html.reading import part_of as page_of

CUT_OVER = "e2ee_cutover/"
_THREAD_PAGES = "message_{}.html"
_THREAD, _PAGES = "message_{}.json", "messages{}.html"


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
    threads: dict[tuple[str, str, str], dict[int, str]] = defaultdict(dict)
    for receipt in receipts:
        path = PurePosixPath(receipt.name)
        folder = folder_of(path) or str(path.parent)
        for part, where, name in (
            (part_of(path), folder, _THREAD),
            (pages.part_of(path), folder, _THREAD_PAGES),
            (page_of(path), str(path.parent), _PAGES),
        ):
            if part:
                threads[receipt.delivery, where, name].setdefault(part, receipt.exhibit)
    found = []
    for (_, folder, name), parts in threads.items():
        previous = 0
        for part in sorted(parts):
            if part > previous + 1:
                names = _named(name, previous + 1)
                if part > previous + 2:
                    names += f" to {_named(name, part - 1)}"
                what = f"{names} of {folder} did not come with {_named(name, part)}"
                found.append((parts[part], Absence("missing-part", what)))
            previous = part
    return found


def _named(name: str, part: int) -> str:
    """Name a part as its platform does: the first of Telegram's pages has no number."""
    return name.format("" if name == _PAGES and part == 1 else part)


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
