"""What speaks for and against a sentence: how near the sources' words are, and whether names, numbers and facts stand
together."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from evaluations.scoring.context.index import PREFIX, ContextIndex, Passage
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import Binding
from evaluations.scoring.grounding.matching import PREFIX_WEIGHT, Match, found_share, sequence_shares, share_of_stem
from evaluations.scoring.languages.everyday import everyday_stems

# More names and numbers that stand apart say no more than these.
MOST_SCATTERED = 3
# Free wordings keep few pairs of words; of two sentences of the same words, pairs tell which is the source's.
PAIRS_WORTH = 0.1


class Signs(NamedTuple):
    """The signs of one sentence, each from 0 up: `similarity` of its words and letters; the weight of its content
    that the best source sentence holds, and the best two; whether a fact is in no source; how many names and
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
    common = everyday_stems(index.pack)
    everyday = sum(known in common and not share_of_stem(index, known) for known in match.weights)
    return Signs(near, one, two, float(bool(missing)), float(scattered), math.log1p(everyday))


def similarity(index: ContextIndex, match: Match, passage: Passage | None) -> float:
    """Mean of six shares: words, runs of letters and pairs of words, each found anywhere and in the best passage; pairs
    count less.

    A sentence too short for pairs is judged by its words; one without content words by its letters.
    """
    pairs, letters, *within = sequence_shares(index, match, passage)
    shares = [(found_share(index, match), 1.0), (letters, 1.0), (pairs, PAIRS_WORTH)]
    if match.total:
        shares.append((match.held / match.total, 1.0))
    if passage is not None:
        shares += [(within[0], PAIRS_WORTH), (within[1], 1.0)]
    elif match.total:
        shares += [(0.0, PAIRS_WORTH), (0.0, 1.0)]
    weighed = [(share, worth) for share, worth in shares if share is not None]
    whole = math.fsum(worth for _, worth in weighed)
    return math.fsum(share * worth for share, worth in weighed) / whole if whole else 0.0


def _sentences_hold(index: ContextIndex, match: Match, beside: Sequence[Alignment]) -> tuple[float, float]:
    """The shares of a sentence's weight that one sentence of the sources holds, and two of them together."""
    held = [_held_weights(index, match, one.row) for one in beside]
    one = max(map(math.fsum, held), default=0.0)
    two = max((math.fsum(map(max, row, other)) for row, other in combinations(held, 2)), default=one)
    return one / match.total, two / match.total


def _held_weights(index: ContextIndex, match: Match, row: int) -> list[float]:
    """For each stem of a sentence, the weight of it that a source sentence holds; less where it has one that only
    begins alike."""
    stems = index.row_stems[row]
    return [
        weight if known in stems else PREFIX_WEIGHT * weight if _begins_alike(index, known, stems) else 0.0
        for known, weight in match.weights.items()
    ]


def _begins_alike(index: ContextIndex, known: str, stems: frozenset[str]) -> bool:
    return len(known) >= PREFIX and not stems.isdisjoint(index.stems_by_prefix.get(known[:PREFIX], ()))
