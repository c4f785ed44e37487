"""What people and the tick do after a fault: cancel, resume, wait, ask again for what was lost."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from evaluations import scheduled
from evaluations.errors import RunHandedOverError, RunPausedError, RunRefusedError
from evaluations.manifests.exports import verify
from evaluations.models import Attempt, Budget, Evaluation, Job, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.retry import lost_reports, retry, worst_cost
from evaluations.pipeline.start import start
from tests.bookkeeping import settle_books
from tests.faults.conftest import ANSWER_USD, GENERATION_USD, SLUGS, Services, go
from tests.faults.test_models import good
from tests.faults.test_process import Acting
from tests.pipeline.provider import Answer, response

pytestmark = pytest.mark.django_db


class Crash(BaseException):
    """The worker is gone."""


def crash(evaluation: Evaluation) -> Run:
    """A run whose worker is gone while the middle model has its question."""

    def end() -> None:
        raise Crash

    release, runs.Hold.release = Hold.release, lambda _hold, **_: None  # a dead worker lets go of nothing
    try:
        go(evaluation, watch=Acting("middle", "answering", end))
    except Crash:
        pass
    finally:
        Hold.release = release
    return Run.objects.get()


def lose_the_lease() -> None:
    Run.objects.update(lease_expires_at=timezone.now() - timedelta(days=1))


def fail(services: Services, slug: str, *answers: Answer) -> None:
    """The model's first requests get these answers, further ones a good one."""
    services.script = lambda model, number: (
        answers[number - 1] if model == f"maker/{slug}" and number <= len(answers) else None
    )


def ends() -> dict[str, str]:
    return dict(Report.objects.values_list("entry__slug", "state"))


def books() -> list[tuple[Decimal, Decimal]]:
    return [(budget.spent_usd, budget.reserved_usd) for budget in Budget.objects.all()]


def lose_an_answer(evaluation: Evaluation, services: Services) -> Report:
    """A published run of which nobody knows what became of one report."""
    fail(services, "middle", response(524))
    go(evaluation)
    return Report.objects.get(entry__slug="middle")


# Cancelled


def test_cancelling_a_crashed_run_leaves_no_request_without_an_outcome(
    evaluation: Evaluation, services: Services
) -> None:
    run = crash(evaluation)
    lose_the_lease()
    assert Attempt.objects.filter(state="sent").count() == 1
    runs.cancel(run)
    attempt = Attempt.objects.get(report__entry__slug="middle")
    assert (Run.objects.get().state, attempt.state, attempt.error) == ("cancelled", "unknown", "worker_stopped")
    assert ends() == {"first": "succeeded", "middle": "unknown_outcome", "last": "waiting"}
    assert books() == [(ANSWER_USD, attempt.reserved_usd)] * 2
    with pytest.raises(RunRefusedError, match="cancelled"):
        runs.resume(Run.objects.get())


def test_a_run_cancelled_under_its_worker_has_its_books_closed_by_the_tick_if_the_worker_dies(
    evaluation: Evaluation, services: Services
) -> None:
    runs.cancel(crash(evaluation))
    assert Attempt.objects.filter(state="sent").count() == 1  # its worker might be alive
    lose_the_lease()
    Attempt.objects.filter(state="sent").update(generation_id="gen-middle")
    assert scheduled.run_due({}, None)["reconciled"] == 1
    assert ends() == {"first": "succeeded", "middle": "failed", "last": "waiting"}
    assert books() == [(ANSWER_USD + GENERATION_USD, 0)] * 2
    assert services.asked == ["maker/first"]


def test_a_committed_answer_of_a_cancelled_run_is_read_and_booked(evaluation: Evaluation, services: Services) -> None:
    go(evaluation)
    last = Attempt.objects.get(report__entry__slug="last")
    Report.objects.filter(entry__slug="last").update(state="answering", text="", cost_usd=None)
    Attempt.objects.filter(pk=last.pk).update(cost_usd=None)
    Budget.objects.update(spent_usd=2 * ANSWER_USD, reserved_usd=last.reserved_usd)
    Run.objects.update(state="cancelled")
    settle_books()
    assert Report.objects.get(entry__slug="last").text == "maker/last says: Rovers won 2-1."
    assert books() == [(3 * ANSWER_USD, 0)] * 2


def test_a_finished_run_is_not_cancelled(evaluation: Evaluation, services: Services) -> None:
    with pytest.raises(RunRefusedError, match="published"):
        runs.cancel(go(evaluation))


# Resumed


@pytest.mark.parametrize("status", [401, 402])
def test_once_an_account_is_mended_a_resume_asks_the_refused_model_too(
    status: int, evaluation: Evaluation, services: Services
) -> None:
    fail(services, "first", response(status))
    with pytest.raises(RunPausedError):
        go(evaluation)
    assert ends() == {"first": "failed", "middle": "waiting", "last": "waiting"}
    run = runs.execute(runs.resume(Run.objects.get()), runs.Worker(at_once=1))
    assert (run.state, run.partial, ends()) == ("published", False, dict.fromkeys(SLUGS, "succeeded"))
    assert [services.asked.count(f"maker/{slug}") for slug in SLUGS] == [2, 1, 1]
    assert books() == [(3 * ANSWER_USD, 0)] * 2


def test_a_worker_that_goes_on_by_itself_does_not_ask_a_refused_model_again(
    evaluation: Evaluation, services: Services
) -> None:
    fail(services, "first", response(402))

    def end() -> None:
        raise Crash

    with pytest.raises(Crash):
        go(evaluation, watch=Acting("first", "failed", end))
    Run.objects.update(lease_expires_at=None)
    scheduled.run_due({}, None)
    assert (ends()["first"], services.asked.count("maker/first")) == ("failed", 1)


# Paused until


def test_a_run_whose_provider_asks_for_an_hour_goes_on_with_the_first_tick_after_it(
    evaluation: Evaluation, services: Services
) -> None:
    fail(services, "middle", response(429, Retry_After="3600"))
    with pytest.raises(RunPausedError, match="tick"):
        go(evaluation)
    run = Run.objects.get()
    assert timedelta(minutes=55) < run.paused_until - timezone.now() < timedelta(minutes=61)
    assert scheduled.run_due({}, None)["continued"] == []
    Run.objects.update(paused_until=timezone.now())
    assert scheduled.run_due({}, None)["continued"] == [run.pk]
    assert (Run.objects.get().state, ends()) == ("published", dict.fromkeys(SLUGS, "succeeded"))
    assert [services.asked.count(f"maker/{slug}") for slug in SLUGS] == [1, 2, 1]


@pytest.mark.parametrize("answer", [response(402), response(503, Retry_After="9" * 400)])
def test_a_run_that_waits_for_a_person_is_left_alone_by_the_tick(
    answer: Answer, evaluation: Evaluation, services: Services
) -> None:
    fail(services, "middle", answer)
    with pytest.raises(RunPausedError):
        go(evaluation)
    assert Run.objects.get().paused_until is None
    assert scheduled.run_due({}, None)["continued"] == []


def test_a_paused_run_that_was_overtaken_by_another_waits_for_a_person(
    evaluation: Evaluation, services: Services
) -> None:
    fail(services, "middle", response(429, Retry_After="61"))
    with pytest.raises(RunPausedError):
        go(evaluation)
    start(evaluation).release(state="cancelled")
    assert set(Run.objects.values_list("state", "paused_until")) == {("paused", None), ("cancelled", None)}


def test_a_stopped_tick_hands_its_run_over_and_begins_nothing_else(evaluation: Evaluation, services: Services) -> None:
    """Ctrl-C at `run_due --watch`, then again `run_due --watch`."""
    stop = runs.Stop()
    services.on_ask = lambda model: stop.ask() if model == "maker/first" else None
    Job.objects.create(kind="run", evaluation=evaluation)
    Job.objects.create(kind="run", evaluation=evaluation)
    scheduled.do_what_is_due(runs.Worker(stop=stop, at_once=1, hands_over=True))
    run = Run.objects.get()
    assert (run.state in Run.LIVE, services.asked) == (True, ["maker/first"])
    assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == ["running", "queued"]
    services.on_ask = lambda _model: None
    assert scheduled.run_due({}, None)["continued"] == [run.pk]
    assert Run.objects.get(pk=run.pk).state == "published"
    assert list(Job.objects.order_by("pk").values_list("state", "run")) == [
        ("done", run.pk),
        ("done", Run.objects.latest("pk").pk),
    ]


def test_a_person_who_stops_a_run_is_not_handed_over(evaluation: Evaluation, services: Services) -> None:
    stop = runs.Stop()
    services.on_ask = lambda _model: stop.ask()
    with pytest.raises(RunPausedError) as raised:
        go(evaluation, stop=stop)
    assert not isinstance(raised.value, RunHandedOverError)


# Looked up


def test_a_paid_answer_that_does_not_say_its_cost_is_looked_up_and_priced(
    evaluation: Evaluation, services: Services
) -> None:
    """And the manifest is still right: what depends on the cost is computed again."""
    text = "Harbour Rovers beat Northgate 2-1 on Saturday. Ada Lund scored twice."
    choices = [{"finish_reason": "stop", "message": {"content": text}}]
    fail(services, "middle", good("maker/middle", usage=None, choices=choices))
    run = go(evaluation)
    report = Report.objects.get(entry__slug="middle")
    assert (report.state, report.cost_usd) == ("succeeded", None)
    assert settle_books() == 1
    assert settle_books() == 0
    report.refresh_from_db()
    assert (report.state, report.cost_usd, books()) == (
        "succeeded", GENERATION_USD, [(2 * ANSWER_USD + GENERATION_USD, 0)] * 2
    )  # fmt: skip
    assert report.scores.get(metric="cost_per_1000_grounded_words").value > 0
    assert verify(run).differences == []


# Asked again


def test_a_lost_report_is_asked_for_again_by_a_persons_order_alone(
    evaluation: Evaluation, services: Services, admin_user: Any
) -> None:
    report = lose_an_answer(evaluation, services)
    scheduled.run_due({}, None)
    assert services.asked.count("maker/middle") == 1
    first = Attempt.objects.get(report=report)
    assert 0 < worst_cost(report) == first.reserved_usd
    Job.objects.create(kind="retry", arguments={"report": report.pk}, asked_by=admin_user)
    scheduled.run_due({}, None)
    run = Run.objects.get()
    assert (run.state, run.partial, ends()) == ("published", False, dict.fromkeys(SLUGS, "succeeded"))
    assert services.asked.count("maker/middle") == 2
    second = Attempt.objects.get(report=report, number=2)
    assert (second.ordered_by, second.messages_sha256) == (admin_user, first.messages_sha256)
    assert books() == [(3 * ANSWER_USD, first.reserved_usd)] * 2  # of the first nobody knows yet
    report.refresh_from_db()
    assert report.scores.exists()
    assert verify(run).differences == []
    with pytest.raises(RunRefusedError, match="not lost"):
        retry(report)


def test_an_answer_that_was_looked_up_and_is_gone_can_be_asked_for_again(
    evaluation: Evaluation, services: Services
) -> None:
    fail(services, "middle", response(524, X_Generation_Id="gen-1"))
    go(evaluation)
    assert settle_books() == 1
    [report] = lost_reports(Run.objects.get())
    assert verify(Run.objects.get()).differences == []
    assert retry(report).state == "succeeded"
    assert verify(Run.objects.get()).differences == []
    assert books() == [(3 * ANSWER_USD + GENERATION_USD, 0)] * 2


@pytest.mark.parametrize("answer", [response(400), response(503, Retry_After="0")])
def test_a_retry_that_is_refused_leaves_the_report_as_it_was(
    answer: Answer, evaluation: Evaluation, services: Services
) -> None:
    report = lose_an_answer(evaluation, services)
    before = books()
    services.script = lambda _model, _number: answer
    with pytest.raises(RunRefusedError, match="nothing was paid"):
        retry(report)
    report.refresh_from_db()
    assert (report.state, report.error, books()) == ("unknown_outcome", "timeout", before)
    assert Run.objects.get().lease_expires_at is None


@pytest.mark.parametrize("code", ["certificate", "bad_key"])
def test_what_the_preflight_found_wrong_can_be_asked_again_once_it_is_mended(
    code: str, evaluation: Evaluation, services: Services
) -> None:
    run = go(evaluation)
    Attempt.objects.filter(report__entry__slug="middle").delete()
    Report.objects.filter(entry__slug="middle").update(state="failed", error=code, text="", cost_usd=None)
    [report] = lost_reports(run)
    assert retry(report).state == "succeeded"
    assert lost_reports(run) == []


@pytest.mark.parametrize("code", ["certificate", "bad_key"])
def test_what_the_preflight_found_wrong_is_asked_by_a_resume_too(
    code: str, evaluation: Evaluation, services: Services
) -> None:
    hold = start(evaluation)
    Report.objects.filter(entry__slug="middle").update(state="failed", error=code)
    hold.release(state="paused", failure="Calls not yet sent were held back.")
    run = runs.execute(runs.resume(Run.objects.get()))
    assert (run.state, run.partial, ends()["middle"]) == ("published", False, "succeeded")


def test_a_retry_over_the_ceiling_is_not_sent(evaluation: Evaluation, services: Services) -> None:
    report = lose_an_answer(evaluation, services)
    Run.objects.update(max_usd_per_run=Decimal("0.0001"))
    with pytest.raises(RunRefusedError, match="ceiling"):
        retry(Report.objects.get(pk=report.pk))
    assert (services.asked.count("maker/middle"), ends()["middle"]) == (1, "unknown_outcome")


def test_a_retry_whose_worker_dies_is_unknown_again(evaluation: Evaluation, services: Services) -> None:
    report = lose_an_answer(evaluation, services)

    def end() -> None:
        raise Crash

    with pytest.raises(Crash):
        retry(report, runs.Worker(watch=Acting("middle", "answering", end)))
    lose_the_lease()
    settle_books()
    assert ends()["middle"] == "unknown_outcome"
    assert not Attempt.objects.filter(state="sent").exists()
    reserved = sum(a.reserved_usd for a in Attempt.objects.filter(state="unknown"))
    assert books() == [(2 * ANSWER_USD, reserved)] * 2


def test_a_run_of_which_every_answer_was_lost_is_published_once_one_is_there(
    evaluation: Evaluation, services: Services
) -> None:
    services.script = lambda _model, _number: response(504)
    with pytest.raises(Exception, match="None of 3 reports"):
        go(evaluation)
    services.script = lambda model, _number: good(model)
    retry(Report.objects.get(entry__slug="last"))
    run = Run.objects.get()
    assert (run.state, run.partial, run.published_at is None) == ("published", True, False)


def test_a_live_a_cancelled_and_a_withdrawn_run_get_no_retry(evaluation: Evaluation, services: Services) -> None:
    report = lose_an_answer(evaluation, services)
    for change in ({"state": "cancelled"}, {"state": "inferring"}, {"withdrawn_at": timezone.now()}):
        Run.objects.update(**{"state": "published", "withdrawn_at": None} | change)
        with pytest.raises(RunRefusedError, match="not at rest"):
            retry(Report.objects.get(pk=report.pk))
    assert services.asked.count("maker/middle") == 1
