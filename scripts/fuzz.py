"""Hurt every sample in every way, and hold every parser and container to its word.

``python -m scripts.fuzz --seconds 600 --seed 1 --out FOLDER [--only NAME]``

An input is at fault where a parser raises anything, leaves a byte or row unexplained or explains
one twice, takes longer than ``SECONDS + SECONDS_PER_MB`` of processor time, or makes the process
grow by more than ``MOST_GROWTH``; and where an archive is neither opened nor refused by a
ContainerError.  Each fault's bytes are written to the folder, named by seed, with its traceback.
Times are processor time, so that a busy machine makes no fault.  The same seed gives the same
inputs.  What was found once is kept in ``tests/samples/hostile``.
"""

import argparse
import base64
import faulthandler
import hashlib
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.intake.archives import encrypted, overlapping, packed, with_mode
from tests.intake.crypt.backups import ARCHIVE, DIGITS, KEY_OF, Writing, account_file, java
from tests.intake.reading import SAMPLES, beside, name_of, printed, samples

from scripts.mutate import mutated
from witnessbox.intake.containers import ContainerError
from witnessbox.intake.crypt.keys import Key, KeyFormatError, key_of
from witnessbox.intake.handed import Handed
from witnessbox.intake.limits import Limits
from witnessbox.intake.parser import HEAD_BYTES, UnknownFormatError, choose
from witnessbox.intake.parsers import PARSERS
from witnessbox.intake.unpack import check

SECONDS = 1.0
SECONDS_PER_MB = 3.0
MOST_GROWTH = 300_000_000
CONTAINERS = frozenset(("container", "packed", "crypt", "encrypted"))
_ALARM_SECONDS = 20
_MOST_KEPT = 5  # of one fault


class _TooSlowError(BaseException):
    """An input took so long that it was given up."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A sample to hurt: of which parser or container, and what it is read with."""

    kind: str
    name: str
    data: bytes
    beside: dict[str, bytes] = field(default_factory=dict)
    key: Key | None = None


@dataclass(slots=True)
class Tally:
    """What was run and what was found."""

    out: Path
    inputs: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: dict[str, tuple[float, int, int]] = field(default_factory=dict)

    def fault(self, kind: str, what: str, seed: int, name: str, data: bytes) -> None:
        """Note a fault, and keep the bytes of its first few."""
        self.faults[kind, what] += 1
        if self.faults[kind, what] > _MOST_KEPT:
            return
        place = self.out / f"{kind}-{hashlib.sha256(what.encode()).hexdigest()[:8]}-{seed}"
        place.with_suffix(".bin").write_bytes(data)
        place.with_suffix(".txt").write_text(f"{name}\n{what}\n{traceback.format_exc()}")
        print(f"FAULT {kind} {what[:300]} -> {place}", flush=True)


def seeds() -> list[Seed]:
    """Gather every sample, and archives, mails and backups built from them."""
    found = [
        Seed(parser.FORMAT.name, name_of(sample), sample.read_bytes(), beside(sample))
        for parser in PARSERS
        for sample in samples(parser)
    ]
    chat = next(one for one in found if one.kind == "whatsapp-text").data
    report = (SAMPLES / "ufdr" / "Phone.ufdr" / "report.xml").read_bytes()
    inner = packed([("chat/_chat.txt", chat), ("a.txt", b"x" * 5000)])
    mail = (
        b"From: a@example.org\r\nX-RSMF-Version: 2.0.0\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n"
        b'--b\r\nContent-Type: application/zip; name="rsmf.zip"\r\n'
        b'Content-Disposition: attachment; filename="rsmf.zip"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + _base64(inner) + b"\r\n--b--\r\n"
    )
    containers = {
        "a.zip": inner,
        "nested.zip": packed([("b.zip", inner), ("c.zip", packed([("d.zip", inner)]))]),
        "stored.zip": packed([("_chat.txt", chat)], 0),
        "encrypted.zip": encrypted(inner),
        "overlapping.zip": overlapping(10),
        "link.zip": with_mode("a", b"/etc", 0o120777),
        "absolute.zip": packed([("/etc/a.txt", b"x")]),
        "Phone.ufdr": packed([("report.xml", report)]),
        "Night.rsmf": mail,
        "zipped.rsmf": packed([("rsmf.zip", inner)]),
    }
    found += [Seed("container", name, data) for name, data in containers.items()]
    found += [Seed("packed", "a.zip", data) for data in (inner, containers["nested.zip"])]
    for layout, key in KEY_OF.items():
        found.append(Seed("crypt", f"chat.zip.{layout}", Writing(layout).of(ARCHIVE), key=key))
        clear = zlib.compress(ARCHIVE)
        found.append(Seed("encrypted", f"chat.zip.{layout}", clear, key=key))
    keys = (account_file(), java(bytes(32)), DIGITS)
    return [*found, *(Seed("key", "key", data) for data in keys)]


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def parse(data: bytes, name: str, others: dict[str, bytes]) -> str:
    """Read bytes with the parser that claims them; say which, or that none does."""
    try:
        parser = choose(PARSERS, name, data[:HEAD_BYTES])
    except UnknownFormatError as error:
        return "two formats" if "more than one format" in str(error) else "unclaimed"
    printed(parser, data, name, others)
    return parser.FORMAT.name


def unpack(data: bytes, name: str, key: Key | None) -> str:
    """Check an archive or backup as it is checked when it is received."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        handed = Handed(Path(file.name), name, (), "d")
        try:
            found = check(handed, Limits(total_bytes=1 << 26), key)
        except ContainerError:
            return "refused"
    return "closed" if any(one.closed for one in found) else "opened"


def read(seed: Seed, data: bytes, others: dict[str, bytes]) -> str:
    """Read hurt bytes as what they were; say what came of it."""
    if seed.kind in CONTAINERS:
        return unpack(data, seed.name, seed.key)
    return _key(data) if seed.kind == "key" else parse(data, seed.name, others)


def hurt(seed: Seed, others: list[bytes], number: int) -> bytes:
    """Hurt a seed by a number: its bytes, or what is packed or encrypted in it."""
    data = mutated(seed.data, others, number)
    if seed.kind == "encrypted":  # before it is encrypted, so that the tag holds
        return Writing(seed.name.rpartition(".")[2], packed=False).of(data)
    if seed.kind == "packed":  # an archive in a sound one
        return packed([("a.txt", b"x"), ("b.zip", data)], number % 2 * 8)
    return data


def one(seed: Seed, pool: list[Seed], number: int, tally: Tally) -> None:
    """Hurt a seed by a number and read what comes of it."""
    chance = random.Random(number)  # noqa: S311 - damage, not secrets
    others = [each.data for each in chance.sample(pool, min(2, len(pool)))]
    data, around = hurt(seed, others, number), dict(seed.beside)
    if around and chance.random() < 0.4:
        which = chance.choice(sorted(around))
        around[which] = mutated(around[which], others, number + 1)
        data = seed.data if chance.random() < 0.5 else data
    (tally.out / "current.bin").write_bytes(data)  # for what ends the process
    before, began = _peak_bytes(), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, _ALARM_SECONDS)
    try:
        tally.refused[f"{seed.kind}: {read(seed, data, around)}"] += 1
    except _TooSlowError:
        tally.fault(seed.kind, f"given up after {_ALARM_SECONDS} s", number, seed.name, data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        last = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__} {Path(last.filename).name}:{last.lineno} {error}"
        tally.fault(seed.kind, _plain(what), number, seed.name, data)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    took, grown = time.process_time() - began, _peak_bytes() - before
    size = len(data) + sum(map(len, around.values()))
    tally.inputs[seed.kind] += 1
    tally.slowest[seed.kind] = max(tally.slowest.get(seed.kind, (0.0, 0, 0)), (took, size, number))
    if took > SECONDS + SECONDS_PER_MB * size / 1e6:
        tally.fault(seed.kind, "slow", number, f"{seed.name} {took:.1f} s {size}", data)
    if grown > MOST_GROWTH:
        tally.fault(seed.kind, "grew", number, f"{seed.name} {grown:,} for {size}", data)


def _peak_bytes() -> int:
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _key(data: bytes) -> str:
    try:
        key_of(data)
    except KeyFormatError:
        return "refused"
    return "read"


def _plain(what: str) -> str:
    """Leave numbers out of a message, so that one fault is counted as one."""
    kept = "".join("#" if sign.isdigit() else sign for sign in what.partition(" ")[2])
    return what.partition(" ")[0] + " " + what.split(" ")[1] + " " + kept[:160]


def _give_up(*_: object) -> None:
    raise _TooSlowError


def main() -> int:
    """Fuzz for a time; print what was run and found; exit 1 where there is a fault."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--only", action="append", help="a parser's name, container or crypt")
    given = options.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    faulthandler.enable()
    signal.signal(signal.SIGPROF, _give_up)
    tally = Tally(given.out)
    run(given.seconds, given.seed, given.only, tally)
    report(tally)
    return 1 if tally.faults else 0


def run(seconds: float, seed: int, only: list[str] | None, tally: Tally) -> None:
    """Hurt one sample of every parser and container in turn until the time is up."""
    kinds: dict[str, list[Seed]] = {}
    for each in seeds():
        if not only or each.kind in only:
            kinds.setdefault(each.kind, []).append(each)
    number, ends = seed * 10_000_000, time.process_time() + seconds
    everything = [each for kind in kinds.values() for each in kind]
    while time.process_time() < ends:
        for kind in kinds.values():
            number += 1
            one(kind[number % len(kind)], kind if number % 5 else everything, number, tally)


def report(tally: Tally) -> None:
    """Print what was run, what came of it and what was found."""
    for title, counts in (("inputs", tally.inputs), ("outcome", tally.refused)):
        for name, count in sorted(counts.items()):
            print(f"{title:8} {name:40} {count:>8,}")
    for name, (took, size, number) in sorted(tally.slowest.items()):
        print(f"slowest  {name:40} {took:.2f} s, {size:,} bytes, seed {number}")
    for (kind, what), count in tally.faults.most_common():
        print(f"fault    {kind}: {what} x {count}")
    print(f"total    {sum(tally.inputs.values()):,} inputs, {len(tally.faults)} faults")


if __name__ == "__main__":
    sys.exit(main())
