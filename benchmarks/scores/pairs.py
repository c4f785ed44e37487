"""Minimal pairs: a true sentence, a false one that differs in one fact, and free wordings of the truth."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.scores.bm25 import sentence_unsupported
from benchmarks.scores.data import CASES, Result
from benchmarks.scores.fit import Model
from benchmarks.scores.minimal import PairCase, highest
from benchmarks.scores.ranking import auroc
from benchmarks.scores.validation import unseen
from evaluations.scoring.context.index import index_context
from evaluations.scoring.grounding.verdict import PARTLY
from evaluations.scoring.scores import score_report

CATALOGUES = Path(__file__).resolve().parents[1] / "catalogues"
# Our own, in the order in which they were written; no rule has been written for the last.
OWN = ("bent", "told", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
WORST = ("grounded", "no_claim", "partly", "not_found", "contradicted")
# `unsupported`, the band, that of the true sentence, BM25's, the kind.
Verdict = tuple[float, str, float, float, str]


def verdicts(catalogue: dict[str, Any] | None = None) -> dict[str, list[Verdict]]:
    """Every sentence of a catalogue, that of the minimal pairs if none is given, each alone, by its part in its
    case."""
    catalogue = catalogue or json.loads((CASES / "minimal_pairs.json").read_text())
    indexes = {name: index_context(sources) for name, sources in catalogue["contexts"].items()}
    found: dict[str, list[Verdict]] = {"false": [], "true": [], "paraphrases": []}
    for case in catalogue["cases"]:
        sources = catalogue["contexts"][case["context"]]

        def judge(sentence: str, truth: float = 0.0, case: Any = case, sources: Any = sources) -> Verdict:
            rows = score_report(indexes[case["context"]], sentence).groundedness.sentences
            worst = max((row.band for row in rows), key=WORST.index)
            highest = max(row.unsupported for row in rows)
            return highest, worst, truth, sentence_unsupported(sources, sentence), case["kind"]

        found["true"].append(judge(case["true"]))
        found["true"] += [judge(false["of"]) for false in case["false"] if "of" in false]
        found["false"] += [judge(one["text"], judge(one.get("of", case["true"]))[0]) for one in case["false"]]
        found["paraphrases"] += [judge(sentence) for sentence in case["paraphrases"]]
    return found


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)


def unseen_alarms(rows: Sequence[tuple[PairCase, Model]]) -> float:
    """The share of sentences that models which have not seen their context call anything but grounded."""
    return _share([highest(model.score, pair) >= PARTLY for pair, model in rows])


def minimal_pairs() -> Iterator[Result]:
    """Misses, alarms and the order of false and true; BM25 beside them where it gives an order."""
    rows = verdicts()
    false, true, free = rows["false"], rows["true"], rows["paraphrases"]
    name = "minimal pairs"
    missed = _share([row[1] in ("grounded", "no_claim") for row in false])
    held = {part: [row for row in unseen()[1] if row[0].part == part] for part in rows}
    other = 1 - unseen_alarms(held["false"])
    yield Result(
        f"{name}: false sentences grounded ({len(false)}) (lower is better)", missed, 0.45, 0.20, 0.901, None, other
    )
    alarmed = _share([row[1] != "grounded" for row in free])
    other = unseen_alarms(held["paraphrases"])
    yield Result(
        f"{name}: true paraphrases not grounded ({len(free)}) (lower is better)",
        alarmed,
        0.40,
        0.20,
        0.744,
        None,
        other,
    )
    yield Result(
        f"{name}: true sentences alarmed ({len(true)}) (lower is better)",
        _share([row[1] != "grounded" for row in true]),
        0.06,
        0.03,
        0.049,
        None,
        unseen_alarms(held["true"]),
    )
    labels = [True] * len(false) + [False] * len(free)
    both = [*false, *free]
    area, plain = auroc([row[0] for row in both], labels), auroc([row[3] for row in both], labels)
    apart = [
        (highest(model.score, pair), pair.part == "false")
        for part in ("false", "paraphrases")
        for pair, model in held[part]
    ]
    other = auroc([score for score, _ in apart], [is_false for _, is_false in apart])
    yield Result(f"{name}: AUROC, false against paraphrase", area, 0.60, 0.80, 0.073, plain, other)
    wins = [(row[0] > row[2]) + (row[0] == row[2]) / 2 for row in false]
    yield Result(f"{name}: false above its true one", sum(wins) / len(wins), None, None, 0.795)
    quoted = [row[1] == "contradicted" for row in false if row[4].startswith("quote")]
    yield Result(f"{name}: misquotations named as such ({len(quoted)})", _share(quoted), 0.85, 0.95)
    for kind in sorted({row[4] for row in false}):
        listed = [row[1] in ("grounded", "no_claim") for row in false if row[4] == kind]
        yield Result(f"{name}: {kind}: false grounded ({len(listed)}) (lower is better)", _share(listed))


def own_catalogues() -> Iterator[Result]:
    """The same for the catalogues of our own, and the alarms of further true sentences about their contexts."""
    for name in OWN:
        rows = verdicts(read_catalogue(name))
        false, free = rows["false"], rows["paraphrases"]
        passed = [row[1] in ("grounded", "no_claim") for row in false]
        yield Result(f"catalogue {name}: false sentences grounded ({len(false)}) (lower is better)", _share(passed))
        for part, of in (("paraphrases", "true paraphrases not grounded"), ("true", "true sentences alarmed")):
            alarmed = [row[1] != "grounded" for row in rows[part]]
            yield Result(f"catalogue {name}: {of} ({len(alarmed)}) (lower is better)", _share(alarmed))
        area = auroc([row[0] for row in (*false, *free)], [True] * len(false) + [False] * len(free))
        yield Result(f"catalogue {name}: AUROC, false against paraphrase", area)
    alarmed = list(true_alarms())
    yield Result(f"further true sentences alarmed ({len(alarmed)}) (lower is better)", _share(alarmed))


def true_alarms() -> Iterator[bool]:
    """Whether each of the further true sentences is called anything but grounded."""
    contexts = {name: read_catalogue(name)["contexts"] for name in OWN}
    indexes = {(name, key): index_context(sources) for name in OWN for key, sources in contexts[name].items()}
    for one in json.loads((CATALOGUES / "true.json").read_text())["sentences"]:
        rows = score_report(indexes[one["catalogue"], one["context"]], one["text"]).groundedness.sentences
        yield any(row.band not in ("grounded", "no_claim") for row in rows)


def read_catalogue(name: str) -> dict[str, Any]:
    """One of our own catalogues."""
    catalogue: dict[str, Any] = json.loads((CATALOGUES / f"{name}.json").read_text())
    return catalogue
