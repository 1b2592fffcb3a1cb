"""The ledger's entries, newest first, and the check of the whole chain."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from witnessbox.web.pages.ledger.view import line
from witnessbox.web.shell import SignedIn

router = APIRouter()

PAGE_ENTRIES = 50


@router.get("/ledger")
def entries(visit: SignedIn, before: int | None = None) -> HTMLResponse:
    """Show a page of entries, newest first; ``before`` is the position above the first shown."""
    ledger = visit.operation.ledger
    head = ledger.head()
    end = head.length if before is None else min(max(before, 0), head.length)
    first = max(end - PAGE_ENTRIES, 0)
    shown = [line(entry) for entry in ledger.entries(since=first) if entry.position < end]
    return visit.page(
        "ledger/entries.html",
        lines=shown[::-1],
        head=head,
        newer=min(end + PAGE_ENTRIES, head.length) if end < head.length else None,
        older=first or None,
    )


@router.get("/ledger/check")
def check(visit: SignedIn) -> HTMLResponse:
    """Check every entry and every link of the ledger, and say what does not hold."""
    ledger = visit.operation.ledger
    return visit.page("ledger/check.html", breaches=ledger.breaches(), head=ledger.head())
