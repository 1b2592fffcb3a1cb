"""Places and contact cards, which stand with the files: lines of text beside a message's own.

The columns of co-ordinates hold a picture's width and height, and those of cards a key and a sort
of file, unless the message is a place or a card.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind
from witnessbox.intake.cards import BEGIN, cards
from witnessbox.intake.chatstorage.beyond import MEDIA
from witnessbox.intake.database.columns import Spoken
from witnessbox.intake.database.keyed import Kept
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.ordered import KEY, Ordered
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows, Tables
from witnessbox.intake.texts import beside, place

_MOST_CHARACTERS = 1 << 16
_TOLD = (KEY, "card", "latitude", "longitude")
_NOTHING = None, (np.nan, np.nan)


_SHOWN = pa.schema(
    [
        pa.field(KEY, pa.int64()),
        pa.field("latitude", pa.float64()),
        pa.field("longitude", pa.float64()),
        pa.field("card", pa.string()),
    ]
)
"""What rows of files may say of places and cards, by their row ids."""


def shown_of(tables: Tables) -> Ordered:
    """Read which rows may be places, and which are cards."""
    found = Ordered(_SHOWN)
    for rows in tables.rows(MEDIA, ("ZLATITUDE", "ZLONGITUDE", "ZVCARDSTRING"), shared=True):
        at = np.stack([rows.reals("ZLATITUDE"), rows.reals("ZLONGITUDE")], axis=1)
        sound = (np.abs(at[:, 0]) <= 90) & (np.abs(at[:, 1]) <= 180) & at.any(axis=1)
        at[~sound] = np.nan
        said = rows.text("ZVCARDSTRING")
        begins = pc.starts_with(said, BEGIN, ignore_case=True).fill_null(False)  # noqa: FBT003
        said = pc.if_else(begins, said, None)
        chosen = np.flatnonzero(sound | begins.to_numpy(zero_copy_only=False))
        lines = [
            None if text is None else "\n".join(cards(text))[:_MOST_CHARACTERS]
            for text in said.take(pa.array(chosen)).to_pylist()
        ]
        columns = [rows.rowid[chosen], *at[chosen].T, pa.array(lines, pa.string())]
        found.add(pa.RecordBatch.from_arrays([*map(pa.array, columns)], schema=_SHOWN))
    return found


def worded(spoken: Spoken, rows: Rows, shown: Ordered, media: Kept) -> Spoken:
    """Put places and cards beside what the messages of a batch say themselves."""
    spot, card = place_of(Kind.LOCATION), place_of(Kind.CONTACT)
    chosen = np.flatnonzero(np.isin(spoken.kind, (spot, card)))
    if not len(chosen):
        return spoken
    items = rows.numbers("ZMEDIAITEM", -1)[chosen]
    titles = media.near(items).text("ZTITLE", items).to_pylist()
    near = shown.near(items)
    columns = (near.column(name).to_pylist() for name in _TOLD)
    told = {row: (card, (lat, long)) for row, card, lat, long in zip(*columns, strict=True)}
    texts = spoken.text.take(pa.array(chosen)).to_pylist()
    found = []
    for k, item, text, title in zip(chosen.tolist(), items.tolist(), texts, titles, strict=True):
        lines, point = told.get(item, _NOTHING)
        if spoken.kind[k] == spot:
            found.append(beside(text, [place(title, None, point)]))
        else:
            found.append(beside(text, [] if lines is None else [lines]))
    return retold(spoken, chosen, found)


def retold(spoken: Spoken, chosen: Ints, texts: Sequence[str | None]) -> Spoken:
    """Put other texts in the place of some of a batch's."""
    mask = np.zeros(len(spoken.row), np.bool_)
    mask[chosen] = True
    text = pc.replace_with_mask(spoken.text, pa.array(mask), pa.array(texts, pa.string()))
    return replace(spoken, text=text)
