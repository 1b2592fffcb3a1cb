"""What allegations rest on: the messages they name and what reviewers said about them.  Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from witnessbox.cases.casefile import CaseFile
from witnessbox.evidence.model import Span
from witnessbox.review.coding import Coding, Place, Standing


@dataclass(frozen=True, slots=True)
class Support:
    """One message an allegation rests on; ``message`` is None where no table holds those bytes."""

    allegation: str
    span: Span
    message: str | None
    codings: tuple[Coding, ...]

    @property
    def coded(self) -> bool:
        """Say whether some reviewer found the message relevant."""
        return any(coding.relevant for coding in self.codings)


def support(
    case_file: CaseFile, messages: Mapping[Place, str], words: Standing
) -> tuple[Support, ...]:
    """Give all that allegations rest on, allegation by allegation.

    ``messages`` says which message each place belongs to now (review.places.messages_of).
    """
    found: list[Support] = []
    for allegation in case_file.allegations:
        for span in allegation.messages:
            message = messages.get((span.exhibit, span.start))
            codings = () if message is None else words.of(message)
            found.append(Support(allegation.id, span, message, codings))
    return tuple(found)


def unsupported(found: tuple[Support, ...]) -> tuple[Support, ...]:
    """Pick what no reviewer has coded relevant: a finding may not rest on it yet."""
    return tuple(one for one in found if not one.coded)
