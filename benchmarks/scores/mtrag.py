"""Groundedness beside three people's faithfulness."""

from collections.abc import Iterator

from benchmarks.scores.bm25 import report_unsupported
from benchmarks.scores.data import Result, index_once, rows
from benchmarks.scores.ranking import auroc, spearman
from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.scores import score_report


def mtrag() -> Iterator[Result]:
    """Groundedness against three humans' faithfulness; answers that claim nothing are counted apart."""
    known: dict[str, ContextIndex] = {}
    everything = rows("mtrag")
    scored = [
        (row, score_report(index_once(row["context"], known), row["response"]).groundedness.value) for row in everything
    ]
    data = [row for row, value in scored if value is not None]
    values = [value for _, value in scored if value is not None]
    plain = [1 - report_unsupported(row["context"], row["response"]) for row in data]
    people = [sum(row["faithfulness"]) / len(row["faithfulness"]) for row in data]
    unfaithful = [row["label"] == 1 for row in data]
    yield Result("MTRAG: answers that claim something", len(data) / len(everything), None, None, 1.0)
    yield Result(
        "MTRAG: AUROC, unfaithful or not",
        auroc([-value for value in values], unfaithful),
        0.86,
        0.88,
        0.857,
        auroc([-value for value in plain], unfaithful),
    )
    yield Result(
        "MTRAG: Spearman with faithfulness", spearman(values, people), 0.70, 0.74, 0.662, spearman(plain, people)
    )
    gaps = [
        values[i] > values[j]
        for i in range(len(data))
        for j in range(len(data))
        if data[i]["group"] == data[j]["group"] and people[i] - people[j] > 0.75
    ]
    yield Result(
        f"MTRAG: same question, human gap over .75 of 3 ({len(gaps)} pairs): order right",
        sum(gaps) / len(gaps),
        None,
        None,
        0.817,
    )
