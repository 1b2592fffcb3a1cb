"""The list of batches, and one message of a batch with the form that codes it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from witnessbox.review import record
from witnessbox.review.codebook import shipped
from witnessbox.review.coding import Coding, ReviewError, Standing
from witnessbox.review.rounds import batch_rows, last_cold
from witnessbox.screening import lexicons
from witnessbox.screening.context import banter_said
from witnessbox.screening.lexicon import Lexicon
from witnessbox.screening.lexicon_file import LexiconError
from witnessbox.web import reading
from witnessbox.web.bubbles import Bubble, Row
from witnessbox.web.pages.review.forms import CodingForm, filled, in_words
from witnessbox.web.pages.review.scored import meanings, unlearned
from witnessbox.web.pages.review.view import SEVERITY_KEYS, Batch, Place, groups
from witnessbox.web.shell import MissingPageError, SignedIn, Visit

router = APIRouter()

PAGE_BATCHES = 40
SAMPLES = 0
"""The number under which drawn messages lie on the desk; batches count from 1."""

_BEFORE, _AFTER = 8, 6


@dataclass(frozen=True, slots=True)
class Desk:
    """One message on a reviewer's desk: its batch, where it stands there, and what stands of it."""

    batch: Batch
    index: int
    standing: Standing

    @property
    def place(self) -> Place:
        """Give the message's place."""
        return self.batch.places[self.index]


@router.get("/review")
def queue(visit: SignedIn, start: int | None = None) -> HTMLResponse:
    """List the batches and how far each has been read, from the first that waits by default."""
    progress = visit.workbench.standby.progress(visit.session.actor.id)
    screened = last_cold(visit.operation.folder)
    waits, count = progress.first_waiting(screened), progress.batches
    first = (waits or 0) if start is None else min(max(start, 0), max(count - 1, 0))
    last = min(first + PAGE_BATCHES, count)
    total = progress.total(screened)
    return visit.page(
        "review/batches.html",
        batches=count,
        total=total,
        shown=progress.part(first, last),
        upcoming=None if waits is None else progress.part(waits, waits + 1)[0],
        first=first,
        last=last,
        earlier=max(first - PAGE_BATCHES, 0) if first else None,
        later=last if last < count else None,
        drawn=sum(not one.read for one in _samples(visit).places),
        screened=screened,
        learns=total.read_by_anyone > 0,
    )


@router.post("/review/next")
def next_batch(visit: SignedIn) -> RedirectResponse:
    """Give out the batch that the learner has ready, and begin to read it."""
    made = visit.workbench.standby.give_out(visit.session.actor, visit.workbench.clock())
    return visit.go(f"/review/{made.batch}")


@router.get("/review/{batch}")
def begin(visit: SignedIn, batch: int) -> Response:
    """Go to the first message of a batch that this reviewer has not read."""
    shown = _batch(visit, batch, _standing(visit))
    upcoming = shown.next_unread()
    if upcoming is None:
        return visit.page("review/done.html", batch=shown)
    return visit.go(_address(batch, upcoming))


@router.get("/review/{batch}/messages/{message}")
def read(visit: SignedIn, batch: int, message: str, saved: str = "") -> HTMLResponse:
    """Show one message in its conversation; ``saved`` is the message that was coded before it."""
    desk = _desk(visit, batch, message)
    own = desk.standing.word(message, visit.session.actor.id)
    before = desk.standing.word(saved, visit.session.actor.id) if saved else None
    return _page(visit, desk, filled(own), before=before)


@router.post("/review/{batch}/messages/{message}")
def code(
    visit: SignedIn, batch: int, message: str, form: Annotated[CodingForm, Form()]
) -> Response:
    """Enter a coding in the ledger and go on to the next unread message of the batch."""
    desk = _desk(visit, batch, message)
    row = _row(visit, desk.place)
    actor = visit.session.actor
    try:
        coding = form.coding(message, row.span, actor.id)
        record.code(visit.operation.ledger, coding, actor, visit.workbench.clock())
        visit.workbench.standby.nudge()
    except ReviewError as error:
        return _page(visit, desk, form, refusal=str(error), status=422)
    upcoming = desk.batch.next_unread(desk.index)
    if upcoming is None or upcoming.message == message:
        return visit.go(f"/review/{batch}", f"Saved: {in_words(coding, shipped())}.")
    return visit.go(_address(batch, upcoming, saved=message))


@router.post("/review/{batch}/messages/{message}/withdraw")
def withdraw(
    visit: SignedIn, batch: int, message: str, reason: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Take the reviewer's own coding back, as an entry of its own, and show the message again."""
    desk = _desk(visit, batch, message)
    own = desk.standing.word(message, visit.session.actor.id)
    if own is None:
        return visit.go(_address(batch, desk.place), "There was no coding of yours to withdraw.")
    record.withdraw(
        visit.operation.ledger,
        own,
        visit.session.actor,
        visit.workbench.clock(),
        reason.strip() or "undone by the reviewer",
    )
    return visit.go(_address(batch, desk.place), "Withdrawn; the ledger keeps both entries.")


def _address(batch: int, place: Place, saved: str = "") -> str:
    after = f"?saved={saved}" if saved else ""
    return f"/review/{batch}/messages/{place.message}{after}#m{place.position}"


def _standing(visit: Visit) -> Standing:
    return visit.workbench.standby.standing()


def _batch(visit: Visit, number: int, standing: Standing) -> Batch:
    if number == SAMPLES:
        return _samples(visit)
    rows = batch_rows(visit.operation.folder, visit.operation.ledger, number).to_pylist()
    if not rows:
        raise MissingPageError(
            f"There is no batch {number}; batches are made anew when messages are screened. "
            "Choose one from the list."
        )
    reader = visit.session.actor.id
    return Batch(
        number,
        tuple(
            Place(
                one["message"],
                one["conversation"],
                one["position"],
                standing.word(one["message"], reader) is not None,
                tuple(one.get("reasons") or ()),
            )
            for one in rows
        ),
    )


def _samples(visit: Visit) -> Batch:
    """Put what was drawn on the desk like a batch, so that nothing tells why it is there."""
    waits = visit.workbench.standby.served(visit.session.actor.id)
    return Batch(
        SAMPLES,
        tuple(Place(one.message, one.conversation, one.position, one.read) for one in waits),
    )


def _desk(visit: Visit, number: int, message: str) -> Desk:
    standing = _standing(visit)
    batch = _batch(visit, number, standing)
    index = batch.index(message)
    if index is None:
        raise MissingPageError(
            f"That message is not in batch {number} (any more); open the batch from the list."
        )
    return Desk(batch, index, standing)


def _row(visit: Visit, place: Place) -> Row:
    found = reading.rows(visit.operation.tables, place.conversation, place.position, 1)
    if not found or found[0].message != place.message:
        raise MissingPageError(
            "The batches are older than the conversations; run 'witnessbox run' and open the "
            "batch again."
        )
    return found[0]


def _lexicon(visit: Visit) -> Lexicon:
    """Give the operation's lexicon; where it cannot be read, reading goes on with the shipped."""
    try:
        return lexicons.of(visit.operation.folder, visit.operation.lexicons)
    except LexiconError:  # the next run, and 'witnessbox review lexicon', say what is wrong
        return lexicons.shipped()


def _around(visit: Visit, place: Place) -> tuple[reading.Conversation, list[Bubble]]:
    """Give a message's conversation, and what stands around the message in it."""
    tables = visit.operation.tables
    conversation = reading.find(tables, place.conversation)
    if conversation is None:
        raise MissingPageError("Its conversation is gone; run 'witnessbox run' and try again.")
    first = max(place.position - _BEFORE, 0)
    count = place.position - first + 1 + _AFTER
    return conversation, reading.stretch(tables, conversation, first, count, visit.operation.zone)


def _page(
    visit: Visit,
    desk: Desk,
    form: CodingForm,
    *,
    before: Coding | None = None,
    refusal: str = "",
    status: int = 200,
) -> HTMLResponse:
    place, book = desk.place, shipped()
    row = _row(visit, place)
    conversation, around = _around(visit, place)
    scores = reading.scores(visit.operation.tables, conversation.id, row.message)
    return visit.page(
        "review/message.html",
        status=status,
        batch=desk.batch,
        index=desk.index,
        row=row,
        conversation=conversation,
        around=around,
        blind=desk.batch.number == SAMPLES,
        context=desk.place.context,
        banter=banter_said([one.row.text for one in around if one.row.position > place.position]),
        suggestions=visit.workbench.standby.suggestions(row.message),
        in_words=in_words,
        scores=scores,
        language=unlearned(scores),
        meanings=meanings(scores, _lexicon(visit)),
        words=[(one, in_words(one, book)) for one in desk.standing.of(row.message)],
        book=book,
        groups=groups(book),
        severity_keys=SEVERITY_KEYS,
        form=form,
        refusal=refusal,
        before=None if before is None else (before, in_words(before, book)),
        back=desk.batch.beside(desk.index, -1),
        skip=desk.batch.beside(desk.index, 1),
    )
