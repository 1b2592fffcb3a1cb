from hypothesis import given
from hypothesis import strategies as st

from witnessbox.web.pages.search.view import Piece, pieces


def test_a_text_is_cut_at_what_was_found() -> None:
    assert pieces("a van, a van", [(2, 5), (9, 12)]) == [
        Piece("a ", found=False),
        Piece("van", found=True),
        Piece(", a ", found=False),
        Piece("van", found=True),
    ]


@given(st.text(), st.lists(st.integers(0, 40), unique=True).map(sorted))
def test_the_pieces_together_are_the_text(text: str, bounds: list[int]) -> None:
    inside = [bound for bound in bounds if bound <= len(text)]
    found = list(zip(inside[::2], inside[1::2], strict=False))
    assert "".join(piece.text for piece in pieces(text, found)) == text
