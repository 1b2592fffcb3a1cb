"""Serving the workbench on this machine alone."""

import socket
from collections.abc import Callable
from datetime import timedelta

import uvicorn

from witnessbox.errors import WitnessboxError
from witnessbox.ledger.model import Actor
from witnessbox.operation.model import Operation
from witnessbox.web.app import create_app
from witnessbox.web.session import IDLE_LIMIT, Sessions

ADDRESS = "127.0.0.1"
FIRST_PORT = 8700
_PORTS_TRIED = 100


class ServeError(WitnessboxError):
    """The workbench cannot listen where it was asked to."""


def serve(
    operation: Operation,
    *,
    actor: Actor,
    port: int = FIRST_PORT,
    idle: timedelta = IDLE_LIMIT,
    say: Callable[[str], None],
) -> None:
    """Serve until interrupted; say the sign-in address once the port is ours.

    The first free port from ``port`` on is taken.  Raises ServeError where none of a hundred is.
    """
    sessions = Sessions(idle)
    app = create_app(operation, sessions=sessions)
    with listen(port) as listener:
        say(sign_in_address(listener.getsockname()[1], sessions.invite(actor)))
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        uvicorn.Server(config).run(sockets=[listener])


def sign_in_address(port: int, secret: str) -> str:
    """Write the address that signs one person in, once."""
    return f"http://{ADDRESS}:{port}/sign-in?invitation={secret}"


def listen(port: int, tries: int = _PORTS_TRIED) -> socket.socket:
    """Take the first free port from this one on, on the loopback address only."""
    for candidate in range(port, min(port + tries, 65536)):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, candidate))
            # Two may be bound to one port as long as neither listens.
            listener.listen()
        except OSError:
            listener.close()
            continue
        return listener
    raise ServeError(
        f"no port from {port} on is free on {ADDRESS}; close another workbench or pass --port"
    )
