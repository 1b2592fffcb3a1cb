"""The operation at a glance, and one exhibit in detail."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse

from witnessbox.evidence import schema
from witnessbox.intake import settling
from witnessbox.intake.explained import explained
from witnessbox.intake.record import receipts
from witnessbox.operation.model import PROFILES
from witnessbox.operation.steps import due
from witnessbox.review.rounds import last_cold
from witnessbox.screening.coverage import languages
from witnessbox.web.attached import of_exhibit
from witnessbox.web.pages.overview import reading
from witnessbox.web.pages.overview.forms import SettleForm
from witnessbox.web.pages.overview.view import custody, doubt_groups, sums
from witnessbox.web.shell import MissingPageError, SignedIn

router = APIRouter()

PAGE_PROBLEMS = 200
PAGE_TRACES = 200


@router.get("/")
def overview(visit: SignedIn) -> HTMLResponse:
    """Show what came in, how far it has been read, and what is due."""
    operation = visit.operation
    exhibits = explained(operation.folder, operation.ledger)
    progress = visit.workbench.standby.progress(visit.session.actor.id)
    queue = progress.total(last_cold(operation.folder))
    head = operation.ledger.head()
    return visit.page(
        "overview/overview.html",
        exhibits=exhibits,
        sums=sums(exhibits),
        custody=custody(exhibits),
        archives={one.container for one in exhibits if one.container},
        conversations=operation.tables.rows(schema.CONVERSATIONS),
        distinct=operation.tables.rows(schema.CANONICAL_MESSAGES),
        steps=due(operation),
        unread=queue.remaining,
        anyone=queue.read_by_anyone,
        ranked=queue.messages,
        unlearned=[one for one in languages(operation.tables) if not one.has_model],
        head=head,
        acknowledged=operation.ledger.noted_head() == head,
        profile=PROFILES.get(operation.opening.profile, operation.opening.profile),
    )


@router.get("/exhibits/{exhibit}")
def exhibit_page(visit: SignedIn, exhibit: str, start: int = 0) -> HTMLResponse:
    """Show one exhibit: how it was received, what was read out of it, and every problem."""
    operation = visit.operation
    every = receipts(operation.ledger)
    received = [one for one in every if one.exhibit == exhibit]
    shown = next(
        (one for one in explained(operation.folder, operation.ledger) if one.exhibit == exhibit),
        None,
    )
    if shown is None:
        raise MissingPageError(
            "No exhibit with that hash was received; choose one from the overview."
        )
    found = reading.problems(operation.tables, exhibit)
    traces = reading.traces(operation.tables, exhibit)
    first = min(max(start, 0), max(len(found) - 1, 0))
    return visit.page(
        "overview/exhibit.html",
        exhibit=shown,
        receipts=received,
        references={one.exhibit: one.reference for one in every[::-1]},
        attached=of_exhibit(operation.tables, exhibit),
        conversations=reading.parts(operation.tables, exhibit),
        doubts=doubt_groups(settling.doubts(operation.folder, received)),
        settled=settling.settled(operation.ledger).get(exhibit, ()),
        problems=found[first : first + PAGE_PROBLEMS],
        total=len(found),
        traces=traces[:PAGE_TRACES],
        all_traces=len(traces),
        first=first,
        earlier=max(first - PAGE_PROBLEMS, 0) if first else None,
        later=first + PAGE_PROBLEMS if first + PAGE_PROBLEMS < len(found) else None,
    )


@router.post("/exhibits/{exhibit}/doubts")
def settle(visit: SignedIn, exhibit: str, form: Annotated[SettleForm, Form()]) -> RedirectResponse:
    """Settle doubts about one exhibit; the bulk steps read it again."""
    ledger = visit.operation.ledger
    received = [one for one in receipts(ledger) if one.exhibit == exhibit]
    known = settling.doubts(visit.operation.folder, received)
    made = settling.record(
        ledger, known, form.asked(exhibit), visit.session.actor, visit.workbench.clock()
    )
    return visit.go(
        f"/exhibits/{exhibit}#doubts",
        f"Settled as {made[0].decision}. The exhibit is due to be read again: 'witnessbox run'.",
    )
