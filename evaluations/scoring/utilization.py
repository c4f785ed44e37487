"""Which sources a report used. Not completeness: one used sentence makes a source used."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.scoring.groundedness import passage_scores
from evaluations.scoring.index import PREFIX, PREFIX_WEIGHT, ContextIndex
from evaluations.scoring.report import Sentence

USED_FROM = 0.35


@dataclass(frozen=True, slots=True)
class SourceUse:
    """One source: its best score by any sentence of the report, and the sentences that used it, by position."""

    index: int
    used: bool
    score: float
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Utilization:
    """Sources used / sources locked."""

    value: float
    sources: tuple[SourceUse, ...]


def source_scores(index: ContextIndex, sentence: Sentence) -> list[float]:
    """.5 passage + .2 soft + .2 two-stem sequences + .1 three-stem sequences, against each source alone."""
    count = len(index.documents)
    stems = list(dict.fromkeys(sentence.stems))
    weights = {known: index.rarity(known) for known in stems}
    total = sum(weights.values())
    if not total:
        return [0.0] * count
    passage, soft = [0.0] * count, [0.0] * count
    for number, weight in passage_scores(index, weights).items():
        source = index.passages[number].source
        passage[source] = max(passage[source], weight / total)
    for known, weight in weights.items():
        exact = index.stems.get(known, 0)
        alike = index.prefixes.get(known[:PREFIX], 0) if len(known) >= PREFIX else 0
        for source in range(count):
            if exact >> source & 1:
                soft[source] += weight / total
            elif alike >> source & 1:
                soft[source] += PREFIX_WEIGHT * weight / total
    pairs = [index.pairs.get(pair, 0) for pair in zip(sentence.stems, sentence.stems[1:], strict=False)]
    triples = [
        index.triples.get(triple, 0)
        for triple in zip(sentence.stems, sentence.stems[1:], sentence.stems[2:], strict=False)
    ]
    return [
        0.5 * passage[source]
        + 0.2 * soft[source]
        + 0.2 * _share_with(pairs, source)
        + 0.1 * _share_with(triples, source)
        for source in range(count)
    ]


def _share_with(masks: Sequence[int], source: int) -> float:
    return sum(mask >> source & 1 for mask in masks) / len(masks) if masks else 0.0


def utilization(index: ContextIndex, sentences: Sequence[Sentence]) -> Utilization:
    """Which sources were used, and by which sentences."""
    table = [[round(score, 4) for score in source_scores(index, sentence)] for sentence in sentences]
    uses = []
    for source in range(len(index.documents)):
        column = [row[source] for row in table]
        best = max(column, default=0.0)
        users = tuple(i for i, score in enumerate(column) if score >= USED_FROM)
        uses.append(SourceUse(source, best >= USED_FROM, best, users))
    value = sum(use.used for use in uses) / len(uses) if uses else 0.0
    return Utilization(round(value, 4), tuple(uses))
