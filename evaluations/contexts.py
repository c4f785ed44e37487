"""Freezing the material: answers become one canonical JSON document. Pure: no Django.

The document (schema 1) is what is hashed, stored and sent, byte for byte:
`{"schema", "locked_at", "search": {"provider", "parameters"}, "queries": [{"position", "query", "failure"}],
"budget": {"tokens", "bytes_per_token", "sources_cut", "sources_left_out"},
"sources": [{"rank", "kind", "title", "url", "publisher", "published", "queries", "snippets", "text"}]}`.
A source that was cut to fit says so in `cut`, the number of characters left out; one whose page was wanted and
could not be read gives the reason in `text_failure`.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluations.errors import BadInputError
from evaluations.sources.links import LONGEST_URL, bare_url
from evaluations.sources.pages import Page
from evaluations.sources.search import LONGEST_DATE, LONGEST_PUBLISHER, LONGEST_TITLE, Hits, Result
from evaluations.wire.failures import Failure
from evaluations.wire.text import clean

SCHEMA = 1
BYTES_PER_TOKEN = 3
CUT_MARK = " […]"


@dataclass(frozen=True, slots=True)
class QueryOutcome:
    """One query of a run and what came of it."""

    position: int
    query: str
    outcome: Hits | Failure


@dataclass(frozen=True, slots=True)
class LockedSource:
    """One source as it stands in the document."""

    result: Result
    queries: tuple[int, ...]
    text: str = ""
    text_failure: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """How large the document may be. `bytes_per_token`: UTF-8 bytes, 3 until past runs say otherwise."""

    tokens: int = 24_000
    bytes_per_token: float = BYTES_PER_TOKEN

    @property
    def bytes(self) -> int:
        """The same in bytes."""
        return int(self.tokens * self.bytes_per_token)


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
    pages: Mapping[str, Page] | None = None,
    limit: SizeLimit | None = None,
) -> Locked:
    """Freeze the outcomes of all queries; the order in which they arrived makes no difference.

    `pages` maps `bare_url` of a result to its page. Material over the limit is cut fairly: every source keeps
    the same number of characters, and a cut is marked. Where titles and addresses alone are over it, the last
    sources are left out, and the document says how many.
    """
    outcomes = sorted(outcomes, key=lambda outcome: outcome.position)
    sources = merge(outcomes, pages or {})
    limit = limit or SizeLimit()

    def document(kept: int, allowance: int | None) -> dict[str, Any]:
        shown = [cut(source, allowance) for source in sources[:kept]]
        return {
            "schema": SCHEMA,
            "locked_at": locked_at,
            "search": {"provider": provider, "parameters": dict(parameters)},
            "queries": [query_row(outcome) for outcome in outcomes],
            "budget": {
                "tokens": limit.tokens,
                "bytes_per_token": limit.bytes_per_token,
                "sources_cut": sum(source.left_out > 0 for source in shown),
                "sources_left_out": len(sources) - kept,
            },
            "sources": [source_row(rank, source) for rank, source in enumerate(shown, 1)],
        }

    def fits(kept: int, allowance: int | None) -> bool:
        return len(canonical(document(kept, allowance))) <= limit.bytes

    frozen = document(*fit(fits, sources))
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


def merge(outcomes: Sequence[QueryOutcome], pages: Mapping[str, Page]) -> list[LockedSource]:
    """Every URL once, with every query that found it: best places first, then in the order of the queries."""
    found: dict[str, list[tuple[int, int, Result]]] = {}
    for outcome in outcomes:
        if isinstance(outcome.outcome, Hits):
            for place, result in enumerate(outcome.outcome.results):
                if 0 < len(clean(result.url).strip()) <= LONGEST_URL:  # else nobody could look it up
                    found.setdefault(bare_url(result.url), []).append((place, outcome.position, result))
    ordered = sorted(found.values(), key=lambda hits: min(hits, key=lambda hit: hit[:2])[:2])
    return [merge_hits(hits, pages) for hits in ordered]


def merge_hits(hits: list[tuple[int, int, Result]], pages: Mapping[str, Page]) -> LockedSource:
    """One source from all hits on its URL: the best hit, with the snippets of all, in plain text."""
    hits = sorted(hits, key=lambda hit: hit[:2])
    best = hits[0][2]
    snippets = dict.fromkeys(clean(snippet) for _, _, result in hits for snippet in result.snippets)
    own_text = next((result.text for _, _, result in hits if result.text), "")
    page = pages.get(bare_url(best.url)) or Page()
    return LockedSource(
        Result(
            kind=clean(best.kind),
            title=clean(best.title)[:LONGEST_TITLE],
            url=clean(best.url).strip(),
            publisher=clean(best.publisher)[:LONGEST_PUBLISHER],
            published=clean(best.published)[:LONGEST_DATE],
            snippets=tuple(snippets),
        ),
        queries=tuple(sorted({position for _, position, _ in hits})),
        text=clean(page.text or own_text),
        text_failure=page.failure.code if page.failure else "",
    )


def pages_wanted(outcomes: Iterable[QueryOutcome], a_query: int) -> dict[str, str]:
    """The pages behind the first `a_query` results of every query: `bare_url` to the URL to open, each once."""
    wanted: dict[str, str] = {}
    for outcome in sorted(outcomes, key=lambda outcome: outcome.position):
        if isinstance(outcome.outcome, Hits):
            for result in outcome.outcome.results[:a_query]:
                if not result.text and len(result.url) <= LONGEST_URL:
                    wanted.setdefault(bare_url(result.url), result.url)
    return {bare: url for bare, url in wanted.items() if len(bare) <= LONGEST_URL}


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
    row = {
        "rank": rank,
        "kind": result.kind,
        "title": result.title,
        "url": result.url,
        "publisher": result.publisher,
        "published": result.published,
        "queries": list(source.queries),
        "snippets": list(result.snippets),
        "text": source.text,
    }
    row |= {"text_failure": source.text_failure} if source.text_failure else {}
    return row | ({"cut": source.left_out} if source.left_out else {})


def fit(fits: Callable[[int, int | None], bool], sources: Sequence[LockedSource]) -> tuple[int, int | None]:
    """How many sources fit, and the most characters that each may keep; None: nothing need be cut."""
    everything = len(sources)
    if fits(everything, None):
        return everything, None
    if fits(everything, 0):
        return everything, largest(lambda allowance: fits(everything, allowance), max(map(size, sources), default=0))
    return largest(lambda kept: fits(kept, 0), everything), 0


def largest(fits: Callable[[int], bool], high: int) -> int:
    """The largest number up to `high` that fits, by halving; 0 always does."""
    return bisect_left(range(1, high + 1), True, key=lambda number: not fits(number))


def size(source: LockedSource) -> int:
    """Characters of a source's snippets and text."""
    return sum(map(len, source.result.snippets)) + len(source.text)


def cut(source: LockedSource, allowance: int | None) -> LockedSource:
    """`source` with at most `allowance` characters: snippets first, then text, the cut marked."""
    if allowance is None or size(source) <= allowance:
        return source
    left_out = size(source) - allowance
    snippets: list[str] = []
    for snippet in source.result.snippets:
        if allowance > 0:
            snippets.append(shorten(snippet, allowance))
            allowance -= len(snippet)
    text = shorten(source.text, allowance) if allowance > 0 else ""
    return replace(source, result=replace(source.result, snippets=tuple(snippets)), text=text, left_out=left_out)


def shorten(text: str, allowance: int) -> str:
    """At most `allowance` characters of `text`, and the mark where something is missing."""
    return text if len(text) <= allowance else text[:allowance] + CUT_MARK
