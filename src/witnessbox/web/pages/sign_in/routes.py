"""The way in: a one-time link, looked at first and used up by a form.

The link is only looked at when it is opened, since browsers fetch addresses ahead of their users;
pressing the button uses it up.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from witnessbox.web.session import COOKIE
from witnessbox.web.shell import SignedIn, StrangerError, workbench_of

router = APIRouter()
session_router = APIRouter()


@router.get("/sign-in")
def sign_in(request: Request, invitation: str = "") -> HTMLResponse:
    """Show whom the link is for and the button that uses it up."""
    workbench = workbench_of(request)
    actor = workbench.sessions.invited(invitation)
    if actor is None:
        raise StrangerError("The link was used already or is not one of this workbench.")
    page = workbench.templates.get_template("sign_in/sign_in.html").render(
        actor=actor, invitation=invitation
    )
    return HTMLResponse(page)


@router.post("/sign-in")
def accept(request: Request, invitation: Annotated[str, Form()] = "") -> Response:
    """Open the session and hand its cookie to the browser."""
    workbench = workbench_of(request)
    session = workbench.sessions.accept(invitation, workbench.clock())
    if session is None:
        raise StrangerError("The link was used already or is not one of this workbench.")
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(
        COOKIE, workbench.sessions.cookie(session), httponly=True, samesite="strict", path="/"
    )
    return answer


@session_router.post("/sign-out")
def sign_out(visit: SignedIn) -> HTMLResponse:
    """End the session on this side; the cookie that remains opens nothing."""
    visit.workbench.sessions.close(visit.session)
    page = visit.workbench.templates.get_template("sign_in/stranger.html").render()
    answer = HTMLResponse(page)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


@session_router.post("/preferences")
def prefer(
    visit: SignedIn,
    here: Annotated[str, Form()] = "/",
    masked: Annotated[bool | None, Form()] = None,
    keys: Annotated[bool | None, Form()] = None,
) -> RedirectResponse:
    """Remember whether to mask text and whether single keys act; go back to the same page."""
    chosen = visit.session.preferences
    if masked is not None:
        chosen = replace(chosen, masked=masked)
    if keys is not None:
        chosen = replace(chosen, keys=keys)
    visit.workbench.sessions.prefer(visit.session, chosen)
    # Only a path of this workbench: "//elsewhere" and "/\elsewhere" would leave it.
    inside = here.startswith("/") and here[1:2] not in {"/", "\\"}
    return visit.go(here if inside else "/")
