"""Every fault of the layers process and change_while_running, met by a whole run.

SIGKILL, SIGTERM and an exception at each crash point are the crash matrix (`tests.crash`).
"""

import os
import signal
import threading
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evaluations import scheduled
from evaluations.errors import HeldElsewhereError, LeaseLostError, RunHandedOverError, RunPausedError, RunRefusedError
from evaluations.models import Attempt, Budget, Evaluation, Report, Run, RunEntry
from evaluations.pipeline import runs, schedule
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.start import Order, start
from evaluations.pipeline.worker import interrupts, no_watch
from tests.crash.test_matrix import matrix
from tests.faults.conftest import ANSWER_USD, SLUGS, Services, before, go, placed
from tests.faults.test_models import raw

pytestmark = pytest.mark.django_db


def again(run: Run) -> Run:
    """The run, resumed to its end."""
    runs.execute(runs.resume(Run.objects.get(pk=run.pk)), runs.Worker(at_once=1))
    return Run.objects.get(pk=run.pk)


def each_once(services: Services) -> bool:
    """Whether every model was asked exactly once."""
    return sorted(services.asked) == sorted(f"maker/{slug}" for slug in SLUGS)


def when_asked(services: Services, slug: str, act: Any) -> None:
    """Act while that model has its question and no answer yet. In a test, the database is the main thread's."""
    services.on_ask = lambda model: act() if model == f"maker/{slug}" else None


class Acting:
    """A watch that acts once, in the worker's own thread, when a model moves to a state."""

    def __init__(self, slug: str, state: str, act: Any) -> None:
        self.slug, self.state, self.act = slug, state, act

    def __call__(self, news: Any) -> None:
        """Look at the news."""
        if getattr(news, "model", "") == self.slug and news.state == self.state:
            self.act()


# Process


def sigkill_each_crash_point(evaluation: Evaluation, services: Services, place: str) -> None:
    # tests.crash.test_matrix has further samples, on PostgreSQL too.
    done = matrix("--sqlite", "--sample", "2", "--seed", "11")
    assert done.returncode == 0, done.stdout + done.stderr


def sigterm_each_crash_point(evaluation: Evaluation, services: Services, place: str) -> None:
    done = matrix("--sqlite", "--sample", "2", "--seed", "12", "--how", "term")
    assert done.returncode == 0, done.stdout + done.stderr


def exception_each_step(evaluation: Evaluation, services: Services, place: str) -> None:
    done = matrix("--sqlite", "--sample", "2", "--seed", "13", "--how", "raise")
    assert done.returncode == 0, done.stdout + done.stderr


def lambda_deadline(evaluation: Evaluation, services: Services, place: str) -> None:
    """A call that could not end is not started; the next tick goes on."""
    left = [20.0 if place == SLUGS[0] else 900.0]
    short = lambda: left.append(20.0)  # noqa: E731
    last = Acting(before(place)[-1], "succeeded", short) if before(place) else no_watch
    with pytest.raises(RunHandedOverError):
        go(evaluation, watch=last, seconds_left=lambda: left[-1])
    assert services.asked == [f"maker/{slug}" for slug in before(place)]
    run = Run.objects.get()
    assert (run.state in Run.LIVE, run.published_at, run.lease_expires_at) == (True, None, None)
    assert not Attempt.objects.filter(state="sent").exists()
    done = scheduled.run_due({}, None)
    assert done["continued"] == [run.pk]
    assert Run.objects.get().state == "published"
    assert each_once(services)


def lambda_hard_timeout(evaluation: Evaluation, services: Services, place: str) -> None:
    """Ended in the middle of a call: that one is unknown, the next tick does the rest."""

    def end() -> None:
        raise KeyboardInterrupt

    with pytest.raises(BaseException, match=r".*"):
        go(evaluation, watch=Acting(place, "answering", end))
    Run.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    scheduled.run_due({}, None)
    run = Run.objects.get()
    assert (run.state, run.partial) == ("published", True)
    ends = dict.fromkeys(SLUGS, "succeeded") | {place: "unknown_outcome"}
    assert dict(Report.objects.values_list("entry__slug", "state")) == ends
    assert max(services.asked.count(f"maker/{slug}") for slug in SLUGS) == 1


def eventbridge_late(evaluation: Evaluation, services: Services, place: str) -> None:
    """Six hours late, and then once more: the slot has its one run."""
    Evaluation.objects.filter(pk=evaluation.pk).update(
        scheduled=True, schedule_start=timezone.now() - timedelta(hours=78), every_hours=72
    )
    for _ in range(2):
        scheduled.run_due({}, None)
    run = Run.objects.get()
    assert timedelta(hours=5) < timezone.now() - run.slot.due_at < timedelta(hours=7)
    assert each_once(services)


def double_start_manual(evaluation: Evaluation, services: Services, place: str) -> None:
    hold = start(evaluation)
    with pytest.raises(HeldElsewhereError):
        start(evaluation)
    runs.execute(hold)
    assert Run.objects.get().state == "published"
    assert each_once(services)


def overlap_next_slot(evaluation: Evaluation, services: Services, place: str) -> None:
    """The next slot is due while a run is under way: it waits, and both end."""
    Evaluation.objects.filter(pk=evaluation.pk).update(
        scheduled=True, schedule_start=timezone.now() - timedelta(hours=1), every_hours=1
    )
    evaluation.refresh_from_db()
    slot = schedule.due_slot(evaluation)
    slot.due_at -= timedelta(hours=1)
    slot.save()
    hold = start(evaluation, Order(Run.Kind.SCHEDULED, slot))
    scheduled.run_due({}, None)
    assert Run.objects.count() == 1
    runs.execute(hold)
    scheduled.run_due({}, None)
    assert list(Run.objects.values_list("state", flat=True)) == ["published", "published"]
    assert len(set(Run.objects.values_list("slot", flat=True))) == 2
    assert len(services.asked) == 6


def disk_full_tmp(evaluation: Evaluation, services: Services, place: str) -> None:
    """Nothing that is paid goes through a temporary folder: there is none."""
    environment = {name: os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")}
    os.environ |= dict.fromkeys(environment, "/nonexistent")
    try:
        assert go(evaluation).state == "published"
    finally:
        for name, value in environment.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def keyboard_interrupt(evaluation: Evaluation, services: Services, place: str) -> None:
    """One Ctrl-C: the call under way ends and is kept, no new one starts, a resume does the rest."""
    when_asked(services, place, lambda: os.kill(os.getpid(), signal.SIGINT))
    stop = runs.Stop()
    last = place == SLUGS[-1]  # after it nothing is left to do, so the run ends as it would
    with interrupts(stop), nullcontext() if last else pytest.raises(RunPausedError):
        go(evaluation, stop=stop)
    assert services.asked == [f"maker/{slug}" for slug in (*before(place), place)]
    assert Report.objects.filter(state="succeeded").count() == len(services.asked)
    run = Run.objects.get() if last else again(Run.objects.get())
    assert (run.state, run.partial, each_once(services)) == ("published", False, True)


def clock_forward_1d(evaluation: Evaluation, services: Services, place: str) -> None:
    """A lease is judged by the database's clock: a worker a day ahead takes nothing over."""
    hold = start(evaluation)
    real = timezone.now
    timezone.now = lambda: real() + timedelta(days=1)
    try:
        with pytest.raises(HeldElsewhereError):
            Hold.take(Run.objects.get(), to_resume=True)
        with pytest.raises(HeldElsewhereError):
            start(evaluation)
    finally:
        timezone.now = real
    runs.execute(hold)
    assert each_once(services)


def dst(evaluation: Evaluation, services: Services, place: str) -> None:
    """Every two hours over both changes of the clock: none skipped, none twice."""
    from datetime import UTC, datetime

    for moment in (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)):
        slots = {schedule.latest_slot(moment, 2, moment + timedelta(minutes=20 * n)) for n in range(3 * 48)}
        assert sorted(slots) == [moment + timedelta(hours=2 * n) for n in range(24)]


# Changes while it runs


def model_disabled(evaluation: Evaluation, services: Services, place: str) -> None:
    act = lambda: evaluation.roster.filter(slug=place).update(enabled=False, model_id="gone/away")  # noqa: E731
    first = Acting("first", "answering", act)
    run = go(evaluation, watch=first)
    assert (run.state, run.partial, each_once(services)) == ("published", False, True)
    runs.execute(start(evaluation))
    assert set(RunEntry.objects.exclude(run=run).values_list("slug", flat=True)) == {*SLUGS} - {place}


def prompt_deleted(evaluation: Evaluation, services: Services, place: str) -> None:
    """It cannot be deleted while a run refers to it; a newer one does not touch the run."""
    from django.db.models import ProtectedError

    def act() -> None:
        with pytest.raises(ProtectedError):
            evaluation.prompts.first().delete()
        evaluation.prompts.create(system_text="Quite another prompt.")
        evaluation.queries.all().delete()

    run = go(evaluation, watch=Acting(place, "answering", act))
    assert (run.state, run.system_message, each_once(services)) == ("published", "Write a report.", True)
    assert len(set(Attempt.objects.values_list("messages_sha256", flat=True))) == 1


def run_deleted(evaluation: Evaluation, services: Services, place: str) -> None:
    """Cancelled: the worker stops, asks nobody else, and the books say what was spent."""
    cancel = lambda: Run.objects.update(state="cancelled")  # noqa: E731
    with pytest.raises(LeaseLostError):
        go(evaluation, watch=Acting(place, "answering", cancel))
    run = Run.objects.get()
    assert (run.state, run.published_at) == ("cancelled", None)
    assert services.asked == [f"maker/{slug}" for slug in (*before(place), place)]
    assert not Attempt.objects.filter(state="sent").exists()
    known = sum(a.cost_usd or 0 for a in Attempt.objects.all())
    assert known == len(services.asked) * ANSWER_USD
    assert [(b.spent_usd, b.reserved_usd) for b in Budget.objects.all()] == [(known, 0)] * 2
    assert Client().get(f"/runs/{run.pk}/").status_code == 404


def run_unpublished(evaluation: Evaluation, services: Services, place: str) -> None:
    """Withdrawn while its voting is open: page and ballot are gone."""
    Evaluation.objects.filter(pk=evaluation.pk).update(voting_hours=72)
    evaluation.refresh_from_db()
    run = go(evaluation)
    client = Client()
    assert client.get(f"/runs/{run.pk}/ballot/").status_code == 200
    Run.objects.update(state="cancelled", withdrawn_at=timezone.now())
    assert client.get(f"/runs/{run.pk}/").status_code in (404, 410)
    assert client.post(f"/runs/{run.pk}/ballot/", {"choice": "none"}).status_code in (404, 410)


def deploy_mid_run(evaluation: Evaluation, services: Services, place: str) -> None:
    """A new release takes over: the old worker is fenced off, the new one goes on from the rows."""

    def take_over() -> None:
        Run.objects.update(lease_expires_at=timezone.now() - timedelta(days=1))
        Hold.take(Run.objects.get(), to_resume=True)

    with pytest.raises(LeaseLostError):
        go(evaluation, watch=Acting(place, "answering", take_over))
    Run.objects.update(lease_expires_at=None)
    run = again(Run.objects.get())
    assert (run.state, run.partial) == ("published", True)
    assert Report.objects.get(entry__slug=place).state == "unknown_outcome"
    assert each_once(services)


PROCESS = (
    sigkill_each_crash_point,
    sigterm_each_crash_point,
    exception_each_step,
    lambda_deadline,
    lambda_hard_timeout,
    eventbridge_late,
    double_start_manual,
    overlap_next_slot,
    disk_full_tmp,
    keyboard_interrupt,
    clock_forward_1d,
    dst,
)
CHANGES = (model_disabled, prompt_deleted, run_deleted, run_unpublished, deploy_mid_run)
CASES = {case.__name__: case for case in (*PROCESS, *CHANGES)}


# Where a model's place makes no difference, and why.
ANYWHERE = {
    "sigkill_each_crash_point": "the matrix kills at every boundary of every model",
    "sigterm_each_crash_point": "as above",
    "exception_each_step": "as above",
    "eventbridge_late": "it is over before a model is asked",
    "double_start_manual": "as above",
    "overlap_next_slot": "no step of the waiting run begins",
    "disk_full_tmp": "it lasts for the whole run",
    "clock_forward_1d": "the lease knows no model",
    "dst": "no model is asked",
    "run_unpublished": "every model is done",
}


@pytest.mark.parametrize(("kind", "place"), placed("process", ANYWHERE))
def test_a_fault_of_the_process_loses_nothing_and_pays_nothing_twice(
    kind: str, place: str, evaluation: Evaluation, services: Services
) -> None:
    CASES[kind](evaluation, services, place)


@pytest.mark.parametrize(("kind", "place"), placed("change_while_running", ANYWHERE))
def test_a_change_while_a_run_is_under_way_does_not_touch_it(
    kind: str, place: str, evaluation: Evaluation, services: Services
) -> None:
    CASES[kind](evaluation, services, place)


def test_what_is_cut_off_after_the_grace_time_is_unknown_and_never_asked_again(
    evaluation: Evaluation, services: Services
) -> None:
    """A model that stays silent, a SIGTERM, a resume: it was asked, so it may have been paid."""
    services.script = lambda model, _number: raw(b"", b"", pause=3) if model == "maker/middle" else None
    stop = runs.Stop()
    when_asked(services, "middle", lambda: threading.Timer(0.1, stop.ask).start())
    with pytest.raises(RunPausedError):
        go(evaluation, stop=stop)
    run = again(Run.objects.get())
    assert (run.state, run.partial) == ("published", True)
    assert Report.objects.get(entry__slug="middle").state == "unknown_outcome"
    assert each_once(services)


def test_a_worker_that_comes_too_late_finds_the_run_published_and_leaves_it_alone(
    evaluation: Evaluation, services: Services
) -> None:
    stale = Run.objects.get(pk=start(evaluation).run.pk)
    Run.objects.update(lease_expires_at=None)
    run = again(stale)
    published_at = run.published_at
    assert stale.state != "published"
    with pytest.raises(RunRefusedError):
        runs.resume(stale)
    assert Run.objects.get().published_at == published_at


def test_a_worker_that_was_only_slow_cannot_go_on_beside_the_run_that_took_its_place(
    evaluation: Evaluation, services: Services
) -> None:
    slow = start(evaluation)
    Run.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    runs.execute(start(evaluation))
    with pytest.raises(LeaseLostError):
        runs.execute(slow)
    assert each_once(services)


def test_a_paused_run_waits_while_another_of_its_evaluation_is_live(evaluation: Evaluation, services: Services) -> None:
    first = start(evaluation)
    Run.objects.update(state="paused", lease_expires_at=None)
    start(evaluation)
    with pytest.raises(HeldElsewhereError, match="live"):
        runs.resume(Run.objects.get(pk=first.run.pk))
