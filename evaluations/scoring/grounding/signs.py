"""What speaks for and against a sentence: how near the sources' words are, and whether names, numbers and facts stand
together."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from evaluations.scoring.context.index import ContextIndex, Passage
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import Binding
from evaluations.scoring.grounding.matching import Match, found_share, sequence_shares, share_of_stem
from evaluations.scoring.lexicon.everyday import EVERYDAY

# More names and numbers that stand apart say no more than these.
MOST_SCATTERED = 3


class Signs(NamedTuple):
    """The signs of one sentence, each from 0 up: `similarity` of its words, word pairs and letters; the weight of its
    content that the best source sentence holds, and the best two; whether a fact is in no source; how many names and
    numbers stand apart from the rest (0 to 3); and how many everyday words no source has (as a logarithm)."""

    similarity: float
    one_sentence: float
    two_sentences: float
    missing: float
    scattered: float
    everyday: float


def read_signs(index: ContextIndex, match: Match, beside: Sequence[Alignment], binding: Binding, missing: int) -> Signs:
    """The signs of a sentence, given the source sentences beside it and the number of its missing facts."""
    near = similarity(index, match, match.best)
    one, two = _sentences_hold(index, match, beside) if match.total else (near, near)
    scattered = min(MOST_SCATTERED, max(0, binding.apart - missing))
    everyday = sum(known in EVERYDAY and not share_of_stem(index, known) for known in match.weights)
    return Signs(near, one, two, float(bool(missing)), float(scattered), math.log1p(everyday))


def similarity(index: ContextIndex, match: Match, passage: Passage | None) -> float:
    """Mean of six shares: words, word pairs and letter runs, each found anywhere and in the best passage.

    A sentence too short for pairs is judged by its words; one without content words by its letters.
    """
    shares = [
        share for share in (found_share(index, match), *sequence_shares(index, match, passage)) if share is not None
    ]
    if match.total:
        shares += [0.0, 0.0, 0.0] if passage is None else [match.held / match.total]
    return math.fsum(shares) / len(shares) if shares else 0.0


def _sentences_hold(index: ContextIndex, match: Match, beside: Sequence[Alignment]) -> tuple[float, float]:
    """The shares of a sentence's weight that one sentence of the sources holds, and two of them together."""
    held = [[known in index.row_stems[one.row] for known in match.weights] for one in beside]
    weights = list(match.weights.values())
    one = max((_weight(weights, row) for row in held), default=0.0)
    pairs = ([a or b for a, b in zip(row, other, strict=True)] for row, other in combinations(held, 2))
    two = max((_weight(weights, row) for row in pairs), default=one)
    return one / match.total, two / match.total


def _weight(weights: Sequence[float], held: Sequence[bool]) -> float:
    return math.fsum(weight for weight, is_held in zip(weights, held, strict=True) if is_held)
