"""Everybody under every name, one person, and one link with the form that decides on it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from witnessbox.reconcile import reading, record
from witnessbox.reconcile.decision import Identity, Verdict
from witnessbox.reconcile.reading import ShownCopy, ShownLink, ShownPerson
from witnessbox.reconcile.record import DecisionError, Word
from witnessbox.web.pages.people.forms import DecideForm, SameForm, UndoForm
from witnessbox.web.pages.people.view import Entered, Queue, cards
from witnessbox.web.shell import MissingPageError, SignedIn, Visit

router = APIRouter()

PAGE_PEOPLE = 50
_DUE = "It counts once the copies are laid over one another again: 'witnessbox run'."


@dataclass(frozen=True, slots=True)
class Known:
    """Who is who as the tables have it, and what people decided since."""

    copies: dict[str, ShownCopy]
    people: list[ShownPerson]
    links: list[ShownLink]
    standing: dict[str, Word]

    @property
    def queue(self) -> Queue:
        """Give the links that wait for somebody's word."""
        return Queue(tuple(one.link for one in self.links if one.open))

    def person(self, person: str) -> ShownPerson:
        """Find a person.  Raises MissingPageError."""
        for one in self.people:
            if one.person == person:
                return one
        raise MissingPageError(
            "There is no such person; the copies may have been laid over one another anew since "
            "the link was made. Choose one from the list of people."
        )


@router.get("/people")
def people(visit: SignedIn, start: int = 0) -> HTMLResponse:
    """Show everybody under every name, what is proposed and what was decided."""
    known = _known(visit)
    everybody = cards(known.people, known.links)
    first = min(max(start, 0), max(len(everybody) - 1, 0))
    last = min(first + PAGE_PEOPLE, len(everybody))
    return visit.page(
        "people/people.html",
        cards=everybody[first:last],
        total=len(everybody),
        names=sum(len(one.names) for one in known.people),
        first=first,
        last=last,
        earlier=max(first - PAGE_PEOPLE, 0) if first else None,
        later=last if last < len(everybody) else None,
        links=known.links,
        decided=_decided(known, record.known(visit.operation.folder)),
        least=visit.operation.join_weight,
    )


@router.get("/people/{person}")
def person_page(visit: SignedIn, person: str) -> HTMLResponse:
    """Show one person: every name in every copy, and what joined them."""
    known = _known(visit)
    (card,) = cards([known.person(person)], known.links)
    made = {one.link for one in card.links}
    beside = [
        one
        for one in known.links
        if person in {one.first.person, one.second.person} and one.link not in made
    ]
    others = sorted(known.people, key=lambda one: (one.label.casefold(), one.person))
    return visit.page("people/person.html", card=card, beside=beside, others=others)


@router.post("/people/{person}/same")
def same(visit: SignedIn, person: str, form: Annotated[SameForm, Form()]) -> RedirectResponse:
    """Decide that two persons are one, by the names most is written under."""
    known, operation = _known(visit), visit.operation
    first, second = known.person(person).names[0], known.person(form.other).names[0]
    decision = Identity(first.key, second.key, verdict=Verdict.SAME)
    have, at = record.known(operation.folder), visit.workbench.clock()
    record.decide(operation.ledger, have, decision, visit.session.actor, at, form.reason)
    return visit.go("/people", f"Entered: {reading.in_words(decision, known.copies)}. {_DUE}")


@router.get("/people/links/{link}")
def link_page(visit: SignedIn, link: str, entered: str = "") -> HTMLResponse:
    """Show one link with both persons; ``entered`` is what was decided before it."""
    return _page(visit, _known(visit), link, entered=entered)


@router.post("/people/links/{link}")
def decide(visit: SignedIn, link: str, form: Annotated[DecideForm, Form()]) -> Response:
    """Enter a decision in the ledger and go on to the next link that waits for one."""
    known = _known(visit)
    shown = _find(known, link)
    decision = Identity(shown.first.key, shown.second.key, verdict=Verdict(form.word))
    operation, actor, at = visit.operation, visit.session.actor, visit.workbench.clock()
    have = record.known(operation.folder)
    try:
        record.decide(operation.ledger, have, decision, actor, at, form.reason)
    except DecisionError as error:
        return _page(visit, known, link, refusal=str(error), reason=form.reason, status=422)
    upcoming = known.queue.after(link)
    if upcoming is None or upcoming == link:
        return visit.go("/people", f"Entered: {reading.in_words(decision, known.copies)}. {_DUE}")
    return visit.go(f"/people/links/{upcoming}?entered={decision.id}")


@router.post("/people/decisions/{decision}/undo")
def undo(visit: SignedIn, decision: str, form: Annotated[UndoForm, Form()]) -> RedirectResponse:
    """Undo a decision, as an entry of its own."""
    ledger = visit.operation.ledger
    word = record.standing(ledger).get(decision)
    if word is None:
        raise MissingPageError("That decision does not stand (any more); look at the list again.")
    record.undo(ledger, word, visit.session.actor, visit.workbench.clock(), form.reason)
    back = f"/people/links/{form.link}" if form.link else "/people"
    return visit.go(back, f"Undone; the ledger keeps both entries. {_DUE}")


def _known(visit: Visit) -> Known:
    tables = visit.operation.tables
    standing = record.standing(visit.operation.ledger)
    everybody = reading.people(tables)
    links = reading.links(tables, everybody, standing)
    return Known(reading.copies(tables), everybody, links, standing)


def _decided(known: Known, have: record.Known) -> list[Entered]:
    """Give every decision that stands, the latest first."""
    shown = {one.link for one in known.links}
    return [
        Entered(
            word,
            reading.in_words(word.decision, known.copies),
            ident in shown,
            have.lacks(word.decision),
        )
        for ident, word in reversed(known.standing.items())
    ]


def _find(known: Known, link: str) -> ShownLink:
    found = next((one for one in known.links if one.link == link), None)
    if found is None:
        raise MissingPageError(
            "There is no such link; the copies may have been laid over one another anew since. "
            "Choose one from the list of people."
        )
    return found


def _page(  # noqa: PLR0913 - the link, and what came of the form before
    visit: Visit,
    known: Known,
    link: str,
    *,
    entered: str = "",
    refusal: str = "",
    reason: str = "",
    status: int = 200,
) -> HTMLResponse:
    shown, queue = _find(known, link), known.queue
    word = known.standing.get(entered)
    return visit.page(
        "people/link.html",
        status=status,
        link=shown,
        persons=[known.person(one.person) for one in (shown.first, shown.second)],
        back=queue.before(link),
        skip=queue.after(link),
        waiting=len(queue.links),
        entered=None if word is None else (word, reading.in_words(word.decision, known.copies)),
        refusal=refusal,
        reason=reason,
        least=visit.operation.join_weight,
    )
