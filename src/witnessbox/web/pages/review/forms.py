"""The form a reviewer fills in for one message.  Pure."""

from pydantic import BaseModel, Field

from witnessbox.evidence.model import Span
from witnessbox.review.codebook import CodeBook
from witnessbox.review.coding import GRAVEST, Coding, ReviewError

NOTE_CHARACTERS = 4000


class CodingForm(BaseModel):
    """What the form sends; ``verdict`` is the button that was pressed."""

    verdict: str = "code"
    categories: list[str] = []
    severity: int | None = Field(default=None, ge=0, le=GRAVEST)
    banter: bool = False
    note: str = Field(default="", max_length=NOTE_CHARACTERS)

    def coding(self, message: str, span: Span, reviewer: str) -> Coding:
        """Make the coding.  Raises ReviewError where the form does not say enough."""
        if self.verdict == "not-relevant":
            return Coding(message, span, reviewer, note=self.note.strip())
        if not self.categories:
            raise ReviewError(
                "Choose at least one category, or press “Not relevant”; nothing was saved."
            )
        if self.severity is None:
            # None is chosen beforehand: a severity nobody thought about must not enter the ledger.
            raise ReviewError("Choose a severity from 0 to 4; nothing was saved.")
        return Coding(
            message,
            span,
            reviewer,
            tuple(self.categories),
            self.severity,
            self.banter,
            self.note.strip(),
        )


def filled(coding: Coding | None) -> CodingForm:
    """Fill the form with a reviewer's standing coding, or leave it empty."""
    if coding is None:
        return CodingForm()
    return CodingForm(
        categories=list(coding.categories),
        severity=coding.severity if coding.relevant else None,
        banter=coding.banter,
        note=coding.note,
    )


def in_words(coding: Coding, book: CodeBook) -> str:
    """Say shortly what a coding decided."""
    if not coding.relevant:
        return "Not relevant"
    titles = ", ".join(book.title(one) for one in coding.categories)
    return f"{titles}; severity {coding.severity}" + (
        "; “banter” offered as a defence" if coding.banter else ""
    )
