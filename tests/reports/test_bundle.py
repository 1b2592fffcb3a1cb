import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.people import ANA, NOON
from tests.reports.samples import report
from witnessbox.evidence.model import Span
from witnessbox.intake.record import Receipt
from witnessbox.ledger.chain import GENESIS, merkle_root, seal
from witnessbox.ledger.model import Entry, Head
from witnessbox.ledger.record import draft
from witnessbox.reports import bundle
from witnessbox.reports.bundle import BundleError, breaches, pack, unpack
from witnessbox.reports.check import files_of, is_bundle, verify_bundle
from witnessbox.reports.counts import as_csv, counts
from witnessbox.reports.model import Quoted
from witnessbox.reports.render import html
from witnessbox.review.coding import Coding

Files = dict[str, bytes]
QUOTED = report().quotations


def ledger(quotations: tuple[Quoted, ...]) -> list[Entry]:
    receipt = Receipt(
        QUOTED[0].citation.span.exhibit, "EX/1", "chat.txt", 500, "Dai", "ana",
        "2026-03-02T12:00:00Z", "consent", None, "d1", None,
    )  # fmt: skip
    drafts = [draft("receipt", receipt, ANA, NOON)]
    drafts += [
        draft("coding", Coding("m", span, "ana", ("racism",), 1), ANA, NOON)
        for span in sorted({quoted.citation.span for quoted in quotations})
    ]
    entries: list[Entry] = []
    head = Head(0, GENESIS)
    for one in drafts:
        entries.append(seal(one, head))
        head = Head(len(entries), entries[-1].hash)
    return entries


def sealed(files: Files, entries: list[Entry]) -> Files:
    """List files in a manifest, as somebody who may write both would."""
    files = {path: data for path, data in files.items() if path != bundle.MANIFEST}
    manifest = bundle.Manifest(
        bundle.FORMAT, "Operation Teapot", "Witnessbox", 1,
        Head(len(entries), entries[-1].hash), merkle_root([one.hash for one in entries]),
        bundle.listed(files),
    )  # fmt: skip
    return {**files, bundle.MANIFEST: bundle.written(manifest)}


def whole() -> Files:
    numbers = counts(report(), [])
    entries = ledger(QUOTED)
    files = {
        bundle.PAGE: html(report()).encode(),
        bundle.PDF: b"%PDF-1.7 stands for one",
        bundle.QUOTATIONS: bundle.written(QUOTED),
        bundle.STATISTICS: bundle.written(numbers),
        bundle.STATISTICS_CSV: as_csv(numbers),
        bundle.LEDGER: bundle.ledger_lines(entries),
    }
    return sealed(files, entries)


WHOLE = whole()
ENTRIES = ledger(QUOTED)


def test_a_whole_bundle_holds() -> None:
    assert breaches(WHOLE) == []


@settings(deadline=None)
@given(st.data())
def test_a_flipped_bit_anywhere_is_found(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(set(WHOLE) - {bundle.MANIFEST})))
    place = data.draw(st.integers(0, len(WHOLE[path]) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    changed = bytearray(WHOLE[path])
    changed[place] ^= bit
    found = breaches({**WHOLE, path: bytes(changed)})
    assert f"{path} has been changed: it does not hash to what the manifest says" in found


@pytest.mark.parametrize("path", sorted(set(WHOLE) - {bundle.MANIFEST}))
def test_a_dropped_file_is_found(path: str) -> None:
    files = {name: data for name, data in WHOLE.items() if name != path}
    assert f"{path} is missing from the bundle" in breaches(files)
    assert f"{path} is not in the bundle" in breaches(sealed(files, ENTRIES))


def test_a_file_slipped_in_is_found() -> None:
    assert breaches({**WHOLE, "more.txt": b""}) == [
        "more.txt is in the bundle but not in its manifest"
    ]


def test_without_a_manifest_nothing_is_claimed() -> None:
    assert breaches({}) == ["manifest.json is missing: nothing can be checked"]
    (found,) = breaches({**WHOLE, bundle.MANIFEST: b"{}"})
    assert "cannot be read by this version" in found
    newer = msgspec.json.decode(WHOLE[bundle.MANIFEST], type=bundle.Manifest)
    (found,) = breaches({**WHOLE, bundle.MANIFEST: bundle.written(replace(newer, format=2))})
    assert "cannot be read by this version" in found


def test_a_size_that_is_not_the_files_is_found() -> None:
    manifest = msgspec.json.decode(WHOLE[bundle.MANIFEST], type=bundle.Manifest)
    first, *others = manifest.files
    wrong = replace(manifest, files=(replace(first, size_bytes=first.size_bytes + 1), *others))
    assert breaches({**WHOLE, bundle.MANIFEST: bundle.written(wrong)}) == [
        f"{first.path} is not as long as the manifest says"
    ]


Tamper = Callable[[list[bytes]], list[bytes]]
TAMPERINGS: dict[str, Tamper] = {
    "two lines change places": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "a line is taken out": lambda lines: [lines[0], *lines[2:]],
    "the last line is cut off": lambda lines: lines[:-1],
    "a line stands twice": lambda lines: [lines[0], *lines],
    "a reviewer is changed": lambda lines: [
        lines[0], lines[1].replace(b'\\"ana\\"', b'\\"cai\\"'), *lines[2:],
    ],
    "all of it is gone": lambda _lines: [],
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampered_ledger_is_found_even_under_a_new_manifest(name: str) -> None:
    lines = WHOLE[bundle.LEDGER].splitlines(keepends=True)
    tampered = b"".join(TAMPERINGS[name](lines))
    assert tampered != WHOLE[bundle.LEDGER]
    found = breaches(sealed({**WHOLE, bundle.LEDGER: tampered}, ENTRIES))
    assert any(one.startswith("ledger: ") for one in found)


def test_a_ledger_that_goes_on_is_found() -> None:
    longer = [*ENTRIES, seal(draft("note", {}, ANA, NOON), Head(len(ENTRIES), ENTRIES[-1].hash))]
    files = sealed({**WHOLE, bundle.LEDGER: bundle.ledger_lines(longer)}, ENTRIES)
    assert breaches(files) == [
        f"ledger: it goes on after the {len(ENTRIES)} entries the report tells"
    ]


def test_a_root_that_is_not_the_ledgers_is_found() -> None:
    manifest = msgspec.json.decode(WHOLE[bundle.MANIFEST], type=bundle.Manifest)
    wrong = bundle.written(replace(manifest, merkle_root="00" * 32))
    assert breaches({**WHOLE, bundle.MANIFEST: wrong}) == [
        "ledger: its Merkle root is not the one in the manifest"
    ]


def test_an_entry_whose_hash_is_no_hash_is_found() -> None:
    torn = WHOLE[bundle.LEDGER].replace(ENTRIES[0].hash.encode(), b"no hash")
    found = breaches(sealed({**WHOLE, bundle.LEDGER: torn}, ENTRIES))
    assert "ledger: its Merkle root is not the one in the manifest" in found


@pytest.mark.parametrize("line", [b"not JSON\n", b'{"position": "\xff"}\n', b"[" * 100_000])
def test_a_ledger_that_is_none_is_found(line: bytes) -> None:
    files = sealed({**WHOLE, bundle.LEDGER: line}, ENTRIES)
    assert "ledger.jsonl cannot be read" in breaches(files)


def test_a_word_changed_on_the_page_is_found_under_a_new_manifest() -> None:
    page = WHOLE[bundle.PAGE].replace(b"cannot make the tea", b"can make the tea")
    assert breaches(sealed({**WHOLE, bundle.PAGE: page}, ENTRIES)) == [
        "report.html does not show quotation Q2 word for word, once"
    ]


def test_a_quotation_that_is_not_listed_is_found() -> None:
    files = sealed({**WHOLE, bundle.QUOTATIONS: bundle.written(QUOTED[1:])}, ENTRIES)
    assert breaches(files) == ["report.html quotes Q1, which quotations.json does not list"]


def test_a_quotation_shown_twice_is_found() -> None:
    page = WHOLE[bundle.PAGE].replace(b"</main>", b'<p data-quotation="Q1">else</p></main>')
    (found,) = breaches(sealed({**WHOLE, bundle.PAGE: page}, ENTRIES))
    assert "Q1 word for word, once" in found


def test_words_inside_marks_count_as_shown() -> None:
    page = WHOLE[bundle.PAGE].replace(b"cannot make the tea", b"cannot <b>make</b> the tea")
    assert breaches(sealed({**WHOLE, bundle.PAGE: page}, ENTRIES)) == []


def test_quotations_that_cannot_be_read_are_found() -> None:
    files = sealed({**WHOLE, bundle.QUOTATIONS: b"{}"}, ENTRIES)
    assert breaches(files) == ["quotations.json cannot be read"]


def test_a_quotation_of_what_was_not_received_or_coded_is_found() -> None:
    other = replace(QUOTED[0].citation, span=Span("cd" * 32, 0, 9))
    forged = (replace(QUOTED[0], citation=other), *QUOTED[1:])
    files = sealed({**WHOLE, bundle.QUOTATIONS: bundle.written(forged)}, ENTRIES)
    assert breaches(files) == [
        "quotation Q1 cites an exhibit that the ledger holds no receipt for",
        "quotation Q1 cites bytes that nobody coded",
    ]


def test_packing_is_the_same_whenever_and_in_whatever_order() -> None:
    packed = pack(WHOLE)
    assert packed == pack(dict(reversed(WHOLE.items())))
    assert unpack(packed) == WHOLE


def test_a_torn_zip_is_refused() -> None:
    with pytest.raises(BundleError, match="no whole zip"):
        unpack(pack(WHOLE)[:-30])


def test_a_zip_with_two_files_of_one_name_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("report.html", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("report.html", "two")
    with pytest.raises(BundleError, match="two files of one name"):
        unpack(packed.getvalue())


def test_a_zip_of_too_many_files_is_refused() -> None:
    with pytest.raises(BundleError, match="more than a bundle does"):
        unpack(pack({f"{number}.txt": b"" for number in range(1001)}))


def test_a_bundle_is_read_from_a_folder_and_from_a_zip(tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    folder.mkdir()
    for path, data in WHOLE.items():
        (folder / path).write_bytes(data)
    zipped = tmp_path / "bundle.zip"
    zipped.write_bytes(pack(WHOLE))
    assert files_of(folder) == files_of(zipped) == WHOLE
    assert verify_bundle(folder) == verify_bundle(zipped) == []
    assert is_bundle(folder)
    assert not is_bundle(tmp_path)


def test_a_bundle_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be read"):
        verify_bundle(tmp_path / "nowhere.zip")
