"""What a report cannot show, in sentences.  Pure: counts in, sentences out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blind:
    """What was not read, not known or not looked at, as counts."""

    unread_files: int
    losses: int  # stretches of bytes no parser could read
    unread_messages: int
    attachments_left_out: int
    attachments_named: int
    unsure_clocks: int
    unplaced_codings: int
    unsupported: int  # messages under allegations that nobody has coded relevant


_FILES = (
    "received and kept but not read as conversations: pictures, recordings, archives (what lies in "
    "them counts on its own) and formats not known here."
)
_UNREAD = "not been read by a person. That nothing was found in them is not a finding."
_LOSSES = "of bytes could not be read as messages; each is stored with its place."
_LEFT_OUT = "of them left out by the export; what they show or say was not examined."
_CLOCKS = "could not be settled; the table of copies says why."
_UNSUPPORTED = "named under allegations, which nobody has coded relevant."
_UNPLACED = "on bytes that are in no message of the present tables, and not counted."
_ALWAYS = (
    (
        "Names are replaced where somebody in the conversations is known by them; a nickname "
        "that no phone has, or a name inside a picture, is not recognised."
    ),
    (
        "An export holds what a phone held when it was made; what had been deleted everywhere "
        "before is not in it."
    ),
)


def limits(blind: Blind) -> tuple[str, ...]:
    """Say what the report cannot show; what always holds comes last."""
    named, left_out = blind.attachments_named, blind.attachments_left_out
    said = (
        (blind.unread_files, f"{_many(blind.unread_files, 'file was', 'files were')} {_FILES}"),
        (
            blind.losses,
            f"{_many(blind.losses, 'stretch', 'stretches')} {_LOSSES}",
        ),
        (
            blind.unread_messages,
            f"{_many(blind.unread_messages, 'message has', 'messages have')} {_UNREAD}",
        ),
        (
            named,
            f"{_many(named, 'attachment is', 'attachments are')} named, {left_out:,} {_LEFT_OUT}",
        ),
        (
            blind.unsure_clocks,
            f"The clock of {_many(blind.unsure_clocks, 'copy', 'copies')} {_CLOCKS}",
        ),
        (
            blind.unplaced_codings,
            f"{_many(blind.unplaced_codings, 'coding rests', 'codings rest')} {_UNPLACED}",
        ),
        (
            blind.unsupported,
            f"{_many(blind.unsupported, 'message', 'messages')} {_UNSUPPORTED}",
        ),
    )
    return (*(sentence for count, sentence in said if count), *_ALWAYS)


def _many(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
