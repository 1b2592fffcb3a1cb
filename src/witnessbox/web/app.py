"""The wiring of the workbench: which pages there are and what stands before them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from witnessbox.errors import WitnessboxError
from witnessbox.operation.model import Operation
from witnessbox.review.standby import Standby
from witnessbox.web.guard import Guard
from witnessbox.web.pages.cases import routes as cases
from witnessbox.web.pages.conversations import routes as conversations
from witnessbox.web.pages.ledger import routes as ledger
from witnessbox.web.pages.overview import routes as overview
from witnessbox.web.pages.people import routes as people
from witnessbox.web.pages.report import routes as report
from witnessbox.web.pages.review import recall
from witnessbox.web.pages.review import routes as review
from witnessbox.web.pages.search import routes as search
from witnessbox.web.pages.sign_in import routes as sign_in
from witnessbox.web.pages.why import routes as why
from witnessbox.web.session import COOKIE, Sessions
from witnessbox.web.shell import (
    ForeignFormError,
    MissingPageError,
    StrangerError,
    Visit,
    Workbench,
    own_form,
    signed_in,
    templates_for,
    workbench_of,
)

STATIC = Path(__file__).parent / "static"
GUARDED = (
    overview.router,
    conversations.router,
    why.router,
    people.router,
    search.router,
    recall.router,  # before the batches, which would take its address for a number
    review.router,
    cases.router,
    report.router,
    ledger.router,
    sign_in.session_router,
)
"""Every family but the way in: signed-in people only, and each form with its session's token."""


def now() -> datetime:
    """Read the clock; tests pass one of their own."""
    return datetime.now(UTC)


def create_app(
    operation: Operation, *, sessions: Sessions, clock: Callable[[], datetime] = now
) -> FastAPI:
    """Make the workbench of one operation; whoever holds a living session may use all of it."""
    standby = Standby(operation.folder, operation.ledger)

    @asynccontextmanager
    async def learning(_: FastAPI) -> AsyncIterator[None]:
        standby.open()
        try:
            yield
        finally:
            standby.close()

    app = FastAPI(
        title="Witnessbox", docs_url=None, redoc_url=None, openapi_url=None, lifespan=learning
    )
    templates = templates_for(operation.zone)
    app.state.workbench = Workbench(operation, sessions, clock, templates, standby)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(sign_in.router)
    for router in GUARDED:
        app.include_router(router, dependencies=[Depends(signed_in), Depends(own_form)])
    app.add_exception_handler(WitnessboxError, _refused)
    app.add_exception_handler(RequestValidationError, _refused)
    app.add_exception_handler(HTTPException, _refused)
    app.add_middleware(Guard)
    return app


def _refused(request: Request, error: Exception) -> HTMLResponse:
    """Show what was refused and what to do next; to a stranger, only how to sign in."""
    workbench = workbench_of(request)
    session = workbench.sessions.find(request.cookies.get(COOKIE), workbench.clock())
    if session is None:
        page = workbench.templates.get_template("sign_in/stranger.html").render()
        return HTMLResponse(page, status_code=HTTPStatus.UNAUTHORIZED)
    status, title, what = _in_words(error)
    visit = Visit(request, workbench, session)
    return visit.page("shell/refused.html", status=status, title=title, what=what)


def _in_words(error: Exception) -> tuple[int, str, str]:
    match error:
        case MissingPageError():
            return 404, "Not found", str(error)
        case ForeignFormError():
            return 403, "Nothing was changed", str(error)
        case WitnessboxError() if not isinstance(error, StrangerError):
            return 409, "This could not be done", str(error)
        case RequestValidationError():
            return 422, "The address or form is not complete", _fields(error)
        case HTTPException(status_code=404):
            return 404, "Not found", "There is no such page; choose one from the menu."
        case _:
            return 400, "This could not be done", "Go back and try again from the menu."


def _fields(error: RequestValidationError) -> str:
    names = ", ".join(sorted({str(one["loc"][-1]) for one in error.errors()}))
    return f"Look at: {names}. Go back, correct it and send it again; nothing was changed."
