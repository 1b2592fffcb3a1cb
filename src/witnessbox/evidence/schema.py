"""Every table: its columns, their types, and what a row is.

``DATA_VERSION`` changes whenever a column or its meaning does; tables of another version are made
again from the vault, never converted in place.  Columns that repeat are dictionary-encoded.

Longer than most files: all tables stand in one place, where a column's like is found at once.
"""

from dataclasses import dataclass

import pyarrow as pa

DATA_VERSION = 6

_WORD = pa.dictionary(pa.int32(), pa.string())
_UTC = pa.timestamp("ms", tz="UTC")
_WALL = pa.timestamp("ms")


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name, what one row of it is, its columns and how each shard of it is named.

    ``added`` are columns that whoever makes the rows does not know; they are null where nobody adds
    them before the rows are stored.
    """

    name: str
    row: str
    schema: pa.Schema
    shard: str  # "exhibit", "conversation", "operation" or "round"
    added: tuple[pa.Field, ...] = ()

    @property
    def stored(self) -> pa.Schema:
        """Give the columns as they are stored."""
        return pa.schema([*self.schema, *self.added])


def _schema(*fields: tuple[str, pa.DataType]) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in fields])


_SPAN = (("exhibit", _WORD), ("start", pa.int64()), ("end", pa.int64()))
_ROW = (("table", _WORD), ("row", pa.int64()))  # of a database; null for any other exhibit

_UNITED = (
    ("message", pa.string()),
    ("conversation", pa.string()),
    ("position", pa.int64()),
    ("person", _WORD),  # id; null where the copies do not say who, or nobody known writes so named
    ("name", _WORD),  # the person's label, else as a copy writes it
)

# Stage: extract (one shard an exhibit) -----------------------------------------------------------

MESSAGES = Table(
    "messages",
    "one sighting of a message, as one exhibit holds it",
    _schema(
        *_SPAN,
        ("conversation", _WORD),  # as the source names it: title, else file name
        ("thread", _WORD),  # the platform's own id of the conversation, else null
        ("sequence", pa.int64()),  # order within the conversation, oldest first; only order counts
        ("stamp", pa.string()),  # date and time exactly as written
        ("wall_at", _WALL),  # as a clock on the wall showed it; null where the source gives UTC
        ("sent_at", _UTC),  # UTC; null where the stamp could not be read
        ("precision", _WORD),  # evidence.model.Precision
        ("zone", _WORD),  # "UTC" where the source says so, else the zone that was assumed
        ("sender", _WORD),  # as written; null for a notice
        ("kind", _WORD),  # evidence.model.Kind
        ("text", pa.string()),  # as written, one line end at the end taken off; null if none
        ("platform_id", pa.string()),
        ("reply_to", pa.string()),
        ("edited", pa.bool_()),
        ("deleted", pa.bool_()),
        ("parser", _WORD),  # name/version
        *_ROW,
    ),
    "exhibit",
)

PARTICIPANTS = Table(
    "participants",
    "one name seen in one exhibit's conversation",
    _schema(
        ("exhibit", _WORD),
        ("conversation", _WORD),
        ("name", pa.string()),  # as written
        ("platform_id", pa.string()),
        ("messages", pa.int64()),
        ("listed", pa.bool_()),  # in the export's own member list
    ),
    "exhibit",
)

ATTACHMENTS = Table(
    "attachments",
    "one file a message names or says was left out",
    _schema(
        ("exhibit", _WORD),
        ("start", pa.int64()),  # of the message
        ("name", pa.string()),  # as written; null where only "media omitted" stands
        ("media", _WORD),  # image, video, audio, sticker, gif, document, contact, link, unknown
        ("omitted", pa.bool_()),
    ),
    "exhibit",
    added=(pa.field("file", _WORD),),  # the exhibit that is the file; null where it did not come
)

REACTIONS = Table(
    "reactions",
    "one person's reaction to one message",
    _schema(
        ("exhibit", _WORD),
        ("start", pa.int64()),
        ("actor", _WORD),
        ("reaction", pa.string()),
        ("reacted_at", _UTC),
    ),
    "exhibit",
)

VOTES = Table(
    "votes",
    "one person's choice in one poll",
    _schema(
        ("exhibit", _WORD),
        ("start", pa.int64()),  # of the message that is the poll
        ("voter", _WORD),
        ("choice", pa.string()),  # the option as written; null where only that there was a vote
        ("voted_at", _UTC),
    ),
    "exhibit",
)

ACKNOWLEDGEMENTS = Table(
    "acknowledgements",
    "that one message reached one person, or was read or played",
    _schema(
        ("exhibit", _WORD),
        ("start", pa.int64()),  # of the message
        ("person", _WORD),  # null where the source does not say who
        ("event", _WORD),  # delivered, read, played
        ("acknowledged_at", _UTC),
    ),
    "exhibit",
)

EARLIER_TEXTS = Table(
    "earlier_texts",
    "one text a message had before, as one exhibit keeps it",
    _schema(
        ("exhibit", _WORD),
        ("start", pa.int64()),  # of the message
        ("text", pa.string()),  # as written
        ("replaced_at", _UTC),  # when another text took its place; null where that is not said
    ),
    "exhibit",
)

MEMBERSHIPS = Table(
    "memberships",
    "one change of who is in a conversation, as a notice or a list tells it",
    _schema(
        *_SPAN,
        ("conversation", _WORD),
        ("event", _WORD),  # created, added, removed, left, joined, subject, admin
        ("actor", pa.string()),
        ("member", pa.string()),
        ("sent_at", _UTC),
    ),
    "exhibit",
)

PROBLEMS = Table(
    "problems",
    "what could not be read or decided",
    _schema(
        *_SPAN,
        ("parser", _WORD),
        ("code", _WORD),
        ("what", pa.string()),
        ("severity", _WORD),  # evidence.model.Severity
        *_ROW,
    ),
    "exhibit",
)

TRACES = Table(
    "traces",
    "one trace that something was deleted or changed, which a database holds by itself",
    _schema(
        *_SPAN,  # where it shows; empty where it shows only in what is not there
        *_ROW,
        ("kind", _WORD),  # row-gap, sort-gap, orphan-receipt, orphan-quote, changed-in-wal, …
        ("what", pa.string()),  # what it shows, and no more
    ),
    "exhibit",
)

HOLDINGS = Table(
    "holdings",
    "one message-bearing table of a database, and how many rows it holds",
    _schema(("exhibit", _WORD), ("table", _WORD), ("rows", pa.int64())),
    "exhibit",
)

PICTURES = Table(
    "pictures",
    "one exhibit that is a picture, by its bytes, whatever its name",
    _schema(
        ("exhibit", _WORD),
        ("media_type", _WORD),  # by content: image/jpeg, image/png …
        ("width", pa.int32()),  # as stored, before any turning; null where it cannot be read
        ("height", pa.int32()),
        ("animated", pa.bool_()),  # then the hash is of the first frame
        ("phash", pa.string()),  # perceptual hash, 16 hex digits; null: unread, or too plain
        ("reader", _WORD),  # name/version of what looked at it
    ),
    "exhibit",
)

CAMERA_DATES = Table(
    "camera_dates",
    "one date that a picture's EXIF data hold",
    _schema(
        ("exhibit", _WORD),
        ("tag", _WORD),  # DateTimeOriginal, OffsetTimeOriginal, GPSDateStamp …
        ("written", pa.string()),  # exactly as written, at most 64 characters; not interpreted
    ),
    "exhibit",
)

# Stage: reconcile (one shard a conversation; conversations, copies and people: one shard) ---------

CONVERSATIONS = Table(
    "conversations",
    "one conversation, however many phones hold a copy",
    _schema(
        ("conversation", pa.string()),  # id
        ("title", pa.string()),
        ("platform", _WORD),
        ("copies", pa.int32()),
        ("messages", pa.int64()),
        ("first_at", _UTC),
        ("last_at", _UTC),
    ),
    "operation",
)

COPIES = Table(
    "copies",
    "one phone's copy of one conversation",
    _schema(
        ("copy", pa.string()),  # id
        ("conversation", pa.string()),
        ("title", pa.string()),  # as this copy names it
        ("custodian", pa.string()),
        ("exhibits", pa.list_(pa.string())),  # in order
        ("parser", pa.string()),
        ("messages", pa.int64()),
        ("matched", pa.int64()),  # messages some other copy holds too
        ("first_at", _UTC),
        ("last_at", _UTC),
        ("offset_ms", pa.int64()),  # added to this copy's times to agree with the others
        ("offset_doubt", pa.string()),  # null, or why the offset is not sure
    ),
    "operation",
)

CANONICAL_MESSAGES = Table(
    "canonical_messages",
    "one message of one conversation, once, however many copies hold it",
    _schema(
        ("message", pa.string()),  # id
        ("conversation", pa.string()),
        ("position", pa.int64()),  # 0, 1, 2 … in conversation order
        ("sent_at", _UTC),
        ("precision", _WORD),
        ("timed_by", _WORD),  # the copy whose clock, corrected, gives sent_at; null where none does
        ("sender", _WORD),  # person id; null for a notice
        ("sender_name", _WORD),
        ("kind", _WORD),
        ("text", pa.string()),  # as the sighting at the span below writes it
        ("normalised", pa.string()),  # for matching only
        ("reply_to", pa.string()),  # the message it answers; null where none, or none that is held
        ("edited", pa.bool_()),
        ("deleted", pa.bool_()),  # some copy holds only a placeholder
        ("sightings", pa.int32()),
        *_SPAN,  # the sighting that is quoted
    ),
    "conversation",
)

SIGHTINGS = Table(
    "sightings",
    "that one copy holds one canonical message, and how",
    _schema(
        ("message", _WORD),
        ("conversation", _WORD),
        ("copy", _WORD),
        *_SPAN,
        ("copy_row", pa.int64()),  # 0 for the copy's first, in its own order
        ("sent_at", _UTC),  # as this copy has it, before the offset
        ("sender_name", _WORD),
        ("kind", _WORD),
        ("matched_by", _WORD),  # platform-id, text, kind, likeness, placeholder, alone
        ("same_text", pa.bool_()),
    ),
    "conversation",
)

VARIANTS = Table(
    "variants",
    "one text of one canonical message that has several",
    _schema(
        ("message", pa.string()),
        ("conversation", pa.string()),
        ("position", pa.int64()),
        ("text", pa.string()),  # as written at the span
        ("quoted", pa.bool_()),  # it is the canonical message's
        ("edited", pa.bool_()),  # some copy that shows it says that it was edited
        ("earlier", pa.bool_()),  # some exhibit keeps it as what the message said before
        ("replaced_at", _UTC),  # when another text took its place, as far as that exhibit says
        ("copies", pa.list_(pa.string())),  # that show it or keep it, by id
        *_SPAN,  # the first sighting that does
    ),
    "conversation",
)

CANONICAL_REACTIONS = Table(
    "canonical_reactions",
    "one person's reaction to one canonical message, once, however many copies show it",
    _schema(
        *_UNITED,
        ("reaction", pa.string()),  # empty where it was taken back
        ("reacted_at", _UTC),  # the earliest that a copy tells, by its corrected clock
        ("copies", pa.list_(pa.string())),  # that show it, by id
    ),
    "conversation",
)

CANONICAL_VOTES = Table(
    "canonical_votes",
    "one person's choice in one canonical message that is a poll",
    _schema(
        *_UNITED,
        ("choice", pa.string()),  # null where only that there was a vote
        ("voted_at", _UTC),  # the earliest that a copy tells, by its corrected clock
        ("copies", pa.list_(pa.string())),  # that show it, by id
    ),
    "conversation",
)

CANONICAL_ACKNOWLEDGEMENTS = Table(
    "canonical_acknowledgements",
    "that one canonical message reached one person, or was read or played",
    _schema(
        *_UNITED,
        ("event", pa.string()),  # delivered, read, played
        ("acknowledged_at", _UTC),  # the earliest that a copy tells, by its corrected clock
        ("copies", pa.list_(pa.string())),  # that tell it, by id
    ),
    "conversation",
)

PEOPLE = Table(
    "people",
    "one name one copy uses for one person",
    _schema(
        ("person", pa.string()),  # id
        ("label", pa.string()),  # the name to show
        ("copy", pa.string()),
        ("name", pa.string()),  # as written there
        ("messages", pa.int64()),
        ("owner", pa.bool_()),  # this person is the copy's custodian
    ),
    "operation",
)

LINKS = Table(
    "links",
    "two names that may be one person's: what speaks for and against it, and what came of it",
    _schema(
        ("link", pa.string()),  # id; of the two names alone, whichever of them comes first
        ("first_copy", pa.string()),
        ("first_name", pa.string()),  # as written there
        ("second_copy", pa.string()),
        ("second_name", pa.string()),
        ("first_person", pa.string()),  # id; the same as the second's where they are one
        ("second_person", pa.string()),
        ("rule", _WORD),  # what led there: texts, number, phone, custodian, name, decision
        ("texts_agreed", pa.int64()),
        ("texts_against", pa.int64()),
        ("traits_agreed", pa.int64()),
        ("traits_against", pa.int64()),
        ("weight", pa.float64()),  # match weight, of all that was known of both persons then
        ("speaks_for", pa.list_(pa.string())),  # each in words, with what it weighs
        ("speaks_against", pa.list_(pa.string())),
        ("state", _WORD),  # joined, proposed, accepted, refused, parted
    ),
    "operation",
)

DISCREPANCIES = Table(
    "discrepancies",
    "one way in which a copy differs from what the others show",
    _schema(
        ("discrepancy", pa.string()),  # id
        ("conversation", pa.string()),
        ("message", pa.string()),
        ("copy", pa.string()),
        # missing, placeholder, text-differs, edited, only-here, time-runs-back, time-differs
        ("kind", _WORD),
        ("strength", _WORD),  # noted, supported, corroborated, documented: what stands behind it
        ("what", pa.string()),
        ("position", pa.int64()),
        ("run", pa.string()),  # id of the stretch of missing messages it belongs to, null if alone
        *_SPAN,  # where it shows: in the copy itself, else in a copy that holds the message
    ),
    "conversation",
)

GROUNDS = Table(
    "grounds",
    "one thing that speaks for a discrepancy, or one explanation of it and how it stands",
    _schema(
        ("conversation", pa.string()),
        ("discrepancy", pa.string()),
        ("order", pa.int32()),  # 0, 1, 2 … as they are to be read: evidence first
        ("role", _WORD),  # evidence, explanation
        ("code", _WORD),  # reconcile.model.Evidence or reconcile.model.Explanation
        ("standing", _WORD),  # of an explanation: open, unlikely, excluded; null of evidence
        ("words", _WORD),  # a sentence in plain words; copies are not named in it
        ("copy", _WORD),  # of which it speaks, or at whose rows it points; null: of none
        *_SPAN,  # where it shows; null where it shows in no one place
    ),
    "conversation",
)

WINDOWS = Table(
    "windows",
    "one stretch of a conversation that one copy could have known of, or could not, and why",
    _schema(
        ("conversation", pa.string()),
        ("copy", pa.string()),
        ("only", _WORD),  # media where the row speaks of files alone; null: of every message
        ("since_position", pa.int64()),  # a copy's rows with no ``only`` follow one another,
        ("until_position", pa.int64()),  # from 0 to the end; this is the first one behind
        ("since_at", _UTC),  # of the first message in it
        ("until_at", _UTC),  # of the last
        ("inside", pa.bool_()),
        ("reason", _WORD),  # reconcile.model.Reach
        ("words", _WORD),  # the reason in plain words
        *_SPAN,  # the notice that tells it, else the row of this copy at which it shows, else null
    ),
    "conversation",
)

CLOCKS = Table(
    "clocks",
    "how far one copy's clock was off, from one of its rows on",
    _schema(
        ("conversation", pa.string()),
        ("copy", pa.string()),
        ("since_row", pa.int64()),  # 0 for the copy's first, in its own order
        ("offset_ms", pa.int64()),  # added to the copy's times, at ``at``
        ("at", _UTC),  # by the copy's own clock
        ("drift_ppb", pa.int64()),  # by how many nanoseconds a second the offset grows
        ("within_ms", pa.int64()),  # of the offset, at 95%, as far as the texts tell
        ("texts", pa.int64()),  # that it stands on
        ("main_ms", pa.int64()),  # the offset in the middle of all the copy's texts
        ("doubt", pa.string()),  # null, or why the clock is not sure
    ),
    "conversation",
)

# Stage: media (one shard; machine_texts: one shard an exhibit) ------------------------------------

CARRIERS = Table(
    "carriers",
    "one canonical message that one exhibit is attached to",
    _schema(
        ("file", pa.string()),  # the exhibit that is attached
        ("message", pa.string()),
        ("conversation", _WORD),
        ("position", pa.int64()),
        ("sent_at", _UTC),
    ),
    "operation",
)

MOTIFS = Table(
    "motifs",
    "one picture and the motif it shows; a picture like no other is a motif of its own",
    _schema(
        ("motif", pa.string()),  # the exhibit that stands for all of them
        ("exhibit", pa.string()),
        ("bits", pa.int8()),  # by which its perceptual hash differs from that exhibit's
        ("pictures", pa.int64()),  # exhibits of this motif
        ("messages", pa.int64()),  # that carry any of them
        ("conversations", pa.int64()),
    ),
    "operation",
)

MACHINE_TEXTS = Table(
    "machine_texts",
    "one text that a machine read out of one exhibit, or why it read none",
    _schema(
        ("exhibit", _WORD),
        ("kind", _WORD),  # ocr, transcript
        ("engine", _WORD),  # its name, and version where it says one
        ("program", _WORD),  # SHA-256 of the program's file
        ("command", _WORD),  # as it was run, the file's place in braces
        ("language", _WORD),  # as it was set; null for a transcript: it stands in the command
        ("text", pa.string()),  # null where there was a problem
        ("code", _WORD),  # of the problem
        ("what", pa.string()),
        ("severity", _WORD),  # evidence.model.Severity
    ),
    "exhibit",
)

# Stage: screen (one shard a conversation; batches: one shard) -------------------------------------

SCORES = Table(
    "scores",
    "one category's score for one canonical message; it orders reading and decides nothing",
    _schema(
        ("message", pa.string()),
        ("conversation", pa.string()),
        ("category", _WORD),
        ("score", pa.float32()),  # 0 to 1; orders reading, decides nothing
        ("severity", pa.int8()),  # of the lexicon entry, 0 where none matched
        ("source", _WORD),  # lexicon, classifier, encoder
        ("language", _WORD),  # of the message, as in BCP 47; und where it cannot be told
        ("reasons", pa.list_(pa.string())),  # the words that made the score
        ("version", _WORD),  # of what made it: the linear model, then the encoder
    ),
    "conversation",
)

EMBEDDINGS = Table(
    "embeddings",
    "what an encoder made of one text that it read to the end: numbers that the learner weighs",
    _schema(
        ("message", pa.string()),  # one that says so; others of the conversation may say the same
        ("conversation", pa.string()),
        ("embedding", pa.list_(pa.float16())),  # of unit length; what it stands for nobody can say
        ("version", _WORD),  # of the encoder
    ),
    "conversation",
)

BATCHES = Table(
    "batches",
    "one message's place in the reading order, which is made of scores and decides nothing",
    _schema(
        ("batch", pa.int32()),
        ("rank", pa.int64()),
        ("message", pa.string()),
        ("conversation", pa.string()),
        ("position", pa.int64()),
        ("score", pa.float32()),
        ("category", _WORD),
    ),
    "operation",
)

# Made by the learner while people read (one shard a round) ----------------------------------------

ROUNDS = Table(
    "rounds",
    "one message's place in a batch that the learner put together",
    _schema(
        ("batch", pa.int32()),  # its number, behind those of the table ``batches``
        ("rank", pa.int64()),
        ("message", pa.string()),
        ("conversation", pa.string()),
        ("position", pa.int64()),
        ("score", pa.float32()),  # of the question, 0 to 1; null where it was drawn by lot
        ("category", _WORD),  # the question that put it there; abuse: relevant in any way
        ("round", pa.int32()),
        ("source", _WORD),  # screening.learning_order.Source; readers are not told
        ("priority", pa.float32()),  # log-odds of being relevant at all, of any source
        ("reasons", pa.list_(pa.string())),  # what of its context speaks for reading it
    ),
    "round",
)

TABLES = (
    MESSAGES,
    PARTICIPANTS,
    ATTACHMENTS,
    REACTIONS,
    VOTES,
    ACKNOWLEDGEMENTS,
    EARLIER_TEXTS,
    MEMBERSHIPS,
    PROBLEMS,
    TRACES,
    HOLDINGS,
    PICTURES,
    CAMERA_DATES,
    CONVERSATIONS,
    COPIES,
    CANONICAL_MESSAGES,
    SIGHTINGS,
    VARIANTS,
    CANONICAL_REACTIONS,
    CANONICAL_VOTES,
    CANONICAL_ACKNOWLEDGEMENTS,
    PEOPLE,
    LINKS,
    DISCREPANCIES,
    GROUNDS,
    WINDOWS,
    CLOCKS,
    CARRIERS,
    MOTIFS,
    MACHINE_TEXTS,
    SCORES,
    EMBEDDINGS,
    BATCHES,
    ROUNDS,
)
