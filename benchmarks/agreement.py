"""The figures that `/about/scores/` shows: the rows of `make bench-scores`, kept in evaluations/agreement.json.

Run `make agreement` after a change of the scorers; a test compares the two.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from benchmarks import scores
from evaluations.scoring.version import SCORER_VERSION

KEPT = scores.ROOT / "evaluations" / "agreement.json"
# The measures that an editor is told, by the beginning of the benchmark's row.
TOLD = {
    "MTRAG: AUROC": "faithful_first",
    "MTRAG: same question": "better_first",
    "ExpertQA: right source first": "right_source",
    "distractor sources": "strange_sources",
    "IFEval: all of these": "checks",
}


def measured() -> dict[str, Any]:
    """Every measure with its share of 1, and how many comparisons it was made on where the benchmark says so."""
    figures: dict[str, Any] = {"scorer_version": SCORER_VERSION, "answers": len(scores.rows("mtrag"))}
    for part in (scores.mtrag, scores.sources, scores.ifeval):
        figures |= told(part())
    return figures


def told(rows: Iterable[scores.Result]) -> dict[str, Any]:
    """The measures among the benchmark's rows that an editor is told."""
    figures = {}
    for name, value, _, _ in rows:
        for beginning, measure in TOLD.items():
            if name.startswith(beginning):
                count, chance = re.search(r"\((\d+)", name), re.search(r"chance ([\d.]+)", name)
                figures[measure] = {
                    "share": round(value, 4),
                    "of": int(count[1]) if count else None,
                    "chance": float(chance[1]) if chance else None,
                }
    return figures


if __name__ == "__main__":
    KEPT.write_text(json.dumps(measured(), indent=2) + "\n")
    print(KEPT.read_text(), end="")
