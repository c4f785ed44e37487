"""The search speaks Brave's wire format."""

import html
from typing import Any

import pytest

from evaluations.sandbox.brave.errors import Plan
from tests.sandbox.conftest import QUERIES, ask, quick, search

PATH = "/res/v1/web/search"


def results_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Web and news results together."""
    return [one for section in ("web", "news") for one in body.get(section, {}).get("results", [])]


@pytest.mark.parametrize("query", QUERIES)
def test_each_seeded_query_is_answered(query: str) -> None:
    found = results_of(search(quick(), query).json())
    assert len(found) >= 3
    first = {
        "recent football fixtures": "fixtures",
        "transfer market updates": "transfers-autumn-2026",
        "managerial changes": "managerial-changes-2026-27",
        "league standings": "standings",
    }[query]
    assert found[0]["url"].endswith(first)


def test_the_four_seeded_queries_together_bring_most_of_the_library(articles: Any) -> None:
    app = quick()
    found = {one["url"] for query in QUERIES for one in results_of(search(app, query).json())}
    assert len(found) >= 12


def test_a_success_has_the_keys_of_the_real_wire() -> None:
    body = search(quick(), "transfer deadline day").json()
    assert list(body) == ["query", "mixed", "news", "type", "web"]
    assert body["type"] == "search"
    assert body["query"]["original"] == "transfer deadline day"
    assert body["query"]["country"] == "us"
    assert body["mixed"]["type"] == "mixed"
    [web, *_], [news, *_] = body["web"]["results"], body["news"]["results"]
    common = {"title", "url", "description", "page_age", "profile", "meta_url", "age", "family_friendly"}
    assert common <= web.keys()
    assert common <= news.keys()
    assert (web["type"], web["subtype"]) == ("search_result", "article")
    assert web["article"]["publisher"]["type"] == "organization"
    assert {"breaking", "is_live"} <= news.keys()
    assert {"name", "url", "long_name", "img"} == web["profile"].keys()
    assert web["meta_url"]["path"].startswith("› ")
    assert web["page_age"].startswith("2026-11-")
    assert "+" not in web["page_age"]
    assert not web["page_age"].endswith("Z")


def test_text_carries_html_entities_and_no_marks_when_decorations_are_off() -> None:
    texts = [
        text
        for one in results_of(search(quick(), "Nadja Brisco head coach").json())
        for text in (one["title"], one["description"], *one.get("extra_snippets", []))
    ]
    assert any("&quot;" in text for text in texts)
    assert any("&#x27;" in text for text in texts)
    assert not any("<strong>" in text or '"' in text for text in texts)


def test_decorations_are_on_unless_they_are_refused() -> None:
    body = ask(quick(), "GET", PATH, params={"q": "transfers"}).json()
    assert "<strong>" in body["web"]["results"][0]["description"]


def test_extra_snippets_come_only_when_they_are_asked_for() -> None:
    app = quick()
    plain = search(app, "league standings", extra_snippets="false").json()
    rich = search(app, "league standings").json()
    assert not any("extra_snippets" in one for one in results_of(plain))
    assert all(len(one.get("extra_snippets", [])) <= 5 for one in results_of(rich))
    assert any("extra_snippets" in one for one in results_of(rich))


def test_nothing_found_has_neither_web_nor_news() -> None:
    body = search(quick(), "quantum chromodynamics lattice").json()
    assert "web" not in body
    assert "news" not in body
    assert body["query"]["more_results_available"] is False


def test_count_and_offset_page_through_the_web_results() -> None:
    app = quick()
    everything = search(app, "league standings").json()["web"]["results"]
    second = search(app, "league standings", count="2", offset="1").json()
    assert second["web"]["results"] == everything[2:4]
    assert second["query"]["more_results_available"] is (len(everything) > 4)


def test_a_result_filter_leaves_the_other_section_out() -> None:
    body = search(quick(), "transfer deadline day", result_filter="web").json()
    assert "web" in body
    assert "news" not in body


def test_freshness_counts_from_the_librarys_own_day() -> None:
    app = quick()
    day = search(app, "managerial changes", freshness="pd").json()
    old = search(app, "managerial changes", freshness="2026-11-07to2026-11-09").json()
    assert all(one["page_age"] >= "2026-11-22" for one in results_of(day))
    assert {one["page_age"][:10] for one in results_of(old)} == {"2026-11-08"}


def test_the_same_search_gives_the_same_results() -> None:
    assert search(quick(), "transfers").json() == search(quick(), "transfers").json()


def test_headers_tell_the_plan() -> None:
    headers = search(quick(search_rate=50), "transfers").headers
    assert headers["x-ratelimit-limit"] == "50, 0"
    assert headers["x-ratelimit-policy"] == "50;w=1, 0;w=2592000"
    assert headers["x-ratelimit-remaining"] == "49, 0"
    assert headers["x-ratelimit-reset"].startswith("1, ")


def test_asking_faster_than_the_plan_is_refused() -> None:
    app = quick(search_rate=1)
    assert search(app, "transfers").status_code == 200
    refused = search(app, "transfers")
    assert refused.status_code == 429
    error = refused.json()["error"]
    assert (error["code"], error["detail"]) == ("RATE_LIMITED", "Request rate limit exceeded for plan")
    assert error["meta"]["plan"] == "Free"
    assert error["meta"]["rate_limit"] == 1
    assert error["meta"]["rate_current"] == 1
    assert refused.headers["x-ratelimit-limit"] == "1, 2000"
    assert "retry-after" not in refused.headers


def test_a_second_later_the_plan_allows_again() -> None:
    now = [0.0]
    plan = Plan(2, clock=lambda: now[0])
    assert [plan.admit(), plan.admit(), plan.admit()] == [True, True, False]
    now[0] = 1.0
    assert plan.admit()
    assert plan.used == 3


def test_refused_requests_do_not_count() -> None:
    app = quick(search_rate=1)
    assert search(app, "transfers", country="Atlantis").status_code == 422
    assert search(app, "transfers").status_code == 200


def test_a_missing_token_is_a_validation_error() -> None:
    refused = ask(quick(), "GET", PATH, key="", params={"q": "transfers"})
    assert refused.status_code == 422
    body = refused.json()
    assert body["type"] == "ErrorResponse"
    assert body["error"]["code"] == "VALIDATION"
    assert body["error"]["meta"]["errors"] == [
        {"type": "missing", "loc": ["header", "x-subscription-token"], "msg": "Field required"}
    ]
    assert isinstance(body["time"], int)


def test_a_bad_token_is_422_and_not_401() -> None:
    refused = ask(quick(), "GET", PATH, key="bad-key", params={"q": "transfers"})
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "SUBSCRIPTION_TOKEN_INVALID"
    assert refused.json()["error"]["meta"] == {"component": "authentication"}


@pytest.mark.parametrize(
    ("params", "kind"),
    [
        ({}, "missing"),
        ({"q": ""}, "string_too_short"),
        ({"q": "x" * 401}, "string_too_long"),
        ({"q": "a " * 51}, "value_error"),
        ({"q": "a", "country": "VN"}, "enum"),
        ({"q": "a", "search_lang": "klingon"}, "enum"),
        ({"q": "a", "count": "21"}, "less_than_equal"),
        ({"q": "a", "count": "0"}, "greater_than_equal"),
        ({"q": "a", "count": "many"}, "int_parsing"),
        ({"q": "a", "offset": "10"}, "less_than_equal"),
        ({"q": "a", "extra_snippets": "perhaps"}, "bool_parsing"),
        ({"q": "a", "freshness": "yesterday"}, "value_error"),
        ({"q": "a", "result_filter": "web,gossip"}, "enum"),
        ({"q": "a", "safesearch": "maybe"}, "enum"),
    ],
)
def test_a_bad_parameter_is_refused_by_name(params: dict[str, str], kind: str) -> None:
    refused = ask(quick(), "GET", PATH, params=params)
    assert refused.status_code == 422
    [problem] = refused.json()["error"]["meta"]["errors"]
    assert problem["type"] == kind
    assert problem["loc"] == ["query", [*params, "q"][1] if len(params) > 1 else "q"]


def test_what_a_result_says_is_in_its_article(articles: Any) -> None:
    texts = {article.url: article.text for article in articles}
    for one in results_of(search(quick(), "transfer market updates").json()):
        for piece in (one["description"], *one.get("extra_snippets", [])):
            assert html.unescape(piece) in texts[one["url"]]
