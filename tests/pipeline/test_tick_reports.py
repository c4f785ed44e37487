"""What people reported of ticks and jobs: cases of ../shared/cases/field_reports.json by their ids."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evaluations.errors import TickFailedError
from evaluations.models import Evaluation, Job, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.start import Order, start
from evaluations.pipeline.worker import News, StepNews
from evaluations.scheduled import run_due
from tests.pipeline import wire
from tests.pipeline.test_tick import Invocation, closed_vote, scheduled_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]
CASES: dict[str, dict[str, Any]] = {
    case.values[0]["id"]: case.values[0] for case in wire.cases("field_reports.json", "cases")
}
AREAS = {"scheduled tick, admin", "scheduled tick, Lambda", "jobs"}  # of the catalogue that are ours


class Killed(BaseException):
    """kill -9."""


def number_in(text: str, name: str) -> int:
    found = re.search(rf"{name}=(\d+)", text)
    assert found, text
    return int(found[1])


def hours_that_overflow(case: dict[str, Any], evaluation: Evaluation, client: Client) -> None:
    """The form refuses them; where they are stored all the same, the run is published and the tick does the rest."""
    hours = number_in(case["input"]["admin"], "voting_hours")
    address = f"/admin/evaluations/evaluation/{evaluation.pk}/change/"
    form = client.get(address).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    rows = {"queries-TOTAL_FORMS": 0, "queries-INITIAL_FORMS": 0, "roster-TOTAL_FORMS": 0, "roster-INITIAL_FORMS": 0}
    answer = client.post(address, {**typed, **rows, "voting_hours": hours})
    assert "voting_hours" in answer.context["adminform"].form.errors
    Evaluation.objects.filter(pk=evaluation.pk).update(voting_hours=hours)
    evaluation.refresh_from_db()
    beside = closed_vote()
    assert runs.execute(start(evaluation)).state == "published"
    assert run_due({}, None)["closed"] == [beside.pk]
    assert Run.objects.get(pk=beside.pk).network_salt is None


def a_deadline_longer_than_an_invocation(case: dict[str, Any], evaluation: Evaluation, _client: Client) -> None:
    deadline = number_in(case["input"]["admin"], "call_deadline_seconds")
    seconds = number_in(case["input"]["event"].replace("()", ""), "get_remaining_time_in_millis") / 1000
    Evaluation.objects.filter(pk=evaluation.pk).update(call_deadline_seconds=deadline)
    scheduled_now(evaluation)
    for _ in range(3):
        assert run_due({}, Invocation(seconds))["failures"] == []
    assert (Run.objects.get().state, Report.objects.get().state) == ("published", "succeeded")


def a_job_whose_worker_is_killed(_case: dict[str, Any], evaluation: Evaluation, _client: Client) -> None:
    job = Job.objects.create(kind="run", evaluation=evaluation)

    def kill(news: News) -> None:
        if isinstance(news, StepNews) and news.step == "infer":
            raise Killed

    release, Hold.release = Hold.release, lambda _hold, **_: None  # a dead worker lets go of nothing
    try:
        with suppress(Killed):
            runs.execute(start(evaluation, Order(job=job)), runs.Worker(kill))
    finally:
        Hold.release = release
    job.refresh_from_db()
    assert (job.state, job.run, job.run.state) == ("running", Run.objects.get(), "inferring")
    Run.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    run_due({}, None)
    run_due({}, None)
    job.refresh_from_db()
    assert (job.state, job.run.state, job.finished_at is None) == ("done", "published", False)
    assert job.outcome == f"{job.run} is published."


DRIVEN: dict[str, Callable[[dict[str, Any], Evaluation, Client], None]] = {
    "b01-voting-hours-overflow": hours_that_overflow,
    "b06-deadline-longer-than-lambda": a_deadline_longer_than_an_invocation,
    "b07-job-stays-running": a_job_whose_worker_is_killed,
}


def test_every_case_of_our_areas_is_driven() -> None:
    assert {id_ for id_, case in CASES.items() if case.get("area") in AREAS} <= DRIVEN.keys()


@pytest.mark.parametrize("case", DRIVEN)
def test_what_was_reported_ends_right(case: str, admin_client: Client) -> None:
    if case not in CASES:
        pytest.skip("MISSING PART: ../shared/cases/field_reports.json")
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug="brief").delete()
    DRIVEN[case](CASES[case], evaluation, admin_client)


def test_the_control_a_failure_of_one_thing_would_be_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    closed_vote()
    monkeypatch.setattr("votes.closing.close", lambda _run: 1 // 0)
    with pytest.raises(TickFailedError, match="ZeroDivisionError"):
        run_due({}, None)
