"""What stands before every page: whose address was asked for, how big the request is, headers out.

Rules kept here, for every response, errors and static files included:

- A request for another host name is refused, so that a page elsewhere cannot reach the workbench by
  pointing its own name at this machine (DNS rebinding).
- A form sent from another origin is refused before it is read.
- Nothing is run, drawn or styled that does not come from here, and nothing may frame a page; only
  the report, which carries its own styles, has a policy of its own (``REPORT_POLICY``).
"""

import logging
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
REQUEST_LIMIT_BYTES = 1 << 20

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "form-action 'none'; frame-ancestors 'self'; base-uri 'none'; sandbox"
)

_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}

_log = logging.getLogger(__name__)


class Guard:
    """The outermost layer of the workbench."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = LOCAL_HOSTS) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here; either way with the headers above."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        if refusal is not None:
            await refusal(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, receive, send_guarded)
        except Exception:  # noqa: BLE001 - the border: whatever fails, headers go out
            _log.exception("a page failed")
            if not started:
                await _FAILED(scope, receive, send_guarded)

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        if _host_of(f"//{headers.get('host', '')}") not in self._hosts:
            return PlainTextResponse(
                "Refused: the workbench answers only to the address that 'witnessbox serve' "
                "printed. Open that address.\n",
                status_code=421,
            )
        if method in {"GET", "HEAD"}:
            return None
        if _from_elsewhere(headers):
            return PlainTextResponse(
                "Refused: this form was sent from another site. Nothing was changed.\n",
                status_code=403,
            )
        size = headers.get("content-length", "")
        if not size.isdigit() or int(size) > REQUEST_LIMIT_BYTES:
            return PlainTextResponse(
                "Refused: the form is larger than the workbench takes. Nothing was changed; "
                "shorten it and send it again.\n",
                status_code=413,
            )
        return None


def _from_elsewhere(headers: Headers) -> bool:
    # Under a no-referrer policy a browser sends "Origin: null" even with our own forms; who sent
    # them is then told by Sec-Fetch-Site alone, and by the token inside the form.
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = headers.get("origin", "null")
    return origin != "null" and urlsplit(origin).netloc != headers.get("host")


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


_FAILED = PlainTextResponse(
    "The page could not be made because of a fault in Witnessbox. The evidence and the ledger are "
    "as they were. The terminal that runs 'witnessbox serve' says more; go back and try again.\n",
    status_code=500,
)
