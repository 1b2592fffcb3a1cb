"""How text exports look: the layouts and the app's own words, read from ``data/layouts.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Layout:
    """How one phone writes date and time, and in which language it writes notices."""

    name: str
    family: str  # android, ios
    locale: str
    pattern: str
    order: str  # dmy, mdy, ymd
    clock: int  # 12 or 24
    halves: tuple[str, str]


@cache
def _data() -> tuple[dict[str, Layout], dict[str, dict[str, str]]]:
    folder = files("witnessbox.example") / "data"
    read = tomllib.loads((folder / "layouts.toml").read_text(encoding="utf-8"))
    layouts = {
        name: Layout(
            name,
            entry["family"],
            entry["locale"],
            entry["stamp"],
            entry["order"],
            entry["clock"],
            tuple(entry.get("halves", ("AM", "PM"))),
        )
        for name, entry in read["layout"].items()
    }
    return layouts, read["wording"]


def layout(name: str) -> Layout:
    """Give a layout by its name."""
    return _data()[0][name]


def wording(locale: str) -> Mapping[str, str]:
    """Give the app's own words in a language."""
    return _data()[1][locale]


def stamp(form: Layout, when: datetime) -> str:
    """Write a moment as a layout does."""
    return form.pattern.format(
        d=when.day,
        m=when.month,
        y=when.year % 100,
        Y=when.year,
        H=when.hour,
        h=when.hour % 12 or 12,
        M=when.minute,
        S=when.second,
        p=form.halves[when.hour >= 12],
    )
