"""Reads the search results out of the document that a request carries."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

MAX_OPENINGS = 200  # places where a JSON document may begin
TITLE_KEYS = ("title", "name", "headline")
TEXT_KEYS = ("text", "content", "description", "snippet", "snippets", "extra_snippets", "page_text", "passages")


@dataclass(frozen=True)
class Source:
    """One search result as the request tells it."""

    title: str
    text: str
    publisher: str = ""


@dataclass(frozen=True)
class Material:
    """Queries and sources of one document, and when it was locked, where it says so."""

    queries: tuple[str, ...]
    sources: tuple[Source, ...]
    locked_at: str = ""


def read_material(text: str) -> Material:
    """Queries and sources of a locked context document, or of a plain text when it holds no JSON."""
    document = find_json(text)
    if document is None:
        return Material((), tuple(plain_sources(text)))
    found = dict.fromkeys(json_sources(document))
    locked_at = document.get("locked_at") if isinstance(document, dict) else ""
    return Material(
        tuple(dict.fromkeys(json_queries(document))), tuple(found), locked_at if isinstance(locked_at, str) else ""
    )


def find_json(text: str) -> Any:
    """The first JSON object or array in a text that holds queries or sources, or None."""
    decoder = json.JSONDecoder()
    for opening in islice(re.finditer(r"[{\[]", text), MAX_OPENINGS):
        try:
            document, _ = decoder.raw_decode(text, opening.start())
        except (ValueError, RecursionError):
            continue
        if any(json_sources(document)) or any(json_queries(document)):
            return document
    return None


def json_sources(node: Any) -> Iterator[Source]:
    """Every object that has a title and some text, in the order of the document."""
    if isinstance(node, dict):
        title = next((node[key] for key in TITLE_KEYS if isinstance(node.get(key), str)), None)
        text = "\n\n".join(piece for key in TEXT_KEYS for piece in strings(node.get(key)))
        if title is not None and text:
            yield Source(title, text, name_of(node.get("publisher")))
            return
    for child in children_of(node):
        yield from json_sources(child)


def json_queries(node: Any) -> Iterator[str]:
    """Every string that the document calls a query, in order."""
    if isinstance(node, dict):
        for key in ("query", "q"):
            if isinstance(node.get(key), str):
                yield node[key]
        if isinstance(node.get("queries"), list):
            yield from (query for query in node["queries"] if isinstance(query, str))
    for child in children_of(node):
        yield from json_queries(child)


def children_of(node: Any) -> list[Any]:
    """The objects and lists directly inside a value."""
    inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [child for child in inside if isinstance(child, dict | list)]


def strings(node: Any) -> Iterator[str]:
    """The strings in a value, one by one."""
    if isinstance(node, str) and node.strip():
        yield node
    elif isinstance(node, list):
        for child in node:
            yield from strings(child)


def name_of(publisher: Any) -> str:
    """A publisher's name, given as a string or as an object."""
    found = publisher.get("name") if isinstance(publisher, dict) else publisher
    return found if isinstance(found, str) else ""


def plain_sources(text: str) -> Iterator[Source]:
    """A text without JSON: each heading with what follows it, or the whole as one source."""
    parts = re.split(r"(?m)^(?:#{1,6}[ \t]+|\[\d+\][ \t]*|Title:[ \t]*)(.+)$", text)
    if parts[0].strip():
        yield Source("", parts[0].strip())
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        if body.strip():
            yield Source(title.strip(), body.strip())
