"""Which characters of a text answer a query; ranges, so that any template can mark them safely."""

from collections.abc import Iterator, Sequence

from witnessbox.search.analysis import Piece, characters, pieces, terms
from witnessbox.search.language import All, Node, Phrase, Some, Word

Range = tuple[int, int]


def highlights(node: Node, text: str) -> tuple[Range, ...]:
    """Give the ranges of characters of a text that a query's wanted words match, in order."""
    wanted = list(_wanted(node))
    if not wanted or not text:
        return ()
    words = pieces(text)
    found = [one for part in wanted for one in _in_words(part, words)]
    runs = [run for part in wanted for run in terms(part.text).runs]
    if runs:
        found.extend(one for run in runs for one in _in_run(run, characters(text)))
    return _merged(found)


def _wanted(node: Node) -> Iterator[Word | Phrase]:
    if isinstance(node, Word | Phrase):
        yield node
    elif isinstance(node, All | Some):
        for part in node.parts:
            yield from _wanted(part)


def _in_words(part: Word | Phrase, words: Sequence[Piece]) -> Iterator[Range]:
    row = terms(part.text).words
    if not row:
        return
    open_ended = isinstance(part, Word) and part.prefix
    for i in range(len(words) - len(row) + 1):
        here = [piece.folded for piece in words[i : i + len(row)]]
        ends = here[-1].startswith(row[-1]) if open_ended else here[-1] == row[-1]
        if ends and here[:-1] == list(row[:-1]):
            yield words[i].start, words[i + len(row) - 1].end


def _in_run(run: str, text: Sequence[Piece]) -> Iterator[Range]:
    folded = "".join(piece.folded for piece in text)
    start = folded.find(run)
    while start >= 0:
        yield text[start].start, text[start + len(run) - 1].end
        start = folded.find(run, start + 1)


def _merged(found: Sequence[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
