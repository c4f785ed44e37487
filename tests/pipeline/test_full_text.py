"""Runs that read the pages behind their results: ourselves, and through Firecrawl."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest
import respx
from django.test import Client

from evaluations import contexts
from evaluations.errors import NotConfiguredError, RunFailedError, RunPausedError
from evaluations.models import Evaluation, Page, Run
from evaluations.pipeline import materials, runs
from evaluations.pipeline.start import start
from evaluations.sources import firecrawl, own_reader, pages
from evaluations.sources.firecrawl import Firecrawl
from evaluations.sources.own_reader import OwnReader
from evaluations.sources.parser_processes import ParserProcesses
from tests.pipeline import wire
from tests.pipeline.web import Web, html, page, reason, web
from tests.pipeline.wire import Answer, Request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]

WORDS = ("Harbour Rovers signed the striker Ada Lund from Northgate.", "She has a contract until June 2030.") * 6
SITES = ("good", "gone", "closed", "good2", "beyond")


def script(request: Request) -> Answer:
    """Brave and every site, on one port."""
    host = request.headers["host"]
    if request.path == "/res/v1/web/search":
        results = [
            {
                "title": f"At {name}",
                "url": f"http://{name}.test/story?utm_source=x#top",
                "description": f"About {name}.",
            }
            for name in SITES
        ]
        return wire.whole(json.dumps({"web": {"results": results}}).encode(), X_RateLimit_Limit="50, 0")
    if request.path == "/robots.txt":
        return html(b"User-agent: *\nDisallow: /" if host == "closed.test" else b"", "text/plain")
    return wire.whole(b"", 404) if host == "gone.test" else html(page(*WORDS, f"Told by {host}."))


@pytest.fixture
def outside(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Search and sites on one loopback server."""
    pytest.importorskip("trafilatura", reason="MISSING PART: trafilatura (requirements-fulltext.txt)")
    with web(script) as found:
        settings.BRAVE_BASE_URL = found.server.url
        monkeypatch.setenv("BRAVE_API_KEY", "test-search")
        monkeypatch.setattr(
            materials, "open_reader", lambda _run: OwnReader(found.downloads(), ParserProcesses(count=1))
        )
        yield found


@pytest.fixture
def evaluation() -> Evaluation:
    """Brave's wire, two queries, four pages a query, one sandbox model."""
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.search_source = Evaluation.SearchSource.BRAVE
    evaluation.full_text, evaluation.full_text_pages = Evaluation.FullText.LOCAL, 4
    evaluation.save()
    evaluation.roster.exclude(slug="brief").delete()
    evaluation.queries.exclude(position__lte=2).delete()
    return evaluation


def document_of(run: Run) -> dict[str, Any]:
    assert run.context is not None
    return contexts.read(bytes(run.context.payload))


def test_a_page_that_is_read_is_in_the_document_and_one_that_fails_leaves_its_snippet_and_its_reason(
    evaluation: Evaluation, outside: Web
) -> None:
    hold = start(evaluation)
    runs.execute(hold)
    run = Run.objects.get(pk=hold.run.pk)
    document = document_of(run)
    sources = {source["title"]: source for source in document["sources"]}
    assert "Told by good.test." in sources["At good"]["text"]
    assert (sources["At gone"]["text"], sources["At gone"]["text_failure"]) == ("", "http_404")
    assert (sources["At closed"]["text"], sources["At closed"]["text_failure"]) == ("", "robots")
    assert sources["At gone"]["snippets"] == ["About gone."]
    assert "text_failure" not in sources["At beyond"]
    assert document["search"]["parameters"]["full_text"] == "local"
    asked = [request.headers["host"] for request in outside.server.requests if request.path == "/story"]
    assert sorted(asked) == ["gone.test", "good.test", "good2.test"]
    shown = Client().get(f"/runs/{run.pk}/context/").content.decode()
    assert shown.count("snippet only") == 3
    assert "http 404" in shown
    assert "Told by" not in shown
    assert "About good" not in shown


def test_a_resume_fetches_only_the_pages_that_are_missing(evaluation: Evaluation, outside: Web) -> None:
    hold = start(evaluation)
    runs.fetch(hold, runs.Worker())
    runs.read_pages(hold, runs.Worker())
    assert Page.objects.count() == 4
    Page.objects.filter(url__contains="good2").delete()
    outside.server.requests.clear()
    hold.release()
    runs.execute(runs.resume(Run.objects.get(pk=hold.run.pk)))
    assert [request.headers["host"] for request in outside.server.requests if request.path == "/story"] == [
        "good2.test"
    ]
    assert Run.objects.get().state == "published"


def test_a_stop_while_pages_are_read_keeps_those_that_came(evaluation: Evaluation, outside: Web) -> None:
    stop = runs.Stop()
    real = materials.open_reader

    class Stopping:
        """Reads one page, and meets the wish to stop."""

        at_once = 1

        async def read(self, url: str) -> str:
            stop.ask()
            return f"The page at {url}."

        async def aclose(self) -> None:
            """Nothing to close."""

    materials.open_reader = lambda _run: Stopping()
    try:
        with pytest.raises(RunPausedError, match="those that came are kept"):
            runs.execute(start(evaluation), runs.Worker(stop=stop))
    finally:
        materials.open_reader = real
    assert (Run.objects.get().state, Page.objects.count()) == ("paused", 1)


def test_the_time_that_fetching_took_is_on_the_page(evaluation: Evaluation, outside: Web) -> None:
    hold = start(evaluation)
    runs.execute(hold)
    run = Run.objects.get()
    assert run.fetch_seconds is not None
    assert 0 < run.fetch_seconds < 60
    assert f"{run.fetch_seconds:.1f} s" in Client().get(f"/runs/{run.pk}/context/").content.decode()


def test_without_the_parser_a_run_that_wants_pages_does_not_start(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_reader, "find_spec", lambda _name: None)
    with pytest.raises(NotConfiguredError, match=r"requirements-fulltext\.txt"):
        start(evaluation)


def test_our_own_host_is_never_asked(settings: Any) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://futbol.example.org", ["www.example.org", ".example.net", "*"]
    assert materials.own_hosts() == {"futbol.example.org", "www.example.org", "example.net"}


# Firecrawl

KEY = "test-firecrawl-canary"
SCRAPED = {"success": True, "data": {"markdown": "# Lund signs", "metadata": {"statusCode": 200}}}
SCRAPE = "https://api.firecrawl.dev/v2/scrape"


def scrape(*urls: str) -> list[pages.Page]:
    kept: dict[str, pages.Page] = {}

    async def keep(name: str, page: pages.Page) -> None:
        kept[name] = page

    async def all_of_them() -> None:
        reader = Firecrawl(httpx.AsyncClient(), "https://api.firecrawl.dev", KEY)
        try:
            for url in urls:
                await pages.read_all(reader, {url: url}, keep)
        finally:
            await reader.aclose()

    asyncio.run(all_of_them())
    return list(kept.values())


@respx.mock
def test_firecrawl_is_asked_in_its_form_and_gives_markdown() -> None:
    route = respx.post(SCRAPE).respond(json=SCRAPED)
    (found,) = scrape("https://pub.test/story")
    assert (found.text, found.failure) == ("# Lund signs", None)
    request = route.calls.last.request
    assert request.headers["authorization"] == f"Bearer {KEY}"
    body = json.loads(request.content)
    assert (body["url"], body["formats"], body["onlyMainContent"], body["maxAge"]) == (
        "https://pub.test/story", ["markdown"], True, 0,
    )  # fmt: skip


@respx.mock
@pytest.mark.parametrize(
    ("status", "body", "code", "requests"),
    [
        (200, {"success": True, "data": {"markdown": "Not found", "metadata": {"statusCode": 404}}}, "http_404", 1),
        (200, {"success": True, "data": {"markdown": "  ", "metadata": {"statusCode": 200}}}, "empty", 1),
        (200, {"success": True, "data": None}, "empty", 1),
        (200, {"success": False, "error": "x", "code": "SCRAPE_DNS_RESOLUTION_ERROR"}, "schema", 1),
        (200, [], "schema", 1),
        (400, {"success": False, "error": f"Bad {KEY}"}, "protocol", 1),
        (401, {"success": False, "error": "Unauthorized"}, "bad_key", 1),
        (402, {"success": False, "error": "Payment required"}, "plan", 1),
        (403, {}, "no_access", 1),
        (408, {}, "timeout", 1),
        (410, {}, "gone", 1),
        (429, {}, "rate_limited", 3),
        (500, {}, "upstream", 3),
    ],
)
def test_a_failure_of_firecrawl_has_its_reason(
    status: int, body: Any, code: str, requests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_seconds: float) -> None:
        return None

    monkeypatch.setattr(firecrawl.asyncio, "sleep", at_once)
    route = respx.post(SCRAPE).respond(status, json=body)
    (found,) = scrape("https://pub.test/story")
    assert (reason(found), found.text, route.call_count) == (code, "", requests)
    assert KEY not in str(found.failure)


@respx.mock
def test_after_a_refusal_of_the_account_no_other_page_is_asked_for() -> None:
    route = respx.post(SCRAPE).respond(402, json={"success": False, "error": "No credits"})
    found = scrape("https://a.test/", "https://b.test/")
    assert [reason(page) for page in found] == ["plan", "plan"]
    assert route.call_count == 1


@respx.mock
def test_an_address_that_leads_inward_is_not_handed_to_firecrawl() -> None:
    route = respx.post(SCRAPE).respond(json=SCRAPED)
    assert [reason(page) for page in scrape("http://127.0.0.1/", "file:///etc/passwd")] == ["address"] * 2
    assert route.call_count == 0


@contextmanager
def firecrawl_serving(settings: Any, answer: Answer) -> Iterator[None]:
    def both(request: Request) -> Answer:
        return answer if request.path == "/v2/scrape" else script(request)

    with wire.serving(both) as server:
        settings.BRAVE_BASE_URL = settings.FIRECRAWL_BASE_URL = server.url
        yield


@pytest.mark.parametrize(
    ("answer", "text", "code"),
    [
        (wire.whole(json.dumps(SCRAPED).encode()), "# Lund signs", None),
        (wire.huge(100_000_000), "", "too_large"),
        (wire.gzip_bomb(100_000_000), "", "too_large"),
        (wire.cut(json.dumps(SCRAPED).encode()), "", "truncated"),
        (wire.whole(b"", 502), "", "upstream"),
    ],
    ids=["whole", "huge", "bomb", "cut", "502"],
)
def test_a_run_through_firecrawl_goes_on_whatever_it_answers(
    evaluation: Evaluation, settings: Any, monkeypatch: pytest.MonkeyPatch, answer: Answer, text: str, code: str | None
) -> None:
    for name in ("BRAVE_API_KEY", "FIRECRAWL_API_KEY"):
        monkeypatch.setenv(name, KEY)
    evaluation.full_text = Evaluation.FullText.FIRECRAWL
    evaluation.save()
    with firecrawl_serving(settings, answer), suppress(RunFailedError):
        runs.execute(start(evaluation))
    run = Run.objects.get()
    first = document_of(run)["sources"][0]
    assert (run.state, first["text"], first.get("text_failure")) == ("published", text, code)


def test_without_its_key_a_run_through_firecrawl_does_not_start(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAVE_API_KEY", "test-search")
    evaluation.full_text = Evaluation.FullText.FIRECRAWL
    with pytest.raises(NotConfiguredError, match="FIRECRAWL_API_KEY"):
        start(evaluation)
