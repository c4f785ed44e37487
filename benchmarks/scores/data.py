"""The labelled rows in ../shared/data, never the sealed ones, and the form of a figure."""

import gzip
import json
from pathlib import Path
from typing import Any, NamedTuple

from evaluations.scoring.context.index import ContextIndex, index_context

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
CASES = ROOT.parent / "shared" / "cases"
Row = dict[str, Any]


class Result(NamedTuple):
    """One figure beside its floor and its aim, beside what version 2 of the scorers and plain BM25 reach, and beside
    what a model reaches on groups that it was not fitted on, where anything was fitted. `held` is what it must not fall
    below meanwhile, where the floor is not reached yet."""

    name: str
    value: float
    floor: float | None = None
    aim: float | None = None
    before: float | None = None
    bm25: float | None = None
    held_out: float | None = None


def rows(name: str) -> list[Row]:
    """The rows of one development half."""
    with gzip.open(DATA / f"{name}_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def index_once(context: Any, known: dict[str, ContextIndex]) -> ContextIndex:
    """The index of a context, built once."""
    key = json.dumps(context)
    if key not in known:
        known[key] = index_context(context)
    return known[key]
