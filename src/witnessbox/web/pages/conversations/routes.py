"""The list of conversations, the reader, and one message with every copy of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from witnessbox.evidence.model import Span
from witnessbox.intake.record import receipts
from witnessbox.media.reading import not_come
from witnessbox.reconcile.why.model import Copy, Sight
from witnessbox.reconcile.why.reading import sights
from witnessbox.review.codebook import shipped
from witnessbox.web import reading, told
from witnessbox.web.attached import of_message
from witnessbox.web.bubbles import Bubble
from witnessbox.web.shell import SignedIn, Visit

router = APIRouter()

PAGE_MESSAGES = 100
_CONTEXT_MESSAGES = 4
_RAW_LIMIT_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Evidence:
    """One copy's sighting beside the very bytes it was read from."""

    copy: Copy | None
    sight: Sight
    raw: str
    cut_bytes: int


@router.get("/conversations")
def conversations(visit: SignedIn) -> HTMLResponse:
    """List the conversations with the copies that hold them."""
    return visit.page(
        "conversations/list.html", conversations=reading.conversations(visit.operation.tables)
    )


@router.get("/conversations/{conversation}")
def reader(visit: SignedIn, conversation: str, start: int = 0, mark: str = "") -> HTMLResponse:
    """Show a stretch of a conversation from a position on; ``mark`` points one message out."""
    shown = reading.named(visit.operation.tables, conversation)
    first = min(max(start, 0), max(shown.messages - 1, 0))
    drawn = _bubbles(visit, shown, first, PAGE_MESSAGES)
    return visit.page(
        "conversations/reader.html",
        conversation=shown,
        bubbles=drawn,
        beside=_beside(visit, shown, drawn),
        first=first,
        last=first + len(drawn),
        earlier=max(first - PAGE_MESSAGES, 0) if first else None,
        later=first + PAGE_MESSAGES if first + PAGE_MESSAGES < shown.messages else None,
        mark=mark,
    )


@router.get("/conversations/{conversation}/day")
def jump(visit: SignedIn, conversation: str, on: date) -> RedirectResponse:
    """Go to the first message on or after a day."""
    shown = reading.named(visit.operation.tables, conversation)
    zone = visit.operation.zone
    position = reading.position_at(visit.operation.tables, shown.id, on, zone)
    return visit.go(f"/conversations/{shown.id}?start={position}")


@router.get("/conversations/{conversation}/messages/{message}/context")
def context(visit: SignedIn, conversation: str, message: str) -> RedirectResponse:
    """Go to a message in its conversation: the stable address for links and citations."""
    position = reading.place(visit.operation.tables, conversation, message)
    start = max(position - PAGE_MESSAGES // 4, 0)
    return visit.go(f"/conversations/{conversation}?start={start}&mark={message}#m{position}")


@router.get("/conversations/{conversation}/messages/{message}")
def message_page(visit: SignedIn, conversation: str, message: str) -> HTMLResponse:
    """Show one message: every copy's sighting beside the bytes in the vault."""
    shown = reading.named(visit.operation.tables, conversation)
    position = reading.place(visit.operation.tables, conversation, message)
    first = max(position - _CONTEXT_MESSAGES, 0)
    count = position - first + 1 + _CONTEXT_MESSAGES
    around = _bubbles(visit, shown, first, count)
    evidence = _evidence(visit, shown, position)
    return visit.page(
        "conversations/message.html",
        conversation=shown,
        bubble=around[position - first],
        around=around,
        beside=_beside(visit, shown, around),
        history=told.history(visit.operation.tables, shown.id, position, shown.copies),
        evidence=evidence,
        attached=of_message(visit.operation.tables, message, around[position - first].row.sent_at),
        not_come=not_come(visit.operation.tables, [one.sight.span for one in evidence]),
        references={one.exhibit: one.reference for one in receipts(visit.operation.ledger)[::-1]},
        codings=visit.workbench.standby.standing().of(message),
        book=shipped(),
        mark=message,
    )


def _bubbles(visit: Visit, shown: reading.Conversation, first: int, count: int) -> list[Bubble]:
    return reading.stretch(visit.operation.tables, shown, first, count, visit.operation.zone)


def _beside(
    visit: Visit, shown: reading.Conversation, drawn: Sequence[Bubble]
) -> Mapping[str, told.Beside]:
    if not drawn:
        return {}
    bounds = drawn[0].row.position, drawn[-1].row.position + 1
    return told.beside(visit.operation.tables, shown.id, bounds)


def _evidence(visit: Visit, shown: reading.Conversation, position: int) -> Sequence[Evidence]:
    by_id = {copy.id: copy for copy in shown.copies}
    found = []
    for sight in sights(visit.operation.tables, shown.id, (position, position + 1)):
        span = sight.span
        end = min(span.end, span.start + _RAW_LIMIT_BYTES)
        raw = visit.operation.vault.read(Span(span.exhibit, span.start, end))
        found.append(
            Evidence(
                by_id.get(sight.copy), sight, raw.decode(errors="backslashreplace"), span.end - end
            )
        )
    return sorted(found, key=lambda one: one.copy.number if one.copy else 0)
