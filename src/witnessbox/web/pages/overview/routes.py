"""The operation at a glance, and one exhibit in detail."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from witnessbox.web.shell import SignedIn

router = APIRouter()


@router.get("/")
def overview(visit: SignedIn) -> HTMLResponse:
    """Show what came in, how far it has been read, and what is due."""
    return visit.page("overview/overview.html")
