"""``witnessbox serve``: the workbench in a browser."""

from datetime import timedelta

from witnessbox.cli.common import Directory, say, settings
from witnessbox.operation.model import Operation, open_operation


def serve(directory: Directory, /, *, port: int | None = None) -> int:
    """Serve the workbench on 127.0.0.1 until interrupted.

    Parameters
    ----------
    port
        Where to listen; the next free port is taken where it is in use.
    """
    serve_operation(open_operation(directory), port)
    return 0


def serve_operation(operation: Operation, port: int | None) -> None:
    """Serve until interrupted, which is how one leaves."""
    # Loaded where it is served: whoever serves nothing would wait seconds for it.
    from witnessbox.web import serve as workbench  # noqa: PLC0415

    chosen = settings()

    def address(link: str) -> None:
        say("The workbench is open. This link signs in one browser, once:")
        say(f"  {link}")
        say("Press Ctrl-C to close it.")

    try:
        workbench.serve(
            operation,
            actor=chosen.actor,
            port=port or chosen.port,
            idle=timedelta(minutes=chosen.idle_minutes),
            say=address,
        )
    except KeyboardInterrupt:
        say("closed")
