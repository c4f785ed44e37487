"""Labelled sentences with all that decides of them, read once: what weights and constants are fitted on."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from benchmarks.scores.bm25 import sentence_unsupported
from benchmarks.scores.data import index_once, rows
from evaluations.scoring.attribution.ledgers import read_ledgers
from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.groundedness import read_cases as read_grounding
from evaluations.scoring.grounding.matching import match_sentences
from evaluations.scoring.grounding.verdict import Case
from evaluations.scoring.report import Sentence, read_report
from evaluations.scoring.text.leaks import without_leaks

TASKS = ("summary", "qa")


class Labelled(NamedTuple):
    """One sentence of an answer: its document or question, its case (None where it claims nothing), its words, BM25's
    score, and whether people marked anything in it, and a conflict."""

    group: str
    task: str
    case: Case | None
    words: int
    bm25: float
    wrong: bool
    conflict: bool


def read_cases(index: ContextIndex, report: str) -> Iterator[tuple[Sentence, Case | None]]:
    """The sentences of a report, each with its case."""
    ledgers = read_ledgers(index, report, index.pack)
    matches = match_sentences(index, read_report(without_leaks(report), index.pack))
    for match, reading in zip(matches, read_grounding(index, matches, ledgers.quotes), strict=True):
        yield match.sentence, reading and reading.case


@lru_cache(maxsize=1)
def labelled_sentences() -> tuple[Labelled, ...]:
    """Every sentence of the development half of RAGTruth's summaries and answers."""
    known: dict[str, ContextIndex] = {}
    return tuple(
        sentence
        for row in rows("ragtruth")
        if row["task"] in TASKS
        for sentence in _labelled(row, index_once(row["context"], known))
    )


def _labelled(row: dict[str, Any], index: ContextIndex) -> Iterator[Labelled]:
    for sentence, case in read_cases(index, row["response"]):
        text = row["response"][sentence.start : sentence.end]
        marks = [span["kind"] for span in row["spans"] if sentence.start < span["end"] and span["start"] < sentence.end]
        plain = sentence_unsupported(row["context"], text)
        conflict = any("conflict" in mark for mark in marks)
        yield Labelled(row["group"], row["task"], case, len(sentence.words), plain, bool(marks), conflict)
