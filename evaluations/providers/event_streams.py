"""An event stream that comes although none was asked for, folded into the document that should have come. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from evaluations.wire import documents, values

LINE = re.compile(r"\r\n|\r|\n")
COMMENTS = re.compile(r"(?:\s*+:[^\r\n]*+)*+\s*+")
FIELDS = ("data:", "event:", "id:", "retry:")
DONE = "[DONE]"


def strip_comments(text: str) -> str:
    """The body without the comments (": OPENROUTER PROCESSING") that keep its line alive before it comes."""
    comments = COMMENTS.match(text)
    return text[comments.end() :] if comments else text


def fold(text: str) -> tuple[dict[str, Any], bool]:
    """The document that a stream's chunks make together, and whether it came to its end.

    Raises UnreadableError where a chunk is no JSON.
    """
    document: dict[str, Any] = {}
    pieces: list[Any] = []
    refusals: list[str] = []
    choice: dict[str, Any] = {}
    for chunk in chunks(text):
        document |= {name: value for name, value in chunk.items() if name != "choices" and value is not None}
        for part in values.records(chunk, "choices")[:1]:
            said = values.record(part, "delta") or values.record(part, "message")
            content = said.get("content")
            pieces += content if isinstance(content, list) else [{"type": "text", "text": content}]
            refusals += [said["refusal"]] if isinstance(said.get("refusal"), str) else []
            choice |= {name: value for name, value in part.items() if value is not None}
    message = {"content": pieces, "refusal": "".join(refusals)}
    whole = bool(values.text(choice, "finish_reason")) or bool(document.get("error"))
    return document | {"choices": [choice | {"message": message}]}, whole


def chunks(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects of a stream, up to its end mark. Raises UnreadableError."""
    data: list[str] = []
    for line in [*LINE.split(text), ""]:
        if line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
        elif not line and data:
            event, data = "\n".join(data), []
            if event.strip() == DONE:
                return
            yield values.record(documents.read(event))
