"""What people ask for in admin: each kind of job is done once, however often its task comes, and ends with its run."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, TestCase
from django.utils import timezone

from evaluations import jobs, scheduled, tasks
from evaluations.admin import orders
from evaluations.errors import HeldElsewhereError, RunRefusedError
from evaluations.models import Attempt, Evaluation, Job, Report, Run, blindness
from evaluations.pipeline import publish, runs
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.start import Order, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]


@pytest.fixture
def evaluation() -> Evaluation:
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug__in=("brief", "thorough")).delete()
    return evaluation


@pytest.fixture
def run(evaluation: Evaluation) -> Run:
    return runs.execute(start(evaluation))


def lose(run: Run, slug: str = "brief") -> Report:
    """One report of the run as one whose answer never arrived."""
    report = Report.objects.get(entry__run=run, entry__slug=slug)
    report.attempts.update(state=Attempt.State.UNKNOWN, cost_usd=None)
    report.scores.all().delete()
    Report.objects.filter(pk=report.pk).update(state=Report.State.UNKNOWN_OUTCOME, text="", html="", cost_usd=None)
    Run.objects.filter(pk=run.pk).update(partial=True)
    report.refresh_from_db()
    return report


def done(job: Job) -> Job:
    """The job after its task came twice."""
    for _ in range(2):
        queued = Job.objects.get(pk=job.pk).state == Job.State.QUEUED
        assert queued or Job.objects.get(pk=job.pk).finished_at
        if queued:
            jobs.work_off(job, runs.Worker())
        else:
            with suppress(HeldElsewhereError):
                assert jobs.work_off(job, runs.Worker()) is None
    job.refresh_from_db()
    return job


def test_every_kind_of_job_has_who_does_it_and_who_asks_for_it() -> None:
    assert set(jobs.PERFORMERS) == set(Job.Kind)
    assert {f"order_{kind}" for kind in Job.Kind} <= set(vars(orders))


def test_a_run_is_made_with_the_models_prompt_and_samples_that_were_asked_for(
    evaluation: Evaluation, admin_user: User
) -> None:
    job = done(orders.order_run(evaluation, admin_user, models=["brief"], samples=2, prompt_version=1))
    run = Run.objects.get()
    assert (job.state, job.run, job.asked_by, run.kind, run.samples) == ("done", run, admin_user, "manual", 2)
    assert [entry.slug for entry in run.entries.all()] == ["brief"]


def test_a_replay_reads_the_same_material_with_other_models(run: Run, admin_user: User) -> None:
    job = done(orders.order_replay(run, admin_user, models=["thorough"]))
    assert job.run
    assert (job.state, job.run.kind, job.run.replay_of, job.run.context) == ("done", "replay", run, run.context)
    assert [entry.slug for entry in job.run.entries.all()] == ["thorough"]


def test_a_trial_is_done_in_private_even_where_runs_are_reviewed(run: Run, admin_user: User) -> None:
    Evaluation.objects.update(review_before_publishing=True)
    job = done(orders.order_trial(run, admin_user, models=["brief"]))
    trial = job.run
    assert trial
    assert (job.state, trial.kind, trial.state, trial.voting_opens_at) == ("done", "trial", "published", None)
    assert job.outcome == f"{trial} is done, and private."
    assert trial.budget.spent_usd == trial.entries.get().reports.get().cost_usd > 0
    Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now() - timedelta(days=1))
    assert blindness.stage_of(trial) is blindness.Stage.TRIAL
    for address in (f"/runs/{trial.pk}/", f"/api/runs/{trial.pk}/", f"/runs/{trial.pk}/ballot/"):
        assert Client().get(address).status_code == 404
    for address in ("/runs/", "/api/runs/", "/feed/", "/sitemap.xml"):
        assert f"/runs/{trial.pk}/" not in Client().get(address).content.decode()
    with pytest.raises(RunRefusedError, match="not published"):
        publish.withdraw(trial)


def test_the_control_a_replay_on_the_same_material_is_seen_once_the_vote_is_over(run: Run, admin_user: User) -> None:
    replay = done(orders.order_replay(run, admin_user)).run
    assert replay
    Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now() - timedelta(days=1))
    assert Client().get(f"/runs/{replay.pk}/").status_code == 200


def test_a_trial_does_not_overtake_a_run_that_waits_for_its_provider(run: Run, admin_user: User) -> None:
    waits_until = timezone.now() + timedelta(hours=1)
    paused = start(run.evaluation)
    paused.release(state=Run.State.PAUSED, paused_until=waits_until)
    done(orders.order_trial(run, admin_user, models=["brief"]))
    assert Run.objects.get(pk=paused.run.pk).paused_until == waits_until
    done(orders.order_replay(run, admin_user, models=["brief"]))  # the control
    assert Run.objects.get(pk=paused.run.pk).paused_until is None


def test_a_paused_run_is_resumed(evaluation: Evaluation, admin_user: User) -> None:
    start(evaluation).release(state=Run.State.PAUSED)
    run = Run.objects.get()
    job = done(orders.order_resume(run, admin_user))
    run.refresh_from_db()
    assert (job.state, job.run, run.state) == ("done", run, "published")


def test_a_lost_report_is_asked_for_once_for_each_order(run: Run, admin_user: User) -> None:
    report = lose(run)
    job = done(orders.order_retry(report, admin_user))
    report.refresh_from_db()
    run.refresh_from_db()
    assert (job.state, job.run, report.state, run.partial) == ("done", run, "succeeded", False)
    assert list(report.attempts.values_list("number", "state", "ordered_by")) == [
        (1, "unknown", None),
        (2, "paid", admin_user.pk),
    ]


def test_reports_are_scored_again(run: Run, admin_user: User) -> None:
    Report.objects.get(entry__run=run, entry__slug="brief").scores.all().delete()
    job = done(orders.order_rescore(run, admin_user))
    assert (job.state, job.outcome) == ("done", f"Scored with today's scorers: 1 report of {run}.")
    assert Report.objects.get(entry__run=run, entry__slug="brief").scores.exists()


def test_standings_are_computed_where_votes_count(evaluation: Evaluation, admin_user: User) -> None:
    job = done(orders.order_standings(evaluation, admin_user))
    assert (job.state, "No vote counts" in job.outcome) == ("done", True)


# Asked for in one transaction


def test_a_queue_elsewhere_is_asked_once_the_job_is_committed(evaluation: Evaluation, admin_user: User) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        job = orders.order_run(evaluation, admin_user)
        assert not Run.objects.exists()
    job.refresh_from_db()
    assert (job.state, job.run) == ("done", Run.objects.get())


def test_what_waits_already_is_not_ordered_twice(run: Run, admin_user: User) -> None:
    report = lose(run)
    assert orders.order_retry(report, admin_user) == orders.order_retry(report, admin_user)
    assert orders.order_replay(run, admin_user) != orders.order_replay(run, admin_user, models=["brief"])


# Workers that are gone, and workers that meet


def test_a_job_claimed_by_a_worker_that_was_killed_is_done_by_the_next(run: Run, admin_user: User) -> None:
    report = lose(run)
    job = orders.order_retry(report, admin_user)
    assert job.claim(run)
    scheduled.run_due({}, None)
    assert Job.objects.get(pk=job.pk).state == "running"  # perhaps it is just about to begin
    Job.objects.update(started_at=timezone.now() - timedelta(minutes=5))
    scheduled.run_due({}, None)
    job.refresh_from_db()
    report.refresh_from_db()
    assert (job.state, report.state, report.attempts.count()) == ("done", "succeeded", 2)


@pytest.mark.parametrize("answered", [True, False])
def test_a_retry_whose_worker_was_killed_over_the_request_is_not_asked_for_again(
    run: Run, admin_user: User, answered: bool
) -> None:
    report = lose(run)
    job = orders.order_retry(report, admin_user)
    assert job.claim(run)
    first = report.attempts.get()
    state = Attempt.State.PAID if answered else Attempt.State.SENT
    body = first.body if answered else None
    attempt = Attempt(
        report=report, number=2, state=state, day=first.day, reserved_usd=first.reserved_usd,
        messages_sha256=first.messages_sha256, ordered_by=admin_user, body=body,
    )  # fmt: skip
    attempt.save()
    Report.objects.filter(pk=report.pk).update(state=Report.State.ANSWERING)
    Job.objects.update(started_at=timezone.now() - timedelta(minutes=5))
    for _ in range(3):
        scheduled.run_due({}, None)
    job.refresh_from_db()
    report.refresh_from_db()
    assert report.attempts.count() == 2
    assert (job.state, report.state) == (("done", "succeeded") if answered else ("failed", "unknown_outcome"))


def test_without_the_number_of_attempts_a_retry_is_never_begun_again(run: Run, admin_user: User) -> None:
    """The control: such a job ends as its run stands, because nobody knows whether it was carried out."""
    report = lose(run)
    job = Job.objects.create(kind="retry", arguments={"report": report.pk}, run=run, asked_by=admin_user)
    assert job.claim(run)
    Job.objects.update(started_at=timezone.now() - timedelta(minutes=5))
    scheduled.run_due({}, None)
    job.refresh_from_db()
    assert (job.state, report.attempts.count()) == ("done", 1)


def test_a_job_that_spends_nothing_new_waits_while_another_worker_is_at_its_run(run: Run, admin_user: User) -> None:
    report = lose(run)
    job = orders.order_retry(report, admin_user)
    with Hold.on(run), pytest.raises(HeldElsewhereError):
        jobs.work_off(job, runs.Worker())
    job.refresh_from_db()
    assert (job.state, "Another worker is at" in job.outcome) == ("queued", True)
    scheduled.run_due({}, None)
    job.refresh_from_db()
    assert job.state == "done"


def test_a_resume_that_meets_the_worker_of_its_run_is_refused(evaluation: Evaluation, admin_user: User) -> None:
    hold = start(evaluation)
    job = orders.order_resume(hold.run, admin_user)
    with pytest.raises(HeldElsewhereError):
        jobs.work_off(job, runs.Worker())
    job.refresh_from_db()
    assert (job.state, "Another worker is at" in job.outcome) == ("failed", True)


@pytest.mark.parametrize("kind", [Job.Kind.RUN, Job.Kind.REPLAY, Job.Kind.TRIAL])
def test_a_job_whose_worker_was_killed_ends_with_the_run_that_it_began(
    run: Run, admin_user: User, kind: Job.Kind
) -> None:
    make: dict[Job.Kind, Callable[[], Job]] = {
        Job.Kind.RUN: lambda: orders.order_run(run.evaluation, admin_user),
        Job.Kind.REPLAY: lambda: orders.order_replay(run, admin_user),
        Job.Kind.TRIAL: lambda: orders.order_trial(run, admin_user),
    }
    job = make[kind]()
    hold = start(run.evaluation, jobs.order_of(job, None if kind == Job.Kind.RUN else run))
    Run.objects.filter(pk=hold.run.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    scheduled.run_due({}, None)
    scheduled.run_due({}, None)
    job.refresh_from_db()
    assert (job.state, job.run) == ("done", hold.run)
    assert Run.objects.count() == 2


def test_two_tasks_of_one_job_make_one_run(evaluation: Evaluation, admin_user: User) -> None:
    job = orders.order_run(evaluation, admin_user)
    hold = start(evaluation, Order(job=job))
    hold.release(state=Run.State.PAUSED)
    with pytest.raises(HeldElsewhereError, match="has taken the job"):
        tasks.carry_out_job.call(job.pk)
    assert Run.objects.count() == 1


def test_a_job_ends_when_its_run_is_cancelled(evaluation: Evaluation, admin_user: Any) -> None:
    job = orders.order_run(evaluation, admin_user)
    hold = start(evaluation, Order(job=job))
    runs.cancel(hold.run)
    hold.release()
    scheduled.run_due({}, None)
    job.refresh_from_db()
    assert (job.state, job.outcome) == ("failed", f"{hold.run} is cancelled.")
