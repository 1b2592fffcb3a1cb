"""A report in which every part says something, made up and mild."""

from dataclasses import replace

from witnessbox.evidence.model import Span
from witnessbox.reports import figures
from witnessbox.reports.citation import Citation, whole
from witnessbox.reports.model import (
    Allegation,
    Cases,
    ConversationRow,
    CopyRow,
    Disputed,
    DoubtRow,
    ExhibitRow,
    Finding,
    Investigation,
    Method,
    Quoted,
    Recommendation,
    Report,
    Reviewed,
    Seal,
    Subject,
    Tally,
    Title,
    Version,
)

EXHIBIT = "ab" * 32


def quoted(name: str, text: str, *, shown: str | None = None, rtl: bool = False) -> Quoted:
    citation = whole("EX/1", Span(EXHIBIT, 100, 180), text)
    return Quoted(
        id=name,
        citation=citation,
        shown=text if shown is None else shown,
        sender="Person 03",
        sent="12 March 2017, 21:04",
        conversation="conversation 1",
        severity=2,
        banter=True,
        right_to_left=rtl,
    )


CUT = replace(
    quoted("Q2", "cannot make the tea"),
    citation=Citation("EX/1", Span(EXHIBIT, 200, 300), "cannot make the tea", 4, 60),
    shown="cannot make the tea",
)

FINDING = Finding(
    category="bullying-threat",
    title="Bullying and threats",
    definition="Words meant to humiliate or frighten somebody.",
    characteristic="",
    messages=14,
    people=3,
    banter=5,
    severities=(Tally("Low", 9), Tally("Medium", 5)),
    quotations=(
        quoted("Q1", "Dai makes rotten tea 😀", shown="[Person 02] makes rotten tea 😀"),
        CUT,
        quoted("Q3", "شاي سيئ جدا", rtl=True),
        quoted("Q4", "#panic() $x$ @ref <script>alert(1)</script>\nsecond line 明天"),
    ),
)

COPIES = tuple(
    CopyRow(
        conversation=1 + number % 2,
        label=f"{1 + number % 2}: Person {number:02d}",
        custodian=f"Person {number:02d}",
        messages=2000 - 90 * number,
        missing=37 * number,
        corroborated=20 * number,
        placeholders=4 * number,
        only_here=number % 2,
        clock="+2 min 10 s" if number % 2 else "as the others",
        first="3 Jan 2016",
        last="30 Dec 2017",
    )
    for number in range(1, 7)
)

MONTHS = [
    figures.MonthCount(f"{number}: {title}", f"{year}-{month:02d}", (month * 37 * number) % 210)
    for number, title in ((1, "Nights"), (2, "Tea rota"))
    for year in (2016, 2017)
    for month in range(1, 13)
]


def report() -> Report:
    outcomes = (Tally("Dismissed", 1), Tally("Resigned", 1), Tally("Not published", 2))
    drawn = (
        figures.months(MONTHS),
        figures.copies(COPIES),
        figures.categories([FINDING]),
        figures.outcomes(outcomes),
    )
    return Report(
        title=Title(
            operation="Operation Teapot",
            subtitle="Learning report",
            zone="Europe/London",
            state="entry 41, 1 February 2026, 10:00",
            product="Witnessbox 0.1.0",
        ),
        summary=(
            Tally("exhibits received", 2),
            Tally("messages in them", 12_345),
            Tally("distinct messages", 6_789),
            Tally("linked investigations", 1),
            Tally("people under investigation", 4),
            Tally("recommendations", 1),
        ),
        warning="What follows quotes offensive messages.",
        exhibits=(
            ExhibitRow(
                "EX/1", EXHIBIT, "phone-a/WhatsApp Chat with Nights.txt", "Person 03",
                "5 January 2026", 1, 123_456, 123_456, 1_200, 2,
                "whatsapp-text/1", 123_456, "bytes",
            ),
            ExhibitRow(
                "EX/2", "cd" * 32, "phone-b/message_1.json", "Person 04", "6 January 2026",
                2, 5_000, 0, 0, 0, "", 5_000, "bytes",
            ),
        ),
        lawful_bases=("consent of the owner", "production order"),
        conversations=(
            ConversationRow(1, "Nights", "WhatsApp", 6, 2_400, "3 January 2016", "30 Dec 2017"),
            ConversationRow(2, "Tea rota", "Messenger", 1, 40, "3 January 2016", "4 May 2016"),
        ),
        copies=COPIES,
        clock_doubts=("the copy knows minutes only",),
        method=Method(
            parsers=(Tally("whatsapp-text/1", 1),),
            screening=("Trained on invented messages.",),
            limits=("Names inside pictures are not read.", "One file was not read."),
            doubts=(DoubtRow("date-order", "doubt", 3, "03/04/2016 is read day first", "EX/1"),),
        ),
        reviewed=Reviewed(
            read=900, unread=5_889, relevant=14, not_relevant=884, disputed=2, reviewers=2, banter=5
        ),
        findings=(FINDING,),
        cases=Cases(
            about="Conduct of four officers.",
            strands=("rudeness about tea",),
            investigations=(
                Investigation("1", "Conduct on nights", "1 June 2018", "Messages 2016 to 2017", 1),
            ),
            subjects=(Subject("Officer 1", "constable, Team A, 2016 to 2018", "Dismissed"),),
            allegations=(
                Allegation("1", "Officer 1", "1", "Said the tea was rotten", "Courtesy",
                           "not proven", proven=False, messages=2),
            ),
            outcomes=outcomes,
            sum_checks=("4 − 1 − 1 = 2 not stated",),
            not_published=("dates of hearings",),
            recommendations=(
                Recommendation("1", "The force", "Buy better tea", "1 September 2021",
                               "1 February 2022", "7 April 2022", "not known", "accepted"),
            ),
            recommendations_made=1,
            facts=(
                Disputed("When did it begin?", disputed=True, versions=(
                    Version("March 2018", "the press release"),
                    Version("June 2018", "the web page"),
                )),
            ),
        ),
        figures=tuple(figure for figure in drawn if figure is not None),
        seal=Seal(41, "ef" * 32, "12" * 32, 1),
    )  # fmt: skip
