"""Which sources a report used. Not completeness: one used sentence makes a source used."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from evaluations.scoring.context.index import PREFIX, ContextIndex
from evaluations.scoring.context.runs import word_pairs
from evaluations.scoring.grounding.matching import PREFIX_WEIGHT, Match

USED_FROM = 0.35
# A sentence uses the source that fits it best, and those that fit nearly as well: where all sources are about the
# same clubs, each fits every sentence somewhat.
NEARLY_AS_WELL = 0.95
# A sentence of fewer content words is too short to tell whose words it uses; its scores shrink in proportion.
ENOUGH_STEMS = 4
# BM25's part in a source's score, and the share of the most it could be that counts as all of it.
OFTEN, ENOUGH_OFTEN = 0.4, 0.5


@dataclass(frozen=True, slots=True)
class SourceUse:
    """One source: its best score by any sentence of the report, and the sentences that used it, by
    position."""

    index: int
    used: bool
    score: float
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Utilization:
    """Sources used / sources locked."""

    value: float
    sources: tuple[SourceUse, ...]


class Parts(NamedTuple):
    """What one source holds of a sentence: in its best passage, anywhere, of its word pairs, and by BM25; 0 to 1."""

    passage: float
    words: float
    pairs: float
    often: float


# Held against other weights on claims that the choice had not seen, by `make bench-scores`.
WEIGHTS = Parts(0.3 * (1 - OFTEN), 0.3 * (1 - OFTEN), 0.4 * (1 - OFTEN), OFTEN)


def source_scores(index: ContextIndex, match: Match) -> list[float]:
    """.3 passage + .3 words + .4 word pairs against each source alone, and two fifths of BM25 over the sources: of two
    that hold the same words, it is the one that goes on about them."""
    return [weigh(match, parts) for parts in source_parts(index, match)]


def weigh(match: Match, parts: Parts, weights: Parts = WEIGHTS) -> float:
    """The score of a source for a sentence, less for a sentence too short to tell."""
    if not any(parts):
        return 0.0
    certainty = min(1.0, len(match.weights) / ENOUGH_STEMS)
    held: float = sum(map(mul, weights, parts))
    return certainty * held


def source_parts(index: ContextIndex, match: Match) -> list[Parts]:
    """What each source holds of a sentence."""
    count = len(index.documents)
    if not match.total:
        return [Parts(0.0, 0.0, 0.0, 0.0)] * count
    words = [0.0] * count
    for known, weight in match.weights.items():
        exact = index.stems.get(known, 0)
        alike = index.prefixes.get(known[:PREFIX], 0) & ~exact if len(known) >= PREFIX else 0
        for source in _sources(exact):
            words[source] += weight
        for source in _sources(alike):
            words[source] += PREFIX_WEIGHT * weight
    pairs = _pair_shares(index, match)
    often = _bm25(index, match)
    return [
        Parts(match.held_by.get(source, 0.0) / match.total, words[source] / match.total, pairs[source], often[source])
        for source in range(count)
    ]


def _pair_shares(index: ContextIndex, match: Match) -> list[float]:
    """The share of the word pairs of a sentence that each source says."""
    counts, total = [0] * len(index.documents), 0
    for pair in word_pairs(match.stems):
        total += 1
        for source in _sources(index.pairs.get(pair, 0)):
            counts[source] += 1
    return [count / total for count in counts] if total else [0.0] * len(counts)


def _bm25(index: ContextIndex, match: Match) -> list[float]:
    """BM25 of a sentence over the sources, as a share of what counts as all of it."""
    most = 0.0
    scores = [0.0] * len(index.documents)
    for known in match.weights:
        spread = index.spread(known)
        most += spread.most
        for source, worth in spread.shares:
            scores[source] += worth
    return [min(1.0, score / (ENOUGH_OFTEN * most)) if most else 0.0 for score in scores]


@lru_cache(maxsize=1 << 12)
def _sources(bits: int) -> tuple[int, ...]:
    """The sources of a set that has one bit for each."""
    return tuple(source for source in range(bits.bit_length()) if bits >> source & 1)


def utilization(index: ContextIndex, matches: Sequence[Match]) -> Utilization:
    """Which sources were used, and by which sentences."""
    known: dict[tuple[str, ...], list[float]] = {}
    for match in matches:
        if match.stems not in known:
            known[match.stems] = [round(score, 4) for score in source_scores(index, match)]
    table = [known[match.stems] for match in matches]
    enough = [max(USED_FROM, NEARLY_AS_WELL * max(row, default=0.0)) for row in table]
    uses = []
    for source in range(len(index.documents)):
        users = tuple(i for i, row in enumerate(table) if row[source] >= enough[i])
        uses.append(SourceUse(source, bool(users), max((row[source] for row in table), default=0.0), users))
    value = sum(use.used for use in uses) / len(uses) if uses else 0.0
    return Utilization(round(value, 4), tuple(uses))
