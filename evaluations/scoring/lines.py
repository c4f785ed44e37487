"""JSON lines in, JSON lines out: the body of `manage.py score`."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from evaluations.scoring.context.documents import UnreadableContextError
from evaluations.scoring.context.index import ContextIndex, index_context
from evaluations.scoring.format.schema import FormatError, validate
from evaluations.scoring.scores import score_report


class UnreadableLineError(ValueError):
    """One input line that is not {"id", "context", "report", "format"?, "language"?}; the lines after it are still
    scored."""


def score_lines(lines: Iterable[str]) -> Iterator[str]:
    """One JSON line for each input line that is not blank: its scores, or {"line", "error"} with its number
    from 1."""
    last: tuple[str, ContextIndex] | None = None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _read_line(line)
            language = row.get("language", "en")
            key = json.dumps([row["context"], language], sort_keys=True)
            if last is None or last[0] != key:
                last = (key, index_context(row["context"], language))
            scores = score_report(last[1], row["report"], row.get("format"))
            yield _write({"id": row["id"], "scores": scores.as_dict()})
        except (UnreadableLineError, UnreadableContextError, FormatError) as error:
            yield _write({"line": number, "error": str(error)})


def _read_line(line: str) -> dict[str, Any]:
    try:
        line.encode()
        row = json.loads(line, parse_constant=_refuse)
    except UnicodeEncodeError as error:
        raise UnreadableLineError("no text in UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableLineError(f"no JSON: {error}") from error
    if not isinstance(row, dict):
        raise UnreadableLineError('no JSON object with "id", "context" and "report"')
    for key in ("id", "context", "report"):
        if key not in row:
            raise UnreadableLineError(f'"{key}" is missing')
    if not isinstance(row["report"], str):
        raise UnreadableLineError('"report" is no text')
    if not isinstance(row.get("language", "en"), str):
        raise UnreadableLineError('"language" is no text')
    if row.get("format") is not None:
        validate(row["format"])
    return row


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _write(row: dict[str, Any]) -> str:
    return json.dumps(row, separators=(",", ":"))
