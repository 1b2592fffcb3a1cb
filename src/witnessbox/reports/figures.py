"""The report's charts: drawn as SVG, the same bytes for the same numbers.

Each is drawn without a browser by Altair and vl-convert, with our own fonts, so that a label takes
the same room on every machine.  Colours are Okabe and Ito's, told apart by colour-blind readers and
on white and black alike; letters and lines take the page's colour.  A chart's numbers go with it as
a table, and its message as a sentence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from witnessbox.reports.glyphs import FONTS, coverage
from witnessbox.reports.model import CopyRow, Figure, Finding, Tally

if TYPE_CHECKING:
    import altair as alt

_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#8C8C8C")
_MOST_SERIES = len(_COLOURS)
_PAGE_COLOUR = "currentColor"
_WIDTH = 400
_ROW_HEIGHT = 26
_MOST_TICKS = 6
_FONT = "Noto Sans"


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many messages a conversation holds in a month (``2017-03``)."""

    conversation: str
    month: str
    count: int


@dataclass(frozen=True, slots=True)
class _Bars:
    """Stacked horizontal bars: which rows in which order, which parts, and the numbers."""

    rows: tuple[str, ...]
    parts: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]  # one tuple a row, one number a part
    axis: str


@cache
def _drawable() -> frozenset[int]:
    return coverage([FONTS / "NotoSans-Regular.ttf"])


def label(text: str, otherwise: str) -> str:
    """Give a label a chart can draw, without its emoji.

    One with letters that cannot be drawn is replaced; the table beside the chart has it in full.
    """
    lost = {one for one in text if ord(one) not in _drawable()}
    if any(one.isalnum() for one in lost):
        return otherwise
    return " ".join("".join(one for one in text if one not in lost).split())


def months(counts: Sequence[MonthCount]) -> Figure | None:
    """Draw messages per month, by conversation; None where there are none."""
    if not counts:
        return None
    names = _largest([(one.conversation, one.count) for one in counts])
    merged: dict[tuple[str, str], int] = {}
    for one in counts:
        name = one.conversation if one.conversation in names else "others"
        merged[name, one.month] = merged.get((name, one.month), 0) + one.count
    order = [*names, *(["others"] if any(name == "others" for name, _ in merged) else [])]
    rows = [
        {"conversation": name, "month": f"{month}-01", "count": merged[name, month]}
        for name, month in sorted(merged)
    ]
    spans = sorted({month for _, month in merged})
    busiest = max(spans, key=lambda month: sum(merged.get((name, month), 0) for name in order))
    return Figure(
        id="months",
        title="Messages per month, by conversation",
        alternative=(
            f"Stacked bars from {spans[0]} to {spans[-1]}; the busiest month is {busiest} with "
            f"{sum(merged.get((name, busiest), 0) for name in order):,} messages."
        ),
        svg=_svg("months", _month_chart(rows, order)),
        columns=("Month", *order),
        rows=tuple(
            (month, *(f"{merged.get((name, month), 0):,}" for name in order)) for month in spans
        ),
    )


def _largest(counts: Sequence[tuple[str, int]]) -> list[str]:
    totals: dict[str, int] = {}
    for name, count in counts:
        totals[name] = totals.get(name, 0) + count
    ordered = sorted(totals, key=lambda name: (-totals[name], name))
    return ordered if len(ordered) <= _MOST_SERIES else ordered[: _MOST_SERIES - 1]


def _month_chart(rows: list[dict[str, Any]], order: list[str]) -> "alt.Chart":
    import altair as alt  # noqa: PLC0415 - 1.5 s, only where a chart is drawn

    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            x=alt.X(
                "month:T",
                timeUnit="utcyearmonth",
                title=None,
                axis=alt.Axis(format="%b %Y", labelSeparation=12),
            ),
            y=alt.Y("count:Q", title="messages", axis=_counts(max(one["count"] for one in rows))),
            color=_colour("conversation", order),
            order=alt.Order("conversation:N"),
        )
        .properties(width=_WIDTH + 120, height=220)
    )
    return chart


def _counts(most: int) -> "alt.Axis":
    """Mark whole numbers only: half a person is nobody."""
    import altair as alt  # noqa: PLC0415 - 1.5 s, only where a chart is drawn

    return alt.Axis(format=",d", tickCount=max(1, min(most, _MOST_TICKS)))


def _colour(field: str, order: Sequence[str]) -> "alt.Color":
    import altair as alt  # noqa: PLC0415 - 1.5 s, only where a chart is drawn

    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=list(order), range=list(_COLOURS[: len(order)])),
        legend=alt.Legend(orient="bottom", title=None, columns=3, labelLimit=220)
        if len(order) > 1
        else None,
    )


def categories(findings: Sequence[Finding]) -> Figure | None:
    """Draw coded messages by category, those called banter apart; None where there are none."""
    found = sorted(findings, key=lambda one: (-one.messages, one.title))
    if not found:
        return None
    bars = _Bars(
        rows=tuple(one.title for one in found),
        parts=("no such defence", "“banter” offered as a defence"),
        values=tuple((one.messages - one.banter, one.banter) for one in found),
        axis="messages coded relevant",
    )
    return _stacked(
        "categories",
        "Messages coded relevant, by category",
        f"Bars by category; the most are {found[0].messages:,} under {found[0].title}. A message "
        "may count under more than one category.",
        bars,
    )


def copies(rows: Sequence[CopyRow]) -> Figure | None:
    """Draw what each copy holds and lacks; None where nothing can be held against another."""
    if not any(row.missing or row.placeholders for row in rows):
        return None
    worst = max(rows, key=lambda row: (row.missing, row.label))
    bars = _Bars(
        rows=tuple(label(row.label, f"copy {number}") for number, row in enumerate(rows, 1)),
        parts=("held", "placeholder only", "missing within its window"),
        values=tuple((row.messages - row.placeholders, row.placeholders, row.missing)
                     for row in rows),
        axis="messages",
    )  # fmt: skip
    return _stacked(
        "copies",
        "What each phone's copy holds and lacks",
        f"Bars by copy; the one that lacks most is {worst.label} with {worst.missing:,} missing.",
        bars,
    )


def outcomes(tallies: Sequence[Tally]) -> Figure | None:
    """Draw what became of the people under investigation; None where nothing is recorded."""
    if not tallies:
        return None
    bars = _Bars(
        rows=tuple(one.label for one in tallies),
        parts=("people",),
        values=tuple((one.count,) for one in tallies),
        axis="people",
    )
    words = ", ".join(f"{one.label} {one.count}" for one in tallies)
    return _stacked("outcomes", "Outcomes, people", f"Bars by outcome: {words}.", bars)


def _stacked(name: str, title: str, alternative: str, bars: _Bars) -> Figure:
    several = len(bars.parts) > 1
    return Figure(
        id=name,
        title=title,
        alternative=alternative,
        svg=_svg(name, _bar_chart(bars)),
        columns=("", *bars.parts, *(["all"] if several else [])),
        rows=tuple(
            (row, *(f"{one:,}" for one in numbers), *([f"{sum(numbers):,}"] if several else []))
            for row, numbers in zip(bars.rows, bars.values, strict=True)
        ),
    )


def _bar_chart(bars: _Bars) -> "alt.Chart":
    import altair as alt  # noqa: PLC0415 - 1.5 s, only where a chart is drawn

    values = [
        {"row": row, "part": part, "rank": rank, "count": count}
        for row, numbers in zip(bars.rows, bars.values, strict=True)
        for rank, (part, count) in enumerate(zip(bars.parts, numbers, strict=True))
    ]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            x=alt.X("count:Q", title=bars.axis, axis=_counts(max(map(sum, bars.values)))),
            y=alt.Y(
                "row:N",
                sort=list(bars.rows),
                title=None,
                axis=alt.Axis(labelLimit=230),
                scale=alt.Scale(paddingInner=0.3, paddingOuter=0.1),
            ),
            color=_colour("part", bars.parts),
            order=alt.Order("rank:Q"),
        )
        .properties(width=_WIDTH, height=alt.Step(_ROW_HEIGHT))
    )
    return chart


def _svg(name: str, chart: "alt.Chart") -> str:
    import vl_convert  # noqa: PLC0415 - starts a script engine, only where a chart is drawn

    vl_convert.register_font_directory(str(FONTS))
    spec = chart.configure(
        font=_FONT, background="transparent", padding={"left": 2, "right": 8, "top": 6, "bottom": 2}
    ).to_dict()
    spec["config"].update(_style())
    drawn = str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    return re.sub(r'(id="|url\(#)(?=[A-Za-z])', rf"\g<1>{name}-", drawn)


def _style() -> dict[str, Any]:
    words = {"labelColor": _PAGE_COLOUR, "titleColor": _PAGE_COLOUR, "labelFontSize": 12}
    return {
        "view": {"stroke": None},
        "axis": {
            **words,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": _PAGE_COLOUR,
            "gridOpacity": 0.15,
            "domainColor": _PAGE_COLOUR,
            "domainOpacity": 0.4,
            "tickColor": _PAGE_COLOUR,
            "tickOpacity": 0.4,
        },
        "axisY": {"ticks": False},
        "legend": {**words, "symbolType": "square", "columnPadding": 26},
    }
