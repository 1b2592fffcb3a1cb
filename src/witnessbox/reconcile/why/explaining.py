"""Explanations of an operation's tables: what is asked about in, what is told of it out."""

from collections.abc import Sequence

from witnessbox.evidence.tables import Tables
from witnessbox.reconcile.why import beside, message, person, reading
from witnessbox.reconcile.why.model import (
    Asked,
    DiscrepancyWhy,
    Line,
    Message,
    MessageWhy,
    PersonWhy,
    Run,
    WhyError,
)
from witnessbox.reconcile.why.reading import Bounds

_GONE = "it is no longer in the tables; run 'witnessbox run' and look for it again"


def of_message(tables: Tables, asked: Asked) -> MessageWhy:
    """Tell how a message came out of its copies.  Raises WhyError where it is gone."""
    conversation, position = _place(tables, asked)
    bounds = (position, position + 1)
    (found,) = _messages(tables, conversation, bounds)
    sights = reading.sights(tables, conversation, bounds)
    return message.explain(
        message.Material(
            message=found,
            copies=reading.copies(tables).get(conversation, ()),
            sights=sights,
            written=reading.written(tables, [sight.span for sight in sights]),
            clocks=reading.clocks(tables, conversation),
            windows=reading.windows(tables, conversation),
            told=reading.told(tables, conversation, bounds),
        )
    )


def of_discrepancy(tables: Tables, asked: Asked) -> DiscrepancyWhy:
    """Tell what stands behind a discrepancy.  Raises WhyError where it is gone."""
    conversation = asked.conversation or ""
    found = reading.told_by(tables, conversation, "discrepancy", [asked.id])
    copies = reading.copies(tables).get(conversation, ())
    if not found or all(copy.id != found[0].copy for copy in copies):
        raise WhyError(f"there is no discrepancy {asked.id}: {_GONE}")
    (told,) = found
    (about,) = _messages(tables, conversation, (told.position, told.position + 1))
    return DiscrepancyWhy(
        told=told,
        message=about,
        copy=next(copy for copy in copies if copy.id == told.copy),
        copies=copies,
        run=_run(tables, conversation, told.run),
    )


def _run(tables: Tables, conversation: str, run: str | None) -> Run | None:
    if run is None:
        return None
    places = reading.positions_of_run(tables, conversation, run)
    ends = [
        _messages(tables, conversation, (place, place + 1))[0] for place in (places[0], places[-1])
    ]
    return Run(len(places), *ends)


def of_person(tables: Tables, asked: Asked) -> PersonWhy:
    """Tell under which names a person is known.  Raises WhyError where nobody has the id."""
    names = reading.names_of(tables, [asked.id])
    if not names:
        raise WhyError(f"there is no person {asked.id}: {_GONE}")
    links = reading.links_of(tables, asked.id)
    ends = {one for link in links for one in (link.first_person, link.second_person) if one}
    return person.explain(
        person.Material(
            names=names,
            links=links,
            labels={row.person: row.label for row in reading.names_of(tables, sorted(ends))},
            copies={
                copy.id: (copy, conversation)
                for conversation, copies in reading.copies(tables).items()
                for copy in copies
            },
            titles=reading.titles(tables),
        )
    )


def side_by_side(
    tables: Tables, conversation: str, bounds: Bounds, shown: Sequence[str] | None = None
) -> tuple[Line, ...]:
    """Lay copies (all, or those that are named) beside one another over a stretch.

    Discrepancies come without what stands behind them, which nobody reads in so small a place.
    """
    sights = reading.sights(tables, conversation, bounds)
    copies = reading.copies(tables).get(conversation, ())
    differing = [sight.span for sight in sights if not sight.same_text]
    return beside.lay(
        beside.Stretch(
            messages=_messages(tables, conversation, bounds),
            copies=tuple(copy for copy in copies if shown is None or copy.id in shown),
            sights=sights,
            written=reading.written(tables, differing),
            clocks=reading.clocks(tables, conversation),
            windows=reading.windows(tables, conversation),
            told=reading.flags(tables, conversation, bounds),
        )
    )


def _place(tables: Tables, asked: Asked) -> tuple[str, int]:
    conversation = asked.conversation or ""
    position = reading.position_of(tables, conversation, asked.id)
    if position is None:
        raise WhyError(f"there is no message {asked.id}: {_GONE}")
    return conversation, position


def _messages(tables: Tables, conversation: str, bounds: Bounds) -> tuple[Message, ...]:
    title = reading.titles(tables).get(conversation, "untitled")
    return reading.messages(tables, conversation, bounds, title)
