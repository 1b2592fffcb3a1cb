"""The six conversations as they are planned: four groups on WhatsApp, two on Messenger."""

from witnessbox.example.model import Chat, Spell

_SHIFTS = (3, 2, 2, 1, 2, 5, 8, 7, 5, 4, 4, 4, 5, 7, 6, 4, 4, 5, 6, 5, 5, 6, 7, 5)
_LATES = (3, 1, 1, 0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 8, 9, 7, 6, 6, 7, 7, 8, 9, 9, 6)
_NIGHTS = (9, 8, 8, 7, 6, 4, 3, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9)
_EVENINGS = (1, 0, 0, 0, 0, 0, 1, 3, 4, 3, 3, 4, 6, 5, 4, 4, 5, 7, 8, 9, 9, 8, 5, 2)


def _founders(*keys: str) -> tuple[Spell, ...]:
    return tuple(Spell(key, 0.0, came="created") for key in keys)


CHATS = (
    Chat(
        key="w1",
        platform="whatsapp",
        titles=((0.0, "Harbour St C Team"), (0.35, "C Team: nights and days"), (0.52, "C Team 🚓")),
        messages=19_000,
        planted=0.005,
        hours=_SHIFTS,
        spells=(
            *_founders("o01", "o02", "o03", "o04", "o05", "o06", "o07", "o08", "o09"),
            Spell("o10", 0.12, 0.66),
            Spell("o10", 0.74, came="joined"),
            Spell("o11", 0.0, came="created"),
            Spell("o12", 0.22, 0.83, went="removed"),
            Spell("o13", 0.05),
            Spell("o14", 0.18, 0.93),
        ),
    ),
    Chat(
        key="w2",
        platform="whatsapp",
        titles=((0.0, "Late turn"), (0.44, "Late turn: the survivors"), (0.9, "Lates again")),
        messages=12_000,
        planted=0.01,
        hours=_LATES,
        spells=(
            *_founders("o02", "o03", "o05", "o07", "o09", "o14"),
            Spell("o08", 0.28, came="joined"),
            Spell("o10", 0.15, by="o02"),
            Spell("o12", 0.04, 0.81, went="removed", by="o02"),
            Spell("o06", 0.33, 0.7, by="o02"),
        ),
    ),
    Chat(
        key="w3",
        platform="whatsapp",
        titles=((0.0, "No gaffers"), (0.61, "No gaffers no grasses")),
        messages=7_000,
        planted=0.025,
        hours=_NIGHTS,
        spells=(
            *_founders("o02", "o03", "o09"),
            Spell("o07", 0.0, 0.88, came="created"),
            Spell("o07", 0.95, came="joined"),
            Spell("o10", 0.1, by="o07"),
            Spell("o12", 0.2, by="o07"),
            Spell("o14", 0.14, by="o02"),
            Spell("o06", 0.26, 0.58, by="o02"),
        ),
    ),
    Chat(
        key="w4",
        platform="whatsapp",
        titles=((0.0, "Five-a-side Thurs"), (0.48, "Five-a-side Weds")),
        messages=5_000,
        planted=0.008,
        hours=_EVENINGS,
        spells=(
            *_founders("o03", "o04", "o06", "o09", "o14"),
            Spell("o11", 0.3, by="o09"),
            Spell("o10", 0.08, by="o09"),
            Spell("o12", 0.16, 0.77, by="o09"),
        ),
    ),
    Chat(
        key="m1",
        platform="messenger",
        titles=((0.0, "Probationers 2019 ☕"),),
        messages=11_500,
        planted=0.005,
        hours=_EVENINGS,
        spells=(
            *_founders("o05", "o08", "o09", "o10", "o11", "o12"),
            Spell("o04", 0.11, by="o09"),
            Spell("o13", 0.2, 0.86, by="o05"),
        ),
    ),
    Chat(
        key="m2",
        platform="messenger",
        titles=((0.0, "Off duty"),),
        messages=5_500,
        planted=0.022,
        hours=_NIGHTS,
        spells=(
            *_founders("o02", "o03", "o07", "o14"),
            Spell("o10", 0.13, by="o02"),
            Spell("o12", 0.19, by="o07"),
            Spell("o06", 0.3, 0.72, by="o03"),
        ),
    ),
)


def title_at(chat: Chat, part: float) -> str:
    """Give the conversation's name when this share of the two years has gone by."""
    return [title for since, title in chat.titles if since <= part][-1]
