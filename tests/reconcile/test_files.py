"""What rows without words say of their files."""

import numpy as np
import pyarrow as pa

from witnessbox.reconcile.files import SORTS, sorts_of_files
from witnessbox.reconcile.normalise import fold

SAID = {
    "IMG-20240219-WA0038.jpg (Datei angehängt)": "image",
    "VID-20240214-WA0010.mp4 (file attached)\nyes please": "video",
    "\u200e<attached: 00000011-AUDIO-2024-08-09.opus>": "audio",
    "\u200e<Anhang: 00000040-STICKER-2024-08-09.webp>": "sticker",
    "DOC-20240904-WA0756.pdf (Datei angehängt)": "document",
    "\u200eimage omitted": "image",
    "\u200esticker omis": "sticker",
    "<Media omitted>": None,
    "\u200eGIF omitted": None,
    "rota.pdf (file attached)": None,
    "Bring the img-2024 form": None,
}


def test_a_files_name_and_what_stands_in_its_place_tell_its_sort() -> None:
    texts = fold(pa.array(list(SAID), pa.string()))
    found = sorts_of_files(texts, np.arange(len(SAID)))
    assert [None if at < 0 else SORTS[at] for at in found.tolist()] == list(SAID.values())


def test_a_row_without_words_tells_nothing() -> None:
    texts = pa.array(["image omitted"])
    assert sorts_of_files(texts, np.array([-1, 0, -1])).tolist() == [-1, 0, -1]
