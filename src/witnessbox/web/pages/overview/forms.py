"""The form that settles a doubt about an exhibit.  Pure."""

from pydantic import BaseModel, Field

from witnessbox.intake.settling import Decision


class SettleForm(BaseModel):
    """What the form sends: which doubts, the reading chosen, and what decides.

    ``start`` is empty where every doubt of the code is meant; ``zone`` outweighs ``decision``.
    """

    code: str = Field(max_length=64)
    decision: str = Field(default="", max_length=64)
    zone: str = Field(default="", max_length=64)
    start: str = Field(default="", pattern=r"^\d{0,18}$")
    reason: str = Field(default="", max_length=2000)

    def asked(self, exhibit: str) -> Decision:
        """Say what was decided about an exhibit."""
        start = int(self.start) if self.start else None
        return Decision(exhibit, self.code, self.zone.strip() or self.decision, self.reason, start)
