"""What may be a name: found many lines at once, as a look at each line alone would find it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.intake.whatsapp.names import first_colons
from witnessbox.intake.whatsapp.stamps import HEAD_BYTES

lines = st.lists(
    st.text("aé: \u200e", max_size=90)
    | st.builds("{}{}".format, st.text("n:", min_size=40, max_size=60), st.text(": t")),
    min_size=1,
    max_size=12,
)


@given(lines)
def test_the_first_colon_before_a_space_is_found_on_each_line(several: list[str]) -> None:
    cut = [line.encode() for line in several]
    data = b"".join(line + b"\n" for line in cut) + bytes(HEAD_BYTES)
    sizes = np.array([len(line) for line in cut], np.int64)
    body = np.concatenate([[0], np.cumsum(sizes + 1)[:-1]])
    places = [line.find(b": ") for line in cut]
    expected = [
        start + place if place > 0 else -1  # with nothing before it, it ends no name
        for start, place in zip(body.tolist(), places, strict=True)
    ]
    assert first_colons(data, body, body + sizes).tolist() == expected


def test_a_colon_at_the_end_of_a_line_ends_no_name_by_what_the_next_line_begins_with() -> None:
    data = b"Ana:\n tea: no" + bytes(HEAD_BYTES)
    found = first_colons(data, np.array([0]), np.array([4]))
    assert found.tolist() == [-1]
