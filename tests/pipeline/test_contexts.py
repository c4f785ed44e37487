"""The lock is a function of the answers."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.errors import BadInputError
from evaluations.pipeline import contexts
from evaluations.pipeline.contexts import CUT_MARK, Locked, QueryOutcome
from evaluations.pipeline.search import Answer, Failure, Result

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
    st.builds(Answer, st.lists(results, max_size=5).map(tuple), st.just(0.0)),
    st.builds(Failure, st.sampled_from(["rate_limited", "upstream"]), st.text(max_size=20)),
)


def lock(rows: list[QueryOutcome], budget: int = 24_000, pages: dict[str, str] | None = None) -> Locked:
    return contexts.lock("2026-11-23T06:00:00Z", "brave", {"count": "20"}, rows, pages, budget)


def answer(position: int, *urls: str) -> QueryOutcome:
    found = tuple(Result("web", f"Title {url}", url, snippets=(f"About {url}.",)) for url in urls)
    return QueryOutcome(position, f"query {position}", Answer(found))


@given(st.lists(outcomes, max_size=5), st.randoms(use_true_random=False), st.integers(40, 2_000))
@settings(max_examples=200, deadline=None)
def test_the_same_answers_in_any_order_give_the_same_bytes(
    found: list[Answer | Failure], chance: random.Random, budget: int
) -> None:
    rows = [QueryOutcome(position, f"query {position}", outcome) for position, outcome in enumerate(found, 1)]
    shuffled = chance.sample(rows, len(rows))
    assert lock(rows, budget).payload == lock(shuffled, budget).payload


@given(st.lists(outcomes, max_size=5))
@settings(max_examples=200, deadline=None)
def test_reading_the_lock_back_and_serialising_it_gives_the_same_bytes(found: list[Answer | Failure]) -> None:
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


def test_material_within_the_budget_is_not_cut() -> None:
    rows = [answer(1, "https://a.example/")]
    assert lock(rows, 500, {"https://a.example/": "a" * 900}).document["sources"][0]["text"] == "a" * 900
