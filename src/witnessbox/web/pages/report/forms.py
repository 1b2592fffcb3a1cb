"""The form that releases a report.  Pure."""

from pydantic import BaseModel, Field

from witnessbox.errors import WitnessboxError


class UnconfirmedError(WitnessboxError):
    """A release was asked for without saying that it is meant."""


class PublishForm(BaseModel):
    """What the form sends: a title, why, and the box that must be ticked."""

    subtitle: str = Field(default="Learning report", max_length=120)
    reason: str = Field(default="", max_length=2000)
    confirmed: bool = False

    def check(self) -> None:
        """Raise UnconfirmedError unless the form is complete and meant."""
        if not self.confirmed:
            raise UnconfirmedError(
                "Tick the box to say that you have read the preview; nothing was published."
            )
        if not self.subtitle.strip():
            raise UnconfirmedError("Give the report a title; nothing was published.")
        if not self.reason.strip():
            raise UnconfirmedError("Say why it is released; nothing was published.")
