"""Freezing the material: answers become one canonical JSON document. Pure: no Django.

The document (schema 1) is what is hashed, stored and sent, byte for byte:
`{"schema", "locked_at", "search": {"provider", "parameters"}, "queries": [{"position", "query", "failure"}],
"sources": [{"rank", "kind", "title", "url", "publisher", "published", "queries", "snippets", "text"}]}`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from evaluations.errors import BadInputError

from .plain import clean
from .search import Answer, Failure, Result

SCHEMA = 1
BYTES_PER_TOKEN = 3
CUT_MARK = " […]"
TRACKING = ("utm_", "mc_", "pk_")
TRACKING_NAMES = frozenset({"fbclid", "gclid", "dclid", "msclkid", "igshid", "yclid", "_ga"})


@dataclass(frozen=True, slots=True)
class QueryOutcome:
    """One query of a run and what came of it."""

    position: int
    query: str
    outcome: Answer | Failure


@dataclass(frozen=True, slots=True)
class LockedSource:
    """One source as it stands in the document."""

    result: Result
    queries: tuple[int, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Locked:
    """The frozen material."""

    payload: bytes
    sha256: str
    document: dict[str, Any]


def lock(
    locked_at: str,
    provider: str,
    parameters: Mapping[str, Any],
    outcomes: Iterable[QueryOutcome],
    pages: Mapping[str, str] | None = None,
    budget_tokens: int = 24_000,
) -> Locked:
    """Freeze the outcomes of all queries; the order in which they arrived makes no difference.

    `pages` maps a result's URL to the page's text. Material over `budget_tokens` (UTF-8 bytes / 3) is cut
    fairly: every source keeps the same number of characters, and a cut is marked.
    """
    outcomes = sorted(outcomes, key=lambda outcome: outcome.position)
    sources = merge(outcomes, pages or {})

    def document(allowance: int | None) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "locked_at": locked_at,
            "search": {"provider": provider, "parameters": dict(parameters)},
            "queries": [query_row(outcome) for outcome in outcomes],
            "sources": [source_row(rank, cut(source, allowance)) for rank, source in enumerate(sources, 1)],
        }

    frozen = document(fitting_allowance(document, sources, budget_tokens * BYTES_PER_TOKEN))
    payload = canonical(frozen)
    return Locked(payload, digest(payload), frozen)


def canonical(document: Any) -> bytes:
    """Canonical JSON: UTF-8, sorted keys, no insignificant space."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(payload: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(payload).hexdigest()


def read(payload: bytes) -> dict[str, Any]:
    """The document behind locked bytes. Raises BadInputError where they are not exactly canonical."""
    try:
        document = json.loads(payload)
    except ValueError as error:
        raise BadInputError(f"The locked context is not JSON: {error}") from error
    if not isinstance(document, dict) or canonical(document) != payload:
        raise BadInputError("The locked context is not in canonical form: it was changed after locking.")
    return document


def merge(outcomes: Sequence[QueryOutcome], pages: Mapping[str, str]) -> list[LockedSource]:
    """Every URL once, with every query that found it: best places first, then in the order of the queries."""
    found: dict[str, list[tuple[int, int, Result]]] = {}
    for outcome in outcomes:
        if isinstance(outcome.outcome, Answer):
            for place, result in enumerate(outcome.outcome.results):
                found.setdefault(bare_url(result.url), []).append((place, outcome.position, result))
    ordered = sorted(found.values(), key=lambda hits: min(hits, key=lambda hit: hit[:2])[:2])
    return [merged(hits, pages) for hits in ordered]


def merged(hits: list[tuple[int, int, Result]], pages: Mapping[str, str]) -> LockedSource:
    """One source from all hits on its URL: the best hit, with the snippets of all."""
    hits = sorted(hits, key=lambda hit: hit[:2])
    best = hits[0][2]
    snippets = tuple(dict.fromkeys(snippet for _, _, result in hits for snippet in result.snippets))
    queries = tuple(sorted({position for _, position, _ in hits}))
    text = next((pages[result.url] for _, _, result in hits if result.url in pages), "")
    return LockedSource(replace(best, snippets=snippets), queries, clean(text))


def bare_url(url: str) -> str:
    """`url` without fragment and tracking parameters: the same page has the same one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(TRACKING) and name.lower() not in TRACKING_NAMES
    ]
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", urlencode(query), ""))


def query_row(outcome: QueryOutcome) -> dict[str, Any]:
    """A query as it stands in the document."""
    failure = str(outcome.outcome) if isinstance(outcome.outcome, Failure) else None
    return {
        "position": outcome.position,
        "query": clean(outcome.query),
        "failure": None if failure is None else clean(failure),
    }


def source_row(rank: int, source: LockedSource) -> dict[str, Any]:
    """A source as it stands in the document."""
    result = source.result
    return {
        "rank": rank,
        "kind": result.kind,
        "title": clean(result.title),
        "url": clean(result.url),
        "publisher": clean(result.publisher),
        "published": clean(result.published),
        "queries": list(source.queries),
        "snippets": [clean(snippet) for snippet in result.snippets],
        "text": source.text,
    }


def fitting_allowance(
    document: Callable[[int | None], dict[str, Any]], sources: Sequence[LockedSource], budget: int
) -> int | None:
    """The most characters that every source may keep within `budget` bytes; None: nothing need be cut."""
    if len(canonical(document(None))) <= budget:
        return None
    low, high = 0, max(map(size, sources), default=0)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(canonical(document(middle))) <= budget else (low, middle - 1)
    return low


def size(source: LockedSource) -> int:
    """Characters of a source's snippets and text."""
    return sum(map(len, source.result.snippets)) + len(source.text)


def cut(source: LockedSource, allowance: int | None) -> LockedSource:
    """`source` with at most `allowance` characters: snippets first, then text, the cut marked."""
    if allowance is None or size(source) <= allowance:
        return source
    snippets: list[str] = []
    for snippet in source.result.snippets:
        if allowance > 0:
            snippets.append(shortened(snippet, allowance))
            allowance -= len(snippet)
    text = shortened(source.text, allowance) if allowance > 0 else ""
    return replace(source, result=replace(source.result, snippets=tuple(snippets)), text=text)


def shortened(text: str, allowance: int) -> str:
    """At most `allowance` characters of `text`, and the mark where something is missing."""
    return text if len(text) <= allowance else text[:allowance].rstrip() + CUT_MARK
