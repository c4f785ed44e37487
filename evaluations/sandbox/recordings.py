"""Recorded real material for the sandbox: questions, their sources, and what real models answered."""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit

from evaluations.sandbox.articles import Article
from evaluations.sandbox.brave.request import MAX_QUERY_CHARACTERS, MAX_QUERY_WORDS

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
PASSAGES = 6  # one description and at most five extra snippets


class RecordingsError(ValueError):
    """A recordings file that cannot be used; the message names the place in the file."""


@dataclass(frozen=True)
class Recordings:
    """Sources by question, and the models' texts by question. Both keep the order of the file."""

    questions: dict[str, tuple[Article, ...]]
    answers: dict[str, dict[str, str]] = field(default_factory=dict)

    def sources(self, query: str) -> tuple[Article, ...]:
        """The sources of a recorded question; none for any other."""
        return self.questions.get(normal(query), ())

    def answer(self, model: str, queries: Sequence[str], material: str) -> str | None:
        """The model's texts for the recorded questions in a document, in its order, joined by a blank line.

        `queries` are those that the document names; if none of them is recorded, its text is searched.
        None where nothing is recorded.
        """
        named = [query for query in dict.fromkeys(map(normal, queries)) if query in self.questions]
        texts = self.answers[model]
        told = [texts[query] for query in named or self._find_mentioned(material) if query in texts]
        return "\n\n".join(told) if told else None

    def _find_mentioned(self, material: str) -> list[str]:
        """The recorded questions in a text, in its order; none that is only a part of another."""
        text = normal(material)
        places = {query: text.find(query) for query in self.questions}
        found = [query for query in sorted(places, key=places.__getitem__) if places[query] >= 0]
        return [query for query in found if not any(query != other and query in other for other in found)]


def normal(query: str) -> str:
    """A query as it is compared: composed characters, no control characters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", CONTROL.sub(" ", query)).split())


def load_recordings(path: Path) -> Recordings:
    """The recordings in a JSON file. Raises RecordingsError with the place of what is wrong."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordingsError(f"Cannot read the recordings {path}: {error.strerror}.") from error
    except ValueError as error:
        raise RecordingsError(f"The recordings {path} are not JSON: {error}.") from error
    try:
        return read_recordings(document)
    except RecordingsError as error:
        raise RecordingsError(f"The recordings {path} cannot be used: {error}") from error


def read_recordings(document: Any) -> Recordings:
    """Recordings from the parsed document. Raises RecordingsError."""
    questions: dict[str, tuple[Article, ...]] = {}
    for place, entry in _objects(document, "questions", "the document"):
        query = _query(entry, place)
        if query in questions:
            raise RecordingsError(f"{place} repeats the query {query[:80]!r}.")
        questions[query] = tuple(_article(source, spot) for spot, source in _objects(entry, "sources", place))
    answers: dict[str, dict[str, str]] = {}
    for place, entry in _objects(document, "answers", "the document"):
        model, query, text = _text(entry, "model", place), _query(entry, place), _string(entry, "text", place)
        if query not in questions:
            raise RecordingsError(f"{place} answers a query that is not among the questions: {query[:80]!r}.")
        if query in answers.setdefault(model, {}):
            raise RecordingsError(f"{place} is a second answer of {model} to {query[:80]!r}.")
        answers[model][query] = text
    return Recordings(questions, answers)


def _objects(holder: Any, key: str, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    items = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(items, list):
        raise RecordingsError(f"{place} needs a list named {key!r}.")
    for index, item in enumerate(items):
        spot = f"{key}[{index}]" if place == "the document" else f"{place}.{key}[{index}]"
        if not isinstance(item, dict):
            raise RecordingsError(f"{spot} must be an object.")
        yield spot, item


def _string(entry: dict[str, Any], key: str, place: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str):
        raise RecordingsError(f"{place} needs a text named {key!r}.")
    return value


def _text(entry: dict[str, Any], key: str, place: str) -> str:
    if not _string(entry, key, place).strip():
        raise RecordingsError(f"{place} has an empty {key!r}.")
    return _string(entry, key, place)


def _query(entry: dict[str, Any], place: str) -> str:
    query = normal(_text(entry, "query", place))
    if len(query) > MAX_QUERY_CHARACTERS or len(query.split()) > MAX_QUERY_WORDS:
        limits = f"{MAX_QUERY_CHARACTERS} characters or {MAX_QUERY_WORDS} words"
        raise RecordingsError(f"{place} has a query of more than {limits}, which no search takes: {query[:80]!r}.")
    return query


def _article(entry: dict[str, Any], place: str) -> Article:
    url = _text(entry, "url", place)
    if not _is_web_address(url):
        raise RecordingsError(f"{place} has a URL that is not http or https: {url[:80]!r}.")
    publisher = _text(entry, "publisher", place) if entry.get("publisher") is not None else None
    text = _string(entry, "text", place)
    return Article(
        # A search result always has a title.
        title=_string(entry, "title", place).strip() or shorten(text, 80, placeholder=" …") or "Untitled",
        url=url,
        passages=tuple(split_text(text)) or ("",),
        publisher=publisher,
        published=_moment(entry, place),
    )


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _moment(entry: dict[str, Any], place: str) -> datetime | None:
    if entry.get("published") is None:
        return None
    published = _text(entry, "published", place)
    try:
        return datetime.fromisoformat(published).replace(tzinfo=None)
    except ValueError as error:
        raise RecordingsError(f"{place} has a date that is not ISO 8601: {published[:40]!r}.") from error


def split_text(text: str, pieces: int = PASSAGES) -> list[str]:
    """A text in at most so many pieces of about one size; joined, they are the text again."""
    size = max(200, -(-len(text) // pieces))
    found: list[str] = []
    start = 0
    while start < len(text):
        end = len(text)
        if len(found) + 1 < pieces and start + size < len(text):
            gap = re.compile(r"\s+").search(text, start + size)
            end = gap.end() if gap else len(text)
        found.append(text[start:end])
        start = end
    return found
