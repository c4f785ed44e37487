"""Whether the names and numbers of a sentence stand together: all of them in one place of a source."""

from collections.abc import Container, Sequence
from typing import NamedTuple

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment, row_reading
from evaluations.scoring.grounding.clauses import NAME, WORD_KIND, Reading, Token

# The places of the sources that are looked at, and how many sentences around each make one place.
PLACES, AROUND = 3, 2


class Binding(NamedTuple):
    """How a sentence stands in the place of a source that holds most of it: its names and numbers, how many of them
    are not there, the share of its other words that are, and how many are not."""

    named: int
    apart: int
    words: float
    loose: int


def bind(index: ContextIndex, beside: Sequence[Alignment], computed: Container[Token] = ()) -> Binding:
    """The best place for a sentence: fewest names and numbers apart, then most words.

    Dates may stand anywhere: what day it was is often said once, at the head of a source. Numbers that are computed
    stand nowhere.
    """
    if not beside:
        return Binding(0, 0, 0.0, 0)
    said = beside[0].said
    numbers = (token for token in said.numbers if not token.key.startswith("date") and token not in computed)
    bound = [*said.names, *numbers]
    words = [token for token in said.tokens if token.kind == WORD_KIND]
    places = [_place(index, one.row, bound, words) for one in beside[:PLACES]]
    return min(places, key=lambda place: (place.apart, -place.words))


def _place(index: ContextIndex, row: int, bound: Sequence[Token], words: Sequence[Token]) -> Binding:
    readings = around(index, row)
    keys = frozenset[str]().union(*(reading.keys for reading in readings))
    apart = sum(not _holds(index, readings, keys, token) for token in bound)
    held = sum(token.key in keys for token in words)
    return Binding(len(bound), apart, held / len(words) if words else 1.0, len(words) - held)


def around(index: ContextIndex, row: int) -> list[Reading]:
    """The sentences of one place of a source: a row and those beside it."""
    source = index.rows[row].source
    rows = range(max(0, row - AROUND), min(len(index.rows), row + AROUND + 1))
    return [row_reading(index, place) for place in rows if index.rows[place].source == source]


def _holds(index: ContextIndex, readings: Sequence[Reading], keys: frozenset[str], token: Token) -> bool:
    if token.key in keys:
        return True
    return token.kind == NAME and any(
        index.same_name(token.key, name.key) for reading in readings for name in reading.names
    )
