"""WhatsApp text exports, from bytes to rows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.whatsapp.reader import Read, Row
from witnessbox.intake.parsers import whatsapp_text

HEADS = (
    "31/12/2023, 21:04 - ",
    "1/2/24, 9:04\u202fPM - ",
    "12/31/23, 9:04 p. m. - ",
    "2023-12-31, 21:04 - ",
    "[31/12/2023, 21:04:05] ",
    "\u200e[31/12/2023, 21:04:05] ",
    "[31/12/2023, 21:04:05]",
    "13. 6. 2018. 21:25 - ",
    "2024/3/4 下午9:04 - ",
    "٢٧\u200f/٦\u200f/٢٠٢٠، ٥:٣٣ م - ",
    "13.06.18 21.25.15: ",
    "31/02/2024, 10:00 - ",
    "03/04/24, 01:30 – ",
    "29/10/2023, 01:30 - ",
)
BODIES = (
    "Ana: hello",
    "Bo: ",
    "Cy:",
    "Ana: <Media omitted>",
    "Bo: \u200eimage omitted",
    "Ana added Bo",
    'Ana changed the subject from "a" to "b: c"',
    "Ana: This message was deleted",
    "Bo: null",
    "Ops: \u200eAna added Bo",
    "",
)
pieces = st.one_of(
    st.sampled_from([*HEADS, *BODIES, "\n", "\r\n", "\r", "\n\n", "\u2028", "\x0c", "\ufeff", "1. ",
    ])
    .map(str.encode),
    st.tuples(st.sampled_from(HEADS), st.sampled_from(BODIES), st.sampled_from(["\n", "\r\n"]))
    .map(lambda parts: "".join(parts).encode()),
    st.binary(max_size=6),
)  # fmt: skip
exports = st.lists(pieces, max_size=24).map(b"".join)


def doubts(read: Read) -> list[Row]:
    """Give the problems, but for bytes no message owns: these come as they were read.

    What is told of a stretch's last message may wait for the first of the next.
    """
    told = [row for row in read.problems if row["code"] != "no-head"]
    return sorted(told, key=lambda row: (row["start"], row["code"], row["what"]))


@settings(max_examples=300, deadline=None)
@given(exports)
def test_every_byte_lies_in_exactly_one_message_or_problem(data: bytes) -> None:
    assert Read(data).untiled() == b""


@settings(max_examples=200, deadline=None)
@given(exports)
def test_templates_read_as_the_pattern_does(data: bytes) -> None:
    assert Read(data).tables == Read(data, careful=True).tables


@settings(max_examples=150, deadline=None)
@given(exports, st.sampled_from([48, 100, 333]))
def test_the_size_of_the_pieces_read_changes_nothing(data: bytes, chunk_bytes: int) -> None:
    whole, small = Read(data), Read(data, chunk_bytes=chunk_bytes)
    assert small.messages == whole.messages
    assert doubts(small) == doubts(whole)
    assert small.untiled() == b""


@pytest.mark.parametrize("heads", [13, 15])
@pytest.mark.parametrize("chunk_bytes", [48, 333])
def test_a_head_of_no_day_says_nothing_of_the_lines_around_it(heads: int, chunk_bytes: int) -> None:
    head = "31/12/2023, 21:04 - "
    none = f"Ana: hello\n31/02/2024, 10:00 - {head}Ana: hello\n"
    other = "٢٧\u200f/٦\u200f/٢٠٢٠، ٥:٣٣ م - "
    data = (head * heads + none + other).encode()
    whole, small = Read(data), Read(data, chunk_bytes=chunk_bytes)
    assert small.messages == whole.messages
    assert doubts(small) == doubts(whole)


@settings(max_examples=100, deadline=None)
@given(exports, st.sampled_from([0, 2, 5]))
def test_how_much_is_kept_from_the_first_reading_changes_nothing(data: bytes, most: int) -> None:
    assert Read(data, most_kept=most, chunk_bytes=100).tables == Read(data, chunk_bytes=100).tables


def test_another_format_is_declined() -> None:
    assert not whatsapp_text.identify("message_1.json", b'{"participants": [], "messages": []}')
