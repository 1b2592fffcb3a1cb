"""The bundle: a published report with all that is needed to check it, and the check itself.

Pure: files go in and come out as bytes by name.  What a check can say without the operation:

- every file is the one the manifest lists, and none is beside them;
- the ledger's chain holds, ends where the manifest says and gives its Merkle root;
- the page shows the listed quotations, all of them and no others, word for word;
- each quotation's exhibit has a receipt in that ledger, and somebody coded the bytes it quotes.

Whether the quoted words stand in the exhibit needs the vault: that is checked before publication.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TypeVar

import msgspec

from witnessbox.errors import WitnessboxError
from witnessbox.evidence.model import Span
from witnessbox.intake.record import KIND as RECEIPT
from witnessbox.ledger.chain import breaches as chain_breaches
from witnessbox.ledger.chain import merkle_root
from witnessbox.ledger.model import Entry, Head
from witnessbox.reports.glyphs import showable
from witnessbox.reports.model import Quoted
from witnessbox.review.record import CODING

_Kind = TypeVar("_Kind")

FORMAT = 1
MANIFEST = "manifest.json"
PAGE, PDF = "report.html", "report.pdf"
QUOTATIONS = "quotations.json"
LEDGER = "ledger.jsonl"
STATISTICS = "statistics.json"
STATISTICS_CSV = "statistics.csv"
REQUIRED = (LEDGER, QUOTATIONS, PAGE, PDF, STATISTICS, STATISTICS_CSV)

_UNREADABLE = (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip can tell: the same bytes whenever it is made
_LARGEST_BYTES = 1 << 30
_MOST_FILES = 1000


class BundleError(WitnessboxError):
    """A bundle cannot be opened."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a bundle."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle holds, made by which versions from which state of the ledger."""

    format: int
    title: str
    product: str
    data_version: int
    ledger: Head
    merkle_root: str
    files: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class _Coded:
    """The part of a coding that says which bytes were read."""

    span: Span


@dataclass(frozen=True, slots=True)
class _Receipt:
    """The part of a receipt that says what was received, under which reference."""

    exhibit: str
    reference: str


def listed(files: Mapping[str, bytes]) -> tuple[Listed, ...]:
    """List files with their sizes and hashes, by path."""
    return tuple(
        Listed(path, len(files[path]), hashlib.sha256(files[path]).hexdigest())
        for path in sorted(files)
    )


def written(record: object) -> bytes:
    """Write a record as JSON for people to read; the same record gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(record, order="deterministic"), indent=1) + b"\n"


def ledger_lines(entries: Iterable[Entry]) -> bytes:
    """Write ledger entries as JSON lines."""
    return b"".join(msgspec.json.encode(entry, order="deterministic") + b"\n" for entry in entries)


def pack(files: Mapping[str, bytes]) -> bytes:
    """Pack files into one zip; the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(files):
            member = zipfile.ZipInfo(path, _EPOCH)
            member.create_system = 3
            member.external_attr = 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, files[path])
    return packed.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Give a packed bundle's files.  Raises BundleError where it is none, or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            size_bytes = sum(member.file_size for member in members)
            if len(members) > _MOST_FILES or size_bytes > _LARGEST_BYTES:
                raise BundleError(
                    f"the zip holds {len(members)} files of {size_bytes} bytes, more than a bundle "
                    "does; do not open it"
                )
            names = [member.filename for member in members]
            if len(set(names)) != len(names):
                raise BundleError("the zip holds two files of one name; do not trust it")
            return {member.filename: archive.read(member) for member in members}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise BundleError(f"the bundle is no whole zip ({error}); ask for it again") from error


def breaches(files: Mapping[str, bytes]) -> list[str]:
    """Say all that does not hold in a bundle; an empty list means that it does."""
    if MANIFEST not in files:
        return [f"{MANIFEST} is missing: nothing can be checked"]
    manifest = _read(files[MANIFEST], Manifest)
    if manifest is None or manifest.format != FORMAT:
        return [f"{MANIFEST} cannot be read by this version: nothing can be checked"]
    found = list(breaches_of_listed(files, manifest.files))
    missing = [path for path in REQUIRED if path not in files]
    found.extend(f"{path} is not in the bundle" for path in missing)
    if not missing:
        entries = _entries(files[LEDGER])
        found.extend(_breaches_of_ledger(entries, manifest))
        found.extend(_breaches_of_quotations(files, entries or []))
    return list(dict.fromkeys(found))


def _read(data: bytes, kind: type[_Kind]) -> _Kind | None:
    try:
        return msgspec.json.decode(data, type=kind)
    except _UNREADABLE:
        return None


def breaches_of_listed(files: Mapping[str, bytes], listing: Iterable[Listed]) -> Iterator[str]:
    """Say where files are not those that a manifest lists."""
    promised = {one.path: one for one in listing}
    for path in sorted(set(files) - set(promised) - {MANIFEST}):
        yield f"{path} is in the bundle but not in its manifest"
    for path, one in sorted(promised.items()):
        if path not in files:
            yield f"{path} is missing from the bundle"
        elif hashlib.sha256(files[path]).hexdigest() != one.sha256:
            yield f"{path} has been changed: it does not hash to what the manifest says"
        elif len(files[path]) != one.size_bytes:
            yield f"{path} is not as long as the manifest says"


def _entries(data: bytes) -> list[Entry] | None:
    try:
        return [msgspec.json.decode(line, type=Entry) for line in data.splitlines()]
    except _UNREADABLE:
        return None


def _breaches_of_ledger(entries: Sequence[Entry] | None, manifest: Manifest) -> Iterator[str]:
    if entries is None:
        yield f"{LEDGER} cannot be read"
        return
    yield from (f"ledger: {one}" for one in chain_breaches(entries, manifest.ledger))
    if len(entries) > manifest.ledger.length:
        yield f"ledger: it goes on after the {manifest.ledger.length} entries the report tells"
    elif entries and _root(entries) != manifest.merkle_root:
        yield "ledger: its Merkle root is not the one in the manifest"


def _root(entries: Sequence[Entry]) -> str | None:
    try:
        return merkle_root([entry.hash for entry in entries])
    except ValueError:
        return None


def _breaches_of_quotations(files: Mapping[str, bytes], entries: Sequence[Entry]) -> Iterator[str]:
    quotations = _read(files[QUOTATIONS], tuple[Quoted, ...])
    if quotations is None:
        yield f"{QUOTATIONS} cannot be read"
        return
    shown = shown_quotations(files[PAGE].decode("utf-8", "replace"))
    for name in sorted(set(shown) - {quoted.id for quoted in quotations}):
        yield f"{PAGE} quotes {name}, which {QUOTATIONS} does not list"
    received = {(one.exhibit, one.reference) for one in _bodies(entries, RECEIPT, _Receipt)}
    coded = {one.span for one in _bodies(entries, CODING, _Coded)}
    for quoted in quotations:
        if shown.get(quoted.id) != [showable(quoted.shown)]:
            yield f"{PAGE} does not show quotation {quoted.id} word for word, once"
        if (quoted.citation.span.exhibit, quoted.citation.reference) not in received:
            yield f"quotation {quoted.id} cites an exhibit that the ledger holds no receipt for"
        if quoted.citation.span not in coded:
            yield f"quotation {quoted.id} cites bytes that nobody coded"


def _bodies(entries: Iterable[Entry], kind: str, record: type[_Kind]) -> Iterator[_Kind]:
    for entry in entries:
        body = _read(entry.body.encode(), record) if entry.kind == kind else None
        if body is not None:
            yield body


def shown_quotations(page: str) -> dict[str, list[str]]:
    """Read the quotations off a page as a reader sees them, by id."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    """Collects the text of every element that carries ``data-quotation``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, list[str]] = {}
        self._within: str | None = None
        self._depth = 0

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._within is not None:
            self._depth += 1
            return
        name = dict(attrs).get("data-quotation")
        if name is not None:
            self._within, self._depth = name, 0
            self.found.setdefault(name, []).append("")

    def handle_endtag(self, _tag: str) -> None:
        if self._within is None:
            return
        if self._depth == 0:
            self._within = None
        else:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._within is not None:
            self.found[self._within][-1] += data
