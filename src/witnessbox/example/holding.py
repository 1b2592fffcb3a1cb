"""What each phone's export holds of a conversation: its window, what it lost, in which form.

No message is lost everywhere: the last copy that holds one keeps it.
"""

from collections import Counter
from collections.abc import Iterable
from random import Random

from witnessbox.example.chats import title_at
from witnessbox.example.clock import share
from witnessbox.example.draws import draws, happens
from witnessbox.example.model import Copy, CopyPlan, Line, Message, Notice, Spell, Talked
from witnessbox.example.phones import FORGED_COPY, PHONE
from witnessbox.example.roster import Roster, ended_ms, joined_ms, within


def copies_of(talked: Talked, plans: Iterable[CopyPlan], seed: int) -> tuple[Copy, ...]:
    """Say what every export of one conversation holds."""
    plans = tuple(plans)
    windows = [_window(plan, talked, draws(seed, plan.reference, "window")) for plan in plans]
    holders = Counter(
        entry.key
        for plan, window in zip(plans, windows, strict=True)
        for entry in (window[:-1] if plan.cut < 1.0 else window)
    )
    return tuple(
        _copy(plan, talked, window, holders, draws(seed, plan.reference, "copy"))
        for plan, window in zip(plans, windows, strict=True)
    )


def _window(plan: CopyPlan, talked: Talked, stream: Random) -> list[Message | Notice]:
    """Collect what the phone was there for, and what it alone was told."""
    owner = PHONE[plan.phone].owner
    spells = [spell for spell in talked.chat.spells if spell.officer == owner]
    cleared = share(plan.cleared)
    told: list[Message | Notice] = [*talked.notices, *talked.messages]
    seen = [entry for entry in told if entry.at_ms >= cleared and _witnessed(entry, spells, owner)]
    seen += _told_alone(plan, talked, seen, spells, stream)
    seen.sort(key=_order)
    return _cut(plan, seen)


def _order(entry: Message | Notice) -> tuple[int, bool, str]:
    first = isinstance(entry, Notice) and entry.event == "encryption"
    return entry.at_ms, not first, "" if isinstance(entry, Notice) else entry.key


def _witnessed(entry: Message | Notice, spells: list[Spell], owner: str) -> bool:
    """Say whether the phone was in the conversation; at the edges it sees its own coming, going."""
    if isinstance(entry, Notice) and entry.member == owner:
        return True
    return any(within(spell, entry.at_ms) and ended_ms(spell) != entry.at_ms for spell in spells)


def _told_alone(
    plan: CopyPlan,
    talked: Talked,
    seen: list[Message | Notice],
    spells: list[Spell],
    stream: Random,
) -> list[Notice]:
    """Write the notices one phone alone gets: the encryption line and changed security codes."""
    if talked.chat.platform != "whatsapp":
        return []
    mark = f"{talked.chat.key}-{plan.phone}"
    found = []
    if plan.cleared == 0.0:
        found.append(Notice(f"{mark}-e", joined_ms(spells[0]), "encryption"))
    roster = Roster(talked.chat)
    owner = PHONE[plan.phone].owner
    for number in range(1, 2 + len(seen) // 350):
        entry = seen[stream.randrange(len(seen))]
        others = [key for key in roster.present(entry.at_ms) if key != owner]
        at_ms = entry.at_ms + 1000
        found.append(Notice(f"{mark}-c{number:02d}", at_ms, "code", member=stream.choice(others)))
    return found


def _cut(plan: CopyPlan, seen: list[Message | Notice]) -> list[Message | Notice]:
    """End a truncated export inside the first long enough message after its share."""
    if plan.cut >= 1.0:
        return seen
    last = int(len(seen) * plan.cut)
    while not _can_break(seen[last]):
        last += 1
    return seen[: last + 1]


def _can_break(entry: Message | Notice) -> bool:
    return (
        isinstance(entry, Message)
        and entry.kind == "text"
        and not entry.recalled
        and entry.before is None
        and len(entry.text) > 24
        and "\n" not in entry.text
    )


def _copy(
    plan: CopyPlan,
    talked: Talked,
    window: list[Message | Notice],
    holders: Counter[str],
    stream: Random,
) -> Copy:
    lines, deleted = [], []
    last = window[-1]
    for entry in window:
        if isinstance(entry, Notice):
            lines.append(Line(entry, "plain"))
        elif entry is not last and _lost(plan, entry, holders, stream):
            holders[entry.key] -= 1
            deleted.append(entry.key)
        else:
            lines.append(Line(entry, _form(plan, entry, stream)))
    return Copy(plan, tuple(lines), tuple(deleted), _last_title(plan, talked))


def _lost(plan: CopyPlan, entry: Message, holders: Counter[str], stream: Random) -> bool:
    owner = PHONE[plan.phone].owner
    own = entry.sender == owner and entry.label is not None and entry.label.role == "planted"
    share_lost = plan.own_planted_deleted if own else plan.deleted
    chance = happens(stream, round(share_lost * 1000))
    return chance and holders[entry.key] > 1 and not entry.recalled and "\n" not in entry.text


def _form(plan: CopyPlan, entry: Message, stream: Random) -> str:
    missed = plan.keeps_recalled and happens(stream, 500)
    if entry.recalled:
        return "plain" if missed else "placeholder"
    if entry.before is not None:
        return "before-edit" if missed else "edited"
    forged = plan.reference == FORGED_COPY and entry.text.startswith("Look who owned up\n")
    return "forged" if forged else "plain"


def _last_title(plan: CopyPlan, talked: Talked) -> str:
    """Give the name the phone knew when its owner was last a member."""
    owner = PHONE[plan.phone].owner
    until = max(spell.until for spell in talked.chat.spells if spell.officer == owner)
    return title_at(talked.chat, until)
