"""What befalls messages after they were sent: edits, deletion for everyone, reactions."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from witnessbox.example.clock import EDITS_SINCE, ms
from witnessbox.example.draws import happens
from witnessbox.example.model import Chat, Message
from witnessbox.example.roster import Roster

_REACTIONS = ("😆", "👍", "❤", "😮", "😢", "😠")


def afterlife(chat: Chat, drafts: list[Message], roster: Roster, stream: Random) -> list[Message]:
    """Edit, recall and react; however small the chat, each thing happens at least once."""
    drafts = _some(drafts, 5, _plain, lambda draft: replace(draft, recalled=True), stream)
    if chat.platform == "messenger":
        return [_reacted(draft, roster, stream) for draft in drafts]
    return _some(drafts, 12, _editable, _edit, stream)


def _some(
    drafts: list[Message],
    per_mille: int,
    able: Callable[[Message], bool],
    change: Callable[[Message], Message],
    stream: Random,
) -> list[Message]:
    """Change so many in a thousand of those that can be changed, and at least two."""
    fit = [index for index, draft in enumerate(drafts) if able(draft)]
    chosen = set(stream.sample(fit, min(len(fit), max(2, len(fit) * per_mille // 1000))))
    return [change(draft) if index in chosen else draft for index, draft in enumerate(drafts)]


def _plain(draft: Message) -> bool:
    return draft.kind == "text" and "\n" not in draft.text and "\u2028" not in draft.text


def _editable(draft: Message) -> bool:
    return (
        _plain(draft)
        and not draft.recalled
        and draft.label is None
        and draft.at_ms >= ms(EDITS_SINCE)
        and len(draft.text) > 20
    )


def _edit(draft: Message) -> Message:
    """Keep the text as the second wording; the first lacked its last word."""
    return replace(draft, before=draft.text.rsplit(" ", 1)[0])


def _reacted(draft: Message, roster: Roster, stream: Random) -> Message:
    if draft.recalled or not happens(stream, 90):
        return draft
    others = [key for key in roster.present(draft.at_ms) if key != draft.sender]
    actors = stream.sample(others, min(len(others), stream.randrange(1, 4)))
    return replace(draft, reactions=tuple((actor, stream.choice(_REACTIONS)) for actor in actors))
