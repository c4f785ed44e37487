"""The bundle under awslambdaric, as Lambda runs it: pages, votes, ticks, and the same event twice."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import psycopg
import pytest

from tests.aws.conftest import HOST, manage
from tests.aws.runtime import Container, body_of, page_v1, page_v2, tick

Start = Callable[..., Container]
GATEWAY = "abc123.execute-api.eu-central-1.amazonaws.com"


def rows(environment: dict[str, str], query: str) -> list[tuple]:
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def due(code, environment) -> None:
    """The sandbox's evaluation has a slot that is due, and nothing has run."""
    manage(
        code,
        environment,
        "shell",
        "-v0",
        "-c",
        "from django.utils import timezone; from datetime import timedelta; from evaluations.models import *; "
        "Evaluation.objects.filter(sandbox=True).update(scheduled=True, public=True, every_hours=1, "
        "schedule_start=timezone.now() - timedelta(minutes=30 - Slot.objects.count()))",
    )


def test_pages_come_through_both_kinds_of_gateway_with_their_static_files(start: Start) -> None:
    container = start()
    for event in (page_v2("/about/", HOST), page_v1("/about/", HOST)):
        answer = container.invoke(event)
        assert answer.answer["statusCode"] == 200, answer.answer
        sheet = re.search(r'href="(/static/[^"]+\.css)"', body_of(answer))
        assert sheet, body_of(answer)[:500]
        assert container.invoke(page_v2(sheet[1], HOST)).answer["statusCode"] == 200
    assert container.invoke(page_v2("/healthz", HOST)).answer["statusCode"] == 200


def test_the_address_that_zappa_prints_works_with_its_stage_in_every_address(start: Start) -> None:
    container = start()
    page = container.invoke(page_v2("/about/", GATEWAY, stage="production"))
    assert page.answer["statusCode"] == 200, page.answer
    inside = set(re.findall(r'(?:href|src)="(/[^"]*)"', body_of(page)))
    assert inside
    assert {address for address in inside if not address.startswith("/production/")} == set()
    (sheet,) = [address for address in inside if address.endswith(".css")]
    found = container.invoke(page_v2(sheet.removeprefix("/production"), GATEWAY, stage="production"))
    assert found.answer["statusCode"] == 200
    site = container.invoke(page_v2("/about/", HOST))
    assert "/production/" not in body_of(site)


def test_the_admin_asks_for_a_login(start: Start) -> None:
    answer = start().invoke(page_v2("/admin/login/", HOST))
    assert answer.answer["statusCode"] == 200
    assert "csrfmiddlewaretoken" in body_of(answer)


def test_a_tick_makes_the_run_of_a_slot_and_the_same_event_makes_no_second(start: Start, environment, due) -> None:
    container = start()
    before = rows(environment, "SELECT count(*) FROM evaluations_run")[0][0]
    first = container.invoke(tick("same"))
    assert first.error is None, first.error
    again = container.invoke(tick("same"))
    assert again.error is None, again.error
    assert [asked.error for asked in container.settle()].count(None) == len(container.asked) > 0
    assert rows(environment, "SELECT count(*) FROM evaluations_run")[0][0] == before + 1
    (state,) = rows(environment, "SELECT state FROM evaluations_run ORDER BY id DESC LIMIT 1")[0]
    assert state == "published"


def test_two_ticks_at_once_make_one_run(start: Start, environment, due) -> None:
    before = rows(environment, "SELECT count(*) FROM evaluations_run")[0][0]
    containers = [start(), start()]
    invocations = [container.send(tick("at once")) for container in containers]
    assert all(invocation.done.wait(120) for invocation in invocations)
    assert [asked.error for container in containers for asked in container.settle() if asked.error] == []
    assert [invocation.error for invocation in invocations] == [None, None]
    assert rows(environment, "SELECT count(*) FROM evaluations_run")[0][0] == before + 1


def test_a_vote_counts_by_the_gateways_address_whatever_its_headers_say(start: Start, environment, due) -> None:
    container = start()
    container.invoke(tick("for the vote"))
    container.settle()
    (run,) = rows(environment, "SELECT id FROM evaluations_run WHERE state = 'published' ORDER BY id DESC LIMIT 1")[0]
    for forged in ("1.1.1.1", "2.2.2.2"):
        address = f"/runs/{run}/ballot/"
        ballot = container.invoke(page_v2(address, HOST, headers={"x-forwarded-for": forged}))
        assert ballot.answer["statusCode"] == 200, ballot.answer
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', body_of(ballot)))
        cookies = [cookie.partition(";")[0] for cookie in ballot.answer["cookies"]]
        voted = container.invoke(
            page_v2(
                address,
                HOST,
                "POST",
                cookies=cookies,
                body=urlencode(fields | {"choice": "cannot_tell"}),
                headers={
                    "content-type": "application/x-www-form-urlencoded",
                    "referer": f"https://{HOST}{address}",
                    "origin": f"https://{HOST}",
                    "x-forwarded-for": forged,
                },
            )
        )
        assert voted.answer["statusCode"] == 303, body_of(voted)[:2000]
    networks = rows(environment, f"SELECT DISTINCT network FROM votes_vote WHERE run_id = {run}")
    assert len(networks) == 1


def test_with_twenty_seconds_left_a_tick_ends_in_time_and_the_next_one_finishes(start: Start, environment, due) -> None:
    container = start()
    cut = container.invoke(tick("short"), seconds=20)
    assert cut.error is None, cut.error
    container.settle()
    whole = container.invoke(tick("long"))
    assert whole.error is None, whole.error
    container.settle()
    (state,) = rows(environment, "SELECT state FROM evaluations_run ORDER BY id DESC LIMIT 1")[0]
    assert state == "published"


def test_what_fails_in_a_tick_is_a_failure_to_lambda(start: Start, code, environment) -> None:
    manage(
        code,
        environment,
        "shell",
        "-v0",
        "-c",
        "from django.utils import timezone; from datetime import timedelta; from evaluations.models import *; "
        "Evaluation.objects.filter(sandbox=False).update(scheduled=True, every_hours=1, "
        "schedule_start=timezone.now() - timedelta(minutes=30))",
    )
    container = start()
    container.invoke(tick("without a key"))
    (failed,) = container.settle()
    manage(
        code,
        environment,
        "shell",
        "-v0",
        "-c",
        "from evaluations.models import *; Evaluation.objects.update(scheduled=False)",
    )
    assert failed.error is not None
    assert "BRAVE_API_KEY" in failed.error["errorMessage"]


def test_a_public_page_imports_nothing_that_it_does_not_need(start: Start, code, environment) -> None:
    loaded = manage(
        code,
        environment,
        "shell",
        "-v0",
        "-c",
        "import sys; from django.test import Client; assert Client().get('/', HTTP_HOST='futbol.example.org', "
        "secure=True).status_code == 200; print('\\n'.join(sys.modules))",
    ).split()
    unwanted = {
        *("httpx", "trafilatura", "markdown_it", "rapidfuzz", "nh3", "rich", "PIL"),
        *("evaluations.pipeline.runs", "evaluations.providers.batch", "evaluations.scoring.scores"),
        *("evaluations.admin.assignment", "futbolreport.newsroom", "whitenoise.middleware", "evaluations.views.health"),
    }
    assert "evaluations.views.front" in loaded  # the control: this is the page, and what it imports
    assert unwanted & set(loaded) == set()
