import socket
import threading
from datetime import timedelta
from pathlib import Path
from queue import Queue

import httpx
import pytest
import uvicorn

from tests.people import ANA
from tests.web import built
from witnessbox.web import serve
from witnessbox.web.session import Sessions


def test_the_next_free_port_is_taken_and_only_on_this_machine() -> None:
    with serve.listen(8700) as first:
        port = first.getsockname()[1]
        with serve.listen(port) as second:
            assert second.getsockname()[0] == "127.0.0.1"
            assert second.getsockname()[1] > port


def test_no_free_port_is_said_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(serve.ServeError, match="no port from"):
            serve.listen(taken.getsockname()[1], tries=1)


def test_the_address_that_is_said_signs_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    servers: Queue[uvicorn.Server] = Queue()
    run = uvicorn.Server.run

    def noted(self: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        servers.put(self)
        run(self, sockets)

    monkeypatch.setattr(uvicorn.Server, "run", noted)
    operation, said = built.operation(tmp_path / "lantern"), Queue[str]()
    thread = threading.Thread(
        target=lambda: serve.serve(
            operation, actor=ANA, port=8720, idle=timedelta(minutes=1), say=said.put
        )
    )
    thread.start()
    try:
        page = httpx.get(said.get(timeout=30), timeout=30)
        assert page.status_code == 200
        assert "Ana Okoro" in page.text
        assert "server" not in page.headers
    finally:
        servers.get(timeout=30).should_exit = True
        thread.join(timeout=30)
    assert not thread.is_alive()


def test_the_sign_in_link_fits_a_terminal() -> None:
    link = serve.sign_in_address(65535, Sessions().invite(ANA))
    assert len(f"  {link}") <= 80
