"""How near a sentence is to what the sources say, word by word: what a report's mean is made of beside the verdicts.

A verdict tells found from not found; of two reports that are found, one may still differ from the sources in a word, a
pronoun or an order. Weights: held against pairs of summaries of which one was edited to say something false."""

import math
from collections.abc import Sequence, Set

from rapidfuzz.distance import LCSseq

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.context.runs import pair_hashes, stems_of, triple_hashes
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.matching import Match, share
from evaluations.scoring.lexicon.pronouns import PERSONS

# The weights of the shares: words and letters, pairs of all words, triples of content words, and their order.
ALIKE, PAIRS, TRIPLES, ORDER = 10.0, 2.0, 1.0, 1.0
# What a pronoun of another person than any near, a denial where no source near denies, and a missing fact take away.
STRANGE_PERSON, DENIAL, MISSING = 0.04, 0.06, 0.2
# The source sentences beside which pronouns are looked for.
NEAR_ROWS = 3


def copied_pairs(index: ContextIndex, match: Match) -> float:
    """The share of a sentence's pairs of neighbouring words, small ones too, that the sources have."""
    return _found(list(pair_hashes(match.words)), index.word_pairs)


def distance(
    index: ContextIndex, match: Match, beside: Sequence[Alignment], similarity: float, pairs: float, missing: int
) -> float:
    """From 0, a copy, to 1, nothing alike; `pairs` is the share of its pairs of words that the sources have."""
    shares = (
        (similarity, ALIKE),
        (pairs, PAIRS),
        (_found(list(triple_hashes(match.stems)), index.triples), TRIPLES),
        (_order_kept(index, match, beside), ORDER),
    )
    near = math.fsum(part * weight for part, weight in shares) / math.fsum(weight for _, weight in shares)
    away = STRANGE_PERSON * _strange_persons(index, match, beside) + DENIAL * _denies(beside) + MISSING * bool(missing)
    return min(1.0, max(0.0, 1 - near + away))


def _found(sought: Sequence[int], held: Set[int]) -> float:
    found = share(sought, held)
    return 1.0 if found is None else found


def _order_kept(index: ContextIndex, match: Match, beside: Sequence[Alignment]) -> float:
    """The share of a sentence's words in its nearest source sentence that stand there in the same order."""
    if not beside:
        return 1.0
    row = index.rows[beside[0].row]
    source = stems_of(index.words[row.source][row.first : row.last], index.pack)
    held = set(source)
    common = [known for known in match.stems if known in held]
    return LCSseq.similarity(common, source) / len(common) if common else 1.0


def _strange_persons(index: ContextIndex, match: Match, beside: Sequence[Alignment]) -> int:
    """How many kinds of pronouns ("she", "they") a sentence has that stand in no source sentence near."""
    ours = {PERSONS[word] for word in match.words if word in PERSONS}
    if not ours or not beside:
        return 0
    for one in beside[:NEAR_ROWS]:
        source = index.rows[one.row].source
        rows = [row for row in index.rows[max(0, one.row - 1) : one.row + 2] if row.source == source]
        words = index.words[source][rows[0].first : rows[-1].last]
        ours -= {PERSONS[word] for word in words if word in PERSONS}
    return len(ours)


def _denies(beside: Sequence[Alignment]) -> bool:
    """Whether a sentence denies something, and no source sentence beside it does."""
    return bool(beside) and bool(beside[0].said.denials) and not any(one.source.denials for one in beside)
