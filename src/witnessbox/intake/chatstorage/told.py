"""Places and contact cards, which stand with the files: lines of text beside a message's own.

The columns of co-ordinates hold a picture's width and height, and those of cards a key and a sort
of file, unless the message is a place or a card.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from witnessbox.evidence.model import Kind
from witnessbox.intake.cards import BEGIN, cards
from witnessbox.intake.chatstorage.beyond import MEDIA
from witnessbox.intake.database.columns import Spoken
from witnessbox.intake.database.keyed import Keyed
from witnessbox.intake.database.kinds import place_of
from witnessbox.intake.sqlite.image import Ints
from witnessbox.intake.sqlite.tables import Rows, Tables
from witnessbox.intake.texts import beside, place

_MOST_CHARACTERS = 1 << 16


@dataclass(frozen=True, slots=True)
class Shown:
    """What rows of files may say of places and cards, by their row ids."""

    spot: Ints
    points: npt.NDArray[np.float64]
    card: Ints
    lines: pa.Array


def shown_of(tables: Tables) -> Shown:
    """Read which rows may be places, and which are cards."""
    spots, points = [np.empty(0, np.int64)], [np.empty((0, 2))]
    ids: list[int] = []
    lines: list[str] = []
    for rows in tables.rows(MEDIA, ("ZLATITUDE", "ZLONGITUDE", "ZVCARDSTRING"), shared=True):
        at = np.stack([rows.reals("ZLATITUDE"), rows.reals("ZLONGITUDE")], axis=1)
        sound = (np.abs(at[:, 0]) <= 90) & (np.abs(at[:, 1]) <= 180) & at.any(axis=1)
        spots.append(rows.rowid[sound])
        points.append(at[sound])
        said = rows.text("ZVCARDSTRING")
        begins = pc.starts_with(said, BEGIN, ignore_case=True).fill_null(False)  # noqa: FBT003
        there = np.flatnonzero(begins.to_numpy(zero_copy_only=False))
        ids += rows.rowid[there].tolist()
        texts = said.take(pa.array(there)).to_pylist()
        lines += ["\n".join(cards(text))[:_MOST_CHARACTERS] for text in texts]
    return Shown(
        np.concatenate(spots),
        np.concatenate(points),
        np.array(ids, np.int64),
        pa.array(lines, pa.string()),
    )


def worded(spoken: Spoken, rows: Rows, shown: Shown, media: Keyed) -> Spoken:
    """Put places and cards beside what the messages of a batch say themselves."""
    spot, card = place_of(Kind.LOCATION), place_of(Kind.CONTACT)
    chosen = np.flatnonzero(np.isin(spoken.kind, (spot, card)))
    if not len(chosen):
        return spoken
    items = rows.numbers("ZMEDIAITEM", -1)[chosen]
    titles = media.text("ZTITLE", items).to_pylist()
    texts = spoken.text.take(pa.array(chosen)).to_pylist()
    found = []
    for k, item, text, title in zip(chosen.tolist(), items.tolist(), texts, titles, strict=True):
        if spoken.kind[k] == spot:
            at = _found(shown.spot, item)
            point = (np.nan, np.nan) if at is None else tuple(shown.points[at].tolist())
            found.append(beside(text, [place(title, None, point)]))
        else:
            at = _found(shown.card, item)
            found.append(beside(text, [] if at is None else [shown.lines[at].as_py()]))
    mask = np.zeros(len(spoken.row), np.bool_)
    mask[chosen] = True
    text = pc.replace_with_mask(spoken.text, pa.array(mask), pa.array(found, pa.string()))
    return replace(spoken, text=text)


def _found(rows: Ints, row: int) -> int | None:
    at = int(np.searchsorted(rows, row))
    return at if at < len(rows) and rows[at] == row else None
