"""What is planted in ordinary talk: abuse to find, its defence and challenge, and look-alikes."""

from dataclasses import replace
from random import Random

from witnessbox.example.clock import wall
from witnessbox.example.draws import happens
from witnessbox.example.layouts import layout, stamp
from witnessbox.example.model import Chat, Label, Message
from witnessbox.example.people import BY_KEY, CHALLENGERS, PRONE
from witnessbox.example.phones import COPIES, FORGED_COPY, PHONE
from witnessbox.example.phrases import Planted, fill, phrases
from witnessbox.example.roster import Roster

_TRIES = 25


def plant(chat: Chat, drafts: list[Message], roster: Roster, stream: Random) -> list[Message]:
    """Replace some of the messages, oldest first, by planted ones and what was said to them."""
    drafts = list(drafts)
    if chat.key == "w1":
        _forge(drafts, stream)
    if chat.key == "w2":
        _separators(drafts, stream)
    count = max(3, round(len(drafts) * chat.planted))
    seen: set[str] = set()
    kinds = _deck(chat, count, stream)
    for planted in kinds:
        _plant_one(drafts, planted, roster, stream, seen)
    for _ in range(count):
        kind, template = stream.choice(phrases().lookalikes)
        index = _free(drafts, stream)
        text = _fresh(template, stream, _mates(drafts[index], roster), seen)
        label = Label("lookalike", lookalike=kind)
        drafts[index] = _text(drafts[index], text, label)
    return drafts


def _deck(chat: Chat, count: int, stream: Random) -> list[Planted]:
    """Choose templates, every category in turn, of those that somebody in this chat is prone to."""
    members = {spell.officer for spell in chat.spells}
    categories = [name for name, prone in PRONE.items() if members & set(prone)]
    stream.shuffle(categories)
    deck = []
    for number in range(count):
        category = categories[number % len(categories)]
        able = [planted for planted in phrases().planted if planted.category == category]
        deck.append(stream.choice(able))
    return deck


def _plant_one(
    drafts: list[Message], planted: Planted, roster: Roster, stream: Random, seen: set[str]
) -> None:
    for _ in range(_TRIES):
        index = _free(drafts, stream)
        here = roster.present(drafts[index].at_ms)
        prone = [key for key in PRONE[planted.category] if key in here]
        if prone:
            break
    else:
        return
    draft = replace(drafts[index], sender=stream.choice(prone))
    text = _fresh(planted.template, stream, _mates(draft, roster), seen)
    banter = _answers(drafts, index, draft.sender, roster, stream)
    label = Label("planted", planted.category, planted.severity, banter=banter)
    drafts[index] = _text(draft, text, label)


def _answers(
    drafts: list[Message], index: int, culprit: str, roster: Roster, stream: Random
) -> bool:
    """Let others laugh, challenge or call it banter; say whether banter was offered."""
    role = stream.choice(("", "", "laugh", "laugh", "challenge", "banter-reply", "banter-reply"))
    follower = index + 1
    if not role or follower >= len(drafts) or drafts[follower].label or _special(drafts[follower]):
        return False
    answer = drafts[follower]
    if answer.at_ms - drafts[index].at_ms > 1_800_000:
        return False
    here = roster.present(answer.at_ms)
    able = [key for key in here if key != culprit and (role != "challenge" or key in CHALLENGERS)]
    if not able:
        return False
    words = {
        "laugh": phrases().laugh,
        "challenge": phrases().challenge,
        "banter-reply": phrases().banter,
    }[role]
    answer = replace(answer, sender=stream.choice(able))
    text = fill(stream.choice(words), stream, (BY_KEY[culprit].nickname, BY_KEY[culprit].nickname))
    drafts[follower] = _text(answer, text, Label(role))
    return role == "banter-reply"


def _special(draft: Message) -> bool:
    return "\n" in draft.text or "\u2028" in draft.text


def _free(drafts: list[Message], stream: Random) -> int:
    """Find a message that nothing was planted in yet."""
    while True:
        index = stream.randrange(len(drafts))
        draft = drafts[index]
        if draft.kind == "text" and draft.label is None and not _special(draft):
            return index


def _mates(draft: Message, roster: Roster) -> tuple[str, ...]:
    here = roster.present(draft.at_ms)
    return tuple(BY_KEY[key].nickname for key in here if key != draft.sender)


def _fresh(template: str, stream: Random, mates: tuple[str, ...], seen: set[str]) -> str:
    """Fill a template until it says something not said before, where the template allows it."""
    for _ in range(_TRIES):
        text = fill(template, stream, mates)
        if text not in seen:
            break
    seen.add(text)
    if happens(stream, 120):
        text = f"{text} {stream.choice(phrases().emoji)}"
    return text


def _text(draft: Message, text: str, label: Label | None) -> Message:
    return replace(draft, kind="text", text=text, media=None, label=label)


def _forge(drafts: list[Message], stream: Random) -> None:
    """Put into one message a line that looks, on one phone, like another member's message."""
    plan = next(plan for plan in COPIES if plan.reference == FORGED_COPY)
    phone = PHONE[plan.phone]
    index = len(drafts) * 45 // 100
    while drafts[index].kind != "text" or drafts[index].sender == "o04":
        index += 1
    draft = drafts[index]
    when = wall(draft.at_ms - 5_700_000 - stream.randrange(900_000), phone.zone, phone.offset_s)
    name = dict(phone.names)["o04"]
    line = f"{stamp(layout(phone.layout), when)} - {name}: my fault, I left the yard gate open"
    drafts[index] = replace(draft, sender="o07", text=f"Look who owned up\n{line}")


def _separators(drafts: list[Message], stream: Random) -> None:
    """Put into one message the line separator that careless readers take for a line's end."""
    index = stream.randrange(len(drafts) // 4, len(drafts) // 2)
    while drafts[index].kind != "text":
        index += 1
    text = "Plan for Saturday:\u2028meet in the yard\u2028bring food"
    drafts[index] = _text(drafts[index], text, None)
