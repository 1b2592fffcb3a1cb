"""What holds for every parser: it is listed, and it knows its own files from all others."""

import pkgutil

import pytest

from tests.intake.reading import beside, declined, name_of, printed, samples
from witnessbox.intake import parsers
from witnessbox.intake.parser import HEAD_BYTES, Parser, UnknownFormatError, choose
from witnessbox.intake.parsers import PARSERS


def test_every_parser_module_is_listed() -> None:
    modules = {found.name for found in pkgutil.iter_modules(parsers.__path__)}
    assert {parser.__name__.rpartition(".")[2] for parser in PARSERS} == modules  # type: ignore[attr-defined]


def test_no_two_parsers_share_a_name() -> None:
    names = [parser.FORMAT.name for parser in PARSERS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.FORMAT.name)
def test_a_parser_has_samples_and_is_the_only_one_to_claim_them(parser: Parser) -> None:
    found = samples(parser)
    assert found
    for sample in found:
        head = sample.read_bytes()[:HEAD_BYTES]
        assert choose(PARSERS, name_of(sample), head) is parser


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.FORMAT.name)
def test_a_sample_reads_as_written_down_beside_it(parser: Parser) -> None:
    for sample in samples(parser):
        expected = sample.with_name(sample.name + ".expected.jsonl").read_text("utf-8")
        found = printed(parser, sample.read_bytes(), name_of(sample), beside(sample))
        assert found == expected.split("\n")[:-1]


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.FORMAT.name)
def test_a_parser_has_samples_that_look_like_its_own_and_declines_them(parser: Parser) -> None:
    found = declined(parser)
    assert found
    for name, sample in found:
        assert not parser.identify(name, sample.read_bytes()[:HEAD_BYTES])


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("holiday.jpg", b"\xff\xd8\xff\xe0"),
        ("settings.json", b'{"theme": "dark"}'),
        ("notes.txt", b"Dear diary,\nnothing happened.\n"),
        ("empty.txt", b""),
        ("your_instagram_activity/comments/post_comments_1.json", b'[{"media_list_data": []'),
    ],
)
def test_what_is_no_chat_export_is_declined_by_all(name: str, head: bytes) -> None:
    with pytest.raises(UnknownFormatError):
        choose(PARSERS, name, head)


def test_a_file_two_parsers_claim_is_refused_and_both_are_named() -> None:
    (sample, *_) = samples(PARSERS[0])
    twice = (PARSERS[0], PARSERS[0])
    with pytest.raises(UnknownFormatError, match="looks like more than one format"):
        choose(twice, name_of(sample), sample.read_bytes()[:HEAD_BYTES])
