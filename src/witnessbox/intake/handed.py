"""What was handed over: the files a person named, folders opened up, links refused."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from witnessbox.evidence.digest import derive


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was handed over and not taken, or taken without being opened."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Handed:
    """One file on disk that was handed over: its name as received and its place in the act."""

    path: Path
    name: str
    number: tuple[int, ...]
    delivery: str


def handed_over(
    paths: Sequence[Path], act: tuple[str, str], refusals: list[Refusal]
) -> Iterator[Handed]:
    """List the files named, folders opened up in the order of their names; refuse links."""
    for place, path in enumerate(paths, 1):
        number = (place,) if len(paths) > 1 else ()
        name = _written(path.name or path.resolve().name)
        delivery = derive("delivery", *act, place, name)
        if path.is_dir() and not path.is_symlink():
            inside = enumerate(_files(path, name, refusals), 1)
            for count, (file, its_name) in inside:
                yield Handed(file, its_name, (*number, count), delivery)
        elif (reason := _unfit(path)) is not None:
            refusals.append(Refusal(name, reason))
        else:
            yield Handed(path, name, number, delivery)


def _files(folder: Path, name: str, refusals: list[Refusal]) -> Iterator[tuple[Path, str]]:
    try:
        inside = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        refusals.append(Refusal(name, reason_of(error)))
        return
    for path in inside:
        its_name = f"{name}/{_written(path.name)}"
        if path.is_dir() and not path.is_symlink():
            yield from _files(path, its_name, refusals)
        elif (reason := _unfit(path)) is not None:
            refusals.append(Refusal(its_name, reason))
        else:
            yield path, its_name


def _unfit(path: Path) -> str | None:
    if path.is_symlink():
        return "it is a link, which could lead anywhere; hand over the file itself"
    if not path.exists():
        return "there is no such file; check the path"
    if not path.is_file():
        return "it is neither a file nor a folder"
    return None


def _written(name: str) -> str:
    """Give a file name as text; bytes of it that are not UTF-8 are shown as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def reason_of(error: OSError) -> str:
    """Say why a file cannot be read, in a sentence for people."""
    return f"it cannot be read ({error.strerror or error}); check access to it"
