"""The minimal pairs as cases that a model can judge: each sentence with its part, and the small context it is of."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from benchmarks.scores.data import CASES
from benchmarks.scores.labelled import read_cases
from evaluations.scoring.context.index import ContextIndex, index_context
from evaluations.scoring.grounding.verdict import PARTLY, Case

Score = Callable[[Case | None], float]


class PairCase(NamedTuple):
    """One sentence of the catalogue: its context, its part (false, true, paraphrases) and the cases it is read as."""

    context: str
    part: str
    cases: tuple[Case | None, ...]


@lru_cache(maxsize=1)
def pair_cases() -> tuple[PairCase, ...]:
    """Every sentence of the minimal pairs, given alone."""
    catalogue = json.loads((CASES / "minimal_pairs.json").read_text())
    indexes = {name: index_context(sources) for name, sources in catalogue["contexts"].items()}
    return tuple(
        PairCase(case["context"], part, _read(indexes[case["context"]], text))
        for case in catalogue["cases"]
        for part, text in _sentences(case)
    )


def _sentences(case: dict[str, list[dict[str, str]]]) -> Iterator[tuple[str, str]]:
    yield "true", str(case["true"])
    yield from (("true", false["of"]) for false in case["false"] if "of" in false)
    yield from (("false", false["text"]) for false in case["false"])
    yield from (("paraphrases", str(text)) for text in case["paraphrases"])


def _read(index: ContextIndex, text: str) -> tuple[Case | None, ...]:
    return tuple(case for _, case in read_cases(index, text))


def highest(score: Score, pair: PairCase) -> float:
    """`unsupported` of a sentence: the highest of those that it is read as."""
    return max(map(score, pair.cases))


def false_share(score: Score, pairs: Sequence[PairCase]) -> float:
    """The share of sentences that are called grounded."""
    return sum(highest(score, pair) < PARTLY for pair in pairs) / max(1, len(pairs))


def true_share(score: Score, pairs: Sequence[PairCase]) -> float:
    """The share of sentences that are not."""
    return sum(highest(score, pair) >= PARTLY for pair in pairs) / max(1, len(pairs))
