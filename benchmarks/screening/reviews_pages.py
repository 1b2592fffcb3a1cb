"""Time the pages and commands of a review in an operation of a million messages, or any number.

    python -m benchmarks.screening.reviews_pages [--messages 1000000] [--coded 5000]

The operation is made up (``reviews_made``).  Each page is asked for some times, with the learner at
its work where it has any; given are the middle and the slowest, in milliseconds by the clock, the
processor time of the middle one, and what each added to the most memory ever held.  Writes
``reviews_pages.json`` beside this file; ``reviews_pages_10m.json`` is of ten million messages.
"""

import argparse
import json
import re
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.screening.reviews_made import ANA, made_up
from fastapi.testclient import TestClient

from witnessbox.operation.model import Operation, open_operation
from witnessbox.review import queue
from witnessbox.review.samples import material
from witnessbox.web.app import create_app
from witnessbox.web.session import Sessions

HERE = Path(__file__).parent
ADDRESS = "http://127.0.0.1:8700"
REPEATS = 7
PATIENCE_S = 1800


def timed(work: Callable[[], object], repeats: int = REPEATS) -> dict[str, float]:
    """Do something some times over, and say what it took."""
    before = _most_memory()
    clock, cpu = [], []
    for _ in range(repeats):
        begun, used = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - used)
    return {
        "ms": round(median(clock) * 1000, 1),
        "slowest_ms": round(max(clock) * 1000, 1),
        "cpu_ms": round(median(cpu) * 1000, 1),
        "more_memory_mb": round(_most_memory() - before),
    }


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Reader:
    """Ana at the workbench."""

    def __init__(self, client: TestClient, sessions: Sessions) -> None:
        self._client = client
        client.post("/sign-in", data={"invitation": sessions.invite(ANA)})
        found = re.search(r'name="token" value="([^"]+)"', self.get("/ledger"))
        self._token = "" if found is None else found[1]

    def get(self, address: str) -> str:
        """Ask for a page and give its text, or where it sends the browser."""
        answer = self._client.get(address)
        if answer.status_code not in (200, 303):
            raise SystemExit(f"{address}: {answer.status_code} {answer.text[:500]}")
        return str(answer.headers.get("location", answer.text))

    def post(self, address: str, **fields: Any) -> str:
        """Send a form and say where it leads."""
        answer = self._client.post(address, data={"token": self._token, **fields})
        if answer.status_code != 303:
            raise SystemExit(f"{address}: {answer.status_code} {answer.text[:500]}")
        return str(answer.headers["location"])

    def code(self, at: list[str]) -> str:
        """Code the message at the last address, and say where that leads."""
        at.append(self.post(at[-1], verdict="not-relevant").partition("#")[0])
        return at[-1]


def pages(operation: Operation) -> dict[str, Any]:
    """Time the pages of the workbench."""
    sessions = Sessions()
    app = create_app(operation, sessions=sessions)
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as client:
        reader = Reader(client, sessions)
        found: dict[str, Any] = {"list, the first time": timed(lambda: reader.get("/review"), 1)}
        begun = time.perf_counter()
        standby = app.state.workbench.standby
        while standby.ready() is None and time.perf_counter() - begun < PATIENCE_S:
            time.sleep(0.2)
        found["until a batch is ready, seconds"] = round(time.perf_counter() - begun, 1)
        unread = (
            f"/review/{int(re.findall(r'Read on in batch ([0-9]+)', reader.get('/review'))[0])}"
        )
        found["list"] = timed(lambda: reader.get("/review"))
        found["list, far down"] = timed(lambda: reader.get("/review?start=5000"))
        found["open a batch"] = timed(lambda: reader.get(unread))
        at = [reader.get(unread).partition("#")[0]]
        found["desk"] = timed(lambda: reader.get(at[-1]))
        found["code a message"] = timed(lambda: reader.code(at))
        found["desk after a coding"] = timed(lambda: reader.get(reader.code(at)))
        found["list after a coding"] = timed(lambda: (reader.code(at), reader.get("/review")))
        _wait(operation, standby)
        learned: list[str] = []
        found["next batch"] = timed(lambda: learned.append(reader.post("/review/next")), 1)
        found["open a learned batch"] = timed(lambda: reader.get(learned[0]))
        at = [reader.get(learned[0]).partition("#")[0]]
        found["desk, learned batch"] = timed(lambda: reader.get(at[-1]))
        found["code, learned batch, and desk"] = timed(lambda: reader.get(reader.code(at)))
        found["drawn messages"] = timed(lambda: reader.get("/review/0"))
        found["recall"] = timed(lambda: reader.get("/review/recall"), 1)
    return found


def _wait(operation: Operation, standby: Any) -> None:
    """Wait until the batch that is ready follows from all that is coded."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < PATIENCE_S:
        prepared = standby.ready()
        if prepared is not None and prepared.basis.pooled == operation.ledger.head().length:
            return
        time.sleep(0.2)


def commands(operation: Operation) -> dict[str, Any]:
    """Time what the commands ask for."""
    folder, ledger = operation.folder, operation.ledger
    return {
        "review batches": timed(lambda: queue.batches(folder, ledger, "ana"), 1),
        "review next --batch 60": timed(lambda: queue.remaining(folder, ledger, "ana", 60), 1),
        "review stopping, its material": timed(lambda: material(folder, ledger), 1),
    }


def measure(messages: int, coded: int, root: Path) -> dict[str, Any]:
    """Make the operation, unless it is there, and time everything."""
    if not (root / "operation.toml").exists():
        made_up(root, messages, coded)
    operation = open_operation(root)
    return {
        "messages": messages,
        "coded": coded,
        "pages": pages(operation),
        "commands": commands(operation),
    }


def main() -> None:
    """Measure and freeze the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=int, default=1_000_000)
    arguments.add_argument("--coded", type=int, default=5_000)
    arguments.add_argument("--at", type=Path, help="where the operation is, or is to be kept")
    arguments.add_argument("--out", type=Path, default=HERE / "reviews_pages.json")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        result = measure(given.messages, given.coded, given.at or Path(scratch) / "operation")
    given.out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
