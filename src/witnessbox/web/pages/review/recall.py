"""How much was found and when to stop; drawing samples, and the certificate to take away."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from witnessbox.reports import bundle, recall
from witnessbox.reports.stopping import advice
from witnessbox.review import samples
from witnessbox.review.coding import ReviewError
from witnessbox.screening.material import Material, Purpose
from witnessbox.screening.outlook import outlook
from witnessbox.web.shell import SignedIn, Visit

router = APIRouter()


class SampleForm(BaseModel):
    """What the form that draws a sample sends."""

    purpose: Purpose = Purpose.SEALED
    size: int = Field(ge=1, le=10_000_000)


@router.get("/review/recall")
def state(visit: SignedIn) -> HTMLResponse:
    """Show what was found, what may be left and what the stopping rules say."""
    return _page(visit)


@router.post("/review/recall/samples")
def draw(visit: SignedIn, form: Annotated[SampleForm, Form()]) -> Response:
    """Draw a sample and note it in the ledger."""
    operation = visit.operation
    try:
        made = samples.draw(
            operation.folder,
            operation.ledger,
            samples.Asked(form.purpose, form.size, target=operation.recall_target),
            visit.session.actor,
            visit.workbench.clock(),
        )
    except ReviewError as error:
        return _page(visit, str(error), status=409)
    return visit.go("/review/recall", f"Drawn: {len(made.messages):,} of {made.population:,}.")


@router.get("/review/recall/certificate.pdf")
def pdf(visit: SignedIn) -> Response:
    """Hand out the certificate as it stands."""
    made, _ = _issue(visit)
    return _download(recall.pdf(made), "application/pdf", "recall-certificate.pdf")


@router.get("/review/recall/certificate.zip")
def bundle_file(visit: SignedIn) -> Response:
    """Hand out the certificate with all that its figures are made from."""
    packed = bundle.pack(recall.packed(*_issue(visit)))
    return _download(packed, "application/zip", "recall-certificate.zip")


def _issue(visit: Visit) -> tuple[recall.Issued, Material]:
    operation = visit.operation
    name, target = operation.opening.name, operation.recall_target
    return recall.issue(operation.folder, operation.ledger, name, target)


def _page(visit: Visit, refusal: str = "", status: int = 200) -> HTMLResponse:
    operation = visit.operation
    present = samples.material(operation.folder, operation.ledger, operation.recall_target)
    now = outlook(present)
    return visit.page(
        "review/recall.html",
        status=status,
        now=now,
        figures=now.figures,
        advice=list(advice(now)),
        purposes=list(Purpose),
        drawings=recall.drawings(present),
        refusal=refusal,
    )


def _download(data: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=media_type, headers=headers)
