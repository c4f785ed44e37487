"""Sentences of answers in which people marked what is made up and what is contradicted (RAGTruth)."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.scores.bm25 import sentence_unsupported
from benchmarks.scores.data import Result, index_once, rows
from benchmarks.scores.ranking import auroc
from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.scores import score_report

# Floor and aim of the area, of that for conflicts, and version 2's figures for both, and for what it found.
TASKS = {
    "summary": ("summaries", (0.77, 0.81), (0.68, 0.75), (0.699, 0.618), 0.65, (0.9626, 0.72)),
    "qa": ("answers", (0.84, 0.87), (0.66, 0.75), (0.775, 0.646), 0.5, (0.9757, 0.61)),
}


class SentenceVerdict(NamedTuple):
    """One sentence: its score, BM25's, whether it was found (grounded, nothing missing), and people's marks."""

    unsupported: float
    bm25: float
    found: bool
    wrong: bool
    conflict: bool


def sentence_verdicts(task: str) -> list[SentenceVerdict]:
    """Every sentence of a task's answers; a sentence that claims nothing has 0, as in the scores themselves."""
    known: dict[str, ContextIndex] = {}
    sentences = []
    for row in rows("ragtruth"):
        if row["task"] != task:
            continue
        for sentence in score_report(index_once(row["context"], known), row["response"]).groundedness.sentences:
            marks = [
                span["kind"] for span in row["spans"] if sentence.start < span["end"] and span["start"] < sentence.end
            ]
            sentences.append(
                SentenceVerdict(
                    sentence.unsupported,
                    sentence_unsupported(row["context"], row["response"][sentence.start : sentence.end]),
                    sentence.band == "grounded" and not sentence.missing,
                    bool(marks),
                    any("conflict" in mark for mark in marks),
                )
            )
    return sentences


def ragtruth() -> Iterator[Result]:
    """Sentences with errors above those without; conflicts above those without; what was found and is right."""
    for task, (name, area, conflicts, before, least, found_before) in TASKS.items():
        sentences = sentence_verdicts(task)
        wrong = [sentence.wrong for sentence in sentences]
        yield Result(
            f"RAGTruth {name}: AUROC of sentences ({len(sentences)})",
            auroc([sentence.unsupported for sentence in sentences], wrong),
            *area,
            before[0],
            auroc([sentence.bm25 for sentence in sentences], wrong),
        )
        kept = [sentence for sentence in sentences if sentence.conflict or not sentence.wrong]
        yield Result(
            f"RAGTruth {name}: AUROC of conflicts ({sum(sentence.conflict for sentence in kept)})",
            auroc([sentence.unsupported for sentence in kept], [sentence.conflict for sentence in kept]),
            *conflicts,
            before[1],
            auroc([sentence.bm25 for sentence in kept], [sentence.conflict for sentence in kept]),
        )
        yield from found_results(name, sentences, least, found_before)


def found_results(
    name: str, sentences: Sequence[SentenceVerdict], least: float, before: tuple[float, float]
) -> Iterator[Result]:
    """Of the sentences found, those without an error, with the lower bound of that share; and how many were found."""
    right = [not sentence.wrong for sentence in sentences if sentence.found]
    share = sum(right) / len(right)
    yield Result(f"RAGTruth {name}: found and without error ({len(right)})", share, 0.975, 0.985, before[0])
    yield Result(f"RAGTruth {name}: found and without error, lower bound", lower_bound(sum(right), len(right)))
    yield Result(f"RAGTruth {name}: found, of all sentences", len(right) / len(sentences), least, None, before[1])


def lower_bound(successes: int, trials: int, z: float = 1.96) -> float:
    """Wilson's 95 % interval of a share, its lower end."""
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (centre - spread) / (1 + z * z / trials)
