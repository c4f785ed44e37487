"""Whatever a search, a page, a file or a robots.txt holds, it costs that query, page or article alone."""

import asyncio
import json
import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import Any

import httpx
import pytest

from evaluations import contexts
from evaluations.contexts import QueryOutcome
from evaluations.errors import BadInputError
from evaluations.models import Attempt, Budget, Evaluation, QueryAnswer
from evaluations.sources import brave, files, firecrawl, parser, robots
from evaluations.sources.brave import Brave
from evaluations.sources.downloads import Limits
from evaluations.sources.firecrawl import Firecrawl
from evaluations.sources.html_text import read_html
from evaluations.sources.links import LONGEST_URL, bare_url
from evaluations.sources.own_reader import NAME, OwnReader
from evaluations.sources.pages import Page, PageReader, read_all
from evaluations.sources.parser_processes import ParserProcesses
from evaluations.sources.search import LONGEST_DATE, LONGEST_PUBLISHER, LONGEST_TITLE, Hits, Result
from evaluations.wire.failures import Failure
from tests.fuzz.conftest import SEED, Border
from tests.fuzz.oddities import ODD, ODD_HEADERS, Mutant, Raw, encoded, odd_documents, odd_headers
from tests.pipeline import wire
from tests.pipeline.test_search import BODY
from tests.pipeline.test_search_faults import ask_queries, outcome
from tests.pipeline.test_search_faults import brave as search_server
from tests.pipeline.web import html, page, web

URL = "https://second.example.com/story"
SECOND = {
    "title": "The neighbour",
    "url": URL,
    "description": "Untouched.",
    "extra_snippets": ["Also untouched."],
    "meta_url": {"hostname": "second.example.com"},
}
FOUND: dict[str, Any] = {**BODY, "web": {**BODY["web"], "results": [BODY["web"]["results"][0], SECOND]}}
REFUSED = {
    "type": "ErrorResponse",
    "error": {
        "id": "x",
        "status": 429,
        "code": "RATE_LIMITED",
        "detail": "Refused.",
        "meta": {"plan": "Free", "rate_limit": 1, "quota_limit": 2000, "quota_current": 15, "component": "x"},
    },
    "time": 1790000000,
}
SCRAPED = {
    "success": True,
    "data": {
        "markdown": "# Lund signs",
        "metadata": {"title": "Lund", "statusCode": 200, "contentType": "text/html", "creditsUsed": 1},
        "warning": None,
    },
}
NOT_SCRAPED = {"success": False, "error": "No.", "code": "SCRAPE_DNS_RESOLUTION_ERROR", "details": {"a": ["b"]}}
BRAVE_HEADERS = (
    "X-RateLimit-Limit", "X-RateLimit-Policy", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After",
    "Content-Type", "Content-Encoding", "Date", "Set-Cookie", "Transfer-Encoding",
)  # fmt: skip
GOOD = Hits((Result("web", "A good one", "https://good.example.com/", snippets=("Rovers won.",)),))
KEY = "test-canary"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for, so that nothing is asked twice."""
    monkeypatch.setattr(brave, "MAX_WAIT", -1)
    monkeypatch.setattr(firecrawl, "MAX_WAIT", -1)


def answering(mutant: Mutant, status: int) -> httpx.AsyncClient:
    """A client at whose other end this mutant answers."""

    def answer(_request: httpx.Request) -> httpx.Response:
        headers = [(name.encode(), value.encode("utf-8", "surrogatepass")) for name, value in mutant.headers]
        return httpx.Response(status, headers=headers, stream=Body(mutant.body))

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


class Body(httpx.AsyncByteStream):
    """A body as it came, whatever the headers say of it."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __aiter__(self) -> Any:
        yield self.body


def shoot(border: Border, mutants: Sequence[Any], one: Callable[[Any], None]) -> None:
    """One after the other; what escapes is a finding."""
    for mutant in mutants:
        try:
            one(mutant)
        except Exception as error:  # noqa: BLE001 - this is what it is about
            border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])


def search(status: int) -> Callable[[Mutant], Hits | Failure]:
    """What Brave's reader makes of a mutant."""

    async def ask(mutant: Mutant) -> Hits | Failure:
        source = Brave(answering(mutant, status), "https://api.search.brave.com", KEY, {})
        try:
            return await source.ask("fixtures")
        finally:
            await source.aclose()
            assert 1 <= source.at_once <= brave.MOST_A_SECOND

    return lambda mutant: asyncio.run(ask(mutant))


def is_storable(text: str) -> bool:
    """Whether every database takes it: no controls, no halves of characters."""
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


def keep(outcome: Hits | Failure) -> None:
    """Everything that a run does with an outcome: as a row, and in a context beside a good neighbour."""
    if isinstance(outcome, Failure):
        answer = QueryAnswer(position=1, query="q", state="failed")
        answer.why = outcome
        assert "\0" not in answer.failure + answer.failure_detail
        assert len(answer.failure) <= 60
        assert len(answer.failure_detail) <= 300
    for row in outcome.results if isinstance(outcome, Hits) else ():
        assert is_storable(row.title)
        assert max(len(row.title), len(row.publisher) + 300, len(row.published) + 460) <= LONGEST_TITLE
        assert 0 < len(row.url) <= LONGEST_URL
        assert sum(map(len, row.snippets)) < 40_000
    rows = [QueryOutcome(1, "one", outcome), QueryOutcome(2, "two", GOOD)]
    locked = contexts.lock("2026-11-23T06:00:00Z", "brave", {}, rows)
    assert contexts.read(locked.payload) == locked.document
    assert "A good one" in [source["title"] for source in locked.document["sources"]]
    json.dumps(locked.document, allow_nan=False).encode()


def test_results_of_a_search(border: Border, impatient: None) -> None:
    ask = search(200)

    def one(mutant: Mutant) -> None:
        outcome = ask(mutant)
        keep(outcome)
        inside = mutant.where.startswith(("0.web.results.0.", "0.news.results.0.", "0.mixed.", "0.query"))
        neighbours = [row.url for row in outcome.results] if isinstance(outcome, Hits) else []
        # What refuses a whole document (NaN, a key twice) is that query's own failure.
        refused = (
            isinstance(outcome, Failure) and outcome.code in ("schema", "not_json") and isinstance(mutant.what, Raw)
        )
        if inside and not refused and URL not in neighbours:
            border.lost.append(f"{mutant}: {outcome}"[:200])

    shoot(border, border.take(odd_documents([FOUND]), 0.08), one)
    border.hold()


@pytest.mark.parametrize("status", [200, 429, 503])
def test_headers_of_a_search(border: Border, impatient: None, status: int) -> None:
    ask = search(status)
    shoot(border, border.take(odd_headers(FOUND, BRAVE_HEADERS), 0.01), lambda mutant: keep(ask(mutant)))
    border.hold()


@pytest.mark.parametrize("status", [422, 429])
def test_refusals_of_a_search(border: Border, impatient: None, status: int) -> None:
    ask = search(status)

    def one(mutant: Mutant) -> None:
        outcome = ask(mutant)
        keep(outcome)
        assert isinstance(outcome, Failure)

    shoot(border, border.take(odd_documents([REFUSED, {"errors": [REFUSED["error"]]}]), 0.02), one)
    border.hold()


async def read_page(reader: PageReader, url: str) -> Page:
    """One page as a run reads it."""
    found: list[Page] = []

    async def keep(_name: str, page: Page) -> None:
        found.append(page)

    await read_all(reader, {"it": url}, keep)
    return found[0]


def scrape(status: int) -> Callable[[Mutant], None]:
    """What Firecrawl's reader makes of a mutant, kept as a run keeps it."""

    async def read(mutant: Mutant) -> Page:
        reader = Firecrawl(answering(mutant, status), "https://api.firecrawl.dev", KEY)
        try:
            return await read_page(reader, "https://pub.test/story")
        finally:
            await reader.aclose()

    def one(mutant: Mutant) -> None:
        found = asyncio.run(read(mutant))
        assert bool(found.text) != bool(found.failure)
        read_by_lock(found)

    return one


def read_by_lock(found: Page) -> None:
    """A context with this page beside a good one."""
    rows = [QueryOutcome(1, "one", Hits((Result("web", "It", "https://it.example/"), *GOOD.results)))]
    locked = contexts.lock("now", "brave", {}, rows, {"https://it.example/": found})
    assert len(locked.document["sources"]) == 2
    assert contexts.read(locked.payload) == locked.document


@pytest.mark.parametrize("status", [200, 402])
def test_pages_by_firecrawl(border: Border, impatient: None, status: int) -> None:
    documents = [SCRAPED, NOT_SCRAPED]
    shoot(border, border.take(odd_documents(documents), 0.02), scrape(status))
    border.hold()


def test_headers_of_firecrawl(border: Border, impatient: None) -> None:
    shoot(border, border.take(odd_headers(SCRAPED, BRAVE_HEADERS), 0.01), scrape(429))
    border.hold()


PAGE_HEADERS = (
    "Content-Type", "Content-Encoding", "Location", "X-Robots-Tag", "Content-Language", "Set-Cookie", "Refresh", "Link"
)  # fmt: skip


def test_headers_of_pages(border: Border) -> None:
    """Over a real connection: a page, and one behind a redirect, under odd headers."""
    mutants = border.take(odd_headers(None, PAGE_HEADERS), 0.01)
    body = page("Rovers signed Ada Lund.")

    def script(request: wire.Request) -> wire.Answer:
        name, _, number = request.path.strip("/").partition("-")
        if name != "odd":
            return wire.whole(b"", 404) if name == "robots.txt" else html(b"The neighbour.", "text/plain")
        (header,) = mutants[int(number)].headers
        odd = header[1].encode("utf-8", "surrogatepass").decode("latin-1")
        usual = {"Content_Type": "text/plain"} | ({"Location": "/next"} if header[0] != "Location" else {})
        headers = usual | {header[0].replace("-", "_"): odd}
        return wire.whole(body, 302 if header[0] == "Location" else 200, **headers)

    async def all_of_them(outside: Any) -> None:
        reader = OwnReader(outside.downloads(Limits(read_seconds=5)), ParserProcesses(("false",)), 20.0)
        try:
            for number, mutant in enumerate(mutants):
                for path in (f"odd-{number}", "neighbour"):
                    try:
                        found = await read_page(reader, f"http://pub.test/{path}")
                        read_by_lock(found)
                    except Exception as error:  # noqa: BLE001 - this is what it is about
                        border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])
                    else:
                        if path == "neighbour" and found.text != "The neighbour.":
                            border.lost.append(f"{mutant}: {found.failure}")
        finally:
            await reader.aclose()

    with web(script) as outside:
        asyncio.run(all_of_them(outside))
    border.hold()


PIECES = (
    b"<", b"<!--", b"<a ", b"</", b"&", b"&#x110000;", b"&#0;", b"&nbsp;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", b"<title>", b"</title>", b"<svg><title>", b"<script>", b"<plaintext>", b"<meta charset=utf-7>",
    b"<table><tr>", b'<meta charset="', b"<?xml encoding='x'?>", b"]]>", b"<![CDATA[", b"\x1b$B", "é".encode(),
    b"\r\r\n", b"<template><p>",
)  # fmt: skip
CHARSETS = (
    "", "utf-8", "utf-16", "utf-7", "latin1", "x-user-defined", "idna", "undefined", "hex", "\0", "é" * 50,
    "iso-2022-jp",
)  # fmt: skip


def odd_pages() -> Iterator[Mutant]:
    """A page into which odd pieces are put at odd places, under odd charsets; also cut short and reversed."""
    whole = page("Rovers signed Ada Lund.", "Rovers won 2-1.")
    chance = random.Random(SEED)
    while True:
        body = bytearray(whole)
        pieces = chance.choices(PIECES, k=chance.randint(1, 6))
        for piece in pieces:
            place = chance.randrange(len(body))
            body[place : place + chance.choice((0, 0, 1, 20))] = piece * chance.choice((1, 1, 1, 50))
        cut = body[: chance.randrange(1, len(body))] if chance.random() < 0.2 else body
        yield Mutant(bytes(cut), chance.choice(CHARSETS), pieces)


def some(mutants: Iterator[Mutant], count: int = 4_000) -> Iterator[Mutant]:
    """The first of endless ones."""
    return (mutant for mutant, _ in zip(mutants, range(count), strict=False))


def test_bodies_of_pages(border: Border) -> None:
    def one(mutant: Mutant) -> None:
        text = parser.decode(mutant.document, mutant.where)
        parser.refuses_machines(text)
        title, words = read_html(text)
        article = files.article_of({"title": title}, words, "page.html")
        assert is_storable(article.title)
        files.digest([article])
        read_by_lock(Page(article.text))

    shoot(border, border.take(some(odd_pages()), 0.08), one)
    border.hold()


ROW = {
    "title": "One",
    "text": "Rovers won.",
    "url": "https://e.example/one",
    "publisher": "Echo",
    "published": "2026-11-20",
}
OTHER = json.dumps({"title": "The neighbour", "content": "City lost.", "date": 20261120})


def ask_files(path: Path) -> list[Result]:
    """The articles, as a run searches and locks them."""
    articles = files.load(path)
    files.digest(articles)
    found = asyncio.run(files.Files(articles, 20).ask("rovers city won lost"))
    assert isinstance(found, Hits)
    locked = contexts.lock("now", "files", {}, [QueryOutcome(1, "q", found)])
    assert contexts.read(locked.payload) == locked.document
    for article in articles:
        assert 0 < len(article.url) <= LONGEST_URL
        assert len(article.title) <= LONGEST_TITLE
        assert len(article.publisher) <= LONGEST_PUBLISHER
        assert len(article.published) <= LONGEST_DATE
        bare_url(article.url).encode()
    return articles


def read_files(path: Path, odd: str) -> list[str]:
    """The titles of all articles; where the odd one is refused by its name, its neighbour is not to blame."""
    try:
        return [article.title for article in ask_files(path)]
    except BadInputError as refusal:
        return ["The neighbour"] if odd in str(refusal) else [str(refusal)]


def test_lines_of_own_files(border: Border, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"

    def one(mutant: Mutant) -> None:
        path.write_bytes(mutant.body.replace(b"\n", b" ") + b"\n" + OTHER.encode())
        if "The neighbour" not in read_files(path, "line 1"):
            border.lost.append(str(mutant))

    shoot(border, border.take(odd_documents([ROW]), 0.03), one)
    border.hold()


def odd_texts() -> Iterator[Mutant]:
    """A Markdown file with one odd field, one odd line between, or an odd body."""
    values = [value if isinstance(value, str) else encoded(value).decode() for value in ODD]
    for name in (*ROW, "date", "", ":", "---", "a b", "\u2028", "\r"):
        for value in values:
            yield Mutant(f"---\n{name}: {value}\ntitle: It\n---\nRovers won.", name, value)
    for value in values:
        yield Mutant(f"---\n{value}\n---\nRovers won.", "matter", value)
        yield Mutant(value, "body", value)
        yield Mutant(f"# {value}\n\nRovers won.", "heading", value)


def test_texts_of_own_files(border: Border, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("---\ntitle: The neighbour\n---\nCity lost.")
    path = tmp_path / "odd.md"

    def one(mutant: Mutant) -> None:
        path.write_bytes(mutant.document.encode("utf-8", "surrogatepass"))
        if "The neighbour" not in read_files(tmp_path, "odd.md"):
            border.lost.append(str(mutant))

    shoot(border, border.take(odd_texts(), 0.03), one)
    border.hold()


def odd_rules() -> Iterator[Mutant]:
    """A robots.txt with one odd line, agent or path."""
    values = [value if isinstance(value, str) else encoded(value).decode() for value in ODD]
    values += [*ODD_HEADERS, "*", "$", "*$", "%", "%zz", "%2A", "/*/*/*$", "#", ":", "\ufeff"]
    for value in values:
        for line in ("user-agent: {}", "disallow: {}", "allow: {}", "{}", "crawl-delay: {}", "request-rate: {}"):
            for place in range(3):
                lines = ["user-agent: *", "disallow: /closed", "allow: /open"]
                lines.insert(place, line.format(value))
                yield Mutant("\n".join(lines), f"{line} at {place}", value)


def test_rules_of_sites(border: Border) -> None:
    def one(mutant: Mutant) -> None:
        body = mutant.document.encode("utf-8", "surrogatepass")
        rules = robots.parse(body.decode("utf-8", "replace"), NAME)
        for path in ("/", "/open", "/closed?a=%2A", "/" + "a" * 2_000):
            assert isinstance(rules.can_fetch(path, NAME), bool)

    shoot(border, border.take(odd_rules(), 0.04), one)
    border.hold()


ODD_QUERIES = 4  # of twenty: were all of them to fail, enough would be answered


@pytest.mark.django_db
def test_searches_in_whole_runs(
    border: Border, settings: Any, monkeypatch: pytest.MonkeyPatch, impatient: None
) -> None:
    """The run publishes, the other queries' sources are locked, and the report is paid and booked."""
    monkeypatch.setenv("BRAVE_API_KEY", KEY)
    settings.SANDBOX_ANSWER_SECONDS = 0
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.search_source = Evaluation.SearchSource.BRAVE
    evaluation.save()
    evaluation.roster.exclude(slug="brief").delete()
    for batch in batched(border.take(odd_documents([FOUND]), 0.002), ODD_QUERIES):
        ask_queries(evaluation, 5 * ODD_QUERIES)
        answers = {f"query {5 * number}": mutant for number, mutant in enumerate(batch, 1)}
        with search_server(settings, lambda query, odd=answers: wire.whole(odd[query].body) if query in odd else None):
            run = outcome(evaluation)
        names = ", ".join(map(str, batch))
        titles = set(run.context.sources.values_list("title", flat=True)) if run.context else set()
        if run.state != "published" or not {f"query {n}" for n in range(1, 21) if n % 5} <= titles:
            border.lost.append(f"{names}: {run.state} {run.failure}")
        known = sum(Attempt.objects.filter(report__entry__run=run).values_list("cost_usd", flat=True), Decimal(0))
        if Budget.objects.get(run=run).spent_usd != known:
            border.unbooked.append(names)
    border.hold()
