"""``witnessbox settle``: doubts about exhibits, and a person's word on them."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from witnessbox.cli.bulk import run_steps
from witnessbox.cli.common import Directory, note, now, say, settings
from witnessbox.intake import settling
from witnessbox.intake.record import Receipt, receipts
from witnessbox.intake.settlement import ZONE, Settled, standing
from witnessbox.intake.settling import Decision, Doubt, SettlementError
from witnessbox.operation.model import open_operation

_SHOWN = 3


def settle(  # noqa: PLR0913 - what is settled, as what, and why
    directory: Directory,
    exhibit: str | None = None,
    code: str | None = None,
    decision: str | None = None,
    /,
    *,
    reason: str = "",
    at: int | None = None,
    every: bool = False,
) -> int:
    """List what is in doubt, with what speaks for each reading; or settle it and read it again.

    Parameters
    ----------
    exhibit
        Its reference, or the SHA-256 of it. Alone: list only this exhibit's doubts.
    code
        The doubt's code, such as date-order. Without a decision: list only doubts of this code.
    decision
        One of the readings listed; as-read where it was read rightly; open to open it again; of
        zone-assumed an IANA time zone or an offset in whole hours.
    reason
        What decides, for the ledger.
    at
        The byte of one doubt; by default every doubt of this code in the exhibit.
    every
        List every doubt, also those settled; by default the first few of each code.
    """
    operation = open_operation(directory)
    received = receipts(operation.ledger)
    wanted = [one for one in received if exhibit is None or _is(one, exhibit)]
    if not wanted and exhibit is not None:
        raise SettlementError(f"no exhibit {exhibit!r} was received; see 'witnessbox status'")
    known = [
        one
        for one in settling.doubts(operation.folder, wanted)
        if code in {None, one.code} and at in {None, one.start}
    ]
    if decision is None:
        _list(known, settling.settled(operation.ledger), every=every)
        return 0
    named = {one.exhibit for one in wanted}
    if len(named) != 1:
        raise SettlementError(f"{exhibit!r} names {len(named)} exhibits; settle one at a time")
    # The command line takes a decision only behind an exhibit and a code.
    asked = Decision(named.pop(), code or "", decision, reason, at)
    made = settling.record(operation.ledger, known, asked, settings().actor, now())
    for one in made:
        where = "" if one.start is None else f" at byte {one.start:,}"
        say(f"settled: {one.code}{where} as {one.decision}")
    run_steps(operation, "extract", None)
    note(f"what follows from it is due: witnessbox run {directory}")
    return 0


def _is(one: Receipt, exhibit: str) -> bool:
    return one.reference == exhibit or (len(exhibit) >= 8 and one.exhibit.startswith(exhibit))


def _list(
    known: Sequence[Doubt], settled: Mapping[str, tuple[Settled, ...]], *, every: bool
) -> None:
    """Print doubts, each code of each exhibit together."""
    shown = [one for one in known if every or one.open]
    ordered = sorted(shown, key=lambda one: (one.reference, one.code, one.start))
    for (reference, code), group in groupby(ordered, key=lambda one: (one.reference, one.code)):
        doubts = list(group)
        for doubt in doubts if every else doubts[:_SHOWN]:
            _print(doubt, standing(settled.get(doubt.exhibit, ()), doubt.code, doubt.start))
        if not every and len(doubts) > _SHOWN:
            say(f"{reference}  {code}  {len(doubts) - _SHOWN:,} more; list them with --every")
            say()
    note(
        f"{sum(one.open for one in known):,} doubts are open, "
        f"{sum(not one.open for one in known):,} settled or slight"
    )


def _print(doubt: Doubt, word: Settled | None) -> None:
    say(f"{doubt.reference}  {doubt.code}  byte {doubt.start:,}")
    for clause in doubt.what.split("; "):
        say(f"  {clause}")
    if word is not None:
        say(f"  by {word.why}")
    if doubt.shown.strip():
        say(f"  there: {doubt.shown!r}")
    zone = "an IANA time zone, " if doubt.code == ZONE else ""
    say(f"  settle as: {zone}{', '.join(doubt.choices)}")
    say()
