"""Where the review stands, in plain sentences for a terminal or the workbench.  Pure."""

from collections.abc import Iterator

from witnessbox.screening.certificate import Certificate
from witnessbox.screening.material import Material
from witnessbox.screening.outlook import Outlook, outlook


def lines(material: Material) -> list[str]:
    """Say what was found, what may be left, what each rule says, and what to do next."""
    now = outlook(material)
    return [*_found(now), *_rules(now.figures), "", *advice(now)]


def _found(now: Outlook) -> Iterator[str]:
    figures = now.figures
    yield (
        f"read        {figures.read:,} of {figures.population:,} messages, "
        f"{figures.relevant:,} relevant; target {down(figures.target)}"
    )
    if now.forecast_left is not None:
        yield f"forecast    about {now.forecast_left:,.0f} are left (no promise)"
    if figures.recall_at_least is not None:
        yield f"bound       {promise(figures)}"
    if figures.process_recall_at_least is not None:
        yield f"            with readers' misses, at least {down(figures.process_recall_at_least)}"


def promise(figures: Certificate) -> str:
    """Say what the figures promise."""
    if figures.recall_at_least is None or figures.left_at_most is None:
        return "no sealed sample has been read whole, so nothing is promised of recall"
    return (
        f"recall is at least {down(figures.recall_at_least)}; at most "
        f"{figures.left_at_most:,} are left (confidence {1 - figures.error:.0%})"
    )


def _rules(figures: Certificate) -> Iterator[str]:
    for one in figures.bounds:
        said = "stop" if one.reached else "read on"
        if not one.fits:
            said = "nothing: the messages are not those it was drawn from; draw again"
        elif not one.complete:
            said = f"read its sample first: {one.read:,} of {one.drawn:,}"
        elif one.allowed is None and one.target is not None:
            said = f"nothing: it was drawn for a target of {down(one.target)}; draw again"
        yield f"sealed {one.number}    {said} ({one.unreached:,} of its relevant not reached)"
    if figures.control is not None:
        control = figures.control
        if control.needed is None:
            said = "nothing: the sample is not read, or holds too few relevant messages"
        else:
            said = "stop" if control.reached >= control.needed else "read on"
        yield f"quantile    {said} ({control.reached:,} of {control.relevant:,} reached)"
    said = "stop" if figures.sequential_chance < figures.error else "read on"
    yield f"sequential  {said} (chance {figures.sequential_chance:.3f})"


def advice(now: Outlook) -> Iterator[str]:
    """Say what to do next."""
    figures, waits = now.figures, now.open_sample
    if waits is not None:
        yield f"Read the sealed sample: {waits.drawn - waits.read:,} messages of it wait."
    elif figures.target_reached:
        yield f"The target, {down(figures.target)}, is reached: make the certificate."
        if figures.missed is None:
            yield "Draw a second reading first, so that it tells what readers miss."
    elif any(one.allowed is not None for one in figures.bounds):
        yield "Read on in order; the sealed sample says when the target is reached."
    elif now.planned is None:
        yield "Read on: too little was found to plan a sample."
    elif now.too_early:
        yield "Read on: it is too early for a sealed sample."
    else:
        yield f"Draw a sealed sample of about {now.planned.drawn:,} messages, and read on."


def down(share: float) -> str:
    """Write a share as a percentage that never rounds up, so that no promise grows."""
    return f"{int(share * 1000 + 1e-4) / 10:g}%"
