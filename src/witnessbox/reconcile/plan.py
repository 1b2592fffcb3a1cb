"""What is decided over all copies of an operation before any two are laid over one another."""

from collections.abc import Sequence

from witnessbox.evidence.digest import derive
from witnessbox.reconcile.blocking import conversations
from witnessbox.reconcile.decision import Decided
from witnessbox.reconcile.identity import Copies, people
from witnessbox.reconcile.model import (
    GivenOffset,
    GivenWindow,
    Plan,
    PlannedConversation,
    PlannedCopy,
    Source,
)
from witnessbox.reconcile.sketch import Sketch
from witnessbox.reconcile.weighing import JOIN_WEIGHT

_NOTHING = Decided()


def plan(
    sources: Sequence[Source],
    sketches: Sequence[Sketch],
    least: float = JOIN_WEIGHT,
    decided: Decided = _NOTHING,
) -> Plan:
    """Group copies into conversations and say who is who, as far as nobody decided it.

    ``sources`` are in the order of their ids; nothing else about order matters.
    """
    groups = conversations(sources, sketches, decided.belongings)
    who = people(Copies(sources, sketches, groups), least, decided.identities)
    planned = [
        PlannedConversation(
            conversation=derive("conversation", sources[group[0]].copy),
            title=title([(sources[i].title, sketches[i].rows) for i in group]),
            platform=sources[group[0]].platform,
            copies=tuple(
                PlannedCopy(sources[i], who.names[i], who.own[i], _offsets(sources[i], decided))
                for i in group
            ),
            windows=_windows([sources[i] for i in group], decided),
        )
        for group in groups
    ]
    return Plan(tuple(sorted(planned, key=lambda it: it.conversation)), who.links)


def _offsets(source: Source, decided: Decided) -> tuple[GivenOffset, ...]:
    return tuple(one for one in decided.offsets if one.copy == source.copy)


def _windows(group: Sequence[Source], decided: Decided) -> tuple[GivenWindow, ...]:
    copies = {source.copy for source in group}
    return tuple(one for one in decided.windows if one.copy in copies)


def title(titles: Sequence[tuple[str, int]]) -> str:
    """Choose a conversation's title: the one most copies use, then the one most messages have."""
    found: dict[str, tuple[int, int]] = {}
    for name, messages in titles:
        copies, total = found.get(name, (0, 0))
        found[name] = copies + 1, total + messages
    return max(found, key=lambda name: (bool(name), *found[name], name))
