"""The invented evidence whole: the truth of it, and the files the phones hand over."""

from collections.abc import Iterator
from hashlib import sha256

from benchmarks.reconcile.android_files import android_files
from benchmarks.reconcile.dials import Dials
from benchmarks.reconcile.holding import copies, visits
from benchmarks.reconcile.ios_files import ios_files
from benchmarks.reconcile.model import Copy, Delivery, Evidence, Person, Placed, Style
from benchmarks.reconcile.people import people, phones
from benchmarks.reconcile.talk import talks
from benchmarks.reconcile.text_files import text_file


def evidence(dials: Dials) -> Evidence:
    """Invent all that is truly so; the same dials give the same."""
    everyone = people(dials)
    deliveries = tuple(visits(dials, phones(dials, everyone)))
    said = tuple(talks(dials, everyone))
    held = tuple(copy for talk in said for copy in copies(dials, talk, deliveries))
    return Evidence(everyone, said, held)


def deliveries(truth: Evidence) -> Iterator[Delivery]:
    """Write what each phone hands over, one act after another."""
    everyone = {one.key: one for one in truth.people}
    acts: dict[tuple[str, int], list[Copy]] = {}
    for copy in truth.copies:
        acts.setdefault((copy.phone.key, copy.number), []).append(copy)
    for _, held in sorted(acts.items()):
        if held[0].style is Style.TEXT:
            yield _as_texts(held)
        else:
            yield _as_database(held, everyone)


def _as_texts(held: list[Copy]) -> Delivery:
    files, placed = [], []
    for at, copy in enumerate(held, 1):
        name, content, text, starts = text_file(copy)
        files.append((f"{at:03}/{name}", content))
        exhibit = sha256(text).hexdigest()
        placed += [
            ((exhibit, start), Placed(copy.key, line.entry.key, line.form))
            for start, line in zip(starts, copy.lines, strict=True)
        ]
    return Delivery(held[0].phone, held[0].number, tuple(files), tuple(placed))


def _as_database(held: list[Copy], everyone: dict[str, Person]) -> Delivery:
    phone = held[0].phone
    write = android_files if held[0].style is Style.ANDROID else ios_files
    files, rows = write(phone, held, everyone)
    exhibit = sha256(files[0][1]).hexdigest()
    placed = tuple(
        ((exhibit, row), Placed(held[at].key, line.entry.key, line.form)) for row, at, line in rows
    )
    return Delivery(phone, held[0].number, files, placed)
