"""Sentences of answers in which people marked what is made up and what is contradicted (RAGTruth)."""

import math
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.scores.data import Result
from benchmarks.scores.labelled import Labelled
from benchmarks.scores.ranking import auroc
from benchmarks.scores.validation import stored_scores, unseen_scores

# Floor and aim of the area, of that for conflicts, and version 2's figures for both, and for what it found.
TASKS = {
    "summary": ("summaries", (0.77, 0.81), (0.68, 0.75), (0.699, 0.618), 0.65, (0.9626, 0.72)),
    "qa": ("answers", (0.84, 0.87), (0.66, 0.75), (0.775, 0.646), 0.5, (0.9757, 0.61)),
}
Scored = Sequence[tuple[Labelled, float, bool]]


def ragtruth() -> Iterator[Result]:
    """Sentences with errors above those without; conflicts above those without; what was found and is right."""
    for task, (name, area, conflicts, before, least, found_before) in TASKS.items():
        kept, unseen = list(stored_scores(task)), list(unseen_scores(task))
        plain = [(one, one.bm25, found) for one, _, found in kept]
        yield Result(
            f"RAGTruth {name}: AUROC of sentences ({len(kept)})",
            error_area(kept),
            *area,
            before[0],
            error_area(plain),
            error_area(unseen),
        )
        yield Result(
            f"RAGTruth {name}: AUROC of conflicts ({sum(one.conflict for one, _, _ in kept)})",
            conflict_area(kept),
            *conflicts,
            before[1],
            conflict_area(plain),
            conflict_area(unseen),
        )
        yield from found_results(name, kept, unseen, least, found_before)


def error_area(scored: Scored) -> float:
    """The area of sentences in which people marked anything against all others."""
    return auroc([score for _, score, _ in scored], [one.wrong for one, _, _ in scored])


def conflict_area(scored: Scored) -> float:
    """The area of contradicted sentences against those without any mark."""
    rows = [(one.conflict, score) for one, score, _ in scored if one.conflict or not one.wrong]
    return auroc([score for _, score in rows], [conflict for conflict, _ in rows])


def found_results(
    name: str, kept: Scored, unseen: Scored, least: float, before: tuple[float, float]
) -> Iterator[Result]:
    """Of the sentences found, those without an error, with the lower bound of that share; how many were found, and the
    words of those that were and of all."""
    right, others = found_right(kept), found_right(unseen)
    share, other = sum(right) / len(right), sum(others) / len(others)
    title = f"RAGTruth {name}: found and without error"
    yield Result(f"{title} ({len(right)})", share, 0.975, 0.985, before[0], None, other)
    bound = lower_bound(sum(right), len(right)), lower_bound(sum(others), len(others))
    yield Result(f"{title}, lower bound", bound[0], held_out=bound[1])
    rates = len(right) / len(kept), len(others) / len(unseen)
    yield Result(f"RAGTruth {name}: found, of all sentences", rates[0], least, None, before[1], None, rates[1])
    title = f"RAGTruth {name}: words of found sentences, of all"
    yield Result(title, found_words(kept), held_out=found_words(unseen))


def found_right(scored: Iterable[tuple[Labelled, float, bool]]) -> list[bool]:
    """Of each sentence that was found, whether people marked nothing in it."""
    return [not one.wrong for one, _, found in scored if found]


def found_words(scored: Scored) -> float:
    """The share of the words that stand in sentences which were found: who says less has fewer of them."""
    return sum(one.words for one, _, found in scored if found) / sum(one.words for one, *_ in scored)


def lower_bound(successes: int, trials: int, z: float = 1.96) -> float:
    """Wilson's 95 % interval of a share, its lower end."""
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (centre - spread) / (1 + z * z / trials)
