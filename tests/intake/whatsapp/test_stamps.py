"""Heads in every spelling."""

import pytest

from witnessbox.intake.whatsapp.stamps import Template, near_miss, read

READ = [
    ("31/12/2023, 21:04 - ", (31, 12, 2023, 21, 4, 0), ""),
    ("[31/12/2023, 21:04:05] ", (31, 12, 2023, 21, 4, 5), ""),
    ("\u200e[31/12/2023, 21:04:05] ", (31, 12, 2023, 21, 4, 5), ""),
    ("\ufeff31.12.23, 21:04 - ", (31, 12, 23, 21, 4, 0), ""),
    ("1/2/24, 9:04\u202fPM - ", (1, 2, 24, 9, 4, 0), "pm"),
    ("1/2/24, 9:04\u00a0am - ", (1, 2, 24, 9, 4, 0), "am"),
    ("1/2/24 9:04 p. m. - ", (1, 2, 24, 9, 4, 0), "pm"),
    ("1/2/24 9:04 a.\u00a0m. - ", (1, 2, 24, 9, 4, 0), "am"),
    ("1/2/24, 9:04 P.M. - ", (1, 2, 24, 9, 4, 0), "pm"),
    ("13. 6. 2018. 21:25 - ", (13, 6, 2018, 21, 25, 0), ""),
    ("2024. 3. 4. 오후 9:04 - ", (2024, 3, 4, 9, 4, 0), "pm"),
    ("2024/3/4 下午9:04 - ", (2024, 3, 4, 9, 4, 0), "pm"),
    ("2024/3/4 中午12:04 - ", (2024, 3, 4, 12, 4, 0), "noon"),
    ("2026/10/4, 9:10 午後 - ", (2026, 10, 4, 9, 10, 0), "pm"),
    ("2024年3月4日 21:04 - ", (2024, 3, 4, 21, 4, 0), ""),
    ("2024-03-04, 21：04 - ", (2024, 3, 4, 21, 4, 0), ""),
    ("４/３/２０２４, ２１:０４ - ", (4, 3, 2024, 21, 4, 0), ""),
    ("٢٧\u200f/٦\u200f/٢٠٢٠، ٥:٣٣ م - ", (27, 6, 2020, 5, 33, 0), "pm"),
    ("۱۳۹۹/۱/۲،\u200f ۹:۰۴ - ", (1399, 1, 2, 9, 4, 0), ""),
    ("४/१०/२०२६, ९:१० - ", (4, 10, 2026, 9, 10, 0), ""),
    ("13.6.2018 klo 21.25.15 - ", (13, 6, 2018, 21, 25, 15), ""),
    ("12/07/2017 à 22:35 - ", (12, 7, 2017, 22, 35, 0), ""),
    ("04/03/24 21 h 04 - ", (4, 3, 24, 21, 4, 0), ""),
    ("15.06.20 г., 21:04 ч. - ", (15, 6, 20, 21, 4, 0), ""),
    ("17/09/19, 8:30 AM – ", (17, 9, 19, 8, 30, 0), "am"),
    ("13.06.18 21.25.15: ", (13, 6, 18, 21, 25, 15), ""),
    ("2023. 1. 13. 오후 9:04, ", (2023, 1, 13, 9, 4, 0), "pm"),
    ("[2023. 1. 13. 오후 9:04:05] ", (2023, 1, 13, 9, 4, 5), "pm"),
    ("[\u200f14\u200f/3\u200f/2024، 9:04:05 م] ", (14, 3, 2024, 9, 4, 5), "pm"),
    ("13.01.2023 21.04 - ", (13, 1, 2023, 21, 4, 0), ""),
    ("2023-01-13 21:04 - ", (2023, 1, 13, 21, 4, 0), ""),
    ("13.1.2023 klo 9.04 ip. - ", (13, 1, 2023, 9, 4, 0), "pm"),
    ("2022/12/14, 13:34. - ", (2022, 12, 14, 13, 34, 0), ""),
    ("۱۴۰۲/۱۲/۲۴،\u200f ۹:۰۴ بعدازظهر - ", (1402, 12, 24, 9, 4, 0), "pm"),
]


@pytest.mark.parametrize(("head", "fields", "half"), READ, ids=[head for head, _, _ in READ])
def test_a_head_is_read_whatever_its_spelling(
    head: str, fields: tuple[int, ...], half: str
) -> None:
    stamp = read(f"{head}Ana: tea".encode())
    assert stamp is not None
    assert (stamp.fields, stamp.half) == (fields, half)
    assert stamp.size_bytes == len(head.encode())


@pytest.mark.parametrize(
    "line",
    [
        "1. milk - two pints",
        "21:04 - Ana: no date",
        "[31/12/2023, 21:04:05 Ana: no end",
        "31/12/2023, 21:04] Ana: no opening",
        "31/12/2023, 21:04-Ana: no space",
        "31/12/2023, 21:04. Ana: a dot and no dash",
        "1/2/026, 10:00 - Ana: three-digit year",
        "1/2/24, AM 9:10 PM - Ana: two markers",
        "1/2/24, 9:10 PM, Ana: a comma where none ends heads",
        "13.01.2023, PM 9:04, Ana: a comma without a dot behind the date",
        "the 31/12/2023, 21:04 - Ana: not at the start",
    ],
)
def test_what_is_no_head_is_not_read(line: str) -> None:
    assert read(line.encode()) is None


@pytest.mark.parametrize(
    "line", ["2/11/19, 14:48 Ana: tea", "[21:04, 25/12/2023] Bo", "[9:04 PM, 1/2/2024] Bo"]
)
def test_what_only_looks_like_a_head_is_noticed(line: str) -> None:
    assert read(line.encode()) is None
    assert near_miss().match(line)


def test_a_layout_is_a_spelling_without_its_digits() -> None:
    one, two = read(b"1/2/24, 9:04 AM - x"), read(b"11/12/24, 11:04 PM - x")
    assert one is not None
    assert two is not None
    assert one.layout == two.layout
    assert one.layout.spelling == "0/0/0, 0:0 ?^ - "


def test_a_head_whose_end_is_open_makes_no_template() -> None:
    line = b"[31/12/2023, 21:04:05]Ana: tea"
    stamp = read(line)
    assert stamp is not None
    assert Template.of(stamp, line) is None
