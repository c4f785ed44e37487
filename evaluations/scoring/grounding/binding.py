"""Whether the names and numbers of a sentence stand together: all of them in one place of a source."""

from collections.abc import Sequence

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment, row_reading
from evaluations.scoring.grounding.clauses import NAME, WORD_KIND, Reading, Token

# The places of the sources that are looked at, and how many sentences around each make one place.
PLACES, AROUND = 3, 1
# The share of the other words that must stand there too: names alone say nothing of what is said of them.
WORDS = 0.2


def stands_together(index: ContextIndex, beside: Sequence[Alignment]) -> bool:
    """Whether one place holds every name and number of a sentence that has any, and enough of its other words."""
    if not beside:
        return False
    said = beside[0].said
    bound = [*said.names, *said.numbers]
    words = [token for token in said.tokens if token.kind == WORD_KIND]
    if not bound:
        return False
    for one in beside[:PLACES]:
        readings = _around(index, one.row)
        if all(_holds(index, readings, token) for token in bound):
            keys = frozenset[str]().union(*(reading.keys for reading in readings))
            if sum(token.key in keys for token in words) >= WORDS * len(words):
                return True
    return False


def _around(index: ContextIndex, row: int) -> list[Reading]:
    source = index.rows[row].source
    rows = range(max(0, row - AROUND), min(len(index.rows), row + AROUND + 1))
    return [row_reading(index, place) for place in rows if index.rows[place].source == source]


def _holds(index: ContextIndex, readings: Sequence[Reading], token: Token) -> bool:
    if token.kind == NAME:
        return any(index.same_name(token.key, name.key) for reading in readings for name in reading.names)
    return any(token.key in reading.keys for reading in readings)
