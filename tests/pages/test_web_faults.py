"""What goes wrong around the site: a database that is away or slow, balancers, stages and paths, caches between."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.test import Client, override_settings
from django.urls import set_script_prefix
from django.utils import timezone
from psycopg import errors

from evaluations.models import Run
from evaluations.views import database, health
from tests.factories import make_evaluation, make_run, score_run
from tests.pages.conftest import as_read

pytestmark = pytest.mark.django_db

PAGES = ("/", "/runs/", "/runs/?q=lund", "/models/", "/about/", "/feed/", "/sitemap.xml", "/standings/", "/api/runs/")


@contextmanager
def away(error: type[Exception] = OperationalError, after: int = 0) -> Iterator[None]:
    """Let every statement from the so-manieth on fail as if the connection were cut."""
    asked = 0

    def refuse(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked > after:
            raise error("the connection was lost")
        return execute(*statement)

    with connection.execute_wrapper(refuse):
        yield


def asked_without_database(address: str, after: int = 0) -> Any:
    with away(after=after):
        return Client(raise_request_exception=False).get(address)


# The database


@pytest.mark.usefixtures("memory_cache")
@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_without_a_database_every_page_says_when_to_come_again(address: str, after: int) -> None:
    make_run(open_for_voting=True)
    answer = asked_without_database(address, after)
    if answer.status_code != 200:  # such as a page that asks no more than that
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
        assert answer["Content-Type"].startswith("application/json") is address.startswith("/api/")
    else:
        assert after


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, InternalError])
@pytest.mark.usefixtures("memory_cache")
def test_a_vote_that_could_not_be_stored_is_kept_in_the_page_that_says_so(error: type[Exception]) -> None:
    run, browser = make_run(open_for_voting=True), Client(raise_request_exception=False)
    ballot = browser.get(f"/runs/{run.pk}/ballot/", REMOTE_ADDR="203.0.113.7").content.decode()
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', ballot)) | {"choice": "B"}
    with away(error):
        answer = browser.post(f"/runs/{run.pk}/ballot/", form, REMOTE_ADDR="203.0.113.7")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))
    assert kept == form
    assert browser.post(f"/runs/{run.pk}/ballot/", kept, REMOTE_ADDR="203.0.113.7").status_code == 303
    assert run.votes.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_session_that_cannot_be_saved_is_no_bug_either_and_no_password_is_repeated() -> None:
    User.objects.create_superuser("editor", "editor@paper.example", "secret words")
    browser = Client(raise_request_exception=False)
    form = {"username": "editor", "password": "secret words", "next": "/admin/"}
    for after in range(40):
        with away(after=after):
            answer = browser.post("/admin/login/", form)
        if answer.status_code != 503:
            break
        text = answer.content.decode()
        assert 'value="editor"' in text
        assert "secret words" not in text
    assert (answer.status_code, after > 3) == (302, True)


def test_what_the_server_itself_calls_an_internal_failure_is_none_of_a_lost_connection() -> None:
    """The control: with a code of the server, such as of a transaction that failed before, it is a fault of ours."""
    coded = InternalError("current transaction is aborted")
    coded.__cause__ = errors.InFailedSqlTransaction("current transaction is aborted")
    assert not database.is_away(coded)


def test_another_failure_stays_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the guard takes nothing else for a database that is away."""

    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("evaluations.views.front.newest_runs", broken)
    assert Client(raise_request_exception=False).get("/").status_code == 500


@pytest.mark.database
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no bound for statements")
def test_a_statement_of_a_page_is_stopped_and_one_of_a_command_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "STATEMENT_SECONDS", 1)

    def slow(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [3])

    slow()
    monkeypatch.setattr("evaluations.views.archive.chosen_evaluation", slow)
    assert Client().get("/runs/").status_code == 503


@pytest.mark.database
def test_bounded_statements_answer_as_others_do() -> None:
    run = make_run()
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no bound for statements")
    with connection.execute_wrapper(database.execute_bounded):
        assert Run.objects.get(pk=run.pk) == run
        assert Run.objects.filter(pk=run.pk).update(partial=True) == 1
        assert Run.objects.count() == 1
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("10s",)


# The health check


@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["futbol.example"])
def test_a_balancer_asks_by_address_and_without_encryption() -> None:
    answer = Client().get("/healthz", headers={"Host": "10.0.0.7:8701"})
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert Client().get("/runs/", headers={"Host": "10.0.0.7:8701"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_it_tells_the_last_run_and_those_that_lie_about() -> None:
    evaluation = make_evaluation()
    make_run(evaluation)
    make_run(
        evaluation, state="inferring", published_at=None, lease_expires_at=timezone.now() - timedelta(hours=3)
    )  # fmt: skip
    found = Client().get("/healthz").json()
    assert (found["last_run"]["state"], found["stuck_runs"]) == ("inferring", 1)
    assert found["database"] == "ok"


def test_it_never_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()

    def hanging() -> dict[str, str]:
        free.wait(30)
        return {}

    monkeypatch.setattr(health, "DEADLINE_SECONDS", 0.1)
    monkeypatch.setattr(health, "database", hanging)
    answer = Client().get("/healthz")
    free.set()
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable", "reason": "the database does not answer", "database": "does not answer",
        "cache": "none",
    }  # fmt: skip


def test_a_cache_that_is_away_is_told_and_decides_nothing(settings: Any) -> None:
    from tests.pages.conftest import redis_settings

    settings.CACHES = redis_settings("redis://127.0.0.1:1/0")
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["cache"]) == (200, "does not answer")


# Stages and paths


def behind(prefix: str, address: str) -> str:
    """The page at this address, asked for where the site hangs under a prefix."""
    set_script_prefix(f"{prefix}/")  # as the server's handler does
    try:
        return as_read(Client().get(address, SCRIPT_NAME=prefix).content.decode())
    finally:
        set_script_prefix("/")


@pytest.mark.usefixtures("memory_cache")
def test_behind_a_stage_links_and_static_files_begin_with_it_and_absolute_addresses_do_not() -> None:
    run = make_run()
    text = behind("/production", f"/runs/{run.pk}/")
    assert 'href="/production/static/evaluations/site' in text
    assert 'src="/production/static/evaluations/columns' in text
    assert 'href="/static/' not in text
    assert f'<meta property="og:url" content="http://127.0.0.1:8000/runs/{run.pk}/">' in text
    document = json.loads(behind("/production", f"/api/runs/{run.pk}/"))
    assert document["url"] == f"http://127.0.0.1:8000/runs/{run.pk}/"
    assert 'href="/static/evaluations/site' in behind("", f"/runs/{run.pk}/")


@pytest.mark.usefixtures("memory_cache")
def test_under_a_path_absolute_addresses_say_it_once(settings: Any) -> None:
    settings.SITE_URL = "https://paper.example/futbol"
    run = make_run()
    for prefix in ("/futbol", ""):  # as a server passes it on, and as a command sees it
        document = json.loads(behind(prefix, f"/api/runs/{run.pk}/"))
        assert document["url"] == f"https://paper.example/futbol/runs/{run.pk}/"
        assert f'href="https://paper.example/futbol/runs/{run.pk}/"' in behind(prefix, "/feed/")


@pytest.mark.parametrize("prefix", ["/production", "/futbol"])
def test_a_page_made_behind_a_stage_is_shown_nowhere_else(redis_client: Any, settings: Any, prefix: str) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000/futbol"
    run = make_run()
    for _ in range(2):
        assert f'href="{prefix}/about/"' in behind(prefix, f"/runs/{run.pk}/")
        assert 'href="/about/"' in behind("", f"/runs/{run.pk}/")
    kept = {key.decode() for key in redis_client.keys("*:page:*")}
    own = f"futbolreport:1:page:{run.pk}"
    assert kept == ({own, f"{own}:/futbol"} if prefix == "/futbol" else {own})


# Between us and the reader


@pytest.mark.usefixtures("memory_cache")
def test_every_form_of_a_page_says_that_it_depends_on_what_the_browser_unpacks() -> None:
    closed, voted_on = make_run(), make_run(open_for_voting=True)
    for address in ("/", "/feed/", f"/runs/{closed.pk}/", f"/runs/{voted_on.pk}/", f"/api/runs/{closed.pk}/"):
        for encoding in ("identity", "gzip"):
            answer = Client().get(address, headers={"Accept-Encoding": encoding})
            assert "Accept-Encoding" in answer["Vary"], (address, encoding)
            again = Client().get(address, headers={"Accept-Encoding": encoding, "If-None-Match": answer["ETag"]})
            assert (again.status_code, "Accept-Encoding" in again["Vary"]) == (304, True), (address, encoding)


def test_a_page_that_is_kept_says_so_too(redis_client: Any) -> None:
    run = make_run()
    for encoding in ("identity", "gzip", "identity", "gzip"):
        answer = Client().get(f"/runs/{run.pk}/", headers={"Accept-Encoding": encoding})
        assert answer["Vary"] == "Accept-Encoding"


@pytest.mark.usefixtures("memory_cache")
def test_a_second_evaluation_has_a_feed_and_addresses_of_its_own() -> None:
    make_run(make_evaluation())
    make_run(make_evaluation("liga-b"))
    own = "http://127.0.0.1:8000/?evaluation=liga-b"
    assert f'<link href="{own}" rel="alternate"' in Client().get("/feed/?evaluation=liga-b").content.decode()
    for address in ("/runs/", "/models/", "/about/", "/standings/"):
        text = as_read(Client().get(f"{address}?evaluation=liga-b").content.decode())
        assert f'<meta property="og:url" content="http://127.0.0.1:8000{address}?evaluation=liga-b">' in text


OF_AN_EVALUATION = re.compile(
    r"""["'>;](?:http://127\.0\.0\.1:8000)?(/(?:runs|models|standings|about|corrections|feed|api)/[^"'<&\s]*)"""
)


@pytest.mark.usefixtures("memory_cache")
def test_no_page_of_a_second_evaluation_leads_to_the_first() -> None:
    make_run(make_evaluation())
    second = make_evaluation("liga-b")
    closed, voted_on = score_run(make_run(second)), make_run(second, open_for_voting=True)
    pages = [f"/{page}?evaluation=liga-b" for page in (
        "", "runs/", "models/", "models/claude/", "models/embed/", "models/findings.json", "standings/", "about/",
        "about/scores/", "corrections/", "corrections/feed/", "feed/", "api/runs/", "api/standings/",
    )]  # fmt: skip
    pages += [f"/runs/{closed.pk}/{part}" for part in ("", "context/", "embed/", "prompt/")]
    pages += [f"/runs/{voted_on.pk}/", f"/runs/{voted_on.pk}/ballot/", f"/api/runs/{closed.pk}/"]
    told = {page: set(OF_AN_EVALUATION.findall(Client().get(page).content.decode())) for page in pages}
    assert sum(map(len, told.values())) > 100
    for page, addresses in told.items():
        # A run's own address is one evaluation's, and the form of the search has it in a field.
        shared = {one for one in addresses if one != "/runs/" and not re.match(r"/(api/)?runs/\d", one)}
        assert {one for one in shared if "evaluation=liga-b" not in one} == set(), page
