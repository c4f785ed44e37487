"""The tick guards each single thing: what fails is told at its end, and the rest is done."""

import logging
import math
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from evaluations import jobs, scheduled, tasks
from evaluations.errors import RunHandedOverError, TickFailedError
from evaluations.models import Evaluation, Job, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.start import Order, start
from evaluations.pipeline.worker import ENDING_SECONDS
from evaluations.scheduled import KINDS, Tick, run_due
from tests.environment import ROOT
from tests.factories import make_run
from votes import closing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]


class Invocation:
    """What Lambda tells an invocation of itself; its time does not pass."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


@pytest.fixture
def evaluation() -> Evaluation:
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug="brief").delete()
    return evaluation


def scheduled_now(evaluation: Evaluation) -> None:
    Evaluation.objects.filter(pk=evaluation.pk).update(
        scheduled=True, schedule_start=timezone.now() - timedelta(hours=1)
    )


def closed_vote() -> Run:
    """A run whose vote is over and whose salt is still there."""
    run = make_run()
    Run.objects.filter(pk=run.pk).update(network_salt=b"salt", voting_closes_at=timezone.now() - timedelta(hours=1))
    return run


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_kind_of_work_that_cannot_even_be_listed_keeps_no_other_from_being_done(
    kind: Any, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled_now(evaluation)
    voted = closed_vote()

    def broken(_worker: runs.Worker) -> Any:
        raise OverflowError("date value out of range")

    broken.__name__ = kind.__name__
    monkeypatch.setattr(scheduled, "KINDS", tuple(broken if one is kind else one for one in KINDS))
    with pytest.raises(TickFailedError, match="OverflowError: date value out of range") as failed:
        run_due({}, None)
    assert [name for name, _ in failed.value.failures] == [kind.__name__.replace("_", " ")]
    started = [] if kind is scheduled.scheduled_evaluations else [Run.objects.latest("pk").pk]
    assert failed.value.done["started"] == started
    assert (Run.objects.get(pk=voted.pk).network_salt is None) == (kind is not scheduled.open_votes)


def test_one_run_that_fails_in_a_way_that_nobody_foresaw_is_named_and_the_rest_is_done(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = start(evaluation)
    left.release()
    voted = closed_vote()
    monkeypatch.setattr(tasks, "resume_run", lambda *_: 1 // 0)
    for _ in range(2):
        with pytest.raises(TickFailedError) as failed:
            run_due({}, None)
        ((name, error),) = failed.value.failures
        assert (name, type(error)) == (str(left.run), ZeroDivisionError)
        assert "ZeroDivisionError: integer division or modulo by zero" in str(failed.value)
    assert Run.objects.get(pk=voted.pk).network_salt is None


def test_every_failure_of_a_tick_is_raised_at_its_end_together(evaluation: Evaluation) -> None:
    Evaluation.objects.filter(slug="futbol-report").update(scheduled=True, schedule_start=timezone.now())
    Job.objects.create(kind="run", evaluation=evaluation, arguments={"models": ["nobody"]})
    with pytest.raises(TickFailedError) as failed:
        run_due({}, None)
    assert len(failed.value.failures) == 2
    assert "2 of the things that were due failed" in str(failed.value)
    assert "BRAVE_API_KEY" in str(failed.value)
    assert "nobody" in str(failed.value)


def test_a_run_without_a_single_report_is_a_failure_of_its_tick(evaluation: Evaluation) -> None:
    evaluation.roster.update(context_window=1_000, max_tokens=900)
    scheduled_now(evaluation)
    with pytest.raises(TickFailedError, match="None of 1 reports succeeded") as failed:
        run_due({}, None)
    assert len(failed.value.failures) == 1
    assert Run.objects.get().state == "failed"


def test_a_run_that_another_worker_holds_is_no_failure(evaluation: Evaluation) -> None:
    scheduled_now(evaluation)
    start(evaluation)
    assert run_due({}, None)["failures"] == []


def test_closing_one_vote_that_fails_leaves_the_next_vote_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = closed_vote(), closed_vote()
    close = closing.close
    monkeypatch.setattr(closing, "close", lambda run: 1 // 0 if run == first else close(run))
    with pytest.raises(TickFailedError, match=f"the vote on {first}"):
        run_due({}, None)
    assert Run.objects.get(pk=second.pk).network_salt is None


def test_hours_that_no_date_can_hold_stop_no_run() -> None:
    """As stored by a form that knew no upper bound."""
    evaluation = Evaluation.objects.get(slug="sandbox")
    Evaluation.objects.filter(pk=evaluation.pk).update(voting_hours=70_000_000, every_hours=2_000_000_000)
    scheduled_now(evaluation)
    assert len(run_due({}, None)["started"]) == 1
    run = Run.objects.get()
    assert run.state == "published"
    assert run.voting_closes_at - run.voting_opens_at == timedelta(hours=8_760)
    assert run_due({}, None)["failures"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("voting_hours", 70_000_000),
        ("every_hours", 100_000),
        ("call_deadline_seconds", 100_000),
        ("context_tokens", 2**31),
        ("votes_per_network", 51),
        ("full_text_pages", 21),
        ("max_usd_per_run", 10**12),
        ("max_usd_per_day", "NaN"),
    ],
)
def test_a_number_that_nothing_can_hold_is_refused_with_its_field(
    field: str, value: Any, admin_client: Any, evaluation: Evaluation
) -> None:
    address = f"/admin/evaluations/evaluation/{evaluation.pk}/change/"
    form = admin_client.get(address).context["adminform"].form
    fields = {name: form[name].value() for name in form.fields}
    typed = {name: "" if kept in (None, False) else kept for name, kept in fields.items() if kept is not False}
    rows = {"queries-TOTAL_FORMS": 0, "queries-INITIAL_FORMS": 0, "roster-TOTAL_FORMS": 0, "roster-INITIAL_FORMS": 0}
    answer = admin_client.post(address, {**typed, **rows, field: value})
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert str(value) in answer.content.decode()


# Time


def test_a_tick_with_too_little_time_starts_nothing_and_the_next_one_does(evaluation: Evaluation) -> None:
    scheduled_now(evaluation)
    invocation = Invocation(900)
    worker = runs.Worker(seconds_left=scheduled.seconds_left_of(invocation), hands_over=True)
    invocation.seconds = 15
    tick = Tick(worker)
    tick.look()
    assert (tick.failures, Run.objects.count()) == ([], 0)
    invocation.seconds = 120  # enough to search, too little for the answers
    tick.look()
    assert (tick.failures, Run.objects.count()) == ([], 0)
    assert len(run_due({}, Invocation(900))["started"]) == 1


def test_a_deadline_longer_than_an_invocation_is_cut_and_every_model_is_asked(evaluation: Evaluation) -> None:
    Evaluation.objects.filter(pk=evaluation.pk).update(call_deadline_seconds=3_600)
    scheduled_now(evaluation)
    assert len(run_due({}, Invocation(900))["started"]) == 1
    assert Run.objects.get().state == "published"


def test_a_worker_that_never_has_much_time_begins_all_the_same() -> None:
    """Else what is due would wait for ever, and in silence."""
    assert runs.Worker(seconds_left=lambda: 60.0).has_time(390)
    left = [900.0]
    worker = runs.Worker(seconds_left=lambda: left[0])
    assert (worker.has_time(390), worker.must_end) == (True, False)
    left[0] = ENDING_SECONDS - 1
    assert (worker.has_time(390), worker.must_end) == (False, True)
    assert not runs.Worker(seconds_left=lambda: math.inf).must_end


class TestHandOvers:
    @pytest.fixture
    def told(self, monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[str]:
        """The events of which people were told."""
        settings.NOTIFY_EMAIL = "desk@paper.example"
        told: list[str] = []
        monkeypatch.setattr("evaluations.pipeline.notices.send", lambda notice: told.append(notice.event))
        return told

    def hand_over(self, hold: Hold) -> None:
        with pytest.raises(RunHandedOverError):
            runs.execute(hold, runs.Worker(seconds_left=lambda: 40.0, hands_over=True))

    def test_one_without_progress_is_told_once(self, evaluation: Evaluation, told: list[str]) -> None:
        hold = start(evaluation)
        self.hand_over(hold)
        assert told == []  # it fetched and locked
        for _ in range(3):
            self.hand_over(runs.resume(Run.objects.get()))
        assert (told, Run.objects.get().idle_hand_overs) == (["stuck"], 3)

    def test_progress_ends_the_count(self, evaluation: Evaluation, told: list[str]) -> None:
        self.hand_over(start(evaluation))
        self.hand_over(runs.resume(Run.objects.get()))
        assert Run.objects.get().idle_hand_overs == 1
        report = Report.objects.get()
        report.state, report.error = "failed", "held_back"
        report.save()
        hold = runs.resume(Run.objects.get())
        Report.objects.update(state="waiting")
        self.hand_over(hold)
        assert told == ["stuck"]


class TestJobs:
    def test_a_job_whose_worker_was_killed_ends_with_its_run(self, evaluation: Evaluation) -> None:
        job = Job.objects.create(kind="run", evaluation=evaluation)
        hold = start(evaluation, Order(job=job))
        job.refresh_from_db()
        assert (job.state, job.run) == ("running", hold.run)  # from its first moment
        run_due({}, None)
        job.refresh_from_db()
        assert job.state == "running"  # its worker may still live
        Run.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        run_due({}, None)
        job.refresh_from_db()
        assert (job.state, job.run, job.outcome) == ("done", hold.run, f"{hold.run} is published.")
        assert job.finished_at is not None

    def test_a_job_whose_run_paused_meanwhile_says_so(self, evaluation: Evaluation) -> None:
        job = Job.objects.create(kind="run", evaluation=evaluation)
        hold = start(evaluation, Order(job=job))
        hold.release(state="paused", failure="Stopped on request.")
        run_due({}, None)
        job.refresh_from_db()
        assert (job.state, job.outcome) == ("failed", f"{hold.run} is paused. Stopped on request.")

    def test_an_order_that_was_taken_and_never_became_a_run_is_not_lost(self, evaluation: Evaluation) -> None:
        job = Job.objects.create(
            kind="run", evaluation=evaluation, state="running", started_at=timezone.now() - timedelta(hours=1)
        )
        run_due({}, None)
        run_due({}, None)
        job.refresh_from_db()
        assert (job.state, job.run) == ("done", Run.objects.get())

    def test_two_workers_make_one_run_of_a_job(self, evaluation: Evaluation) -> None:
        job = Job.objects.create(kind="run", evaluation=evaluation)
        Job.objects.filter(pk=job.pk).update(state="running", started_at=timezone.now())  # the other one was faster
        with pytest.raises(Exception, match="Another worker has taken the job"):
            jobs.work_off(job, runs.Worker())
        job.refresh_from_db()
        assert (job.state, Run.objects.count()) == ("running", 0)


def test_a_tick_that_came_to_its_end_says_what_the_alarm_of_the_deployment_counts(
    evaluation: Evaluation, caplog: pytest.LogCaptureFixture
) -> None:
    pattern = re.search(r"FilterPattern: '\"(.+)\"'", (ROOT / "deploy/operations.yaml").read_text())
    assert pattern
    with caplog.at_level(logging.INFO, "evaluations.scheduled"):
        run_due({}, None)
    assert any(pattern[1] in message for message in caplog.messages)
