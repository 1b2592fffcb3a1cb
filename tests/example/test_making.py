import re
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from tests.example.conftest import Example
from witnessbox.example import ExampleError, write


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "one", seed=7, scale=0.01)
    write(tmp_path / "two", seed=7, scale=0.01)
    assert _bytes_of(tmp_path / "one") == _bytes_of(tmp_path / "two")


def test_another_seed_writes_another_operation(tmp_path: Path) -> None:
    write(tmp_path / "one", seed=7, scale=0.01)
    write(tmp_path / "two", seed=8, scale=0.01)
    one, two = _bytes_of(tmp_path / "one"), _bytes_of(tmp_path / "two")
    assert one.keys() == two.keys()
    assert all(one[name] != two[name] for name in one if name.startswith("exports/"))


def test_even_the_smallest_has_every_trap(tmp_path: Path) -> None:
    written = write(tmp_path / "small", scale=0.01)
    assert (written.files, written.header_like_lines) == (18, 1)
    assert written.planted >= 18
    assert written.supporting > 0


@pytest.mark.parametrize("scale", [0.0, 0.009, 1.01, -1.0])
def test_a_scale_out_of_range_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(ExampleError, match="the scale is"):
        write(tmp_path / "new", scale=scale)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ExampleError, match="is not empty"):
        write(tmp_path, scale=0.01)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_eighteen_files_of_twelve_phones_are_handed_over(example: Example) -> None:
    files = example.truth["files"]
    on_disk = {
        str(path.relative_to(example.written.exports))
        for path in example.written.exports.rglob("*")
        if path.is_file()
    }
    assert {file["file"] for file in files} == on_disk
    assert len(on_disk) == len(files) == 18
    assert len({file["phone"] for file in files}) == 12
    assert len({file["reference"] for file in files}) == 18


def test_the_counts_are_those_of_the_truth(example: Example) -> None:
    written, totals = example.written, example.truth["totals"]
    records = sum(
        len(source["ids"]) for file in example.truth["files"] for source in file["sources"]
    )
    assert written.message_records + written.notice_records == records
    assert written.messages == totals["messages"] == 3000
    assert written.planted == totals["planted"]


def test_every_file_is_named_by_its_hash_and_size(example: Example) -> None:
    for file in example.truth["files"]:
        content = (example.written.exports / file["file"]).read_bytes()
        assert (sha256(content).hexdigest(), len(content)) == (file["sha256"], file["size_bytes"])
        for source in file["sources"]:
            inner = example.content(source, file)
            assert sha256(inner).hexdigest() == source["sha256"]


def test_the_operation_says_how_each_file_came_in(example: Example) -> None:
    operation = tomllib.loads((example.written.folder / "operation.toml").read_text("utf-8"))
    assert (operation["zone"], operation["profile"]) == ("Europe/London", "ew-police")
    assert operation["receiving_officer"]
    assert operation["lawful_basis"]
    for row in operation["file"]:
        assert (example.written.folder / row["path"]).is_file()
        assert row["custodian"]
    assert len({row["reference"] for row in operation["file"]}) == 18


def test_every_number_is_one_kept_for_drama(example: Example) -> None:
    digits = re.compile(rb"\+?\d[\d ]{8,}\d")
    for file in example.whatsapp():
        for source in file["sources"]:
            numbers = digits.findall(example.content(source, file))
            assert all(
                number.startswith((b"+44 7700 9001", b"202", b"0000")) for number in numbers
            ), numbers
