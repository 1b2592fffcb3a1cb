"""Batches on their way through an encoder: of one length, refilled, nothing lost on the way."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from witnessbox.screening.encoder_batches import BATCH_TEXTS, Batch, batches, gathered

PIECES = st.lists(st.lists(st.integers(1, 99), min_size=1, max_size=12), max_size=120)


def told(flow: Iterator[Batch]) -> dict[int, list[int]]:
    """Say of every text which pieces are seen of it."""
    return {
        int(text): row[seen == 1].ravel().tolist()
        for batch in flow
        for text, row, seen in zip(batch.texts, batch.given, batch.seen, strict=True)
    }


@given(PIECES)
def test_every_text_stands_in_one_batch_with_its_pieces(pieces: list[list[int]]) -> None:
    assert told(batches(pieces)) == dict(enumerate(pieces))


@given(PIECES, st.integers(1, 5))
def test_what_goes_on_is_put_together_again_unchanged(pieces: list[list[int]], every: int) -> None:
    def thinned() -> Iterator[Batch]:
        for batch in batches(pieces):
            on = np.flatnonzero(batch.texts % every == 0)
            if len(on):
                yield Batch(batch.texts[on], batch.given[on][:, :, None], batch.seen[on])

    kept = {text: row for text, row in enumerate(pieces) if text % every == 0}
    assert told(gathered(thinned())) == kept
    sizes = [len(batch.texts) for batch in gathered(thinned())]
    assert all(BATCH_TEXTS <= size < 2 * BATCH_TEXTS for size in sizes[:-1])


def test_a_full_batch_goes_on_as_it_is() -> None:
    whole = list(batches([[1, 2]] * BATCH_TEXTS))
    assert next(gathered(iter(whole))) is whole[0]
