"""The figures that `/about/scores/` shows: the rows of `make bench-scores`, kept in evaluations/views/agreement.json.

Run `make agreement` after a change of the scorers; a test compares the two.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from benchmarks.scores import attribution, data, ifeval, mtrag, pairs, ragtruth
from evaluations.scoring.version import SCORER_VERSION

KEPT = data.ROOT / "evaluations" / "views" / "agreement.json"
# The measures that an editor is told, by the beginning of the benchmark's row.
TOLD = {
    "MTRAG: answers that claim": "claiming",
    "MTRAG: AUROC": "faithful_first",
    "MTRAG: same question": "better_first",
    "ExpertQA: right source first": "right_source",
    "distractor sources": "strange_sources",
    "IFEval: all of these": "checks",
    "RAGTruth summaries: found and without error (": "found_summaries",
    "RAGTruth summaries: found and without error, lower": "found_summaries_bound",
    "RAGTruth summaries: found, of all": "found_summaries_rate",
    "RAGTruth answers: found and without error (": "found_answers",
    "RAGTruth answers: found and without error, lower": "found_answers_bound",
    "RAGTruth answers: found, of all": "found_answers_rate",
    "RAGTruth summaries: words": "found_summaries_words",
    "RAGTruth answers: words": "found_answers_words",
    "minimal pairs: false sentences grounded": "false_passed",
    f"catalogue {pairs.OWN[-1]}: false": "false_passed_unseen",
    "minimal pairs: true paraphrases": "paraphrases_alarmed",
}


def measure_all() -> dict[str, Any]:
    """Every measure with its share of 1, and how many comparisons it was made on where the benchmark says so."""
    figures: dict[str, Any] = {"scorer_version": SCORER_VERSION, "answers": len(data.rows("mtrag"))}
    for part in (
        mtrag.mtrag,
        attribution.sources,
        ifeval.ifeval,
        ragtruth.ragtruth,
        pairs.minimal_pairs,
        pairs.own_catalogues,
    ):
        figures |= page_figures(part())
    return figures


def page_figures(rows: Iterable[data.Result]) -> dict[str, Any]:
    """The measures among the benchmark's rows that an editor is told: what was fitted on the same rows as measured on
    documents that the fit has not seen."""
    figures = {}
    for row in rows:
        for beginning, measure in TOLD.items():
            if row.name.startswith(beginning):
                count, chance = re.search(r"\((\d+)", row.name), re.search(r"chance ([\d.]+)", row.name)
                figures[measure] = {
                    "share": round(row.value if row.held_out is None else row.held_out, 4),
                    "of": int(count[1]) if count else None,
                    "chance": float(chance[1]) if chance else None,
                }
    return figures


if __name__ == "__main__":
    KEPT.write_text(json.dumps(measure_all(), indent=2) + "\n")
    print(KEPT.read_text(), end="")
