"""What editors decide in Django admin about what the public sees: at once, everywhere, and nothing else."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from evaluations.models import Report, Run
from tests.factories import make_evaluation, make_run
from tests.test_admin import address, save

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_redis(redis_client: Any) -> None:
    """Pages are kept ready-made, as in production."""


@pytest.fixture
def run() -> Run:
    return make_run()


def decide(client: Client, action: str, *runs: Run) -> str:
    """Choose an action for some runs in their list; what the page says then."""
    chosen = {"action": action, "_selected_action": [run.pk for run in runs]}
    return client.post(reverse("admin:evaluations_run_changelist"), chosen, follow=True).content.decode()


def test_an_editor_publishes_a_reviewed_run_and_its_vote_opens(admin_client: Client, client: Client) -> None:
    closed = {"voting_opens_at": None, "voting_closes_at": None}
    run = make_run(make_evaluation(), state="awaiting_review", published_at=None, **closed)
    assert client.get(f"/runs/{run.pk}/").status_code == 404
    assert "is published" in decide(admin_client, "publish", run)
    assert client.get(f"/runs/{run.pk}/").status_code == 200
    assert Run.objects.get(pk=run.pk).voting_is_open
    assert "does not wait for review; nothing was changed" in decide(admin_client, "publish", run)


def test_an_editor_withdraws_a_run_and_brings_it_back(admin_client: Client, run: Run) -> None:
    reader = Client()
    assert reader.get(f"/runs/{run.pk}/").status_code == 200
    assert "is not published" not in decide(admin_client, "withdraw", run)
    assert reader.get(f"/runs/{run.pk}/").status_code == 404
    assert "was not withdrawn" not in decide(admin_client, "bring_back", run)
    assert reader.get(f"/runs/{run.pk}/").status_code == 200
    assert "was not withdrawn" in decide(admin_client, "bring_back", run)


def test_an_editor_cancels_an_unfinished_run_and_no_other(admin_client: Client, run: Run) -> None:
    paused = make_run(run.evaluation, state="paused", published_at=None)
    page = decide(admin_client, "cancel", paused, run)
    assert "only an unfinished run is cancelled" in page
    assert Run.objects.get(pk=paused.pk).state == Run.State.CANCELLED
    assert Run.objects.get(pk=run.pk).state == Run.State.PUBLISHED


def test_a_note_withholds_a_report_at_once_and_without_it_the_report_is_back(admin_client: Client, run: Run) -> None:
    report, reader = Report.objects.filter(entry__run=run)[0], Client()
    answers = f"/runs/{run.pk}/", f"/api/runs/{run.pk}/"
    assert [reader.get(answer).content.decode().count("Ada Lund") for answer in answers] == [4, 4]
    save(admin_client, address(report), withheld_note="It names a private person.")
    for answer in answers:
        text = reader.get(answer).content.decode()
        assert text.count("Ada Lund") == 3
        assert "It names a private person." in text
    save(admin_client, address(report), withheld_note="  ")
    assert [reader.get(answer).content.decode().count("Ada Lund") for answer in answers] == [4, 4]


def test_nothing_of_a_report_but_its_note_can_be_written(admin_client: Client, run: Run) -> None:
    report = Report.objects.filter(entry__run=run)[0]
    save(admin_client, address(report), text="Another text.", state="failed", cost_usd="0", withheld_at_0="2026-11-23")
    same = Report.objects.get(pk=report.pk)
    assert (same.text, same.state, same.cost_usd) == (report.text, report.state, report.cost_usd)
    assert same.withheld_at is None
    assert admin_client.post(address(report, "delete"), {"post": "yes"}).status_code == 403


def test_who_may_only_look_decides_nothing(client: Client, run: Run) -> None:
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__in=["view_run", "view_report"]))
    client.force_login(looker)
    report = Report.objects.filter(entry__run=run)[0]
    decide(client, "withdraw", run)
    assert client.post(address(report), {"withheld_note": "No."}).status_code == 403
    assert Run.objects.get(pk=run.pk).withdrawn_at is None
    assert Report.objects.get(pk=report.pk).withheld_at is None
