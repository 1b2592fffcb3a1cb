"""The page ``results.md``, set out from the frozen figures."""

from benchmarks.reconcile.results import Section

_ROWS = (
    ("sightings", "sightings", "", ","),
    ("messages joined: precision", "joins_precision", "≥ 0.9999", ".5f"),
    ("messages joined: recall", "joins_recall", "≥ 0.999", ".5f"),
    ("– pairs right", "joins_right", "", ","),
    ("– pairs wrong", "joins_wrong", "", ","),
    ("– pairs missed", "joins_missed", "", ","),
    ("notices joined: precision", "notices_precision", "", ".5f"),
    ("notices joined: recall", "notices_recall", "", ".5f"),
    ("people: precision", "people_precision", "", ".5f"),
    ("people: recall", "people_recall", "", ".5f"),
    ("people: F1", "people_f1", "≥ 0.995", ".5f"),
    ("people within a conversation: F1", "people_within_f1", "", ".5f"),
    ("owners told: precision", "owners_precision", "", ".5f"),
    ("owners told: recall", "owners_recall", "", ".5f"),
    ("deletions: precision", "missing_precision", "≥ 0.99", ".5f"),
    ("deletions: recall", "missing_recall", "≥ 0.97", ".5f"),
    ("– told rightly", "missing_right", "", ","),
    ("– told wrongly", "missing_wrong", "", ","),
    ("– not told", "missing_missed", "", ","),
    ("– told as noted", "missing_noted", "", ","),
    ("– of them rightly", "missing_noted_right", "", ","),
    ("– told as supported", "missing_supported", "", ","),
    ("– of them rightly", "missing_supported_right", "", ","),
    ("– told as corroborated", "missing_corroborated", "", ","),
    ("– of them rightly", "missing_corroborated_right", "", ","),
    ("– told as documented", "missing_documented", "", ","),
    ("– of them rightly", "missing_documented_right", "", ","),
    ("told where the copy does not reach", "missing_outside", "0", ","),
    ("forged lines marked: precision", "forged_precision", "≥ 0.95", ".5f"),
    ("forged lines marked: recall", "forged_recall", "≥ 0.95", ".5f"),
    ("– marked in vain", "forged_wrong", "", ","),
    ("– not marked", "forged_missed", "", ","),
    ("true lines only here, lost elsewhere", "alone_elsewhere_lost", "", ","),
    ("messages put in order", "placed", "", ","),
    ("– more than 20 places from their own", "placed_far", "", ","),
    ("times altered", "altered", "", ","),
    ("– of them marked in any way", "altered_marked", "", ","),
    ("conversations", "talks", "", ","),
    ("– joined wrongly", "talks_joined", "0", ","),
    ("– split", "talks_split", "0", ","),
    ("clocks with one offset, told", "clocks_steady", "", ","),
    ("– error, middle, ms", "clocks_middle_ms", "", ","),
    ("– error, nine in ten under, ms", "clocks_most_ms", "", ","),
    ("– within 30 s", "clocks_within_30_s", "", ","),
    ("clocks that move", "clocks_moving", "", ","),
    ("– of them steps told", "clocks_moving_doubted", "", ","),
    ("clocks not told (abstained)", "clocks_untold", "", ","),
    ("CPU s of reconciling", "cpu_s", "", ",.1f"),
)
_WAYS = (
    ("default", "default"),
    ("default, time and text", "default: time and text"),
    ("default, diff", "default: diff"),
    ("hard", "hard"),
    ("hard, time and text", "hard: time and text"),
    ("hard, diff", "hard: diff"),
)
_SPEED = (
    ("sightings", "sightings", ","),
    ("conversations", "conversations", ","),
    ("CPU s", "cpu_s", ",.1f"),
    ("sightings per CPU s", "per_cpu_s", ","),
    ("peak MB", "peak_mb", ","),
    ("wall s, 1 job", "wall_1_s", ",.1f"),
    ("wall s, 2 jobs", "wall_2_s", ",.1f"),
    ("two workers' time, of one's", "share_of_two", ".2f"),
    ("bare join, CPU s", "bare_cpu_s", ",.1f"),
)
_EXAMPLE = (
    ("sightings", "sightings", ","),
    ("messages found", "messages", ","),
    ("messages in truth", "true_messages", ","),
    ("pair precision", "precision", ".5f"),
    ("pair recall", "recall", ".5f"),
    ("wrong pairs", "wrong_pairs", ","),
    ("– of them notices each phone made for itself", "wrong_notice_pairs", ","),
    ("deletions", "deletions", ","),
    ("– told as missing", "deletions_told", ","),
    ("told as missing in all", "told", ","),
    ("CPU s", "cpu_s", ",.1f"),
)
_SHOWN_ERRORS = 30


def page(sections: dict[str, Section]) -> str:
    """Set the figures out."""
    ways = [(label, sections[name]) for label, name in _WAYS if name in sections]
    return _PAGE.format(
        accuracy=_accuracy(ways),
        errors="\n\n".join(
            _errors(name, sections[name]) for name in ("default", "hard") if name in sections
        ),
        example=_listed(sections["example"], _EXAMPLE) if "example" in sections else "not measured",
        speed=_speed([one for name, one in sections.items() if name.startswith("speed")]),
    )


def _accuracy(ways: list[tuple[str, Section]]) -> str:
    heads = " | ".join(label for label, _ in ways)
    rows = [f"| | aim | {heads} |", "|---" * (len(ways) + 2) + "|"]
    for label, key, aim, how in _ROWS:
        if not any(key in section.figures for _, section in ways):
            continue
        cells = [_cell(section, key, how) for _, section in ways]
        rows.append(f"| {label} | {aim} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _cell(section: Section, key: str, how: str) -> str:
    return format(section.figures[key], how) if key in section.figures else ""


def _errors(name: str, section: Section) -> str:
    rows = [f"### {name}", "", "| kind of error | how often | for example |", "|---|---|---|"]
    for kind, count in list(section.errors.items())[:_SHOWN_ERRORS]:
        shown = section.examples.get(kind, [""])[0].replace("|", "\\|")
        rows.append(f"| {kind} | {count:,} | {shown} |")
    return "\n".join(rows)


def _listed(section: Section, rows: tuple[tuple[str, str, str], ...]) -> str:
    cells = [f"| {label} | {_cell(section, key, how)} |" for label, key, how in rows]
    return "\n".join(["| | |", "|---|---|", *cells])


def _speed(sections: list[Section]) -> str:
    ordered = sorted(sections, key=lambda one: one.figures["sightings"])
    heads = " | ".join(label for label, _, _ in _SPEED)
    rows = [f"| {heads} |", "|---" * len(_SPEED) + "|"]
    rows += [f"| {' | '.join(_cell(one, key, how) for _, key, how in _SPEED)} |" for one in ordered]
    return "\n".join(rows)


_PAGE = """# Reconciliation: results

`python -m benchmarks.reconcile.run`; 2 virtual CPUs shared with other work, Python 3.11. Accuracy
repeats exactly for a seed; times do not.

## Invented evidence whose truth is known

`dials.py` says what is made and what goes wrong how often: *default* is twenty phones, half of
them text exports of twelve layouts and half databases; *hard* is three phones, text only, with
drifting clocks, much said over and over and a fifth missing. Every file is received and extracted
as any other; each row is matched to its truth by exhibit and first byte, or row of the database.

Pairs are pairs of sightings of one message. A deletion is told rightly where the copy lost the
message by deletion; told where the copy does not reach means that its owner was no member, the chat
was cleared, cut or exported earlier, or the message disappeared by a timer. A line is taken as
marked forged where it is said to stand in this copy only; what stands alone since every other copy
lost it is counted apart. A message is far from its place where more than 20 others stand between.
People are pairs of (copy, name), over all conversations. Offsets are
compared within a conversation, since no clock is the true one.

*Time and text* concatenates copies and drops what has the same time and text, as `whatstk` merges;
*diff* compares each two copies line by line (`difflib.SequenceMatcher`), on conversations of up to
3,500 rows a copy. Both are told which copies belong together, which the product finds out itself.

{accuracy}

## Errors by kind

The first of each kind; `--errors FILE` writes the first twenty.

{errors}

## The example operation

At full size, seed 1; its truth comes with it.

{example}

## Speed

Tables written straight: twenty phones show every conversation, ten as a text file each, ten in one
database each. The whole step, tables read and written, in a process of its own. *Two workers' time*
is by CPU seconds: the main process's and half of the workers', beside one process alone. Of two
runs each way, by turns, the better counts. The aims are 500,000 sightings per CPU second, and two
workers in 0.6 of one's time.

*Bare join* is what DuckDB takes for the same tables in the same run (`bare_join.py`, one thread).
Told which copies belong together, it puts each clock right by one offset, joins equal texts at like
times and writes five numbers a sighting: nobody is recognised, nothing missing is told, nothing is
traced. On these tables, whose clocks only stand apart, it finds the same messages.

{speed}
"""
