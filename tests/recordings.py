"""Turns human-labelled real material (mtrag) into a recordings file for the sandbox.

    python tests/recordings.py ../shared/data/mtrag_train.jsonl.gz recordings.json

Each row of the data is a question, its passages, and the answer of one system, which the field `model` names.
The data stays where it is: the file this writes belongs into a temporary directory, never into the project.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def recordings_from(rows: Iterable[Row]) -> Row:
    """The document that the sandbox serves: every question once, and every system's answer to it."""
    questions: dict[str, Row] = {}
    answers: dict[tuple[str, str], Row] = {}
    for row in rows:
        query = " ".join(row["question"].split())
        questions.setdefault(query, {"query": query, "sources": [source_of(one) for one in row["context"]]})
        model = f"recorded/{slug(row['model'])}"
        answers.setdefault((model, query), {"model": model, "query": query, "text": row["response"]})
    return {"questions": list(questions.values()), "answers": list(answers.values())}


def source_of(passage: Row) -> Row:
    """A passage as a search result; its address is made from its id, so that it is always the same."""
    return {
        "title": passage["title"],
        "url": f"https://passages.example/{slug(passage['doc_id'])}",
        "text": passage["text"],
    }


def slug(name: str) -> str:
    """A name as it may stand in an address or a model id."""
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")


def write_recordings(source: Path, target: Path) -> Path:
    """Writes the recordings of a data file and returns where."""
    document = recordings_from(rows_of(source))
    target.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return target


if __name__ == "__main__":
    write_recordings(Path(sys.argv[1]), Path(sys.argv[2]))
