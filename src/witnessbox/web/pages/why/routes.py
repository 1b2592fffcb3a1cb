"""Why a message or a discrepancy came out as it did, and copies side by side."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from witnessbox.intake.record import first_receipts, receipts
from witnessbox.reconcile.grounds import MEANING, OVERVIEW
from witnessbox.reconcile.why import explaining
from witnessbox.reconcile.why.model import Asked, Sort, WhyError
from witnessbox.reconcile.why.reading import Bounds, differing
from witnessbox.reconcile.why.words import added_ms, clock, milliseconds
from witnessbox.web import reading
from witnessbox.web.pages.why.view import Beside, address, before, behind, chosen, columns
from witnessbox.web.shell import MissingPageError, SignedIn, Visit

router = APIRouter()

PAGE_LINES = 60
_ABOVE = 10  # lines above one that is pointed out
_AROUND = 5  # lines on either side of a discrepancy

Show = Annotated[list[int] | None, Query()]
"""The numbers of the copies that are shown; all where none is named."""


@router.get("/conversations/{conversation}/copies")
def copies(
    visit: SignedIn, conversation: str, start: int = 0, mark: str = "", show: Show = None
) -> HTMLResponse:
    """Show a stretch of a conversation with what each copy has beside each message."""
    shown = reading.named(visit.operation.tables, conversation)
    first = min(max(start, 0), max(shown.messages - 1, 0))
    last = min(first + PAGE_LINES, shown.messages)
    asked = frozenset(show or ())
    beside = _beside(visit, shown, (first, last), asked, mark)
    places = differing(visit.operation.tables, shown.id)
    earlier, later = before(places, first), behind(places, last)
    return visit.page(
        "why/copies.html",
        conversation=shown,
        beside=beside,
        first=first,
        last=last,
        earlier=address(shown.id, first - PAGE_LINES, asked) if first else None,
        later=address(shown.id, last, asked) if last < shown.messages else None,
        differing=len(places),
        previous_flag=None
        if earlier is None
        else address(shown.id, earlier - PAGE_LINES + _ABOVE, asked, earlier),
        next_flag=None if later is None else address(shown.id, later - _ABOVE, asked, later),
    )


@router.get("/conversations/{conversation}/messages/{message}/copies")
def copies_around(visit: SignedIn, conversation: str, message: str) -> RedirectResponse:
    """Go to a message with its copies side by side: the stable address for links."""
    position = reading.place(visit.operation.tables, conversation, message)
    start = max(position - _ABOVE, 0)
    return visit.go(
        f"/conversations/{conversation}/copies?start={start}&mark={message}#m{position}"
    )


@router.get("/conversations/{conversation}/messages/{message}/why")
def why_message(visit: SignedIn, conversation: str, message: str) -> HTMLResponse:
    """Show, step by step, how one message came out of its copies."""
    shown = reading.named(visit.operation.tables, conversation)
    with _missing():
        told = explaining.of_message(visit.operation.tables, Asked(Sort.MESSAGE, message, shown.id))
    return visit.page(
        "why/message.html",
        conversation=shown,
        told=told,
        clocks={
            one.sight.span: clock(one.piece, added_ms(one.piece, milliseconds(one.sight.sent_at)))
            for one in told.sightings
            if one.piece is not None and one.sight.sent_at is not None
        },
        by_id={copy.id: copy for copy in shown.copies},
        references=_references(visit),
    )


@router.get("/conversations/{conversation}/discrepancies/{discrepancy}")
def why_discrepancy(visit: SignedIn, conversation: str, discrepancy: str) -> HTMLResponse:
    """Show what stands behind one discrepancy, with the copies around it side by side."""
    shown = reading.named(visit.operation.tables, conversation)
    asked = Asked(Sort.DISCREPANCY, discrepancy, shown.id)
    with _missing():
        told = explaining.of_discrepancy(visit.operation.tables, asked)
    position = told.told.position
    bounds = max(position - _AROUND, 0), min(position + _AROUND + 1, shown.messages)
    return visit.page(
        "why/discrepancy.html",
        conversation=shown,
        told=told,
        overview=OVERVIEW[told.told.kind],
        meaning=MEANING[told.told.strength],
        by_id={copy.id: copy for copy in shown.copies},
        beside=_beside(visit, shown, bounds, (), told.message.id, first=told.copy.id),
        references=_references(visit),
    )


@contextmanager
def _missing() -> Iterator[None]:
    """Say of what is not in the tables that there is no such page."""
    try:
        yield
    except WhyError as error:
        words = str(error)
        raise MissingPageError(f"{words[0].upper()}{words[1:]}.") from error


def _beside(
    visit: Visit,
    shown: reading.Conversation,
    bounds: Bounds,
    asked: Collection[int],
    mark: str,
    *,
    first: str = "",
) -> Beside:
    """Lay the copies that were asked for beside a stretch; ``first`` is one not to leave out."""
    wanted = [copy.id for copy in chosen(shown.copies, asked)]
    lines = explaining.side_by_side(visit.operation.tables, shown.id, bounds, wanted)
    return Beside(shown.id, columns(shown.copies, asked, lines, first), lines, mark)


def _references(visit: Visit) -> dict[str, str]:
    received = first_receipts(receipts(visit.operation.ledger))
    return {exhibit: one.reference for exhibit, one in received.items()}
