"""What came of a run, as files: one JSON document, a table, or a folder with every report."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluations.errors import BadInputError
from evaluations.models import Report, Run

from .summaries import summary

FIELDS = ("model", "sample", "status", "error", "seconds", "cost_usd", "input_tokens", "output_tokens")


def check_output(name: str) -> Path:
    """The place of that name, looked at before anything is paid. Raises BadInputError."""
    path = Path(name)
    folder = path.parent if path.suffix else path
    if not name.strip() or (path.suffix and path.suffix not in WRITERS and not path.is_dir()):
        raise BadInputError(f"--output takes a folder, or a file that ends with .json or .csv, not {name!r}.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / ".futbolreport"
        trial.touch()
        trial.unlink()
    except (OSError, ValueError) as error:
        raise BadInputError(f"Nothing can be written to {name}: {error}. Nothing was asked.") from error
    return path


def write_output(path: Path, run: Run) -> None:
    """Write a run into a file or a folder; what is there under the same name is replaced."""
    document = with_texts(run)
    if path.suffix and not path.is_dir():
        WRITERS[path.suffix](path, document)
        return
    path.mkdir(parents=True, exist_ok=True)
    write_json(path / "run.json", document)
    write_csv(path / "run.csv", document)
    if run.context:
        (path / "context.json").write_text(run.context.text, encoding="utf-8")
    for row in document["reports"]:
        if row["text"]:
            sample = "" if row["sample"] == 1 else f"-{row['sample']}"
            (path / f"{row['model']}{sample}.md").write_text(row["text"], encoding="utf-8")


def with_texts(run: Run) -> dict[str, Any]:
    """The summary of a run, with the text of each report."""
    rows = Report.objects.filter(entry__run=run).values_list("entry__slug", "sample", "text")
    texts = {(model, sample): text for model, sample, text in rows}
    document = summary(run)
    for row in document["reports"]:
        row["text"] = texts[row["model"], row["sample"]]
    return document


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """One JSON document."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_csv(path: Path, document: Mapping[str, Any]) -> None:
    """A line for each report: what came of it, then its scores; without its text."""
    metrics = sorted({name for row in document["reports"] for name in row["scores"]} - set(FIELDS))
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([*FIELDS, *metrics])
        for row in document["reports"]:
            lines.writerow([row[name] for name in FIELDS] + [row["scores"].get(name) for name in metrics])


WRITERS = {".json": write_json, ".csv": write_csv}
