"""The lock is a function of the answers."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations import contexts
from evaluations.contexts import CUT_MARK, Locked, QueryOutcome, SizeLimit
from evaluations.errors import BadInputError
from evaluations.sources.links import bare_url
from evaluations.sources.pages import Page
from evaluations.sources.search import Hits, Result
from evaluations.wire.failures import Failure

urls = st.sampled_from([f"https://{host}.example/{page}" for host in "abc" for page in ("", "1", "2?x=1", "2?y=1")])
results = st.builds(
    Result,
    kind=st.sampled_from(["web", "news"]),
    title=st.text(max_size=30),
    url=urls,
    publisher=st.text(max_size=10),
    published=st.just(""),
    snippets=st.lists(st.text(max_size=60), max_size=3).map(tuple),
)
outcomes = st.one_of(
    st.builds(Hits, st.lists(results, max_size=5).map(tuple), st.just(0.0)),
    st.builds(Failure, st.sampled_from(["rate_limited", "upstream"]), st.text(max_size=20)),
)


def lock(rows: list[QueryOutcome], budget: int = 24_000, pages: dict[str, str] | None = None) -> Locked:
    read = {url: Page(text) for url, text in (pages or {}).items()}
    return contexts.lock("2026-11-23T06:00:00Z", "brave", {"count": "20"}, rows, read, SizeLimit(budget))


def answer(position: int, *urls: str) -> QueryOutcome:
    found = tuple(Result("web", f"Title {url}", url, snippets=(f"About {url}.",)) for url in urls)
    return QueryOutcome(position, f"query {position}", Hits(found))


@given(st.lists(outcomes, max_size=5), st.randoms(use_true_random=False), st.integers(40, 2_000))
@settings(max_examples=200, deadline=None)
def test_the_same_answers_in_any_order_give_the_same_bytes(
    found: list[Hits | Failure], chance: random.Random, budget: int
) -> None:
    rows = [QueryOutcome(position, f"query {position}", outcome) for position, outcome in enumerate(found, 1)]
    shuffled = chance.sample(rows, len(rows))
    urls = [result.url for row in rows if isinstance(row.outcome, Hits) for result in row.outcome.results]
    pages = {bare_url(url): f"The page at {url}. " * 20 for url in urls}
    backwards = dict(reversed(pages.items()))
    assert lock(rows, budget, pages).payload == lock(shuffled, budget, backwards).payload


@given(st.lists(outcomes, min_size=1, max_size=5), st.integers(200, 2_000))
@settings(max_examples=200, deadline=None)
def test_the_document_keeps_within_its_budget_whatever_it_holds(found: list[Hits | Failure], budget: int) -> None:
    rows = [QueryOutcome(position, "query", outcome) for position, outcome in enumerate(found, 1)]
    locked = lock(rows, budget)
    everything = lock(rows, 10**6).document["sources"]
    assert len(locked.payload) <= budget * contexts.BYTES_PER_TOKEN or not locked.document["sources"]
    assert locked.document["budget"]["sources_left_out"] == len(everything) - len(locked.document["sources"])
    for kept, whole in zip(locked.document["sources"], everything, strict=False):
        assert kept.get("cut", 0) == size(whole) - size(kept) >= 0


def size(row: dict[str, Any]) -> int:
    """Characters of snippets and text, marks not counted."""
    return sum(len(text.removesuffix(CUT_MARK)) for text in [*row["snippets"], row["text"]])


@given(st.lists(outcomes, max_size=5))
@settings(max_examples=200, deadline=None)
def test_reading_the_lock_back_and_serialising_it_gives_the_same_bytes(found: list[Hits | Failure]) -> None:
    locked = lock([QueryOutcome(position, "query", outcome) for position, outcome in enumerate(found, 1)])
    assert contexts.canonical(contexts.read(locked.payload)) == locked.payload
    assert contexts.digest(locked.payload) == locked.sha256


@pytest.mark.parametrize("change", [b" ", b"\n"])
def test_a_lock_with_one_more_byte_is_refused(change: bytes) -> None:
    payload = lock([answer(1, "https://a.example/")]).payload
    contexts.read(payload)
    with pytest.raises(BadInputError, match="canonical"):
        contexts.read(payload + change)


def test_a_url_found_twice_is_kept_once_with_every_query_that_found_it() -> None:
    rows = [answer(1, "https://a.example/x?utm_source=q#top", "https://b.example/"), answer(2, "https://A.example/x")]
    sources = json.loads(lock(rows).payload)["sources"]
    assert [(source["url"], source["queries"]) for source in sources] == [
        ("https://a.example/x?utm_source=q#top", [1, 2]),
        ("https://b.example/", [1]),
    ]
    assert sources[0]["snippets"] == ["About https://a.example/x?utm_source=q#top.", "About https://A.example/x."]


def test_urls_that_differ_in_a_real_parameter_are_two_sources() -> None:
    assert len(lock([answer(1, "https://a.example/?id=1", "https://a.example/?id=2")]).document["sources"]) == 2


def test_the_best_places_of_all_queries_come_first() -> None:
    rows = [answer(1, "https://a.example/", "https://b.example/"), answer(2, "https://c.example/")]
    assert [source["url"][8] for source in lock(rows).document["sources"]] == ["a", "c", "b"]


def test_a_failed_query_is_in_the_document_with_its_reason() -> None:
    rows = [answer(1, "https://a.example/"), QueryOutcome(2, "query 2", Failure("upstream", "status 502"))]
    assert [query["failure"] for query in lock(rows).document["queries"]] == [None, "upstream: status 502"]


def test_material_over_the_budget_is_cut_fairly_and_visibly() -> None:
    rows = [answer(1, "https://a.example/", "https://b.example/")]
    pages = {"https://a.example/": "a" * 5_000, "https://b.example/": "b" * 90}
    locked = lock(rows, 500, pages)
    long, short = locked.document["sources"]
    assert len(locked.payload) <= 500 * contexts.BYTES_PER_TOKEN
    assert long["text"].endswith(CUT_MARK)
    assert short["text"] == "b" * 90
    assert (long["cut"], "cut" in short) == (5_000 + len(long["snippets"][0]) - size(long), False)
    assert locked.document["budget"] == {"tokens": 500, "bytes_per_token": 3, "sources_cut": 1, "sources_left_out": 0}


def test_where_titles_alone_are_over_the_budget_the_last_sources_are_left_out_and_counted() -> None:
    rows = [answer(1, *(f"https://a.example/{number}" for number in range(40)))]
    document = lock(rows, 1_000).document
    kept = len(document["sources"])
    assert 0 < kept < 40
    assert document["budget"]["sources_left_out"] == 40 - kept
    assert [source["rank"] for source in document["sources"]] == list(range(1, kept + 1))


def test_a_budget_counts_the_bytes_that_past_runs_needed_for_a_token() -> None:
    assert SizeLimit(1_000, 3.5).bytes == 3_500


def test_a_page_that_could_not_be_read_leaves_its_snippet_and_its_reason() -> None:
    pages = {"https://a.example/": Page(failure=Failure("robots", "disallowed"))}
    rows = [answer(1, "https://a.example/#part", "https://b.example/")]
    first, second = contexts.lock("now", "brave", {}, rows, pages).document["sources"]
    assert (first["text"], first["text_failure"]) == ("", "robots")
    assert first["snippets"]
    assert "text_failure" not in second


def test_material_within_the_budget_is_not_cut() -> None:
    rows = [answer(1, "https://a.example/")]
    assert lock(rows, 500, {"https://a.example/": "a" * 900}).document["sources"][0]["text"] == "a" * 900
