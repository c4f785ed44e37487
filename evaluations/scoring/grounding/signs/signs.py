"""What speaks for and against a sentence: how near the sources' words are, whether names, numbers and facts stand
together, how it says it and ends, and whether the report goes back for it."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations, takewhile
from typing import NamedTuple

from evaluations.scoring.context.index import ContextIndex, Passage
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import Binding
from evaluations.scoring.grounding.matching import Match, found_share, sequence_shares, share_of_stem
from evaluations.scoring.grounding.signs.manner import adds_doubt, is_unattributed
from evaluations.scoring.grounding.signs.parts import begins_alike, held_weights, weakest_share
from evaluations.scoring.languages.everyday import everyday_stems
from evaluations.scoring.text.words import WORD, fold

# More names and numbers that stand apart say no more than these.
MOST_SCATTERED = 3
# Free wordings keep few pairs of words; of two sentences of the same words, pairs tell which is the source's.
PAIRS_WORTH = 0.1


class Signs(NamedTuple):
    """The signs of one sentence, each from 0 up: `similarity` of its words and letters; the weight of its content
    that the best source sentence holds, and the best two; whether a fact is in no source; how many names and
    numbers stand apart from the rest (0 to 3); how many everyday words no source has (as a logarithm); the share
    of its weakest part that one source sentence holds; the share of it that stands behind the last word that its
    passage has (as a square root), for what is added is added at the end; whether it tells as a fact what the nearest
    source sentence has from somebody; whether it alone says that something is only possible or likely; and whether the
    report goes back in its sources for it."""

    similarity: float
    one_sentence: float
    two_sentences: float
    missing: float
    scattered: float
    everyday: float
    weakest: float = 0.0
    tail: float = 0.0
    unattributed: float = 0.0
    unsure: float = 0.0
    returning: float = 0.0


def read_signs(index: ContextIndex, match: Match, beside: Sequence[Alignment], binding: Binding, missing: int) -> Signs:
    """The signs of a sentence, given the source sentences beside it and the number of its missing facts."""
    near = similarity(index, match, match.best)
    held = held_weights(index, match, [one.row for one in beside])
    one, two = _sentences_hold(match, held) if match.total else (near, near)
    scattered = min(MOST_SCATTERED, max(0, binding.apart - missing))
    common = everyday_stems(index.pack)
    everyday = sum(known in common and not share_of_stem(index, known) for known in match.weights)
    weakest, tail = weakest_share(index, match, held), math.sqrt(tail_share(index, match))
    manner = float(is_unattributed(index, beside)), float(adds_doubt(index, beside))
    return Signs(near, one, two, float(bool(missing)), float(scattered), math.log1p(everyday), weakest, tail, *manner)


def tail_share(index: ContextIndex, match: Match) -> float:
    """The share of a sentence's weight that stands behind the last word of it that its passage has; where verbs stand
    last, one that closes the sentence is passed over."""
    whole = math.fsum(match.weights[known] for known in match.stems)
    stems = index.passage_sequences(match.best).stems if match.best is not None else frozenset[str]()
    said = match.stems[:-1] if index.pack.verbs_last and _ends_with_verb(index, match) else match.stems
    tail = takewhile(lambda known: known not in stems and not begins_alike(index, known, stems), reversed(said))
    return math.fsum(match.weights[known] for known in tail) / whole if whole else 0.0


def _ends_with_verb(index: ContextIndex, match: Match) -> bool:
    """Whether the last word with content of a sentence is no noun, name or number."""
    for word in reversed(WORD.findall(match.sentence.text)):
        if index.pack.stem(fold(word)):
            return bool(word[0].islower())
    return False


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


def _sentences_hold(match: Match, held: Sequence[Mapping[str, float]]) -> tuple[float, float]:
    """The shares of a sentence's weight that one sentence of the sources holds, and two of them together."""
    one = max((math.fsum(row.values()) for row in held), default=0.0)
    two = max((math.fsum(map(max, row.values(), other.values())) for row, other in combinations(held, 2)), default=one)
    return one / match.total, two / match.total
