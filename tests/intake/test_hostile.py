"""What was once found by hurting samples at random, and hurt samples anew, the same every time."""

from pathlib import Path

import pytest
from scripts import fuzz
from scripts.mutate import mutated

from tests.intake.reading import SAMPLES, batches, beside, name_of
from witnessbox.intake.parser import HEAD_BYTES, Batch, choose
from witnessbox.intake.parsers import PARSERS

HOSTILE = sorted((SAMPLES / "hostile").iterdir())
SEEDS = fuzz.seeds()
MOST_ROWS = 5_000


def rows_of(batch: Batch) -> int:
    return sum(0 if part is None else part.num_rows for part in (batch.messages, batch.problems))


def read(path: Path) -> list[Batch]:
    data = path.read_bytes()
    parser = choose(PARSERS, name_of(path), data[:HEAD_BYTES])
    return batches(parser, data, name_of(path), beside(path))


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_what_once_hurt_a_parser_is_read_to_its_last_byte(path: Path) -> None:
    assert sum(map(rows_of, read(path))) > 0


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_no_batch_grows_with_its_file(path: Path) -> None:
    assert max(map(rows_of, read(path))) <= MOST_ROWS


@pytest.mark.parametrize("name", ["data.json", "log.jsonl"])
def test_line_ends_by_the_thousand_are_a_handful_of_problems(name: str) -> None:
    (path,) = (one for one in HOSTILE if one.name == name)
    told = [batch.problems.to_pylist() for batch in read(path) if batch.problems is not None]
    empty = [one for rows in told for one in rows if one["what"] == "empty lines"]
    assert 0 < len(empty) < 10
    assert max(one["end"] - one["start"] for one in empty) > 4_000


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed.kind}-{seed.name}")
def test_a_hurt_sample_is_read_whole_or_refused(seed: fuzz.Seed) -> None:
    others = [each.data for each in SEEDS if each.kind == seed.kind]
    outcomes = {
        fuzz.read(seed, fuzz.hurt(seed, others, number), seed.beside) for number in range(6)
    }
    known = {"refused", "closed", "opened", "read", "unclaimed", "two formats"}
    assert outcomes <= known | {parser.FORMAT.name for parser in PARSERS}


def test_the_same_seed_hurts_alike() -> None:
    sample = SEEDS[0].data
    assert mutated(sample, [sample], 7) == mutated(sample, [sample], 7)
    assert mutated(sample, [sample], 7) != mutated(sample, [sample], 8)


@pytest.mark.parametrize("inside", [b"," * 5_000, b"(" * 4_000, b"(" * 5_000 + b")" * 5_000])
def test_a_mail_whose_fields_are_a_trap_is_refused(inside: bytes) -> None:
    (mail,) = (seed for seed in SEEDS if seed.name == "Night.rsmf")
    for field in (b"boundary=", b"attachment;"):
        hurt = mail.data.replace(field, field + inside, 1)
        assert fuzz.read(mail, hurt, {}) == "refused"
