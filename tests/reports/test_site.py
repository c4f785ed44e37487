"""What people reported of admin, votes, pages and deployments: cases of ../shared/cases/field_reports.json by id.

A case brings its input; what is right stands here.
"""

import json
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import Client

from evaluations.models import Evaluation
from evaluations.presentation.markdown import to_html
from evaluations.views import database
from tests.factories import make_evaluation, make_run
from tests.pages.conftest import as_read, memory_cache, redis_client
from tests.pages.test_stress import together
from tests.pages.test_web_faults import behind
from tests.pipeline import wire
from tests.test_admin import errors_of, save
from tests.test_settings import Answering, read, start
from tests.votes.conftest import Voter
from votes.models import Vote

__all__ = ["memory_cache", "redis_client"]

CASES: dict[str, dict[str, Any]] = {
    case.values[0]["id"]: case.values[0] for case in wire.cases("field_reports.json", "cases")
}
MISSING = "MISSING PART: ../shared/cases/field_reports.json"


def environment_of(text: str) -> dict[str, str]:
    """Variables as a case writes them: NAME=value, or NAME='value with spaces'."""
    return {name: quoted or plain for name, quoted, plain in re.findall(r"([A-Z_]+)=(?:'([^']*)'|(\S+))", text)}


def json_that_no_database_holds(case: dict[str, Any], _: Any) -> None:
    evaluation = Evaluation.objects.get(slug="futbol-report")
    editor = Client()
    editor.force_login(User.objects.create_superuser("editor"))
    typed = [text for line in case["input"]["values of extra_parameters"] for text in re.findall(r"\{.*?\}", line)]
    assert len(typed) == 4
    model = evaluation.roster.get(slug="kimi")
    address = f"/admin/evaluations/modelconfig/{model.pk}/change/"
    for text in typed:
        answer = save(editor, address, extra_parameters=text)
        (error,) = errors_of(answer)["extra_parameters"]
        assert "valid JSON" in error or error.startswith("It holds"), error
        assert answer.context["adminform"].form["extra_parameters"].value() == text
    model.refresh_from_db()
    assert model.extra_parameters == {}


def a_socket_as_trusted_proxy(case: dict[str, Any], settings: Any) -> None:
    given = environment_of(case["input"]["env"])
    settings.TRUST_UNIX_SOCKET = read("TRUST_UNIX_SOCKET", **given | {"TRUSTED_PROXIES": "unix"})
    run = make_run(open_for_voting=True)
    for number in range(2):
        voter = Voter(run, address="")
        assert voter.vote(HTTP_X_FORWARDED_FOR=f"203.0.113.{number + 1}").status_code == 303
    assert Vote.objects.values("network").distinct().count() == 2


def forms_from_the_site_itself(case: dict[str, Any], settings: Any) -> None:
    given = environment_of(case["input"]["env"])
    found = read("CSRF_TRUSTED_ORIGINS", "SECURE_PROXY_SSL_HEADER", **given)
    settings.CSRF_TRUSTED_ORIGINS, settings.SECURE_PROXY_SSL_HEADER = (
        found["CSRF_TRUSTED_ORIGINS"],
        tuple(found["SECURE_PROXY_SSL_HEADER"]),
    )
    settings.ALLOWED_HOSTS = ["localhost"]
    User.objects.create_superuser("editor", "editor@paper.example", "secret words")
    # As the proxy of the case passes it on: the host without its port.
    told = {"HTTP_HOST": "localhost", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_ORIGIN": given["SITE_URL"]}
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/admin/login/", **told).content.decode()
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    form = {"username": "editor", "password": "secret words", "next": "/admin/", "csrfmiddlewaretoken": token}
    assert browser.post("/admin/login/", form, **told).status_code == 302
    assert browser.post("/admin/login/", form, **told | {"HTTP_ORIGIN": "https://evil.example"}).status_code == 403
    voter = Voter(make_run(open_for_voting=True))
    assert voter.vote(**told).status_code == 303


def static_files_under_the_stage(case: dict[str, Any], _: Any) -> None:
    (stage,) = re.findall(r"stage '(\w+)'", case["input"]["event"])
    make_run()
    for prefix in (f"/{stage}", "/futbol"):
        text = behind(prefix, "/about/")
        assert f'href="{prefix}/static/evaluations/site' in text
        assert 'href="/static/' not in text
        assert 'src="/static/' not in text


def the_start_stops(case: dict[str, Any], _: Any) -> None:
    given = case["input"]["env"]
    for line in [given] if isinstance(given, str) else given:
        ((name, value),) = environment_of(line).items()
        result = start([], **{name: value})
        told = result.stderr.strip().splitlines()[-1]
        assert result.returncode != 0
        assert re.match(rf"django\.core\.exceptions\.ImproperlyConfigured: {name} .* such as \w+://", told), told


def as_many_threads_as_there_are(case: dict[str, Any], _: Any) -> None:
    (threads,) = re.findall(r"--threads (\d+)", case["input"]["server"])
    run, client = make_run(), Client()
    client.get(f"/runs/{run.pk}/")
    assert set(together(int(threads), lambda: client.get(f"/runs/{run.pk}/").status_code)) == {200}


def every_form_says_what_it_depends_on(case: dict[str, Any], _: Any) -> None:
    closed, blind = make_run(), make_run(open_for_voting=True)
    pages = [page.replace("/1/", f"/{closed.pk}/") for page in re.findall(r"(/[\w/]*)[,)\s]", case["input"]["act"])]
    assert len(pages) == 4
    for page in (*pages, f"/runs/{blind.pk}/"):
        for encoding in ("identity", "gzip"):
            answer = Client().get(page, headers={"Accept-Encoding": encoding})
            assert "Accept-Encoding" in answer["Vary"], (page, encoding)
            headers = {"Accept-Encoding": encoding, "If-None-Match": answer["ETag"]}
            again = Client().get(page, headers=headers)
            assert (again.status_code, "Accept-Encoding" in again["Vary"]) == (304, True), (page, encoding)


def a_probe_past_the_proxy(case: dict[str, Any], settings: Any) -> None:
    found = read("SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT", **environment_of(case["input"]["env"]))
    assert found["SECURE_SSL_REDIRECT"] is True
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = found.values()
    (host, path) = re.findall(r"http://([\d.:]+)(/\w+)", case["input"]["act"])[0]
    answer = Client().get(path, headers={"Host": host})
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def the_other_evaluations_own_page(case: dict[str, Any], _: Any) -> None:
    (slug,) = re.findall(r"default '\w+' and '([\w-]+)'", case["input"]["data"])
    make_run(make_evaluation())
    make_run(make_evaluation(slug))
    feed = Client().get(f"/feed/?evaluation={slug}").content.decode()
    assert f'<link href="http://127.0.0.1:8000/?evaluation={slug}" rel="alternate"' in feed


def a_list_with_space(case: dict[str, Any], _: Any) -> None:
    given = environment_of(case["input"]["env"])
    assert read("ALLOWED_HOSTS", **given) == ["a.example.org", "b.example.org"]


def a_key_with_a_dollar(case: dict[str, Any], _: Any) -> None:
    given = environment_of(case["input"]["env"])
    key = given["SECRET_KEY"].replace("…", "x" * 50)
    assert key.startswith("$")
    assert read("SECRET_KEY", SECRET_KEY=key) == key


def numbers_in_a_secret(case: dict[str, Any], _: Any) -> None:
    found = Answering(SecretString=case["input"]["secret"]).read()
    assert found["VOTING_HOURS"] == "48"
    (also,) = re.findall(r"\{.*\}", case["input"]["also"])
    assert Answering(SecretString=also).read() == {name: str(value) for name, value in json.loads(also).items()}


def a_page_behind_a_lock(case: dict[str, Any], _: Any) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such locks; driven on PostgreSQL")
    (statement,) = re.findall(r"LOCK TABLE \w+ IN ACCESS EXCLUSIVE MODE", case["input"]["act"])
    (page,) = re.findall(r"GET (/\w+/)", case["input"]["act"])
    locked, over = threading.Event(), threading.Event()

    def hold() -> None:
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            other.set_autocommit(False)
            cursor.execute(statement)
            locked.set()
            over.wait(30)
            other.rollback()
        other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    try:
        answer = Client().get(page)
    finally:
        over.set()
        holder.join()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def a_line_break_in_a_cell(case: dict[str, Any], _: Any) -> None:
    page = re.sub(r"<br ?/?>\s*", "<br>", as_read(to_html(case["input"]["markdown"])))
    assert "Ilic<br>Kowal<br>Novak" in page


DRIVEN: dict[str, Callable[[dict[str, Any], Any], None]] = {
    "HA-G23": a_line_break_in_a_cell,
    "b03-json-nan-in-model-parameters": json_that_no_database_holds,
    "b08-unix-socket-no-votes": a_socket_as_trusted_proxy,
    "b09-csrf-proxy-own-port": forms_from_the_site_itself,
    "b10-static-without-stage": static_files_under_the_stage,
    "b12-site-url-without-scheme": the_start_stops,
    "b14-redis-url-without-scheme": the_start_stops,
    "b16-more-threads-than-connections": as_many_threads_as_there_are,
    "b17-vary-on-uncompressed": every_form_says_what_it_depends_on,
    "b18-healthz-redirects": a_probe_past_the_proxy,
    "b20-feed-alternate-of-second-evaluation": the_other_evaluations_own_page,
    "b23-allowed-hosts-with-space": a_list_with_space,
    "b25-secret-key-with-dollar": a_key_with_a_dollar,
    "b27-secret-with-number": numbers_in_a_secret,
    "b30-no-statement-timeout": a_page_behind_a_lock,
}
NEEDS_COMMITS = {"b16-more-threads-than-connections", "b30-no-statement-timeout"}


def case_of(name: str) -> dict[str, Any]:
    """The case; skips, loudly, where the catalogue is absent."""
    if "absent" in CASES:
        pytest.skip(MISSING)
    return CASES[name]


@pytest.mark.django_db
@pytest.mark.usefixtures("memory_cache")
@pytest.mark.parametrize("name", sorted(DRIVEN.keys() - NEEDS_COMMITS))
def test_what_was_reported_of_the_site_ends_right(name: str, settings: Any) -> None:
    DRIVEN[name](case_of(name), settings)


@pytest.mark.django_db(transaction=True)
def test_forty_threads_share_what_connections_there_are(redis_client: Any, settings: Any, caplog: Any) -> None:
    name = "b16-more-threads-than-connections"
    DRIVEN[name](case_of(name), settings)
    assert not caplog.records


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_page_behind_a_lock_is_given_up_in_time(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert database.STATEMENT_SECONDS == 10
    monkeypatch.setattr(database, "STATEMENT_SECONDS", 1)
    name = "b30-no-statement-timeout"
    DRIVEN[name](case_of(name), settings)
