"""A model behind an address of this machine is asked over real HTTP; nothing goes elsewhere."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pyarrow as pa
import pytest

from witnessbox.screening import encoder_endpoint
from witnessbox.screening.encoder import EncoderError
from witnessbox.screening.encoder_endpoint import Endpoint
from witnessbox.screening.model import CATEGORIES


class Server(ThreadingHTTPServer):
    """Answers as it is told to: a status, and what the model says."""

    status: list[int]
    says: dict[str, str]
    asked: list[tuple[str, dict[str, object]]]
    body: bytes | None = None


class Answers(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, given))
        status = self.server.status.pop(0) if self.server.status else 200
        if self.path.endswith("/embeddings"):
            rows = [
                {"index": at, "embedding": [len(text), 1.0]}
                for at, text in reversed(list(enumerate(given["input"])))
            ]
            body = json.dumps({"data": rows}).encode()
        else:
            text = json.loads(given["messages"][1]["content"])
            said = self.server.says.get(text, '{"abuse": 0.1}')
            body = json.dumps({"choices": [{"message": {"content": said}}]}).encode()
        body = body if self.server.body is None else self.server.body
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Answers)
    made.status, made.says, made.asked = [], {}, []
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def endpoint(server: Server, embeddings: str = "") -> Endpoint:
    address = f"http://127.0.0.1:{server.server_port}/v1/"
    made = encoder_endpoint.at(address, "small", embeddings)
    return replace(made, wait_seconds=0.01, timeout_seconds=5)


def column(*texts: str | None) -> pa.StringArray:
    return pa.array(texts, pa.string())


def test_each_distinct_text_is_asked_for_once(server: Server) -> None:
    server.says["you idiot"] = 'Here: {"abuse": 0.9, "misogyny": 0.25, "racism": "no"}'
    said = endpoint(server).probabilities(column("you idiot", "hi", "you idiot", None))
    assert [path for path, _ in server.asked] == ["/v1/chat/completions"] * 3
    assert said[:, 0] == pytest.approx([0.9, 0.1, 0.9, 0.1])
    assert said[0, CATEGORIES.index("misogyny")] == 0.25
    assert said.shape == (4, len(CATEGORIES))
    assert server.asked[0][1]["temperature"] == 0


def test_an_answer_that_cannot_be_read_is_no_answer(server: Server) -> None:
    server.says |= {"a": "I cannot help with that", "b": '{"abuse": 7}', "c": "{{"}
    said = endpoint(server).probabilities(column("a", "b", "c", "d"))
    assert np.isnan(said).all(axis=1).tolist() == [True, True, True, False]


def test_a_model_that_never_answers_in_numbers_is_refused(server: Server) -> None:
    server.says["a"] = "no"
    with pytest.raises(EncoderError, match="no answer of small"):
        endpoint(server).probabilities(column("a"))


def test_embeddings_are_asked_for_where_a_model_is_named(server: Server) -> None:
    said = endpoint(server, "words").again(column("four", "sixsix", "four"), np.full(3, 0.5))
    assert said.embedding.tolist() == [[4, 1], [6, 1], [4, 1]]
    assert endpoint(server).again(column("four"), np.full(1, 0.5)).embedding.shape == (1, 0)


def test_one_that_is_busy_is_asked_again(server: Server) -> None:
    server.status += [503, 429]
    assert endpoint(server).probabilities(column("hi")).shape == (1, len(CATEGORIES))
    assert len(server.asked) == 3


def test_one_that_stays_busy_is_given_up(server: Server) -> None:
    server.status += [503] * 3
    with pytest.raises(EncoderError, match=r"it answers 503.*run the step again"):
        endpoint(server).probabilities(column("hi"))


@pytest.mark.parametrize("status", [302, 401, 404])
def test_a_refusal_or_a_redirection_ends_it_at_once(server: Server, status: int) -> None:
    server.status.append(status)
    with pytest.raises(EncoderError, match=f"it answers {status}"):
        endpoint(server).probabilities(column("hi"))
    assert len(server.asked) == 1


def test_one_that_is_not_there_is_named(server: Server) -> None:
    gone = endpoint(server)
    server.shutdown()
    server.server_close()
    with pytest.raises(EncoderError, match="start what serves it"):
        gone.probabilities(column("hi"))


def test_an_answer_without_end_is_ended(server: Server) -> None:
    server.body = b" " * (encoder_endpoint.MOST_ANSWER_BYTES + 1)
    with pytest.raises(EncoderError, match="more than 4 MiB"):
        endpoint(server).probabilities(column("hi"))


@pytest.mark.parametrize("body", [b"nothing", b'{"data": []}'])
def test_embeddings_that_do_not_fit_are_refused(server: Server, body: bytes) -> None:
    server.body = body
    made = endpoint(server, "words")
    with pytest.raises(EncoderError, match="/embeddings"):
        made._embed(column("hi"))


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("http://192.168.0.9:8080/v1", "not on this machine"),
        ("http://example.org/v1", "not on this machine"),
        ("https://127.0.0.1/v1", "no address of an encoder"),
        ("http://127.0.0.1:99999/v1", "no address of an encoder"),
        ("http://a@127.0.0.1/v1", "no address of an encoder"),
    ],
)
def test_addresses_elsewhere_are_refused(address: str, what: str) -> None:
    with pytest.raises(EncoderError, match=what):
        encoder_endpoint.at(address, "small")


def test_an_address_needs_a_model() -> None:
    with pytest.raises(EncoderError, match="needs a model"):
        encoder_endpoint.at("http://localhost:8080/v1", "")
    assert encoder_endpoint.at("http://[::1]:8080/v1", "small").version.endswith("/v1 small")
