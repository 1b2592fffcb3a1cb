"""What a report says, as frozen records: one content, rendered as HTML and as PDF.

Nothing here is worked out while rendering; a number that stands in one rendering stands in both.
Dates and times are written out as the report shows them, in the operation's zone.
"""

from dataclasses import dataclass

from witnessbox.reports.citation import Citation


@dataclass(frozen=True, slots=True)
class Tally:
    """A thing counted."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Title:
    """The title page: what this is, about what, and which state of the ledger it tells."""

    operation: str
    subtitle: str
    zone: str
    state: str  # "entry 41 of the ledger, 1 February 2026, 10:00 (Europe/London)"
    product: str  # name and version


@dataclass(frozen=True, slots=True)
class ExhibitRow:
    """One file as it came in, and how much of it was understood."""

    reference: str
    exhibit: str
    name: str
    custodian: str
    received: str
    basis: int  # which of the report's lawful bases, from 1
    size_bytes: int
    explained: int  # of ``whole``
    messages: int
    problems: int
    parser: str  # empty where no parser read it
    whole: int  # bytes, or rows where it is a database
    unit: str


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation over all the phones that hold it."""

    number: int
    title: str
    platform: str
    copies: int
    messages: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One phone's copy of a conversation and how it differs from the others."""

    conversation: int
    label: str
    custodian: str
    messages: int
    missing: int  # others hold them within this copy's window
    corroborated: int  # of these, those that are corroborated or documented
    placeholders: int  # it says only that a message stood there
    only_here: int
    clock: str  # how far the phone's clock was off, and how sure that is
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """A kind of problem that reading the exhibits raised."""

    code: str
    severity: str
    count: int
    example: str
    references: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A verified quotation as a finding shows it."""

    id: str
    citation: Citation
    shown: str  # the words with the names of people replaced
    sender: str  # pseudonym
    sent: str
    conversation: str
    severity: int
    banter: bool
    right_to_left: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What reviewers found under one category of the code-book."""

    category: str
    title: str
    definition: str
    characteristic: str
    messages: int
    people: int
    banter: int
    severities: tuple[Tally, ...]
    quotations: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How much was read, by whom, and what was decided."""

    read: int
    unread: int
    relevant: int
    not_relevant: int
    disputed: int
    reviewers: int
    banter: int


@dataclass(frozen=True, slots=True)
class Investigation:
    """One linked investigation."""

    number: str
    title: str
    opened: str
    scope: str
    allegations: int


@dataclass(frozen=True, slots=True)
class Subject:
    """One person under investigation, by label."""

    label: str
    role: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Allegation:
    """One allegation with its status; ``proven`` is false until a finding says otherwise."""

    number: str
    subject: str
    investigation: str
    text: str
    standards: str
    status: str
    proven: bool
    messages: int


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation and how far it has come."""

    number: str
    addressee: str
    text: str
    made: str
    published: str
    answered: str
    delivered: str
    response: str


@dataclass(frozen=True, slots=True)
class Version:
    """What one source says about a matter."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """A matter and what each source says of it; where they disagree they stand side by side."""

    matter: str
    disputed: bool
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """Investigations, people and what became of them, with the sum checks."""

    about: str
    strands: tuple[str, ...]
    investigations: tuple[Investigation, ...]
    subjects: tuple[Subject, ...]
    allegations: tuple[Allegation, ...]
    outcomes: tuple[Tally, ...]
    sum_checks: tuple[str, ...]
    not_published: tuple[str, ...]
    recommendations: tuple[Recommendation, ...]
    recommendations_made: int
    facts: tuple[Disputed, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, its words for those who cannot see it, and the numbers it draws."""

    id: str
    title: str
    alternative: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Method:
    """How the work was done, and what it cannot show."""

    parsers: tuple[Tally, ...]  # exhibits read by each
    screening: tuple[str, ...]  # the model's card in sentences
    limits: tuple[str, ...]
    doubts: tuple[DoubtRow, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """What ties the report to the ledger and the exhibits."""

    ledger_entries: int
    ledger_hash: str
    merkle_root: str
    data_version: int


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says."""

    title: Title
    summary: tuple[Tally, ...]
    warning: str
    exhibits: tuple[ExhibitRow, ...]
    lawful_bases: tuple[str, ...]
    conversations: tuple[ConversationRow, ...]
    copies: tuple[CopyRow, ...]
    clock_doubts: tuple[str, ...]
    method: Method
    reviewed: Reviewed
    findings: tuple[Finding, ...]
    cases: Cases
    figures: tuple[Figure, ...]
    seal: Seal

    @property
    def quotations(self) -> tuple[Quoted, ...]:
        """Give every quotation, in the order in which the report shows them."""
        return tuple(quoted for finding in self.findings for quoted in finding.quotations)

    def figure(self, name: str) -> Figure | None:
        """Find a figure by its id."""
        return next((figure for figure in self.figures if figure.id == name), None)
