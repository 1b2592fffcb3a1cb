"""What every page shares: the operation behind it, who is reading, and how a page is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined

from witnessbox.errors import WitnessboxError
from witnessbox.operation.model import Operation
from witnessbox.reconcile.why.words import odds, off_by
from witnessbox.review.standby import Standby
from witnessbox.screening.model import DECIDES_NOTHING
from witnessbox.web import display
from witnessbox.web.session import COOKIE, Session, Sessions

FAMILIES = (
    "sign_in",
    "overview",
    "conversations",
    "why",
    "people",
    "search",
    "review",
    "cases",
    "report",
    "ledger",
)


class StrangerError(WitnessboxError):
    """Somebody without a living session asked for a page."""


class ForeignFormError(WitnessboxError):
    """A form came without its session's token; nothing was changed."""


class MissingPageError(WitnessboxError):
    """What a link names is not there (any more)."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """One operation as pages show it."""

    operation: Operation
    sessions: Sessions
    clock: Callable[[], datetime]
    templates: Environment
    standby: Standby  # keeps the next batch ready

    @property
    def display(self) -> display.Display:
        """Write times in the operation's zone."""
        return display.Display(self.operation.zone)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in person."""

    request: Request
    workbench: Workbench
    session: Session

    @property
    def operation(self) -> Operation:
        """Name the operation the pages are about."""
        return self.workbench.operation

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Draw a page from its template (``family/name.html``) and what it shows."""
        notice = self.workbench.sessions.notice(self.session)
        html = self.workbench.templates.get_template(template).render(
            operation=self.operation,
            session=self.session,
            path=self.request.url.path,
            here=_address(self.request),
            notice=notice,
            **values,
        )
        return HTMLResponse(html, status_code=status)

    def go(self, address: str, notice: str = "") -> RedirectResponse:
        """Send the browser on after a form, with a sentence about what was done."""
        if notice:
            self.workbench.sessions.tell(self.session, notice)
        return RedirectResponse(address, status_code=303)


@cache
def templates_for(zone: ZoneInfo) -> Environment:
    """Make the template engine: everything escaped, an unknown name is an error, times local."""
    families = {
        family: PackageLoader("witnessbox.web.pages", f"{family}/templates") for family in FAMILIES
    }
    environment = Environment(
        loader=PrefixLoader({"shell": PackageLoader("witnessbox.web"), **families}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["scores_say"] = DECIDES_NOTHING
    local = display.Display(zone)
    environment.filters |= {
        "day": local.day,
        "date": local.date,
        "day_value": local.day_value,
        "clock": local.clock,
        "moment": local.moment,
        "iso": local.iso,
        "number": display.number,
        "size": display.size,
        "counted": display.counted,
        "share": display.share,
        "short": display.short,
        "hue": display.hue,
        "initials": display.initials,
        "odds": odds,
        "off_by": off_by,
    }
    return environment


def workbench_of(request: Request) -> Workbench:
    """Give the workbench a request came to."""
    workbench = request.app.state.workbench
    if not isinstance(workbench, Workbench):
        raise TypeError("the application carries no workbench; make it with create_app")
    return workbench


def signed_in(request: Request) -> Visit:
    """Let only living sessions through.  Raises StrangerError."""
    workbench = workbench_of(request)
    session = workbench.sessions.find(request.cookies.get(COOKIE), workbench.clock())
    if session is None:
        raise StrangerError("Sign in with the link that 'witnessbox serve' printed.")
    return Visit(request, workbench, session)


SignedIn = Annotated[Visit, Depends(signed_in)]


async def own_form(request: Request, visit: SignedIn) -> None:
    """Let only forms of this session's own pages through.  Raises ForeignFormError."""
    if request.method in {"GET", "HEAD"}:
        return
    token = (await request.form()).get("token")
    if not isinstance(token, str) or not visit.session.owns(token):
        raise ForeignFormError(
            "The form did not come from a page of this session, so nothing was changed; "
            "open the page again and repeat it."
        )


def _address(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
