"""A summary above the same one with an error put in: `python -m benchmarks.scores.edited FILE...`.

The files are those of SummEdits (github.com/salesforce/factualNLG, data/summedits): summaries, edits of them, and what
people said of each. Nothing of it is kept here. What a sentence's distance is made of was chosen beside these figures
(news, ectsum, samsum), so they are no figures of unseen data.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.scores.bm25 import report_unsupported
from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report


def ordered(rows: list[dict[str, Any]]) -> Iterator[tuple[float, float]]:
    """For each edit that people called inconsistent, whether the summary it was made of scores above it: 1, 0, or a
    half for a tie; and the same by plain BM25."""
    known: dict[str, Any] = {}
    for row in rows:
        if row["label"]:
            continue
        context = known.setdefault(row["doc"], ([source := {"title": "", "text": row["doc"]}], index_context([source])))
        yield _above(context, row["original_summary"], row["summary"])


def _above(context: tuple[Any, Any], true: str, false: str) -> tuple[float, float]:
    document, index = context
    ours = [score_report(index, text).groundedness.value or 0.0 for text in (true, false)]
    plain = [1 - report_unsupported(document, text) for text in (true, false)]
    return _order(*ours), _order(*plain)


def _order(one: float, other: float) -> float:
    return 0.5 if one == other else float(one > other)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        pairs = list(ordered(json.loads(Path(name).read_text())))
        ours, plain = (sum(row[i] for row in pairs) / len(pairs) for i in (0, 1))
        print(f"{Path(name).stem:<24} {len(pairs):>5} pairs  ordered right {ours:.3f}  plain BM25 {plain:.3f}")
