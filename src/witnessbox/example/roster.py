"""Who is in a conversation when."""

from bisect import bisect_right

from witnessbox.example.clock import share
from witnessbox.example.model import Chat, Spell


def joined_ms(spell: Spell) -> int:
    """Say when a spell of membership begins."""
    return share(spell.since)


def ended_ms(spell: Spell) -> int | None:
    """Say when a spell ends; None where it lasts to the end."""
    return None if spell.until >= 1.0 else share(spell.until)


def within(spell: Spell, at_ms: int) -> bool:
    """Say whether a moment lies in a spell, its two ends included."""
    end = ended_ms(spell)
    return joined_ms(spell) <= at_ms and (end is None or at_ms <= end)


class Roster:
    """The members of one conversation at any moment."""

    __slots__ = ("_changes", "_present")

    def __init__(self, chat: Chat) -> None:
        moments = {joined_ms(spell) for spell in chat.spells}
        moments |= {end for spell in chat.spells if (end := ended_ms(spell)) is not None}
        self._changes = sorted(moments)
        self._present = [
            tuple(
                spell.officer
                for spell in chat.spells
                if joined_ms(spell) <= moment and not _over(spell, moment)
            )
            for moment in self._changes
        ]

    def present(self, at_ms: int) -> tuple[str, ...]:
        """Name the members at a moment; whoever leaves at that moment has left."""
        return self._present[max(0, bisect_right(self._changes, at_ms) - 1)]


def _over(spell: Spell, moment: int) -> bool:
    end = ended_ms(spell)
    return end is not None and end <= moment
