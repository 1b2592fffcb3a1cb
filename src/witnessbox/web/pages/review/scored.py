"""What the desk says beside a message's scores.  Pure: scores and lexicon in, words out."""

from collections.abc import Sequence

from witnessbox.screening import language
from witnessbox.screening.lexicon import Lexicon
from witnessbox.screening.model import Entry
from witnessbox.web.reading import Score


def unlearned(scores: Sequence[Score]) -> str:
    """Name the message's language where no model has learned it; else nothing."""
    tags = {one.language for one in scores if not language.has_model(one.language)}
    return ", ".join(language.name(tag) for tag in sorted(tags))


def meanings(
    scores: Sequence[Score], lexicon: Lexicon
) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Give, of the words that made the scores, those that have several senses, and the senses."""
    words = dict.fromkeys(reason for one in scores for reason in one.reasons)
    found = ((word, lexicon.meanings(word)) for word in words)
    return tuple((word, senses) for word, senses in found if len({e.kind for e in senses}) > 1)
