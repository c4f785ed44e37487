"""Over https: the name is verified although the connection goes to a number that was checked before."""

import asyncio
import ssl

import pytest
import trustme

from evaluations.sources import downloads
from evaluations.sources.downloads import Download
from evaluations.wire.failures import Failure
from tests.pipeline.web import PUBLIC, Web, html, page, redirect, site, web

PAGES = {"/": html(page("Inside.")), "/plain": redirect("http://pub.test/")}


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Somebody who certifies names, and whom our downloads trust in this test."""
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    monkeypatch.setattr(downloads, "tls", lambda: trusting)
    return authority


def get(web: Web, url: str) -> Download | Failure:
    async def one() -> Download | Failure:
        fetching = web.downloads()
        try:
            return await fetching.get(url)
        finally:
            await fetching.aclose()

    return asyncio.run(one())


def certified(authority: trustme.CA, name: str) -> ssl.SSLContext:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(serving)
    return serving


def test_a_page_is_read_over_https_from_the_checked_address(authority: trustme.CA) -> None:
    with web(site(PAGES), tls=certified(authority, "pub.test")) as outside:
        found = get(outside, "https://pub.test/")
    assert isinstance(found, Download)
    assert b"Inside." in found.body
    assert outside.opened == [(PUBLIC, 443)]


def test_a_certificate_for_another_name_is_refused_before_a_byte_is_asked_for(authority: trustme.CA) -> None:
    with web(site(PAGES), tls=certified(authority, "other.test")) as outside:
        outcome = get(outside, "https://pub.test/")
    assert isinstance(outcome, Failure)
    assert (outcome.code, outside.server.requests) == ("certificate", [])


def test_a_certificate_of_an_unknown_authority_is_refused(authority: trustme.CA) -> None:
    with web(site(PAGES), tls=certified(trustme.CA(), "pub.test")) as outside:
        outcome = get(outside, "https://pub.test/")
    assert isinstance(outcome, Failure)
    assert (outcome.code, outside.server.requests) == ("certificate", [])


def test_a_way_back_to_plain_http_is_not_taken(authority: trustme.CA) -> None:
    with web(site(PAGES), tls=certified(authority, "pub.test")) as outside:
        outcome = get(outside, "https://pub.test/plain")
    assert isinstance(outcome, Failure)
    assert outcome.code == "address"
    assert len(outside.server.requests) == 1
