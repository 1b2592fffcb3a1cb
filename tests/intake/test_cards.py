"""Contact cards are told by name and number, whatever else they hold."""

import pytest

from witnessbox.intake.cards import cards, is_card


def card(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCARD", *lines, "END:VCARD"))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("FN:Cy Marsh", "TEL:+44 7700 900103"), "Cy Marsh +44 7700 900103"),
        (("N:Marsh;Cy;;;", "TEL;TYPE=CELL:+44 7700 900103"), "Cy Marsh +44 7700 900103"),
        (("N:Marsh;Cy;Lee", "FN:Cy M.", "FN:Other"), "Cy M."),
        (("N:Cy",), "Cy"),
        (("item1.TEL;waid=447700900103:+44 7700 900103",), "+44 7700 900103"),
        (("FN:Cy", "TEL:1", "TEL:2", "TEL:1", "TEL:"), "Cy 1, 2"),
        (("FN:Marsh\\, Cy\\nof the yard",), "Marsh, Cy of the yard"),
        (("FN:Cy", " Marsh", "PHOTO;BASE64:AAAA", " BBBB"), "CyMarsh"),
        (
            (
                "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Caf=C3=",
                "=A9",
            ),
            "Café",
        ),
        (("TEL;VALUE=uri:tel:+44-7700-900103",), "+44-7700-900103"),
        (("NOTE:nothing to say",), ""),
    ],
)
def test_a_card_is_one_line(lines: tuple[str, ...], told: str) -> None:
    assert list(cards(card(*lines))) == ([told] if told else [])


def test_several_cards_are_several_lines() -> None:
    both = card("FN:Cy") + "\n" + card("FN:Dee")
    assert list(cards(both)) == ["Cy", "Dee"]


def test_a_card_is_known_by_how_it_begins() -> None:
    assert is_card("begin:vcard\n")
    assert not any(map(is_card, (None, "", "FN:Cy")))


def test_what_is_no_card_gives_nothing() -> None:
    assert list(cards("FN:Cy")) == []


def test_no_more_than_fifty_numbers_are_told() -> None:
    (told,) = cards(card(*(f"TEL:{n}" for n in range(100))))
    assert told.count(",") == 49
