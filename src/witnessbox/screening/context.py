"""What stands around a message says something of it: whom it answers, who laughed, who wrote it.

Two sorts of signs, all per message and all between 0 and 1 or near it:

- *standing* signs hold whatever anybody codes: the scores of the messages before and behind it and
  of the one it answers, reactions to it, replies to it, the hour;
- *learned* signs follow from codings: how often this person's and this conversation's coded
  messages were relevant, codings nearby (abuse comes in bursts), and codings of the same words
  elsewhere (forwards, the same picture caption in five groups).

Words like "banter" behind a message are shown to readers as context.  They are no sign: they take
nothing off a message's score, nor add to it.  Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from witnessbox.screening.normalise import Places

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

REACH = 4
"""How many messages to either side count as nearby; each step away counts half as much."""

CODED_REACH = 12
"""How far a coding is felt along a conversation."""

SMOOTHING = 8.0
"""So many messages of the general rate are added to what is known of a person or conversation."""

LAUGHTER = frozenset("😂🤣😆😹😄😁💀")
_NIGHT_BEGINS, _NIGHT_ENDS = 22, 6

STANDING = ("before", "behind", "answers", "laughed-at", "reacted-to", "replied-to", "night")
LEARNED = ("sender", "conversation", "nearby", "same-words")
NAMES = (*STANDING, *LEARNED)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where each message stands.  Messages go by conversation and position; -1 is none."""

    conversation: Places
    sender: Places
    text: Places  # equal for equal texts
    answers: Places  # the message it answers, by its place here
    laughs: Floats  # reactions that laugh
    reactions: Floats
    hour: npt.NDArray[np.int8]  # -1 where no time is known

    @property
    def messages(self) -> int:
        """Count the messages."""
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Codings:
    """What stands coded: the message, the share of its reviewers who found it relevant."""

    message: Places
    relevant: Floats

    @property
    def rate(self) -> float:
        """Give the share of relevant ones, kept away from 0."""
        return float((self.relevant.sum() + 1) / (len(self.relevant) + 20))


def standing_signs(setting: Setting, score: Floats) -> Floats:
    """Give the signs that no coding changes, messages x ``STANDING``; ``score`` is 0 to 1."""
    signs = np.zeros((setting.messages, len(STANDING)), np.float32)
    if not setting.messages:
        return signs
    for step in range(1, REACH + 1):
        together = setting.conversation[step:] == setting.conversation[:-step]
        share = np.float32(0.5**step) * together
        signs[step:, 0] += share * score[:-step]
        signs[:-step, 1] += share * score[step:]
    held = np.flatnonzero(setting.answers >= 0)
    signs[held, 2] = score[setting.answers[held]]
    signs[:, 3] = np.minimum(setting.laughs, 3) / 3
    signs[:, 4] = np.minimum(setting.reactions, 3) / 3
    replies = np.bincount(setting.answers[held], minlength=setting.messages)
    signs[:, 5] = np.minimum(replies, 3) / 3
    signs[:, 6] = (setting.hour >= _NIGHT_BEGINS) | (
        (setting.hour >= 0) & (setting.hour < _NIGHT_ENDS)
    )
    return signs


def learned_signs(setting: Setting, codings: Codings, of: Places | None = None) -> Floats:
    """Give the signs that follow from codings, for all messages or those ``of``; x ``LEARNED``."""
    return CodedSigns(setting, codings).of(slice(0, setting.messages) if of is None else of)


class CodedSigns:
    """What follows from codings, worked out once and asked of any messages.

    Only what was coded, or stands near it, has to be remembered: all else has signs of 0.  No
    message's own coding speaks for itself: it is taken out of what its row says.
    """

    def __init__(self, setting: Setting, codings: Codings) -> None:
        self._rates = (
            _Rates(setting.sender, codings),
            _Rates(setting.conversation, codings),
            _Rates(setting.text, codings, smoothing=1.0),
        )
        self._near, self._nearby = _nearby(setting, codings)

    def of(self, messages: Places | slice) -> Floats:
        """Give the signs of some messages, messages x ``LEARNED``."""
        sender, conversation, same_words = (rates.of(messages) for rates in self._rates)
        signs = np.zeros((len(sender), len(LEARNED)), np.float32)
        signs[:, 0], signs[:, 1], signs[:, 3] = sender, conversation, same_words
        row, at = met(self._near, messages)
        signs[row, 2] = self._nearby[at]
        return signs


class _Rates:
    """By how much a group's coded messages were relevant more often than all; 0 if unknown."""

    def __init__(self, group: Places, codings: Codings, smoothing: float = SMOOTHING) -> None:
        self._group, self._smoothing, self._rate = group, smoothing, codings.rate
        coded = np.asarray(group[codings.message])
        held = np.flatnonzero(coded >= 0)
        known, of = np.unique(coded[held], return_inverse=True)
        found = np.bincount(of, codings.relevant[held], len(known)).astype(np.float64)
        count = np.bincount(of, minlength=len(known)).astype(np.float64)
        # The last place stands for every group of which nothing was coded, and for no group at all.
        self._by_group = np.zeros(int(known.max(initial=-1)) + 2, np.float32)
        self._by_group[known] = self._rates(found, count)
        order = np.argsort(codings.message[held])
        held, of = held[order], of[order]
        self._own = codings.message[held]
        its_own = codings.relevant[held].astype(np.float64)
        self._less_own = self._rates(found[of] - its_own, count[of] - np.float64(1))

    def _rates(self, found: Doubles, count: Doubles) -> Floats:
        smoothed = (found + self._smoothing * self._rate) / (count + self._smoothing)
        result: Floats = (smoothed - self._rate).astype(np.float32)
        return result

    def of(self, messages: Places | slice) -> Floats:
        """Give the rates of some messages' groups, less what these were coded themselves."""
        last = len(self._by_group) - 1
        result: Floats = self._by_group[np.minimum(self._group[messages], last)]
        row, at = met(self._own, messages)
        result[row] = self._less_own[at]
        return result


def met(known: Places, messages: Places | slice) -> tuple[Places, Places]:
    """Say which of these messages are among the known ones, which are sorted, and where there."""
    if isinstance(messages, slice):
        first, last = np.searchsorted(known, [messages.start, messages.stop])
        at = np.arange(first, last)
        return known[at] - messages.start, at
    at = np.minimum(np.searchsorted(known, messages), max(len(known) - 1, 0))
    row = np.flatnonzero(known[at] == messages) if len(known) else at[:0]
    return row, at[row]


def _nearby(setting: Setting, codings: Codings) -> tuple[Places, Floats]:
    """Sum the codings close by in the same conversation, relevant up, others down, by distance.

    Given are the messages that have any close by, in order, and the sum of each.
    """
    spoken = codings.relevant - np.float32(codings.rate)
    met: list[tuple[Places, Floats, np.float32]] = []
    for step in range(1, CODED_REACH + 1):
        share = np.float32(1 / step)
        for beside in (codings.message + step, codings.message - step):
            inside = (beside >= 0) & (beside < setting.messages)
            here, there = codings.message[inside], beside[inside]
            same = setting.conversation[here] == setting.conversation[there]
            met.append((there[same], share * spoken[inside][same], share))
    near = np.unique(np.concatenate([there for there, _, _ in met]))
    total, weight = np.zeros(len(near), np.float32), np.zeros(len(near), np.float32)
    for there, said, share in met:
        # A message has one neighbour at each distance on each side, so none is met twice.
        at = np.searchsorted(near, there)
        total[at] += said
        weight[at] += share
    return near, total / (1 + weight)


_SAID = {
    "before": "what stands before it scores high",
    "behind": "what stands behind it scores high",
    "answers": "it answers a message that scores high",
    "laughed-at": "somebody laughed at it",
    "reacted-to": "somebody reacted to it",
    "replied-to": "somebody replied to it",
    "sender": "messages of this person were coded relevant more often than others",
    "conversation": "messages of this conversation were coded relevant more often than others",
    "nearby": "messages close by were coded relevant",
    "same-words": "the same words elsewhere were coded relevant",
}
_SHOWN_FROM = {"before": 0.4, "behind": 0.4, "answers": 0.5, "sender": 0.05, "conversation": 0.05}
_SHOWN = 0.1
_BANTER = ("banter", "only joking", "just joking", "having a laugh", "take a joke", "jokes mate")


def reasons(signs: Floats) -> tuple[str, ...]:
    """Say in words which of a message's signs (``NAMES``) speak for reading it."""
    return tuple(
        _SAID[name]
        for name, sign in zip(NAMES, signs, strict=True)
        if name in _SAID and sign >= _SHOWN_FROM.get(name, _SHOWN)
    )


def banter_said(texts: Sequence[str | None]) -> tuple[str, ...]:
    """Name the words in these texts that offer a joke as a defence: shown to readers, no sign."""
    spoken = " ".join(text.casefold() for text in texts if text)
    return tuple(words for words in _BANTER if words in spoken)
