"""Reading pages ourselves, against a real server: the faults of the extract layer, politeness, and strange pages."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest

from evaluations.sources import parser, robots
from evaluations.sources.downloads import Limits
from evaluations.sources.own_reader import OwnReader
from evaluations.sources.pages import FEW, Page, read_all
from evaluations.sources.parser_processes import ARTICLE, ParserProcesses
from tests.pipeline import wire
from tests.pipeline.web import Web, html, page, reason, redirect, site, web
from tests.pipeline.wire import Answer, Request

pytest.importorskip("trafilatura", reason="MISSING PART: trafilatura (requirements-fulltext.txt)")

WORDS = ("Harbour Rovers signed the striker Ada Lund from Northgate.", "She has a contract until June 2030.") * 6
GOOD = html(page(*WORDS))
TRAP = """
import os, trafilatura
from evaluations.sources import parser
real = trafilatura.extract

def extract(page, **options):
    while "HANG" in page:
        pass
    if "CRASH" in page:
        os._exit(139)
    if "RAISE" in page:
        raise ValueError("a broken page")
    return real(page, **options)

trafilatura.extract = extract
parser.main(parser.answer_article)
"""
TRAPPED = (sys.executable, "-P", "-c", TRAP)
LIMITS = Limits(connect_seconds=1, read_seconds=1)

# How the server answers, by kind; and the reason code that is kept.
KINDS: dict[str, tuple[Answer, str]] = {
    "timeout": (wire.drip(Content_Type="text/html"), "timeout"),
    "silence": (wire.silence, "timeout"),
    "http_4xx_5xx": (wire.whole(b"", 500), "http_500"),
    "http_403": (wire.whole(b"", 403), "http_403"),
    "http_404": (wire.whole(page(*WORDS), 404, Content_Type="text/html"), "http_404"),
    "http_410": (wire.whole(b"", 410), "http_410"),
    "http_451": (wire.whole(b"", 451), "http_451"),
    "binary": (html(b"%PDF-1.7 \x00\x01", "application/pdf"), "content_type"),
    "image": (html(b"\x89PNG", "image/png"), "content_type"),
    "octets": (html(page(*WORDS), "application/octet-stream"), "content_type"),
    "no_type": (wire.whole(page(*WORDS)), "content_type"),
    "disguised": (html(b"\x89PNG\x00\x00\x00" * 50), "content_type"),
    "huge": (wire.huge(1_000_000_000, Content_Type="text/html"), "too_large"),
    "endless": (wire.endless(Content_Type="text/html"), "too_large"),
    "gzip_bomb": (wire.gzip_bomb(10_000_000_000, Content_Type="text/html"), "too_large"),
    "cut_off": (wire.cut(page(*WORDS), Content_Type="text/html"), "truncated"),
    "cut_chunked": (wire.cut_chunked(page(*WORDS), Content_Type="text/html"), "truncated"),
    "broken_gzip": (html(b"\x1f\x8bno", Content_Encoding="gzip"), "truncated"),
    "no_status": (wire.whole(b"", 999), "http_999"),
    "redirects": (redirect("/page"), "redirects"),
    "parser_crash": (html(page("RAISE")), "parser_crashed"),
    "parser_exit": (html(page("CRASH")), "parser_crashed"),
    "parser_hang": (html(page("HANG")), "parser_hung"),
    "empty": (html(b"<html><body><script>let a = 1</script></body></html>"), "empty"),
    "empty_text": (html(b"  \n", "text/plain"), "empty"),
    "noai_header": (html(page(*WORDS), X_Robots_Tag="noai, noimageai"), "robots"),
    "noai_meta": (html(page(*WORDS, head='<meta content="noai" name="robots">')), "robots"),
}
FAULTS = wire.cases("faults.json", "faults", "extract")
OWN = [
    pytest.param({"kind": kind}, id=kind) for kind in sorted(KINDS.keys() - {case.values[0]["kind"] for case in FAULTS})
]


class SharedParsers(ParserProcesses):
    """Processes that outlive a test: loading the parser takes longer than most of them."""

    async def aclose(self) -> None:
        """Later."""


SHARED: dict[Any, SharedParsers] = {}
RUNNER: list[asyncio.Runner] = []


@pytest.fixture(scope="module", autouse=True)
def shared_readers() -> Iterator[None]:
    """One event loop for all tests here, which the processes belong to."""
    with asyncio.Runner() as runner:
        RUNNER.append(runner)
        yield
        for parsers in SHARED.values():
            runner.run(ParserProcesses.aclose(parsers))
        SHARED.clear()
        RUNNER.clear()


def read(
    web: Web, urls: Mapping[str, str], seconds: float = 2.0, command: Any = TRAPPED, **options: Any
) -> dict[str, Page]:
    """Every page by its name, read by a reader of ours in this web."""
    kept: dict[str, Page] = {}

    async def keep(name: str, found: Page) -> None:
        kept[name] = found

    async def all_of_them() -> None:
        parsers = SHARED.setdefault(command, SharedParsers(command, seconds=1.0))
        with suppress(asyncio.IncompleteReadError):
            await parsers.warm()
        local = OwnReader(web.downloads(LIMITS), parsers, seconds)
        try:
            await read_all(local, urls, keep, **options)
        finally:
            await local.aclose()

    RUNNER[0].run(all_of_them())
    return kept


def read_one(script: Callable[[Request], Answer], path: str = "/page", **options: Any) -> Page:
    with web(script) as outside:
        return read(outside, {"it": f"http://pub.test{path}"}, **options)["it"]


def test_every_kind_of_the_catalogue_has_its_server() -> None:
    assert {case.values[0]["kind"] for case in FAULTS} <= KINDS.keys() | {"absent"}


@pytest.mark.parametrize("case", [*FAULTS, *OWN])
def test_a_page_with_a_fault_has_its_reason_and_the_next_page_is_read(case: dict[str, Any]) -> None:
    answer, code = KINDS[case["kind"]]
    with web(site({"/page": answer, "/next": GOOD})) as outside, wire.memory_growth() as grown:
        found = read(outside, {"it": "http://pub.test/page", "next": "http://pub.test/next"})
    assert reason(found["it"]) == code
    assert found["it"].text == ""
    assert "Ada Lund" in found["next"].text
    assert grown[0] < 50


def test_the_control_without_a_cap_a_bomb_fills_the_memory() -> None:
    """What httpx itself makes of 200 kB of the same bomb."""
    import httpx

    first, piece = wire.bomb_parts()
    with wire.memory_growth() as grown:
        body = httpx.Response(200, headers={"content-encoding": "gzip"}, content=(first + piece * 26)[:200_000]).content
    assert len(body) > 150_000_000
    assert grown[0] > 50


def test_an_article_is_found_without_navigation_and_footer() -> None:
    found = read_one(site({"/page": GOOD}))
    assert "Ada Lund" in found.text
    assert "Imprint" not in found.text
    assert found.failure is None
    assert found.seconds > 0


def test_plain_text_is_taken_as_it_is() -> None:
    assert read_one(site({"/page": html(b"Plain <b>words</b>.", "text/plain")})).text == "Plain <b>words</b>."


def test_plain_text_is_read_in_its_charset() -> None:
    body = "Rovers paid €45m for Özil.".encode("cp1252")
    assert read_one(site({"/page": html(body, "text/plain; charset=iso-8859-1")})).text == "Rovers paid €45m for Özil."


def test_of_an_endless_robots_txt_the_beginning_counts() -> None:
    rules = b"User-agent: *\nDisallow: /closed\n" + b"# and so on\n" * 100_000 + b"Disallow: /\n"
    with web(site({"*": GOOD}, html(rules, "text/plain"))) as outside:
        found = read(outside, {path: f"http://pub.test/{path}" for path in ("page", "closed")}, seconds=10)
    assert found["page"].failure is None
    assert str(found["closed"].failure).startswith("robots")


def test_gzip_is_unfolded() -> None:
    import gzip

    packed = gzip.compress(page(*WORDS[:6])[:200]) + gzip.compress(page(*WORDS)[200:])
    answer = html(packed, Content_Encoding="gzip")
    assert "Ada Lund" in read_one(site({"/page": answer})).text


def test_nothing_that_a_page_embeds_is_fetched() -> None:
    head = '<link rel=stylesheet href="http://127.0.0.1/a.css"><style>@import url(http://127.0.0.1/b.css)</style>'
    body = page(*WORDS, '<iframe src="http://127.0.0.1/"></iframe><img src="http://127.0.0.1/i.png">', head=head)
    with web(site({"/page": html(body)})) as outside:
        found = read(outside, {"it": "http://pub.test/page"})
    assert "Ada Lund" in found["it"].text
    assert [request.path for request in outside.server.requests] == ["/robots.txt", "/page"]
    assert {address for address, _ in outside.opened} == {"93.184.216.34"}


def test_an_external_entity_is_not_resolved(tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary-of-a-file")
    text = "".join(f"<p>{words} &secret;</p>" for words in WORDS)
    body = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><article>{text}</article></body></html>'
    declared = f'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html [<!ENTITY secret SYSTEM "file://{secret}">]>'
    pages = {"/page": (declared + body).encode(), "/plain": ('<?xml version="1.0" encoding="utf-8"?>' + body).encode()}
    with web(site({path: html(page, "application/xhtml+xml") for path, page in pages.items()})) as outside:
        found = read(outside, {path: f"http://pub.test{path}" for path in pages})
    assert "Ada Lund" in found["/plain"].text
    assert not any("canary" in page.text for page in found.values())


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("é".encode("latin-1"), "iso-8859-1"), ("é".encode(), "UTF-8"), ("é".encode(), "no-such-charset"),
        ("é".encode(), "utf-7"), ("é".encode(), "hex"), ("é".encode(), "punycode"), ("é".encode("utf-16"), "utf-8"),
        ("é".encode("utf-16-le"), "utf-16"), ("é".encode("cp1252"), "windows-1252"), ("é".encode(), ""),
        (b'<meta charset="latin-1">' + "é".encode("latin-1"), ""),
    ],
)  # fmt: skip
def test_a_charset_that_lies_never_fails_and_true_ones_are_read(body: bytes, charset: str) -> None:
    assert parser.decode(body, charset).endswith("é")


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "ascii", "idna", "undefined", "utf-8\x00", "x" * 40])
def test_decoding_never_fails(charset: str) -> None:
    parser.decode(b"+ADw-script+AD4-\xff\xfe\x00\xd8", charset)
    assert "<script" not in parser.decode(b"+ADw-script+AD4-", charset)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>" + b"<div>" * 100_000 + b"deep",
        b"<html><body><p>" + b"word " * 380_000,
        b"<html><body>" + b"<table><tr><td>" * 60_000,
        b"<a " + b"x=y " * 400_000 + b">",
        b"<!--" * 400_000,
        b"<meta robots " * 150_000,
    ],
    ids=["nested", "one line", "tables", "attributes", "comments", "metas"],
)
def test_a_page_made_to_wear_out_a_parser_ends_in_time(body: bytes) -> None:
    with web(site({"/page": html(body), "/next": GOOD})) as outside:
        found = read(outside, {"it": "http://pub.test/page", "next": "http://pub.test/next"}, command=ARTICLE)
    assert "Ada Lund" in found["next"].text


# Politeness


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/page", False),
        ("User-agent: *\nDisallow:", "/page", True),
        ("User-agent: *\nDisallow: /private", "/page", True),
        ("User-agent: *\nDisallow: /private", "/private/page", False),
        ("User-agent: *\nDisallow: /\nAllow: /page", "/page", True),
        ("User-agent: FutbolReport\nDisallow: /page\n\nUser-agent: *\nAllow: /", "/page", False),
        ("User-agent: futbolreport\nUser-agent: other\nDisallow: /\n", "/page", False),
        ("User-agent: GPTBot\nDisallow: /", "/page", True),
        ("user-agent: *\ndisallow: /*.html$", "/a/page.html", False),
        ("user-agent: *\ndisallow: /*.html$", "/a/page.html?x", True),
        ("user-agent: *\ndisallow: /a*b*c", "/a-x-b-y-c-z", False),
        ("user-agent: *\ndisallow: /%7Euser", "/~user", False),
        ("user-agent: *\ndisallow: /ä", "/%C3%A4", False),
        ("\ufeffUser-agent: * # all\r\nDisallow: /page # this\r\n", "/page", False),
        ("Disallow: /", "/page", True),
        ("user-agent: *\ndisallow: /" + "*a" * 5_000 + "$", "/" + "a" * 2_000, True),
        ("<html>not robots</html>", "/page", True),
    ],
)
def test_robots_txt_decides(rules: str, path: str, allowed: bool) -> None:
    assert robots.parse(rules, "FutbolReport").can_fetch(path, "FutbolReport") is allowed


@pytest.mark.parametrize(
    ("robots_txt", "code"),
    [
        (html(b"User-agent: *\nDisallow: /page", "text/plain"), "robots"),
        (html(b"User-agent: *\nDisallow: /other", "text/plain"), ""),
        (wire.whole(b"", 404), ""),
        (wire.whole(b"", 403), ""),
        (wire.whole(b"", 503), "robots"),
        (wire.whole(b"User-agent: *\nDisallow: /page"), "robots"),
        (wire.silence, "timeout"),
    ],
)
def test_a_site_is_read_as_its_robots_txt_says(robots_txt: Answer, code: str) -> None:
    with web(site({"/page": GOOD}, robots_txt)) as outside:
        found = read(outside, {"it": "http://pub.test/page"})["it"]
    assert reason(found) == code
    assert ("/page" in [request.path for request in outside.server.requests]) == (not code)


def test_robots_txt_is_asked_for_once_a_site_and_also_where_a_redirect_leads() -> None:
    def script(request: Request) -> Answer:
        if request.path == "/robots.txt":
            closed = request.headers["host"] == "closed.test"
            return html(b"User-agent: *\nDisallow: /", "text/plain") if closed else wire.whole(b"", 404)
        return redirect("http://closed.test/x") if request.path == "/leads" else GOOD

    with web(script) as outside:
        found = read(outside, {name: f"http://pub.test/{name}" for name in ("one", "two", "leads")})
    assert [reason(found[name]) for name in ("one", "two", "leads")] == ["", "", "robots"]
    asked = [(request.headers["host"], request.path) for request in outside.server.requests]
    assert asked.count(("pub.test", "/robots.txt")) == 1
    assert ("closed.test", "/x") not in asked


def test_one_host_gets_one_request_at_a_time_and_several_hosts_are_asked_side_by_side() -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.05)
        await GOOD(writer)

    pages = site({"*": slowly})
    with web(pages) as one_host:
        found = read(one_host, {str(n): f"http://pub.test/{n}" for n in range(5)})
    assert (one_host.server.most_at_once, {page.failure for page in found.values()}) == (1, {None})
    with web(pages) as many_hosts:
        read(many_hosts, {str(n): f"http://pub{n}.test/" for n in range(5)})
    assert many_hosts.server.most_at_once > 3


class Counting:
    """A reader that counts how many pages are under way."""

    def __init__(self, hangs_after: int | None = None, at_once: int = 8) -> None:
        self.at_once = at_once
        self.hangs_after, self.under_way, self.most, self.read_urls = hangs_after, 0, 0, list[str]()

    async def read(self, url: str) -> str:
        self.read_urls.append(url)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        hangs = self.hangs_after is not None and len(self.read_urls) > self.hangs_after
        await asyncio.sleep(600 if hangs else 0.001)
        self.under_way -= 1
        return url

    async def aclose(self) -> None:
        """Nothing to close."""


def read_counting(reader: Counting, count: int, **options: Any) -> dict[str, Page]:
    kept: dict[str, Page] = {}

    async def keep(name: str, found: Page) -> None:
        kept[name] = found

    asyncio.run(read_all(reader, {str(n): f"http://host{n}.test/" for n in range(count)}, keep, **options))
    return kept


@pytest.mark.parametrize(("hosts", "most"), [(2_000, 8), (41, 8), (40, 40), (7, 7)])
def test_a_crowd_of_hosts_is_read_eight_at_a_time_and_a_few_all_at_once(hosts: int, most: int) -> None:
    reader = Counting(at_once=FEW)
    assert len(read_counting(reader, hosts)) == hosts
    assert reader.most == most


def test_the_reader_itself_opens_no_more_than_eight_of_a_crowd_at_once() -> None:
    async def takes_its_time(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.02)
        await wire.whole(b"A line of text.", Content_Type="text/plain")(writer)

    with web(site({"*": takes_its_time})) as outside:
        found = read(outside, {str(n): f"http://host{n}.test/" for n in range(120)}, seconds=20)
    assert {page.text for page in found.values()} == {"A line of text."}
    assert len(outside.server.requests) == 2 * 120  # robots.txt and the page
    assert 1 < outside.server.most_at_once <= 8


def test_all_pages_together_have_a_time_and_what_is_open_then_says_so() -> None:
    found = read_counting(Counting(hangs_after=8), 24, seconds=0.5)
    codes = [reason(page) for page in found.values()]
    assert (codes.count(""), codes.count("no_time")) == (8, 16)


def test_once_a_stop_is_asked_for_no_other_page_is_opened() -> None:
    reader = Counting()
    assert len(read_counting(reader, 100, stopped=lambda: len(reader.read_urls) >= 20)) < 40


def test_a_failure_to_keep_a_page_ends_the_reading() -> None:
    async def keep(_name: str, _found: Page) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(read_all(Counting(), {"a": "http://a.test/", "b": "http://b.test/"}, keep))


def test_a_name_nobody_knows_is_a_reason_within_its_time() -> None:
    async def unknown(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(600)
        return []

    with web(site({})) as outside:
        outside.resolve = unknown  # type: ignore[method-assign]
        found = read(outside, {"it": "http://pub.test/page"}, seconds=1)["it"]
    assert reason(found) == "timeout"


def test_a_reader_gets_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "test-canary")
    spying = (
        "import os, trafilatura; from evaluations.sources import parser; "
        "trafilatura.extract = lambda page, **_: str(dict(os.environ)); parser.main(parser.answer_article)"
    )
    found = read_one(site({"/page": GOOD}), command=(sys.executable, "-P", "-c", spying))
    assert "PYTHONPATH" in found.text
    assert "canary" not in found.text


def test_without_the_parser_every_page_says_so() -> None:
    found = read_one(site({"/page": GOOD}), command=(sys.executable, "-c", "import no_such_parser"))
    assert reason(found) == "parser_missing"
