"""How a sentence says it beside how the sources do: whose word it is, and how firmly."""

from collections.abc import Sequence

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import around
from evaluations.scoring.lexicon.governors import CONDITIONAL, SPEECH, STRENGTHS

_UNSURE = frozenset(word for word, strength in STRENGTHS.items() if strength <= CONDITIONAL)


def is_unattributed(beside: Sequence[Alignment]) -> bool:
    """Whether the nearest source sentence has it from somebody, and the sentence tells it as a fact."""
    return bool(beside) and SPEECH.isdisjoint(beside[0].said.words) and not SPEECH.isdisjoint(beside[0].source.words)


def adds_doubt(index: ContextIndex, beside: Sequence[Alignment]) -> bool:
    """Whether a sentence says that something is only possible or likely, and no source sentence around the nearest one
    says so."""
    if not beside or _UNSURE.isdisjoint(beside[0].said.words):
        return False
    return all(_UNSURE.isdisjoint(reading.words) for reading in around(index, beside[0].row))
