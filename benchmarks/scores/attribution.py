"""The right source first, for claims whose source people named."""

import random
from collections.abc import Iterator

from benchmarks.scores.bm25 import Bm25
from benchmarks.scores.data import Result, Row, index_once, rows
from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report


def sources() -> Iterator[Result]:
    """The right source first for claims that people traced; sources of other questions counted as used."""
    data, known = rows("expertqa"), {}  # type: list[Row], dict[str, ContextIndex]
    first: list[bool] = []
    plain: list[bool] = []
    chance: list[float] = []
    for row in data:
        names = [source["doc_id"] for source in row["context"]]
        for claim in row["sentences"]:
            if claim["label"] != "supported" or not claim["evidence"] or len(names) < 2:
                continue
            text = row["response"][claim["start"] : claim["end"]]
            uses = score_report(index_once(row["context"], known), text).context_utilization.sources
            best = max(uses, key=lambda use: (use.score, -use.index)).index
            ranked = Bm25([source["text"] for source in row["context"]]).scores(text)
            plain.append(names[max(range(len(names)), key=lambda i: (ranked[i], -i))] in claim["evidence"])
            first.append(names[best] in claim["evidence"])
            chance.append(len(set(claim["evidence"])) / len(names))
    right, beside = sum(first) / len(first), sum(plain) / len(plain)
    yield Result(
        f"ExpertQA: right source first ({len(first)} claims, chance {sum(chance) / len(chance):.2f})",
        right,
        0.78,
        0.85,
        0.869,
        beside,
    )
    yield Result("ExpertQA: above plain BM25", right - beside, 0.04, 0.08, 0.869 - beside)
    strange = distractors(data + rows("mtrag"))
    yield Result("distractor sources counted as used (lower is better)", strange, 0.01, 0.0, 0.0)


def distractors(data: list[Row]) -> float:
    """The share of another question's sources that count as used when they are put beside the right ones."""
    chance = random.Random(5)
    used = total = 0
    for row in data:
        other = chance.choice(data)
        if other["group"].partition("<")[0] == row["group"].partition("<")[0]:
            continue
        own = {source["text"] for source in row["context"]}
        strange = [source for source in other["context"] if source["text"] not in own]
        uses = score_report(index_context(row["context"] + strange), row["response"]).context_utilization.sources
        used += sum(use.used for use in uses[len(row["context"]) :])
        total += len(strange)
    return used / total
