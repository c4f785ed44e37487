"""The course of a report through its sources: where it goes back behind what it has told already.

Whoever retells a source goes through it from its beginning; what is told out of that order is more often put together.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from evaluations.scoring.context.index import ContextIndex


class Step(NamedTuple):
    """One sentence of a report that claims something: its words, the source sentences nearest to it, the nearest
    first, and whether it is found by itself."""

    words: tuple[str, ...]
    rows: Sequence[int]
    found: bool


def returning_words(index: ContextIndex, steps: Iterable[Step]) -> frozenset[tuple[str, ...]]:
    """The sentences, as words, that go back: all that is nearest to them stands before what the report has told of
    the same source.

    Only what is found moves a report on. A sentence said again goes back where it does in any of its places. So
    neither a sentence without support nor one said again lets another one pass.
    """
    furthest: dict[int, int] = {}
    found = set()
    for step in steps:
        if step.rows and all(row < furthest.get(index.rows[row].source, -1) for row in step.rows):
            found.add(step.words)
        if step.rows and step.found:
            source = index.rows[step.rows[0]].source
            furthest[source] = max(furthest.get(source, -1), step.rows[0])
    return frozenset(found)
