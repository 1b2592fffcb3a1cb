"""The case file and its numbers; entered by file or command, shown here."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from witnessbox.cases.record import state
from witnessbox.cases.statistics import statistics
from witnessbox.evidence.model import Span
from witnessbox.review.places import messages_of
from witnessbox.web import reading
from witnessbox.web.pages.cases.view import cited, loose, people, strands
from witnessbox.web.shell import MissingPageError, SignedIn

router = APIRouter()


@router.get("/cases")
def cases(visit: SignedIn) -> HTMLResponse:
    """Show investigations, people, outcomes and recommendations, with the sums checked."""
    case_file = state(visit.operation.ledger)
    return visit.page(
        "cases/cases.html",
        case_file=case_file,
        empty=not case_file.records(),
        numbers=statistics(case_file),
        strands=strands(case_file),
        loose=loose(case_file),
        people=people(case_file),
        cited=lambda idents: cited(case_file, tuple(idents)),
    )


@router.get("/cases/messages/{exhibit}/{start}-{end}")
def supporting(visit: SignedIn, exhibit: str, start: int, end: int) -> RedirectResponse:
    """Go to the message an allegation rests on, wherever its bytes are in a conversation now."""
    if not 0 <= start <= end:
        raise MissingPageError("Those bytes run backwards; follow the link from the case again.")
    tables = visit.operation.tables
    found = messages_of(visit.operation.folder, [Span(exhibit, start, end)])
    message = found.get((exhibit, start))
    conversation = None if message is None else reading.conversation_of(tables, message)
    if message is None or conversation is None:
        raise MissingPageError(
            f"No message begins at byte {start} of exhibit {exhibit[:12]}… in the conversations as "
            "they are laid out now; run 'witnessbox run' and try again."
        )
    return visit.go(f"/conversations/{conversation}/messages/{message}")
