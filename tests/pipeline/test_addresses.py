"""No page leads inward: every target of ../shared/cases/ssrf_targets.json, with the guard and, as control, without."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
import pytest

from evaluations.sources import addresses, downloads
from evaluations.sources.addresses import AddressRefusedError, Target, is_public, target_of
from evaluations.sources.downloads import Download, Limits
from evaluations.wire.failures import Failure
from tests.pipeline import wire
from tests.pipeline.web import PUBLIC, Web, html, page, redirect, site, web

ALL = wire.cases("ssrf_targets.json", "targets")
STATIC = [case for case in ALL if case.values[0]["kind"] in ("literal", "url", "absent")]
ALLOWED = [case for case in ALL if case.values[0]["kind"] in ("positive_control", "absent")]

# What names would resolve to, were anybody to ask.
NAMES = {
    "127.0.0.1.nip.io": ["127.0.0.1"],
    "localhost": ["127.0.0.1"],
    "foo.localhost": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "metadata.google.internal": ["169.254.169.254"],
    "instance-data": ["169.254.169.254"],
    "kubernetes.default.svc": ["10.0.0.1"],
}
# More of the same kinds than the catalogue lists.
OWN = [
    "http://10.0.0.1/", "http://127.0.0.1/", "http://[::1]/", "http://0.0.0.0/", "http://[::127.0.0.1]/",
    "http://169.254.169.254/latest/meta-data/", "http://[fe80::1%25eth0]/", "http://localhost./", "http://127.0.0.1./",
    "http://[2002:7f00:1::]/", "http://192.0.0.192/", "http://017700000001./", "http://1.1.1.1.1/", "http://0x7f.1/",
    "http://a_b/", "http://host.docker.internal/", "http://printer.local/", "http://router.lan/", "http://x.home.arpa/",
    "https://pub.test:8443/", "http://pub.test:0/", "http://pub.test:99999/", "http://:80/", "//pub.test/",
    "/etc/passwd",
    "data:text/html,x", "http://user:pass@pub.test/", "http://pub.test:6379/", "http://", "", "http://\x00/", "http://[::/",
    "http://a..b/", "http://pub.test\\@127.0.0.1/", "http://" + "a" * 64 + ".test/", "blob:http://127.0.0.1/",
]  # fmt: skip


def get(web: Web, url: str, **options: Any) -> Download | Failure:
    async def one() -> Download | Failure:
        fetching = web.downloads(**options)
        try:
            return await fetching.get(url)
        finally:
            await fetching.aclose()

    return asyncio.run(one())


ARTICLE = site({"*": html(page("Inside."))})


@pytest.mark.parametrize("url", [*(case for case in STATIC), *OWN])
def test_a_target_that_leads_inward_is_refused_without_a_connection(url: Any) -> None:
    url = url if isinstance(url, str) else url["url"]
    with web(ARTICLE, NAMES) as inside:
        outcome = get(inside, url)
    assert isinstance(outcome, Failure)
    assert outcome.code in ("address", "connect")
    assert inside.opened == []
    assert inside.server.requests == []


# What only the resolver tells.
TELLING = [case for case in STATIC if ".nip.io" not in case.values[0].get("url", "")]


@pytest.mark.parametrize("url", [*TELLING, *OWN, "http://pub.test/\ud800", "http://\ud800.test/"])
def test_a_target_that_leads_inward_is_refused_by_its_text_alone(url: Any) -> None:
    """Not only by the guard behind it: such an address is never handed to a service that opens pages for us either."""
    url = url if isinstance(url, str) else url["url"]
    with pytest.raises(AddressRefusedError):
        target_of(url, frozenset({"our-site.example"}))


def test_a_scheme_that_is_missing_is_named_as_such() -> None:
    with pytest.raises(AddressRefusedError, match=r"^scheme missing$"):
        target_of("//pub.test/")
    with pytest.raises(AddressRefusedError, match=r"^scheme gopher$"):
        target_of("gopher://pub.test/")


def naive(web: Web, url: str) -> None:
    """The same request by a client without a guard."""

    async def one() -> None:
        parts = httpx.URL(url)
        host = parts.raw_host.decode()
        address = (await web.resolve(host, 80))[0]
        async with httpcore.AsyncConnectionPool(network_backend=web.connector) as pool:
            target = httpcore.URL(scheme="http", host=address, port=parts.port or 80, target=parts.raw_path)
            await pool.request("GET", target)

    asyncio.run(one())


@pytest.mark.parametrize(
    "case", [case for case in STATIC if case.values[0]["kind"] == "literal" and case.values[0].get("glibc_resolves_to")]
)
def test_the_control_without_the_guard_a_literal_reaches_the_forbidden_address(case: dict[str, Any]) -> None:
    expected = case["glibc_resolves_to"][0]
    with web(ARTICLE) as inside:
        try:
            host = httpx.URL(case["url"]).raw_host.decode()
        except httpx.InvalidURL:
            host = expected  # another parser may read it, as the resolver does
        inside.names = {host: [expected]}
        naive(inside, f"http://[{host}]/" if ":" in host else f"http://{host}/")
    assert inside.opened == [(expected, 80)]
    assert len(inside.server.requests) == 1


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("http://127.0.0.1.nip.io/", ("127.0.0.1", 80)),
        ("http://metadata.google.internal/computeMetadata/v1/", ("169.254.169.254", 80)),
        ("http://pub.test:22/", (PUBLIC, 22)),
        ("http://pub.test@127.0.0.1/", ("127.0.0.1", 80)),
        ("http://our-site.example/admin/", (PUBLIC, 80)),
    ],
)
def test_the_control_without_the_guard_names_ports_and_userinfo_lead_there(url: str, opened: tuple[str, int]) -> None:
    with web(ARTICLE, NAMES) as inside:
        naive(inside, url)
    assert inside.opened == [opened]


def loosely(url: str) -> tuple[str, int]:
    """Host and port as a client reads them that minds neither scheme, slashes, user, port nor form."""
    rest = url.split("#")[0].removeprefix("jar:").partition(":")[2].lstrip("/")
    authority = rest.replace("!", "/").split("/")[0].rpartition("@")[2]
    host, _, port = authority.partition(":")
    return host or "127.0.0.1", abs(int(port or 80))


def careless(web: Web, url: str) -> str:
    """What a client without a guard gets of a URL that no guard should let pass."""
    if url.startswith(("file:", "netdoc:", "unix:")):
        return Path(urlsplit(url).path).parent.as_posix()  # where it would read, on the disk of this machine
    host, port = loosely(url)

    async def one() -> str:
        address = (await web.resolve(host, port))[0]
        async with httpcore.AsyncConnectionPool(network_backend=web.connector) as pool:
            answer = await pool.request("GET", httpcore.URL(scheme="http", host=address, port=port, target=b"/"))
            return answer.content.decode()

    return asyncio.run(one())


@pytest.mark.parametrize("case", [case for case in STATIC if case.values[0]["kind"] == "url"])
def test_the_control_without_the_guard_every_odd_url_leads_somewhere(case: dict[str, Any]) -> None:
    """What the guard refuses is a place that can be reached, on a disk or over a connection."""
    with web(ARTICLE, NAMES) as inside:
        found = careless(inside, case["url"])
    assert Path(found).is_dir() if found.startswith("/") else "Inside." in found
    assert bool(inside.opened) != found.startswith("/")


@pytest.mark.parametrize("case", ALLOWED)
def test_a_public_address_is_allowed(case: dict[str, Any]) -> None:
    assert is_public(target_of(case["url"]).host)


@pytest.mark.parametrize(
    "url", ["http://pub.test/a?b=c", "https://pub.test/", "http://pub.test:443/", "http://8.8.8.8/"]
)
def test_a_public_page_is_fetched(url: str) -> None:
    assert target_of(url).port in (80, 443)
    with web(ARTICLE) as outside:
        found = get(outside, url.replace("https", "http"))
    assert isinstance(found, Download)
    assert b"Inside." in found.body
    assert outside.opened[0][0] in (PUBLIC, "8.8.8.8")


@pytest.mark.parametrize(("last", "allowed"), [(56, True), (57, True), (58, False)])
def test_a_host_name_is_as_long_as_a_name_may_be(last: int, allowed: bool) -> None:
    host = ".".join([*(letter * 63 for letter in "abc"), "d" * last, "com"])
    assert (len(host) <= 253) is allowed
    try:
        found = target_of(f"http://{host}/").host
    except AddressRefusedError:
        found = ""
    assert found == (host if allowed else "")


def test_the_parts_of_an_address() -> None:
    assert target_of("https://Bücher.example/ä b?q=1#top") == Target(
        "https", "xn--bcher-kva.example", 443, "/%C3%A4%20b?q=1"
    )
    assert target_of("http://[2606:4700::1111]/").origin == "http://[2606:4700::1111]:80"


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"], [PUBLIC, "127.0.0.1"], [PUBLIC, "10.0.0.1"], [PUBLIC, "fe80::1"], ["::ffff:10.0.0.1"],
        ["64:ff9b::a00:1"],
    ],
)  # fmt: skip
def test_a_name_of_which_one_address_leads_inward_is_refused_whole(answer: list[str]) -> None:
    with web(ARTICLE, {"pub.test": answer}) as inside:
        outcome = get(inside, "http://pub.test/")
    assert isinstance(outcome, Failure)
    assert (outcome.code, inside.opened) == ("address", [])


def test_the_control_without_the_check_such_a_name_leads_inward() -> None:
    with web(ARTICLE, {"pub.test": ["127.0.0.1"]}) as inside:
        found = get(inside, "http://pub.test/", allowed=lambda _: True)
    assert isinstance(found, Download)
    assert inside.opened == [("127.0.0.1", 80)]


def test_a_name_is_resolved_once_so_that_it_cannot_change_between_check_and_connection() -> None:
    with web(ARTICLE) as outside:
        get(outside, "http://pub.test/")
    assert (outside.resolved, outside.opened) == (["pub.test"], [(PUBLIC, 80)])


def test_a_connection_that_lands_elsewhere_is_closed_before_a_byte_is_sent() -> None:
    with web(ARTICLE, lands_at="127.0.0.1") as inside:
        outcome = get(inside, "http://pub.test/")
    assert isinstance(outcome, Failure)
    assert (outcome.code, inside.server.requests) == ("address", [])


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "//127.0.0.1/",
        "http://localhost/", "http://inner.test/", "gopher://127.0.0.1:6379/", "http://pub.test:22/", "http://[::1]/",
        "http://our-site.example/admin/", "http://user@pub.test/", "\r\nHost: x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_inward_is_refused_at_the_second_hop(location: str, status: int) -> None:
    location = location.replace("\r\n", "%0d%0a") if location.startswith("\r") else location
    pages = site({"/start": redirect(location, status)})
    with web(pages, {"inner.test": ["10.0.0.1"]}) as inside:
        outcome = get(inside, "http://pub.test/start")
    assert isinstance(outcome, Failure)
    assert outcome.code in ("address", "http_404")
    assert {address for address, _ in inside.opened} == {PUBLIC}
    assert all(request.headers["host"] == "pub.test" for request in inside.server.requests)


def test_the_control_without_the_guard_a_redirect_leads_inward(monkeypatch: pytest.MonkeyPatch) -> None:
    def lax(url: str, _own: frozenset[str] = frozenset()) -> Target:
        parts = httpx.URL(url)
        return Target(parts.scheme, parts.host, parts.port or 80, parts.raw_path.decode())

    monkeypatch.setattr(downloads, "target_of", lax)
    with web(site({"/start": redirect("http://127.0.0.1/inside"), "/inside": html(page("Secret."))})) as inside:
        found = get(inside, "http://pub.test/start", allowed=lambda _: True)
    assert isinstance(found, Download)
    assert b"Secret." in found.body
    assert inside.opened[-1] == ("127.0.0.1", 80)


def test_a_redirect_from_https_to_http_is_refused() -> None:
    with pytest.raises(AddressRefusedError, match="https to http"):
        downloads.next_target(target_of("https://pub.test/"), "http://pub.test/", frozenset())


@pytest.mark.parametrize(("hops", "arrives"), [(1, True), (3, True), (4, False), (11, False)])
def test_at_most_three_redirects_are_followed(hops: int, arrives: bool) -> None:
    pages = {f"/{hop}": redirect(f"/{hop - 1}") for hop in range(1, hops + 1)} | {"/0": html(page("There."))}
    with web(site(pages)) as outside:
        found = get(outside, f"http://pub.test/{hops}")
    assert isinstance(found, Download) == arrives
    assert len(outside.server.requests) == min(hops + 1, 4)


def test_a_redirect_to_itself_ends() -> None:
    with web(site({"/": redirect("/")})) as outside:
        outcome = get(outside, "http://pub.test/")
    assert isinstance(outcome, Failure)
    assert (outcome.code, len(outside.server.requests)) == ("redirects", 4)


def test_a_fetch_carries_no_credentials_cookies_or_referrer(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "netrc").write_text("default login test-user password test-password\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    answer = wire.whole(b"", 302, Location="/second", Set_Cookie="a=b; Path=/")
    with web(site({"/first": answer, "/second": html(page("There."))})) as outside:
        assert isinstance(get(outside, "http://pub.test/first"), Download)
    for request in outside.server.requests:
        assert set(request.headers) == {"host", "user-agent", "accept", "accept-encoding"}
        assert request.headers["user-agent"].startswith("FutbolReport/")


@pytest.mark.parametrize(("status", "header"), [(401, "WWW_Authenticate"), (407, "Proxy_Authenticate")])
def test_a_page_that_asks_for_a_password_gets_none(
    status: int, header: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "netrc").write_text("default login test-user password test-password\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with web(site({"*": wire.whole(b"", status, **{header: "Basic realm=x"})})) as outside:
        outcome = get(outside, "http://pub.test/")
    assert outcome == Failure(f"http_{status}")
    assert ["authorization" in request.headers for request in outside.server.requests] == [False]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("64:ff9b::808:808", True), ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False), ("::ffff:127.0.0.1", False), ("::ffff:0:127.0.0.1", False), ("::1", False),
        ("::", False), ("2001::8080:fefe", False), ("2002:808:808::", False), ("fec0::1", False), ("ff02::1", False),
        ("100.64.0.1", False), ("198.19.255.255", False), ("192.0.2.1", False), ("198.51.100.1", False),
        ("2001:db8::1", False), ("3fff::1", False), ("fe80::1%1", False), ("no address", False), ("0177.0.0.1", False),
        ("5f00::1", False), ("64:ff9b:1::808:808", False), ("100::1", False), ("224.0.0.251", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_the_limits_are_parameters() -> None:
    assert Limits() == Limits(body=2_000_000, redirects=3, connect_seconds=10.0, read_seconds=10.0)
    assert {80, 443} == addresses.PORTS
