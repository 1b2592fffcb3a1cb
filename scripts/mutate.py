"""Hurt bytes in the ways hostile hands do: seeded, so that the same seed gives the same bytes."""

import random
import re
from collections.abc import Callable, Sequence

_NUMBER = re.compile(rb"\d+")
_TEXT = re.compile(rb'(?<=")[^"\n]{1,80}(?=")|(?<=>)[^<\n]{1,80}(?=<)|[A-Za-z]{3,}')
_NUMBERS = (
    *(b"0", b"-1", b"-0", b"1e999", b"-1e309", b"1.5", b"NaN", b"Infinity", b"255", b"256"),
    *(b"2147483648", b"-2147483649", b"4294967296", b"9223372036854775807"),
    *(b"9223372036854775808", b"-9223372036854775809", b"18446744073709551616"),
    *(b"253402300800", b"253402300800000", b"-62135596801", b"00000", b"99/99/9999", b"31/02/2024"),
    *(b"9" * 25, b"9" * 400, b"9" * 5000, "٣".encode() * 4, "²".encode(), b"24:60:61"),
)
_NESTS = (
    *((b"[", b"]"), (b"{", b"}"), (b'{"a":', b"}"), (b'{"messages":[', b"]}"), (b"<a>", b"</a>")),
    *((b"<div>", b"</div>"), (b"<div class='x'>", b""), (b"(", b")"), (b"&lt;", b""), (b'"', b"")),
    *((b"<!--", b""), (b"<![CDATA[", b"]]>"), (b'<model type="Chat">', b"</model>"), (b"\\", b"")),
)
_INVALID = (
    *(
        b"\xff",
        b"\xfe\xff",
        b"\xff\xfe",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe2",
    ),
    *(
        b"\xf0\x9f\x98",
        b"\x80" * 9,
        b"\\ud800",
        b"\\udc00\\ud800",
        b"\\u0000",
        b"&#xD800;",
        b"&#0;",
    ),
    *(b"\xef\xbb\xbf", "\u2028".encode(), "\u202e\u200f".encode(), b"\x1b[2J", b"&#99999999999;"),
    *(
        b"<!DOCTYPE a [<!ENTITY b 'bbbb'>]>",
        b"&b;",
        b"\x85",
        b"\x0b\x0c",
        b"\r",
        b"\r\r\n",
        b"\t\t",
    ),
)
_VALUES = (b"null", b"true", b"[]", b"{}", b'""', b"1", b'"x"', b"[null]", b'[{"a":1}]', b"-")


def mutated(data: bytes, others: Sequence[bytes], seed: int) -> bytes:
    """Give bytes hurt once to four times; pieces of the ``others`` may be put into them."""
    chance = random.Random(seed)  # noqa: S311 - damage, not secrets
    for _ in range(chance.choice((1, 1, 2, 3, 4))):
        data = chance.choice(_DEEDS)(data, others, chance)
    return data


def _at(data: bytes, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def _stretch(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = _at(data, chance)
    return start, start + chance.choice((1, 2, 4, 16, 100, 512, 4096))


def _cut(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + data[end:]


def _cut_off(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    at = _at(data, chance)
    return data[:at] if chance.random() < 0.8 else data[at:]


def _flip(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    hurt = bytearray(data)
    for _time in range(chance.choice((1, 1, 4, 32))):
        if hurt:
            at = chance.randrange(len(hurt))
            hurt[at] ^= 1 << chance.randrange(8)
    return bytes(hurt)


def _set(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """Write a telling byte, or several, over what is there: lengths and offsets of binary files."""
    at, wide = _at(data, chance), chance.choice((1, 2, 4, 8))
    value = chance.choice((b"\0", b"\xff", b"\x7f", b"\x80", b"\x01"))
    return data[:at] + value * wide + data[at + wide :]


def _insert(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    at = _at(data, chance)
    return data[:at] + chance.randbytes(chance.choice((1, 3, 20))) + data[at:]


def _invalid(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    at = _at(data, chance)
    return data[:at] + chance.choice(_INVALID) * chance.choice((1, 1, 3)) + data[at:]


def _nul(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    if chance.random() < 0.5:
        return data[:start] + b"\0" * (end - start) + data[start:]
    return data[:start] + b"\0" * len(data[start:end]) + data[end:]


def _duplicate(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 1, 2, 50)) + data[end:]


def _splice(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    other = chance.choice(others) if others else data
    start, end = _stretch(other, chance)
    at = _at(data, chance)
    return data[:at] + other[start : end if chance.random() < 0.7 else None] + data[at:]


def _swap(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def _number(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    return _replaced(data, _NUMBER, chance.choice(_NUMBERS), chance)


def _value(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    return _replaced(data, re.compile(rb'"[^"\n]*"(?! *:)|\d+'), chance.choice(_VALUES), chance)


def _long(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    filler = chance.choice((b"a", b" ", b"\n", b'\\"', b"<b", b"&", b",", b"[", b"] ", b": ", b"1"))
    text = filler * chance.choice((300, 5_000, 70_000, 200_000))
    if chance.random() < 0.5:
        at = _at(data, chance)
        return data[:at] + text + data[at:]
    return _replaced(data, _TEXT, text, chance)


def _nest(data: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    opening, closing = chance.choice(_NESTS)
    deep = chance.choice((2, 70, 300, 2_000, 30_000))
    start, end = _stretch(data, chance)
    tail = closing * deep if chance.random() < 0.7 else b""
    return data[:start] + opening * deep + data[start:end] + tail + data[end:]


def _swap_text(data: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    found = _TEXT.findall(chance.choice(others) if others else data)
    return _replaced(data, _TEXT, chance.choice(found) if found else b"", chance)


def _replaced(data: bytes, what: re.Pattern[bytes], by: bytes, chance: random.Random) -> bytes:
    """Put bytes in the place of one occurrence."""
    from_ = _at(data, chance)
    found = what.search(data, from_) or what.search(data)
    if found is None:
        return data[:from_] + by + data[from_:]
    return data[: found.start()] + by + data[found.end() :]


_Deed = Callable[[bytes, Sequence[bytes], random.Random], bytes]
_DEEDS: tuple[_Deed, ...] = (
    *(_cut, _cut_off, _flip, _set, _insert, _invalid, _nul, _duplicate, _splice, _swap),
    *(_number, _number, _value, _long, _nest, _swap_text),
)
