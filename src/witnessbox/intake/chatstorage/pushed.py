"""Names that came with messages: as they stand in older versions, within a blob in newer ones."""

import base64
import binascii
from collections.abc import Iterator

import numpy as np

from witnessbox.intake.chatstorage import wire
from witnessbox.intake.chatstorage.people import Roster
from witnessbox.intake.chatstorage.spoken import MESSAGE
from witnessbox.intake.database.people import NOBODY
from witnessbox.intake.msgstore.people import Correspondents
from witnessbox.intake.sqlite.tables import Tables

_COLUMN, _NAME = "ZPUSHNAME", 1
_PAIR = 1 << 31
_MOST_CHARACTERS = 1_000


def pushed(text: str) -> str | None:
    """Give the name out of the column; None where the blob in it holds none."""
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text
    if not blob or not wire.is_whole(blob):
        return text
    return next(filter(None, map(wire.text, wire.parts(blob, _NAME))), None)


def pushed_names(
    tables: Tables, people: Correspondents, roster: Roster
) -> Iterator[tuple[str, str]]:
    """Give addresses and the names that came with their messages, the first ones first."""
    layout = tables.layouts.get(MESSAGE)
    if layout is None or layout.place(_COLUMN) is None:
        return
    for rows in tables.rows(MESSAGE, ("ZGROUPMEMBER", "ZFROMJID", _COLUMN), shared=True):
        member = roster.member(rows.numbers("ZGROUPMEMBER", -1))
        sent_by = people.by_text(rows.text("ZFROMJID"))
        who = np.where(member == NOBODY, sent_by, member)
        said = rows.text(_COLUMN).dictionary_encode()
        words = said.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        told = (who != NOBODY) & (words >= 0) & ~people.is_group()[who]
        for pair in np.unique(who[told] * _PAIR + words[told]).tolist():
            name = pushed(said.dictionary[pair % _PAIR].as_py()[:_MOST_CHARACTERS])
            if name:
                yield people.raw[pair // _PAIR], name
