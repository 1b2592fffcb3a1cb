"""What is decided over all copies of an operation before any two are laid over one another."""

from collections.abc import Sequence

from witnessbox.evidence.digest import derive
from witnessbox.reconcile.blocking import conversations
from witnessbox.reconcile.identity import Copies, people
from witnessbox.reconcile.model import Plan, PlannedConversation, PlannedCopy, Source
from witnessbox.reconcile.sketch import Sketch


def plan(sources: Sequence[Source], sketches: Sequence[Sketch]) -> Plan:
    """Group copies into conversations and say who is who.

    ``sources`` are in the order of their ids; nothing else about order matters.
    """
    groups = conversations(sources, sketches)
    who = people(Copies(sources, sketches, groups))
    planned = [
        PlannedConversation(
            conversation=derive("conversation", sources[group[0]].copy),
            title=title([(sources[i].title, sketches[i].rows) for i in group]),
            platform=sources[group[0]].platform,
            copies=tuple(PlannedCopy(sources[i], who.names[i], who.own[i]) for i in group),
        )
        for group in groups
    ]
    return Plan(tuple(sorted(planned, key=lambda it: it.conversation)), who.links)


def title(titles: Sequence[tuple[str, int]]) -> str:
    """Choose a conversation's title: the one most copies use, then the one most messages have."""
    found: dict[str, tuple[int, int]] = {}
    for name, messages in titles:
        copies, total = found.get(name, (0, 0))
        found[name] = copies + 1, total + messages
    return max(found, key=lambda name: (bool(name), *found[name], name))
