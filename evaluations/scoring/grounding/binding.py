"""Whether the names and numbers of a sentence stand together: all of them in one place of a source."""

from collections.abc import Container, Sequence
from typing import NamedTuple

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment, row_reading
from evaluations.scoring.grounding.clauses import NAME, WORD_KIND, Reading, Token

# The places of the sources that are looked at, and how many sentences around each make one place.
PLACES, AROUND = 3, 2
_JOINING = frozenset(("and", "while", "but", "whereas"))


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
    rows = [one.row for one in beside[:PLACES]]
    best = min((_place(index, row, bound, words) for row in rows), key=lambda place: (place.apart, -place.words))
    halves = _halves(said, bound) if best.apart else ()
    apart = sum(min(_place(index, row, half, ()).apart for row in rows) for half in halves)
    return best._replace(apart=min(best.apart, apart)) if halves else best


def _halves(said: Reading, bound: Sequence[Token]) -> tuple[Sequence[Token], ...]:
    """The names and numbers of two sentences in one, each with a name and another: "Rovers are coached by Lund and City
    by Prys"; none where it is one."""
    for join in said.tokens:
        if join.word in _JOINING:
            halves = [one for one in bound if one.start < join.start], [one for one in bound if one.start > join.start]
            if all(len(half) > 1 and any(one.kind == NAME for one in half) for half in halves):
                return halves
    return ()


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
