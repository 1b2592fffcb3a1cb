"""The search form: what stands in the address, and the query it makes.  Pure."""

from datetime import date
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, field_validator

from witnessbox.search.model import Order, Query

PAGE_HITS = 25


class SearchForm(BaseModel):
    """What the address says; an empty field asks for nothing."""

    model_config = ConfigDict(frozen=True)

    q: str = ""
    sender: str = ""
    conversation: str = ""
    since: date | None = None
    until: date | None = None
    order: Order = Order.NEWEST
    start: int = 0

    @field_validator("since", "until", mode="before")
    @classmethod
    def _empty_day(cls, value: object) -> object:
        return value or None

    @property
    def asked(self) -> bool:
        """Say whether anything is asked for."""
        return bool(self.q.strip() or self.sender or self.conversation or self.since or self.until)

    def query(self, zone: str) -> Query:
        """Make the query; days are days of the operation's zone."""
        return Query(
            text=self.q,
            sender=self.sender or None,
            conversation=self.conversation or None,
            since=self.since,
            until=self.until,
            limit=PAGE_HITS,
            offset=max(self.start, 0),
            order=self.order,
            zone=zone,
        )

    def address(self, start: int) -> str:
        """Give the address of another page of the same answer."""
        fields = self.model_dump(mode="json", exclude_defaults=True) | {"start": start}
        return "/search?" + urlencode(fields)
