"""What was released, a preview of what would be, and the release itself."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from witnessbox.errors import WitnessboxError
from witnessbox.reports import bundle
from witnessbox.reports.gather import Edition
from witnessbox.reports.publish import Press, preview, publish
from witnessbox.reports.record import Release
from witnessbox.web.guard import REPORT_POLICY
from witnessbox.web.pages.report import reading
from witnessbox.web.pages.report.forms import PublishForm, UnconfirmedError
from witnessbox.web.shell import MissingPageError, SignedIn, Visit

router = APIRouter()

_FRAMED = {"Content-Security-Policy": REPORT_POLICY, "X-Frame-Options": "SAMEORIGIN"}


@router.get("/report")
def report(visit: SignedIn) -> HTMLResponse:
    """Show the latest release, the ones before it, and the form for the next."""
    return _page(visit, PublishForm())


@router.post("/report")
def release(visit: SignedIn, form: Annotated[PublishForm, Form()]) -> Response:
    """Release the report as it stands; a quotation that does not hold stops it."""
    operation = visit.operation
    try:
        form.check()
        published = publish(
            operation.folder,
            operation.ledger,
            _edition(visit, form.subtitle.strip()),
            actor=visit.session.actor,
            at=visit.workbench.clock(),
            reason=form.reason.strip(),
            press=Press(limits=operation.limits),
        )
    except UnconfirmedError as error:
        return _page(visit, form, error, status=422)
    except WitnessboxError as error:
        return _page(visit, form, error, status=409)
    made = published.release
    return visit.go(
        "/report", f"Released as {made.name}, with {made.quotations} verified quotations."
    )


@router.get("/report/preview")
def preview_page(visit: SignedIn) -> HTMLResponse:
    """Show the report as it would be released now, its quotations not yet verified."""
    operation = visit.operation
    page = preview(operation.folder, operation.ledger, _edition(visit, PublishForm().subtitle))
    return HTMLResponse(page, headers=_FRAMED)


@router.get("/report/{release}/page")
def page(visit: SignedIn, release: str) -> HTMLResponse:
    """Show a released report as it was released."""
    data = reading.file_of(visit.operation.folder, _release(visit, release), bundle.PAGE)
    return HTMLResponse(data, headers=_FRAMED)


@router.get("/report/{release}/pdf")
def pdf(visit: SignedIn, release: str) -> Response:
    """Hand out a released report as PDF."""
    found = _release(visit, release)
    data = reading.file_of(visit.operation.folder, found, bundle.PDF)
    return _download(data, "application/pdf", f"report-{found.name}.pdf")


@router.get("/report/{release}/bundle")
def bundle_file(visit: SignedIn, release: str) -> Response:
    """Hand out a release with all that is needed to check it."""
    found = _release(visit, release)
    data = reading.bundle_of(visit.operation.folder, found)
    return _download(data, "application/zip", f"bundle-{found.name}.zip")


def _page(
    visit: Visit, form: PublishForm, error: WitnessboxError | None = None, status: int = 200
) -> HTMLResponse:
    releases = reading.released(visit.operation.ledger)
    return visit.page(
        "report/report.html",
        status=status,
        releases=releases,
        latest=releases[0] if releases else None,
        form=form,
        refusal="" if error is None else str(error),
    )


def _edition(visit: Visit, subtitle: str) -> Edition:
    opening = visit.operation.opening
    return Edition(opening.name, opening.zone, subtitle)


def _release(visit: Visit, name: str) -> Release:
    """Look a release up in the ledger, so that an address never names a path of its own."""
    for one in reading.released(visit.operation.ledger):
        if one.release.name == name:
            return one.release
    raise MissingPageError("Nothing was released under that name; choose from the list.")


def _download(data: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=media_type, headers=headers)
