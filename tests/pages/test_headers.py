"""Security headers: of pages, files, the admin, refusals, on http and on https."""

import importlib.util
import runpy

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.environment import ROOT
from tests.factories import make_run

pytestmark = pytest.mark.django_db

PAGE_POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
    "connect-src": "'self'", "font-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'",
}  # fmt: skip


@pytest.fixture(autouse=True)
def empty_cache(memory_cache):
    """Every test with a cache of its own."""


def policy(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts}


def test_every_kind_of_answer_carries_every_header(client):
    run = make_run()
    still_open = make_run(open_for_voting=True)
    for address in (
        "/", f"/runs/{run.pk}/", f"/runs/{still_open.pk}/", f"/runs/{still_open.pk}/ballot/", "/models/", "/feed/",
        "/api/runs/", f"/runs/{run.pk}/reports.csv", "/nowhere/", "/healthz", "/robots.txt", "/sitemap.xml",
        f"/runs/{run.pk}/progress/",
    ):  # fmt: skip
        response = client.get(address)
        assert policy(response) == PAGE_POLICY, address
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["X-Frame-Options"] == "DENY"
        assert "Strict-Transport-Security" not in response


def test_files_of_the_site_carry_them_too(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "site.css").write_text("a {}")
    response = Client().get("/static/site.css")
    assert (response.status_code, response["X-Content-Type-Options"]) == (200, "nosniff")
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    response.close()


def test_the_admin_has_a_policy_of_its_own_no_less_strict_in_what_may_run(client):
    User.objects.create_superuser("editor", password="x")
    client.force_login(User.objects.get(username="editor"))
    for address in ("/admin/", "/admin/evaluations/run/"):
        response = client.get(address)
        own = policy(response)
        assert own["default-src"] == "'none'"
        assert "unsafe" not in response["Content-Security-Policy"]
        assert own["img-src"] == "'self' data:"
        assert own["script-src"].startswith("'self'")
        assert own["frame-ancestors"] == "'none'"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Robots-Tag"] == "noindex"


def production(monkeypatch) -> dict:
    monkeypatch.setenv("SITE_URL", "https://futbol.example")
    return runpy.run_path(str(ROOT / "futbolreport" / "settings.py"))


def test_in_production_everything_is_https_for_a_year(monkeypatch, settings):
    of_production = production(monkeypatch)
    for name in (
        "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD",
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SITE_IS_SECURE",
    ):  # fmt: skip
        setattr(settings, name, of_production[name])
    run = make_run()
    assert Client().get(f"/runs/{run.pk}/").status_code == 301
    response = Client().get(f"/runs/{run.pk}/", secure=True)
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_public_answers_set_no_cookie_vary_on_none_and_have_an_etag(client):
    run = make_run()
    for address in (
        "/", "/runs/", f"/runs/{run.pk}/", f"/runs/{run.pk}/context/", "/models/", "/models/claude/", "/standings/",
        "/about/", "/feed/", "/api/runs/", f"/api/runs/{run.pk}/", "/api/standings/", "/models/findings.csv",
        f"/runs/{run.pk}/difference/?a=claude&b=kimi",
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200, address
        assert not response.cookies, address
        assert response["Vary"] == "Accept-Encoding", address
        assert response["Cache-Control"] == "public, max-age=60, stale-while-revalidate=180", address
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address


def test_a_browser_that_can_unpack_gets_it_packed_with_a_tag_that_is_recognised(client):
    run = make_run()
    packed = client.get(f"/runs/{run.pk}/", headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    headers = {"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
    assert client.get(f"/runs/{run.pk}/", headers=headers).status_code == 304


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "br, GZIP; q=0.000 , deflate", "identity"])
def test_a_browser_that_cannot_unpack_gets_it_as_it_is(client, accepted):
    response = client.get(f"/runs/{make_run().pk}/", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response


@pytest.mark.parametrize("accepted", ["gzip;q=0.5", "br;q=0, GZip", "gzip;q=1.0, identity;q=0"])
def test_a_browser_that_can_unpack_is_understood_however_it_says_so(client, accepted):
    response = client.get(f"/runs/{make_run().pk}/", headers={"Accept-Encoding": accepted})
    assert response["Content-Encoding"] == "gzip"


def test_a_page_with_a_secret_in_it_is_never_packed(client):
    run = make_run(open_for_voting=True)
    response = client.get(f"/runs/{run.pk}/ballot/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response


def test_htmx_comes_from_the_package_and_only_where_it_is_used(client, admin_client):
    assert importlib.util.find_spec("django_htmx")
    run = make_run()
    assert "htmx" not in client.get(f"/runs/{run.pk}/").content.decode()
    text = admin_client.get(f"/runs/{run.pk}/progress/").content.decode()
    assert 'src="/static/django_htmx/htmx' in text
    assert """content='{"includeIndicatorStyles": false, "allowEval": false}'""" in text


@pytest.mark.parametrize("accepts", ["identity", "gzip"])
@pytest.mark.parametrize("address", ["/", "/runs/{run}/", "/about/", "/feed/", "/api/runs/"])
def test_who_asks_for_the_head_alone_gets_the_head_of_the_page(client, address, accepts):
    address = address.format(run=make_run().pk)
    page, head = (ask(address, headers={"Accept-Encoding": accepts}) for ask in (client.get, client.head))
    assert head.content == b""
    names = {"ETag", "Content-Type", "Content-Length", "Content-Encoding", "Cache-Control", "Vary"}
    assert {name: head.get(name) for name in names} == {name: page.get(name) for name in names}
    assert page["ETag"]
