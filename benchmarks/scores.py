"""Agreement of the scores with people, and their speed, as one table: `make bench-scores`.

Reads the development halves in ../shared/data, never the sealed ones. Where they are missing only speed is
shown.
"""

import gzip
import json
import math
import random
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evaluations.scoring.context.index import ContextIndex, index_context  # noqa: E402
from evaluations.scoring.format.check import check_format  # noqa: E402
from evaluations.scoring.scores import score_report  # noqa: E402
from evaluations.scoring.version import SCORER_VERSION  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
HOSTILE = ("Goal. [a](# **", "- a\n", "# a\n", "**a\n", "1. ", "[a](", "won 2-1 on 14 July. ")
SECTIONS = {
    "sections": [{"heading": "Transfers", "min_items": 1}, {"heading": "Managers", "style": "prose"}],
    "ordered": True,
}
Row = dict[str, Any]
Result = tuple[str, float, float | None, float | None]


def rows(name: str) -> list[Row]:
    """The rows of one development half."""
    with gzip.open(DATA / f"{name}_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def ranks(values: list[float]) -> list[float]:
    """Ranks from 0, ties at their mean."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    result = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for i in range(start, end + 1):
            result[order[i]] = (start + end) / 2
        start = end + 1
    return result


def auroc(scores: list[float], labels: list[bool]) -> float:
    """How often a positive row scores above a negative one."""
    positive = [rank for rank, label in zip(ranks(scores), labels, strict=True) if label]
    return (sum(positive) - len(positive) * (len(positive) - 1) / 2) / (len(positive) * (len(labels) - len(positive)))


def spearman(first: list[float], second: list[float]) -> float:
    """Rank correlation."""
    one, two = ranks(first), ranks(second)
    mean = (len(one) - 1) / 2
    above = math.fsum((a - mean) * (b - mean) for a, b in zip(one, two, strict=True))
    return above / math.sqrt(math.fsum((a - mean) ** 2 for a in one) * math.fsum((b - mean) ** 2 for b in two))


def indexed(context: Any, known: dict[str, ContextIndex]) -> ContextIndex:
    """The index of a context, built once."""
    key = json.dumps(context)
    if key not in known:
        known[key] = index_context(context)
    return known[key]


def mtrag() -> Iterator[Result]:
    """Groundedness against three humans' faithfulness."""
    data, known = rows("mtrag"), {}  # type: list[Row], dict[str, ContextIndex]
    values = [score_report(indexed(row["context"], known), row["response"]).groundedness.value for row in data]
    people = [sum(row["faithfulness"]) / len(row["faithfulness"]) for row in data]
    yield (
        "MTRAG: AUROC, unfaithful or not",
        auroc([-value for value in values], [row["label"] == 1 for row in data]),
        0.82,
        0.86,
    )
    yield "MTRAG: Spearman with faithfulness", spearman(values, people), 0.62, 0.70
    gaps = [
        values[i] > values[j]
        for i in range(len(data))
        for j in range(len(data))
        if data[i]["group"] == data[j]["group"] and people[i] - people[j] > 0.75
    ]
    yield (
        f"MTRAG: same question, human gap over .75 of 3 ({len(gaps)} pairs): order right",
        sum(gaps) / len(gaps),
        None,
        None,
    )


def sources() -> Iterator[Result]:
    """The right source first for claims that people traced; sources of other questions counted as used."""
    data, known = rows("expertqa"), {}  # type: list[Row], dict[str, ContextIndex]
    first, chance = [], []
    for row in data:
        names = [source["doc_id"] for source in row["context"]]
        for claim in row["sentences"]:
            if claim["label"] != "supported" or not claim["evidence"] or len(names) < 2:
                continue
            text = row["response"][claim["start"] : claim["end"]]
            uses = score_report(indexed(row["context"], known), text).context_utilization.sources
            best = max(uses, key=lambda use: (use.score, -use.index)).index
            first.append(names[best] in claim["evidence"])
            chance.append(len(set(claim["evidence"])) / len(names))
    yield (
        f"ExpertQA: right source first ({len(first)} claims, chance {sum(chance) / len(chance):.2f})",
        sum(first) / len(first),
        0.78,
        0.85,
    )
    yield "distractor sources counted as used (lower is better)", distractors(data + rows("mtrag")), 0.01, 0.0


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


def asked(instruction: str, values: Row) -> Row | None:
    """IFEval's instruction in our format; None for those that our format does not speak of."""
    match instruction.partition(":")[2]:
        case "number_words" | "number_sentences" as name:
            what = name.removeprefix("number_")
            number = values[f"num_{what}"]
            return {f"min_{what}": number} if values["relation"] == "at least" else {f"max_{what}": number - 1}
        case "number_paragraphs":
            return {"min_paragraphs": values["num_paragraphs"], "max_paragraphs": values["num_paragraphs"]}
        case "number_bullet_lists":
            return {"min_bullets": values["num_bullets"], "max_bullets": values["num_bullets"]}
        case "multiple_sections":
            headings = [f"{values['section_spliter']} {i + 1}" for i in range(values["num_sections"])]
            return {"sections": [{"heading": heading} for heading in headings]}
        case "title":
            return {"title": True}
        case "forbidden_words":
            return {"forbidden_phrases": values["forbidden_words"]}
        case "existence":
            return {"required_phrases": values["keywords"]}
        case "response_language":
            return {"language": values["language"]}
        case "end_checker":
            return {"ends_with": values["end_phrase"]}
    return None


def ifeval() -> Iterator[Result]:
    """Our checks against IFEval's official strict verdicts."""
    verdicts: dict[str, list[bool]] = {}
    for row in rows("ifeval"):
        for instruction, values, official in zip(row["instruction_id_list"], row["kwargs"], row["strict"], strict=True):
            wanted = asked(instruction, values)
            result = check_format(wanted, row["response"] or "") if wanted else None
            if result is not None:
                verdicts.setdefault(instruction.partition(":")[2], []).append((result.value == 1) == official)
    everything = [agrees for listed in verdicts.values() for agrees in listed]
    for name, listed in sorted(verdicts.items()):
        yield f"IFEval: {name} ({len(listed)})", sum(listed) / len(listed), 0.99, 0.995
    yield f"IFEval: all of these ({len(everything)})", sum(everything) / len(everything), 0.99, 0.995


def made_up_material(chance: random.Random) -> tuple[list[dict[str, str]], str]:
    """Twenty sources of 1,500 words and a report of 1,000, from a made-up vocabulary with a natural
    spread."""
    letters = "aeioulnrstdmcpb"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(8000)]
    weights = [1 / (rank + 2) for rank in range(len(words))]

    def prose(count: int) -> str:
        picked = chance.choices(words, weights, k=count)
        for i in range(0, count, 17):
            picked[i] = picked[i].capitalize()
            picked[i - 1] += "."
        for i in range(5, count, 23):
            picked[i] = chance.choice(["2-1", "£50m", "14 July", "Man Utd", "three", "1,250"])
        return " ".join(picked)

    context = [{"title": f"Source {i}", "text": prose(1500)} for i in range(20)]
    pieces = [source["text"][start : start + 300] for source in context for start in (0, 4000)]
    return context, " ".join([*pieces[:11], prose(500)])


def best_time(action: Callable[[], object], times: int = 7) -> float:
    """The shortest of several times of one core, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        action()
        taken.append((time.process_time() - start) * 1000)
    return min(taken)


def speed() -> Iterator[Result]:
    """Milliseconds on one core of this machine."""
    context, report = made_up_material(random.Random(1))
    index = index_context(context)
    yield (
        "ms to index 20 sources of 1,500 words (lower is better)",
        best_time(lambda: index_context(context)),
        300,
        300,
    )
    words = score_report(index, report).words
    taken = best_time(lambda: score_report(index, report)) * 1000 / words
    yield "ms to score a report, per 1,000 words (lower is better)", taken, 60, 60
    hostile = [piece * (1_000_000 // len(piece)) for piece in HOSTILE]
    yield (
        "ms to index 1 MB of hostile text, the worst kind (lower is better)",
        max(best_time(partial(index_context, text), 2) for text in hostile),
        1000,
        1000,
    )
    yield (
        "ms to score 1 MB of hostile text, the worst kind (lower is better)",
        max(best_time(partial(score_report, index, text, SECTIONS), 2) for text in hostile),
        1000,
        1000,
    )


def main() -> None:
    """Print every figure beside its floor and its aim."""
    parts = [mtrag, sources, ifeval, speed] if (DATA / "mtrag_train.jsonl.gz").exists() else [speed]
    print(f"Scorer version {SCORER_VERSION}, development halves only")
    print(f"{'measure':<72} {'here':>8} {'floor':>7} {'aim':>7}")
    for part in parts:
        for name, value, floor, aim in part():
            shown = f"{value:8.1f}" if name.startswith("ms ") else f"{value:8.3f}"
            print(f"{name:<72} {shown} {'' if floor is None else floor:>7} {'' if aim is None else aim:>7}", flush=True)
    if len(parts) == 1:
        print(f"Agreement is not shown: there is no data in {DATA}")


if __name__ == "__main__":
    main()
