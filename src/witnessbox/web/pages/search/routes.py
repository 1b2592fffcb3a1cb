"""The search page."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from witnessbox.errors import WitnessboxError
from witnessbox.evidence import schema
from witnessbox.evidence.tables import Tables
from witnessbox.intake.record import receipts
from witnessbox.search.model import Hits, Order, QueryError, SearchError
from witnessbox.search.query import search
from witnessbox.web.pages.search.forms import PAGE_HITS, SearchForm
from witnessbox.web.pages.search.view import pieces
from witnessbox.web.shell import SignedIn, Visit

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter."""

    value: str
    name: str


@router.get("/search")
def search_page(visit: SignedIn, form: Annotated[SearchForm, Query()]) -> HTMLResponse:
    """Find messages; without a question, show what can be asked."""
    if not form.asked:
        return _page(visit, form, None)
    try:
        hits = search(visit.operation.folder, form.query(visit.operation.opening.zone))
    except (QueryError, SearchError) as error:
        return _page(visit, form, None, error)
    return _page(visit, form, hits)


def _page(
    visit: Visit, form: SearchForm, hits: Hits | None, error: WitnessboxError | None = None
) -> HTMLResponse:
    tables = visit.operation.tables
    first = max(form.start, 0)
    last = first + (len(hits.hits) if hits else 0)
    return visit.page(
        "search/search.html",
        status=200 if error is None else 422,
        form=form,
        hits=hits,
        refusal="" if error is None else str(error),
        people=_people(tables),
        conversations=_conversations(tables),
        orders=[Option(one.value, one.value) for one in Order],
        pieces=pieces,
        references=_references(visit) if hits and any(hit.machine for hit in hits.hits) else {},
        first=first,
        last=last,
        earlier=form.address(max(first - PAGE_HITS, 0)) if first else None,
        later=form.address(last) if hits and last < hits.total and hits.hits else None,
    )


def _references(visit: Visit) -> dict[str, str]:
    return {one.exhibit: one.reference for one in receipts(visit.operation.ledger)[::-1]}


def _people(tables: Tables) -> list[Option]:
    """List people by the name to show; one person is one choice, however many names they have."""
    rows = tables.read(schema.PEOPLE, columns=["person", "label"]).to_pylist()
    labels = {row["person"]: row["label"] or "unknown" for row in rows}
    return sorted(
        (Option(person, label) for person, label in labels.items()),
        key=lambda one: (one.name.casefold(), one.value),
    )


def _conversations(tables: Tables) -> list[Option]:
    rows = tables.read(schema.CONVERSATIONS, columns=["conversation", "title"]).to_pylist()
    return sorted(
        (Option(row["conversation"], row["title"] or "untitled") for row in rows),
        key=lambda one: (one.name.casefold(), one.value),
    )
