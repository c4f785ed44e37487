"""Brave's wire form, as recorded shapes."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from evaluations.sources import brave, search
from evaluations.sources.brave import Brave
from evaluations.sources.deployment import Deployment
from evaluations.sources.search import Hits, Wishes
from evaluations.wire.failures import Failure

URL = "https://api.search.brave.com/res/v1/web/search"

BODY: dict[str, Any] = {
    "query": {"original": "fixtures"},
    "mixed": {
        "type": "mixed",
        "main": [
            {"type": "web", "index": 0, "all": False},
            {"type": "news", "all": True},
            {"type": "web", "index": 1, "all": False},
        ],
    },
    "news": {
        "type": "news",
        "results": [
            {
                "title": "Captain out for six weeks",
                "url": "https://news.example.com/captain",
                "description": "A scan on Friday.",
                "page_age": "2026-11-20T09:15:00",
                "profile": {"name": "Example News"},
                "extra_snippets": ["He misses five matches."],
            }
        ],
    },
    "web": {
        "type": "search",
        "results": [
            {
                "title": "Preview: <strong>team</strong> news",
                "url": "https://www.example.com/preview",
                "description": "Without &quot;two defenders&quot; on Sunday&#x27;s trip.",
                "page_age": "2026-11-21T17:02:11",
                "article": {"date": "2026-11-21T17:00:00.000Z", "publisher": {"name": "Example Sport"}},
            },
            {"title": "Undated", "url": "https://stats.example.org/1", "meta_url": {"hostname": "stats.example.org"}},
        ],
    },
}


def error_body(status: int, code: str, **meta: Any) -> dict[str, Any]:
    return {
        "type": "ErrorResponse",
        "error": {"id": "x", "status": status, "code": code, "detail": "Refused.", "meta": meta},
        "time": 1790000000,
    }


def ask() -> Hits | Failure:
    async def once() -> Hits | Failure:
        async with httpx.AsyncClient() as client:
            parameters = brave.freeze(Wishes(20, "US", "en"), Deployment())["parameters"]
            return await Brave(client, "https://api.search.brave.com", "key", parameters).ask("fixtures")

    return asyncio.run(once())


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Time stands still between tries; what was waited is in the list."""
    waited: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await real(0)

    monkeypatch.setattr(brave.asyncio, "sleep", sleep)
    monkeypatch.setattr(brave.time, "monotonic", lambda: 1000.0 + sum(waited))
    return waited


@respx.mock
def test_results_come_in_the_order_in_which_brave_mixes_web_and_news() -> None:
    respx.get(URL).respond(json=BODY)
    answer = ask()
    assert isinstance(answer, Hits)
    assert [result.title for result in answer.results] == ["Preview: team news", "Captain out for six weeks", "Undated"]
    assert answer.results[0].snippets == ('Without "two defenders" on Sunday\'s trip.',)
    assert answer.results[0].published == "2026-11-21T17:00:00.000Z"
    assert [result.publisher for result in answer.results] == ["Example Sport", "Example News", "stats.example.org"]


@respx.mock
def test_a_query_carries_what_makes_it_repeatable_and_the_key_in_its_header() -> None:
    route = respx.get(URL).respond(json=BODY)
    ask()
    request = route.calls.last.request
    assert request.headers["X-Subscription-Token"] == "key"
    assert dict(request.url.params) == {
        "q": "fixtures",
        "count": "20",
        "country": "US",
        "search_lang": "en",
        "spellcheck": "false",
        "text_decorations": "false",
        "extra_snippets": "true",
        "result_filter": "web,news",
    }


@respx.mock
@pytest.mark.parametrize(
    "body",
    [b"{}", b'{"web": null}', b'{"web": {"results": null}}', b'{"type": "search"}', b'{"a": ' + b"9" * 5_000 + b"}"],
)
def test_a_body_without_results_is_an_empty_answer(body: bytes) -> None:
    respx.get(URL).respond(content=body)
    answer = ask()
    assert isinstance(answer, Hits)
    assert answer.results == ()


@respx.mock
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html>ok</html>", "not_json"),
        (json.dumps(BODY).encode("utf-16"), "not_utf8"),
        (json.dumps(BODY).encode("utf-16-le"), "not_utf8"),
        (b'{"web": "caf\xe9"}', "not_utf8"),
        (b"[" * 100_000, "not_json"),
        (b"[1e400]", "schema"),
        (b'{"web": {"results": [{"url": NaN}]}}', "schema"),
        (b'{"web": {"results": 7}}', "schema"),
        (b'{"web": {}, "web": {}}', "schema"),
        (b'{"a": 1e400}', "schema"),
        (b"[]", "schema"),
    ],
)
def test_a_body_of_another_form_is_a_failure_that_names_it(body: bytes, code: str, no_waiting: list[float]) -> None:
    respx.get(URL).respond(content=body)
    answer = ask()
    assert isinstance(answer, Failure)
    assert answer.code == code


@respx.mock
def test_text_that_a_database_would_refuse_is_cleaned() -> None:
    result = {"title": "a\u0000b \ud800 c", "url": "https://e.example/", "description": "x\u0007y"}
    respx.get(URL).respond(content=json.dumps({"web": {"results": [result]}}).encode())
    answer = ask()
    assert isinstance(answer, Hits)
    assert answer.results[0].title == "ab \ufffd c"
    assert answer.results[0].snippets == ("xy",)


@respx.mock
@pytest.mark.parametrize(
    ("status", "body", "headers", "code", "requests"),
    [
        (401, {"type": "ErrorResponse"}, {}, "bad_key", 1),
        (402, {}, {}, "plan", 1),
        (403, {}, {}, "no_access", 1),
        (404, {}, {}, "endpoint", 1),
        (422, error_body(422, "SUBSCRIPTION_TOKEN_INVALID"), {}, "bad_key", 1),
        (422, error_body(422, "VALIDATION", errors=[{"loc": ["header", "x-subscription-token"]}]), {}, "bad_key", 1),
        (422, error_body(422, "VALIDATION", errors=[{"loc": ["query", "country"]}]), {}, "invalid_query", 1),
        (429, error_body(429, "QUOTA_LIMITED"), {}, "quota", 1),
        (429, error_body(429, "RATE_LIMITED", quota_limit=2000, quota_current=2000), {}, "quota", 1),
        (429, {}, {"X-RateLimit-Limit": "1, 2000", "X-RateLimit-Remaining": "1, 0"}, "quota", 1),
        (429, error_body(429, "RATE_LIMITED"), {"X-RateLimit-Reset": "1, 99"}, "rate_limited", 3),
        (429, {}, {}, "rate_limited", 3),
        (502, {}, {}, "upstream", 3),
        (503, {}, {"Retry-After": "3600"}, "upstream", 1),
        (503, {}, {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, "upstream", 3),
        (503, {}, {"Retry-After": "soon"}, "upstream", 3),
        (302, {}, {}, "protocol", 1),
    ],
)
def test_a_refusal_has_its_reason_and_is_asked_again_only_where_that_can_help(
    status: int, body: Any, headers: dict[str, str], code: str, requests: int, no_waiting: list[float]
) -> None:
    route = respx.get(URL).respond(status, json=body, headers=headers)
    outcome = ask()
    assert isinstance(outcome, Failure)
    assert (outcome.code, route.call_count) == (code, requests)


@respx.mock
def test_a_rate_limit_waits_for_the_stated_reset_and_goes_on(no_waiting: list[float]) -> None:
    refused = httpx.Response(429, json=error_body(429, "RATE_LIMITED"), headers={"X-RateLimit-Reset": "7, 99"})
    respx.get(URL).mock(side_effect=[refused, httpx.Response(200, json=BODY)])
    assert isinstance(ask(), Hits)
    assert 7.0 in no_waiting


@respx.mock
@pytest.mark.parametrize(
    ("error", "code", "requests"),
    [
        (httpx.ConnectError("refused"), "connect", 3),
        (httpx.ConnectError("CERTIFICATE_VERIFY_FAILED"), "certificate", 1),
        (httpx.ReadError("reset"), "truncated", 3),
        (httpx.ReadTimeout("slow"), "timeout", 3),
    ],
)
def test_a_broken_connection_has_its_reason(
    error: httpx.HTTPError, code: str, requests: int, no_waiting: list[float]
) -> None:
    route = respx.get(URL).mock(side_effect=error)
    outcome = ask()
    assert isinstance(outcome, Failure)
    assert (outcome.code, route.call_count) == (code, requests)


@respx.mock
def test_an_odd_value_costs_its_own_field_or_result_and_no_other(no_waiting: list[float]) -> None:
    odd = [
        {"url": "https://e.example/1", "title": {"a": 1}, "extra_snippets": True, "description": 7, "page_age": []},
        {"url": "   ", "title": "Nowhere"},
        {"url": "https://e.example/" + "x" * 5_000, "title": "Too far"},
        {"title": "No address"},
        "no result",
        {"url": "https://e.example/2", "title": "T" * 100_000, "extra_snippets": ["a", 1, None, "b"]},
    ]
    mixed = {"main": [{"type": "web", "index": 5.0}, {"type": "web", "index": True}, {"type": "web", "index": 1e99}, 7]}
    respx.get(URL).respond(json={"web": {"results": odd}, "mixed": mixed})
    answer = ask()
    assert isinstance(answer, Hits)
    assert [(result.url[-1], len(result.title), result.snippets) for result in answer.results] == [
        ("2", 500, ("a", "b")), ("1", 0, ()),
    ]  # fmt: skip


@respx.mock
@pytest.mark.parametrize(
    ("meta", "headers"),
    [
        ({"quota_limit": 2000, "quota_current": None}, {}),
        ({"quota_limit": "x", "quota_current": [1]}, {"X-RateLimit-Remaining": "1, zero"}),
        ({}, {"X-RateLimit-Limit": "9" * 5_000, "X-RateLimit-Reset": "9" * 5_000}),
        ({}, {"Retry-After": "Mon, 01 Jan 2026 00:00:00 +99999999999999"}),
        ({}, {"Retry-After": "1 Jan 99999999999 00:00:00 GMT"}),
    ],
)
def test_odd_numbers_in_a_refusal_leave_it_a_rate_limit(
    meta: dict[str, Any], headers: dict[str, str], no_waiting: list[float]
) -> None:
    respx.get(URL).respond(429, json=error_body(429, "RATE_LIMITED", **meta), headers=headers)
    outcome = ask()
    assert isinstance(outcome, Failure)
    assert outcome.code == "rate_limited"


@pytest.mark.parametrize(("limit", "learnt"), [("9" * 5_000, 1), ("0", 1), ("-5", 1), ("7", 7), ("999999", 50)])
def test_a_pace_is_learnt_within_reason(limit: str, learnt: int) -> None:
    throttle = brave.Throttle()
    throttle.learn(httpx.Headers({"X-RateLimit-Limit": limit}))
    assert throttle.per_second == learnt


class Scripted:
    """A source that records when it is asked; `outcomes` maps a query to what comes of it."""

    def __init__(self, outcomes: Callable[[str], Hits | Failure], allowed: int = 50) -> None:
        self.outcomes = outcomes
        self.allowed = allowed
        self.under_way = self.most_at_once = 0
        self.asked: list[str] = []
        self.answered = False

    @property
    def at_once(self) -> int:
        """As many as the plan allows, which only the first answer tells."""
        return self.allowed if self.answered else 1

    async def ask(self, query: str) -> Hits | Failure:
        self.asked.append(query)
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        await asyncio.sleep(0.01)
        self.under_way -= 1
        self.answered = True
        return self.outcomes(query)


def ask_all(source: Scripted, count: int = 4) -> dict[int, Hits | Failure]:
    kept: dict[int, Hits | Failure] = {}

    async def keep(position: int, outcome: Hits | Failure) -> None:
        kept[position] = outcome

    asyncio.run(search.ask_all(source, [(n, f"query {n}") for n in range(1, count + 1)], keep))
    return kept


def test_every_query_is_asked_once_and_the_first_goes_alone() -> None:
    source = Scripted(lambda _: Hits(()))
    assert sorted(ask_all(source)) == [1, 2, 3, 4]
    assert source.asked == ["query 1", "query 2", "query 3", "query 4"]
    assert source.most_at_once == 3


def test_where_the_plan_allows_one_a_second_queries_run_one_after_another() -> None:
    source = Scripted(lambda _: Hits(()), allowed=1)
    assert sorted(ask_all(source)) == [1, 2, 3, 4]
    assert source.most_at_once == 1


def test_after_a_spent_quota_midway_the_queries_behind_it_are_not_sent() -> None:
    source = Scripted(lambda query: Failure("quota") if query == "query 2" else Hits(()), allowed=1)
    assert sorted(ask_all(source)) == [1, 2]


def test_once_a_stop_is_asked_for_no_other_query_is_sent() -> None:
    source = Scripted(lambda _: Hits(()), allowed=1)
    kept: list[int] = []

    async def keep(position: int, _outcome: Hits | Failure) -> None:
        kept.append(position)

    asyncio.run(search.ask_all(source, [(1, "a"), (2, "b"), (3, "c")], keep, lambda: len(kept) == 2))
    assert kept == [1, 2]


def test_a_failure_to_keep_an_answer_ends_the_search() -> None:
    async def keep(_position: int, _outcome: Hits | Failure) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(search.ask_all(Scripted(lambda _: Hits(())), [(1, "a"), (2, "b")], keep))


def test_after_a_bad_key_no_other_query_is_sent() -> None:
    source = Scripted(lambda _: Failure("bad_key"))
    assert ask_all(source) == {1: Failure("bad_key")}


def test_after_a_query_of_its_own_trouble_the_others_are_sent() -> None:
    source = Scripted(lambda query: Failure("invalid_query") if query == "query 1" else Hits(()))
    assert len(ask_all(source)) == 4


@pytest.mark.parametrize(("limit", "least_seconds"), [("1, 2000", 3.3), ("50, 0", 0.0)])
def test_queries_keep_to_the_pace_that_the_headers_teach(
    limit: str, least_seconds: float, no_waiting: list[float]
) -> None:
    async def several() -> None:
        throttle = brave.Throttle()
        await throttle.wait()
        throttle.learn(httpx.Headers({"X-RateLimit-Limit": limit}))
        for _ in range(3):
            await throttle.wait()

    asyncio.run(several())
    assert sum(no_waiting) == pytest.approx(least_seconds)
