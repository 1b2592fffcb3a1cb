"""How one message came out of its copies, step by step.  Pure: what is stored in, sentences out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from witnessbox.evidence.model import Kind, Span
from witnessbox.reconcile.grounds import Grounded
from witnessbox.reconcile.model import ClockStep, Discrepancy
from witnessbox.reconcile.why.model import (
    Copy,
    Lacking,
    Message,
    MessageWhy,
    Sight,
    Stand,
    ToldSighting,
    WindowStretch,
    Written,
)
from witnessbox.reconcile.why.words import (
    added_ms,
    copies_named,
    milliseconds,
    moved,
    piece_at,
    rule,
)

_NOT_ASKED = "no copy is asked for a notice: phones write many of them each for itself"
_ALONE = "it covers this place; that one phone alone has the message is told of that phone instead"
_COVERS = "it covers this place, and is not held to lack the message"


@dataclass(frozen=True, slots=True)
class Material:
    """What is stored of one message and of its conversation's copies."""

    message: Message
    copies: tuple[Copy, ...]
    sights: tuple[Sight, ...]
    written: Mapping[Span, Written]
    clocks: Mapping[str, tuple[ClockStep, ...]]  # by copy
    windows: Mapping[str, tuple[WindowStretch, ...]]  # by copy
    told: tuple[Grounded, ...]


def explain(of: Material) -> MessageWhy:
    """Tell how the message came out of its copies."""
    by_id = {copy.id: copy for copy in of.copies}
    sightings = tuple(
        sorted(
            (_told(of, by_id[sight.copy], sight) for sight in of.sights if sight.copy in by_id),
            key=lambda one: (one.copy.number, one.sight.span),
        )
    )
    shown = {one.copy.id for one in sightings}
    return MessageWhy(
        message=of.message,
        sightings=sightings,
        quoting=tuple(_quoting(sightings, of.told)),
        timing=tuple(_timing(of.message, sightings)),
        lacking=tuple(
            lacking(of.message, copy, of.windows.get(copy.id, ()), of.told)
            for copy in of.copies
            if copy.id not in shown
        ),
        discrepancies=tuple(
            sorted(of.told, key=lambda one: by_id[one.copy].number if one.copy in by_id else 0)
        ),
    )


def _told(of: Material, copy: Copy, sight: Sight) -> ToldSighting:
    piece = piece_at(of.clocks.get(copy.id, ()), sight.copy_row)
    corrected = None
    if sight.sent_at is not None:
        by_ms = 0 if piece is None else added_ms(piece, milliseconds(sight.sent_at))
        corrected = moved(sight.sent_at, by_ms)
    return ToldSighting(
        copy=copy,
        sight=sight,
        written=of.written.get(sight.span),
        piece=piece,
        corrected_at=corrected,
        rule=rule(sight.matched_by, sight.kind),
        quoted=sight.span == of.message.span,
    )


def _quoting(sightings: Sequence[ToldSighting], told: Sequence[Grounded]) -> Iterator[str]:
    """Say why this sighting is quoted, in the order in which the rule asks."""
    quoted = next((one for one in sightings if one.quoted), None)
    if quoted is None:
        return
    if len(sightings) == 1:
        yield "it is the only sighting"
        return
    marked = {one.copy for one in told if one.kind is Discrepancy.PLACEHOLDER}
    behind = [one for one in sightings if one.copy.id in marked]
    if behind:
        marks = copies_named([one.copy.number for one in behind])
        yield f"a mark that a message stood here ({marks}) is never quoted before the message"
    said = [one for one in sightings if one not in behind]
    alike = [one for one in said if one.sight.same_text]
    if len(said) == 1:
        return
    if len(alike) == len(said):
        yield "all others say the same"
    elif len(alike) > 1:
        agreeing = copies_named([one.copy.number for one in alike])
        yield f"no other words stand on more phones than these: {agreeing}"
    else:
        yield "no other words stand on more phones than these"
    yield _among_equals(quoted, alike if len(alike) > 1 else said)


def _among_equals(quoted: ToldSighting, equals: Sequence[ToldSighting]) -> str:
    lengths = [_length(one) for one in equals if one is not quoted]
    if _length(quoted) > max(lengths, default=0):
        return "of these it is the longest as written"
    return "of these it is as long as any, and the first by its exhibit's hash and its place there"


def _length(one: ToldSighting) -> int:
    return len(one.written.text or "") if one.written else 0


def _timing(message: Message, sightings: Sequence[ToldSighting]) -> Iterator[str]:
    """Say where the message's time comes from."""
    if message.sent_at is None:
        yield "no copy has a time that could be read; it stands where its neighbours place it"
        return
    finest = [
        one
        for one in sightings
        if one.corrected_at is not None
        and one.written is not None
        and one.written.precision == message.precision
    ]
    named = copies_named([one.copy.number for one in finest])
    if len(finest) > 1:
        yield (
            f"{named} know times to the {message.precision}, no other more finely; "
            "the middle one of their corrected times, one of each phone, is taken"
        )
    elif finest and len(finest) < len(sightings):
        yield f"{named} knows its time most finely, to the {message.precision}"
    for one in sightings:
        if one.copy.id == message.timed_by:
            yield f"it is the corrected time of copy {one.copy.number}, to the {message.precision}"
            return


def lacking(
    message: Message, copy: Copy, windows: Sequence[WindowStretch], told: Sequence[Grounded]
) -> Lacking:
    """Say of a copy that does not show a message whether it could."""
    for one in told:
        if one.message == message.id and one.copy == copy.id and one.kind is Discrepancy.MISSING:
            return Lacking(copy, Stand.MISSING, one.what)
    return Lacking(copy, Stand.OUTSIDE, _why_outside(message, windows, told))


def _why_outside(
    message: Message, windows: Sequence[WindowStretch], told: Sequence[Grounded]
) -> str:
    for stretch in windows:
        asked = not stretch.media_only or message.kind == Kind.MEDIA
        if asked and not stretch.inside and stretch.covers(message.position):
            return stretch.words
    if message.kind == Kind.NOTICE:
        return _NOT_ASKED
    if any(one.message == message.id and one.kind is Discrepancy.ONLY_HERE for one in told):
        return _ALONE
    return _COVERS
