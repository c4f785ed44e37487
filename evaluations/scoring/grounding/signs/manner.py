"""How a sentence says it beside how the sources do: whose word it is, and how firmly."""

from collections.abc import Sequence

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import around


def is_unattributed(index: ContextIndex, beside: Sequence[Alignment]) -> bool:
    """Whether the nearest source sentence has it from somebody, and the sentence tells it as a fact."""
    telling = index.pack.telling
    return bool(beside) and telling.isdisjoint(beside[0].said.words) and not telling.isdisjoint(beside[0].source.words)


def adds_doubt(index: ContextIndex, beside: Sequence[Alignment]) -> bool:
    """Whether a sentence says that something is only possible or likely, and no source sentence around the nearest one
    says so."""
    unsure = index.pack.unsure
    if not beside or unsure.isdisjoint(beside[0].said.words):
        return False
    return all(unsure.isdisjoint(reading.words) for reading in around(index, beside[0].row))
