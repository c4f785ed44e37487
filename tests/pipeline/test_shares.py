"""Several workers at one run: shares with leases of their own, under the run's one ledger."""

import signal
import subprocess
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client, override_settings
from django.utils import timezone

from evaluations import scheduled, tasks
from evaluations.errors import HeldElsewhereError, LeaseLostError, RunHandedOverError, RunPausedError
from evaluations.models import Attempt, Budget, Evaluation, Report, Run, Score, Share
from evaluations.models.workload import workload
from evaluations.pipeline import ledger as room
from evaluations.pipeline import reconcile, retry, runs
from evaluations.pipeline.budgets import budgets_of, reserve, usd
from evaluations.pipeline.infer import hold_back_error, open_reports
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.ledger import Ledger
from evaluations.pipeline.shares import hold as holds
from evaluations.pipeline.shares.division import divide, free_shares
from evaluations.pipeline.shares.hold import ShareHold
from evaluations.pipeline.start import Order, start
from evaluations.pipeline.worker import Worker, no_watch
from evaluations.providers.batch import Messages
from evaluations.providers.journal import Intent, Permit
from evaluations.providers.outcomes import Outcome
from evaluations.views.health import work
from evaluations.wire.failures import Fate
from futbolreport import invocations
from tests.pipeline.conftest import Sandbox
from tests.pipeline.test_tasks import LAMBDA, Lambda, Site
from tests.threads import at_once

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("quick_sandbox")]

LONG_AGO = timezone.now() - timedelta(days=1)
MESSAGES = Messages("System.", "Material.")


@pytest.fixture
def evaluation(db: None) -> Evaluation:
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug__in=("brief", "thorough")).delete()
    return evaluation


@pytest.fixture
def by_two(settings: Any) -> None:
    """A worker asks for two reports."""
    settings.REPORTS_PER_WORKER = 2


@pytest.fixture
def asked(evaluation: Evaluation, by_two: None) -> Hold:
    """A run of eight reports at the moment when they are divided."""
    return divided(evaluation)


def divided(evaluation: Evaluation) -> Hold:
    """A run of eight reports in four shares, none of them taken."""
    hold = start(evaluation, Order(samples=4))
    runs.fetch(hold, Worker())
    runs.lock(hold, Worker())
    hold.move(Run.State.INFERRING)
    assert divide(hold)
    assert free_shares(hold.run) == 4
    return hold


def taken(run: Run) -> ShareHold:
    share = ShareHold.take_one(run)
    assert share is not None
    return share


def ask(share: ShareHold) -> tuple[Ledger, Attempt]:
    """What a worker does first with its share: one attempt is written, and its request leaves."""
    ledger = Ledger(share, MESSAGES, no_watch)
    report = open_reports(share).filter(state="waiting").first()
    assert report is not None
    (permit,) = ledger.commit([Intent(report.pk, 1)])
    assert isinstance(permit, Permit)
    return ledger, Attempt.objects.get(pk=permit.attempt)


def refused(ledger: Ledger, attempt: Attempt) -> None:
    """The worker brings its answer, and may not write it."""
    with pytest.raises(LeaseLostError):
        ledger.commit([Outcome(attempt.report_id, attempt.pk, Fate.PAID, body=b"{}")])


def let_run_out(share: ShareHold) -> None:
    """What a minute does to a share whose worker was killed."""
    Share.objects.filter(pk=share.share.pk).update(lease_expires_at=LONG_AGO)


def requests_per_report(run: Run) -> list[int]:
    return [report.attempts.count() for report in Report.objects.filter(entry__run=run)]


# How a run is divided


def test_a_run_that_one_worker_can_ask_for_is_not_divided(evaluation: Evaluation, settings: Any) -> None:
    for most in (0, 8):  # the default, and one that is just enough
        settings.REPORTS_PER_WORKER = most
        hold = start(evaluation, Order(samples=4))
        invited: list[tuple[int, int]] = []
        runs.execute(hold, Worker(invite=lambda run, count, to=invited: to.append((run, count))))
        assert (hold.run.state, invited) == ("published", [])


def test_without_others_its_own_worker_does_one_share_after_the_other(evaluation: Evaluation, by_two: None) -> None:
    invited: list[tuple[int, int]] = []
    hold = start(evaluation, Order(samples=4))
    runs.execute(hold, Worker(invite=lambda run, count: invited.append((run, count))))
    assert invited == [(hold.run.pk, 3)]
    assert (hold.run.state, hold.run.partial, Share.objects.count()) == ("published", False, 0)
    assert requests_per_report(hold.run) == [1] * 8


def test_shares_are_of_one_size(evaluation: Evaluation, settings: Any) -> None:
    """Eight reports at seven a worker are four and four, not seven and one."""
    settings.REPORTS_PER_WORKER = 7
    hold = start(evaluation, Order(samples=4))
    hold.move(Run.State.INFERRING)
    assert divide(hold)
    assert [share.reports.count() for share in Share.objects.all()] == [4, 4]


def test_who_joins_asks_scores_and_leaves_the_run_to_its_holder(evaluation: Evaluation, by_two: None) -> None:
    seen = []

    def join(number: int, _count: int) -> None:
        run = Run.objects.select_related("evaluation", "context", "prompt").get(pk=number)
        seen.append(runs.join(run, Worker()))
        seen.append(Score.objects.filter(report__entry__run=run, metric="words").count())
        seen.append(Run.objects.get(pk=number).state)

    hold = start(evaluation, Order(samples=4))
    runs.execute(hold, Worker(invite=join))
    assert seen == [4, 8, "inferring"]
    assert (hold.run.state, requests_per_report(hold.run)) == ("published", [1] * 8)
    run = Run.objects.get(pk=hold.run.pk)
    assert runs.join(run, Worker()) == 0  # one that comes too late


# Whose a share is


def test_a_share_has_one_worker_and_a_run_that_is_not_asked_for_has_no_share_to_take(asked: Hold) -> None:
    there = [taken(asked.run).share.pk for _ in range(4)]
    assert len(set(there)) == 4
    assert ShareHold.take_one(asked.run) is None
    Share.objects.update(lease_expires_at=None)
    asked.move(Run.State.PAUSED)
    assert ShareHold.take_one(asked.run) is None


def test_workers_that_come_at_the_same_moment_never_get_the_same_share(
    transactional_db: None, evaluation_made_anew: Evaluation
) -> None:
    run = divided(evaluation_made_anew).run
    got = at_once([lambda: ShareHold.take_one(run)] * 6)
    assert sorted(hold.share.pk for hold in got if hold) == sorted(Share.objects.values_list("pk", flat=True))


def test_who_looks_first_and_then_takes_gets_what_another_one_has(
    transactional_db: None, evaluation_made_anew: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: without the condition in the UPDATE two workers hold one share."""

    def take(share: int, free: Any) -> Share | None:
        if not free.filter(pk=share).exists():
            return None
        all_have_looked.wait(60)
        Share.objects.filter(pk=share).update(lease_expires_at=timezone.now() + timedelta(minutes=1))
        return Share.objects.get(pk=share)

    all_have_looked = Barrier(6)
    monkeypatch.setattr(holds, "take", take)
    run = divided(evaluation_made_anew).run
    got = [hold.share.pk for hold in at_once([lambda: ShareHold.take_one(run)] * 6) if hold]
    assert len(got) > len(set(got))


def test_a_killed_worker_s_share_goes_on_and_what_it_had_sent_is_unknown(asked: Hold) -> None:
    dead = taken(asked.run)
    _, sent = ask(dead)
    let_run_out(dead)
    assert runs.join(asked.run, Worker()) == 4
    sent.refresh_from_db()
    assert (sent.state, sent.report.state, sent.report.error) == ("unknown", "unknown_outcome", "worker_stopped")
    others = Report.objects.filter(entry__run=asked.run).exclude(pk=sent.report_id)
    assert set(others.values_list("state", flat=True)) == {"succeeded"}
    assert requests_per_report(asked.run) == [1] * 8
    assert Budget.objects.get(run=asked.run).reserved_usd == sent.reserved_usd


def test_a_worker_that_was_only_slow_writes_nothing_more_and_its_answer_stays_reserved(asked: Hold) -> None:
    slow = taken(asked.run)
    ledger, sent = ask(slow)
    let_run_out(slow)
    runs.join(asked.run, Worker())
    refused(ledger, sent)
    sent.refresh_from_db()
    assert (sent.state, sent.cost_usd, bytes(sent.body or b"")) == ("unknown", None, b"")
    assert Budget.objects.get(run=asked.run).reserved_usd == sent.reserved_usd


def test_who_takes_the_run_leaves_a_living_worker_what_it_has_sent(asked: Hold) -> None:
    """Recovery is of what nobody is at: else a living worker's answers would be unknown outcomes."""
    living = taken(asked.run)
    ledger, sent = ask(living)
    Ledger(asked, MESSAGES, no_watch).recover()
    reconcile.close_books_of_shares(asked.run)
    sent.refresh_from_db()
    assert sent.state == "sent"
    ledger.commit([Outcome(sent.report_id, sent.pk, Fate.PAID, body=b"{}")])
    assert list(Share.objects.all()) == [living.share]


def test_a_run_whose_holder_is_killed_is_finished_by_the_next_one(asked: Hold) -> None:
    living = taken(asked.run)
    Run.objects.filter(pk=asked.run.pk).update(lease_expires_at=LONG_AGO)
    waits: list[int] = []
    invited: list[int] = []

    class Meanwhile(runs.Stop):
        """The living worker comes to its end while the next holder waits for it."""

        def wait(self, seconds: float) -> None:
            waits.append(Share.objects.count())
            if len(waits) == 2:
                assert open_reports(living).update(state="failed", error="refused") == 2
                living.end()

    next_one = Worker(stop=Meanwhile(), invite=lambda _run, count: invited.append(count))
    runs.execute(runs.resume(asked.run), next_one)
    assert invited == [2]  # of the three that nobody has, it takes one itself
    run = Run.objects.get(pk=asked.run.pk)
    assert (waits, run.state, run.partial, Share.objects.count()) == ([1, 1], "published", True, 0)
    with pytest.raises(LeaseLostError):
        asked.move(Run.State.SCORING)


# What ends it early


def test_calls_that_one_worker_holds_back_pause_the_run_and_no_share_is_taken(
    evaluation: Evaluation, by_two: None
) -> None:
    def hold_back(number: int, _count: int) -> None:
        share = taken(Run.objects.get(pk=number))
        share.release(held_back="The provider asks to wait 90 s.", paused_until=later)
        assert ShareHold.take_one(share.run) is None

    later = timezone.now() + timedelta(seconds=90)
    with pytest.raises(RunPausedError, match="asks to wait 90 s"):
        runs.execute(start(evaluation, Order(samples=4)), Worker(invite=hold_back))
    run = Run.objects.get()
    assert (run.state, run.paused_until, requests_per_report(run)) == ("paused", later, [0] * 8)
    runs.execute(runs.resume(run))
    assert (run.state, run.partial, Share.objects.count()) == ("published", False, 0)


@pytest.mark.usefixtures("by_two")
def test_an_account_that_is_refused_is_told_by_who_met_it(db: None, over_tcp: Sandbox, monkeypatch: Any) -> None:
    evaluation = Evaluation.objects.get(slug="futbol-report")
    for model, name in zip(evaluation.roster.all(), ("thorough", "brief", "freeform", "inventor"), strict=True):
        model.model_id = f"sandbox/{name}"
        model.save()
    seen: list[Any] = []

    def join(number: int, _count: int) -> None:
        monkeypatch.setenv("OPENROUTER_API_KEY", "bad-key")
        run = Run.objects.select_related("evaluation", "context", "prompt").get(pk=number)
        seen.extend([runs.join(run, Worker(hands_over=True)), hold_back_error(run)])

    with pytest.raises(RunPausedError, match="bad_key"):
        runs.execute(start(evaluation), Worker(invite=join))
    assert seen[0] == 1
    assert "bad_key" in str(seen[1])
    run = Run.objects.get()
    assert (run.state, list(Attempt.objects.values_list("state", "error"))) == ("paused", [("unpaid", "bad_key")] * 2)


def test_a_worker_that_is_stopped_leaves_its_share_to_the_others(asked: Hold) -> None:
    stop = runs.Stop()
    assert runs.join(asked.run, Worker(watch=lambda _news: stop.ask(), stop=stop, hands_over=True)) == 1
    assert (hold_back_error(asked.run), Share.objects.filter(lease_expires_at=None).count()) == (None, 4)
    runs.execute(asked)
    assert (asked.run.state, requests_per_report(asked.run)) == ("published", [1] * 8)


def test_whose_time_is_over_while_others_are_at_the_rest_hands_the_run_over(asked: Hold) -> None:
    living = [taken(asked.run) for _ in range(4)]
    seconds = iter([900.0, 900.0, 5.0])
    with pytest.raises(RunHandedOverError, match="Other workers are at the rest"):
        runs.execute(asked, Worker(seconds_left=lambda: next(seconds, 5.0), hands_over=True))
    run = Run.objects.get(pk=asked.run.pk)
    assert (run.state, run.lease_expires_at, Share.objects.count()) == ("inferring", None, len(living))


def test_a_cancelled_run_is_left_by_all_and_what_they_had_sent_is_booked(asked: Hold) -> None:
    ledger, sent = ask(taken(asked.run))
    dead = taken(asked.run)
    _, lost = ask(dead)
    runs.cancel(asked.run)
    refused(ledger, sent)
    let_run_out(dead)
    Run.objects.update(lease_expires_at=None)
    reconcile.close_books(asked.run)
    states = dict(Attempt.objects.values_list("pk", "state"))
    assert states == {sent.pk: "paid", lost.pk: "unknown"}
    assert ShareHold.take_one(asked.run) is None


def test_a_lost_report_of_a_share_can_be_ordered_again(asked: Hold) -> None:
    dead = taken(asked.run)
    _, sent = ask(dead)
    asked.move(Run.State.PAUSED)
    asked.release()
    let_run_out(dead)
    Ledger(taken_at_rest(asked.run), MESSAGES, no_watch).recover()
    report = retry.retry(sent.report)
    assert (report.state, report.share, report.attempts.count()) == ("succeeded", None, 2)


def taken_at_rest(run: Run) -> ShareHold:
    share = ShareHold.take_one(run, at_rest=True)
    while share and not Attempt.objects.filter(report__in=share.reports()).exists():
        share = ShareHold.take_one(run, at_rest=True)
    assert share is not None
    return share


# Money


CEILING_CALLS = 3


def asked_at_once(evaluation: Evaluation) -> tuple[Run, int]:
    """Four workers ask for two reports each, at one moment, where the run's ceiling is that of three calls."""
    run = divided(evaluation).run
    ledgers = [Ledger(taken(run), MESSAGES, no_watch) for _ in range(4)]
    with transaction.atomic():
        assert reserve(run, datetime.now(UTC).date(), Decimal(0))  # the rows of run and day are there
    prices = [ledger.books.worst_cost(report) for ledger in ledgers for report in ledger.books.reports]
    run.max_usd_per_run = max(prices) * CEILING_CALLS
    wanted = [[Intent(report, 1) for report in ledger.books.reports] for ledger in ledgers]
    replies = at_once(
        [
            lambda ledger=ledger, intents=intents: ledger.commit(intents)
            for ledger, intents in zip(ledgers, wanted, strict=True)
        ]
    )
    return run, sum(isinstance(reply, Permit) for many in replies for reply in many)


def booked(run: Run) -> Decimal:
    budget = Budget.objects.get(run=run)
    return budget.reserved_usd + budget.spent_usd


def test_no_ceiling_is_passed_by_workers_that_reserve_at_the_same_moment(
    transactional_db: None, evaluation_made_anew: Evaluation
) -> None:
    run, permits = asked_at_once(evaluation_made_anew)
    assert CEILING_CALLS <= permits < 8
    assert booked(run) <= run.max_usd_per_run
    assert booked(run) == sum(attempt.reserved_usd for attempt in Attempt.objects.all())


def test_the_ceiling_is_passed_where_a_worker_looks_first_and_then_reserves(
    transactional_db: None, evaluation_made_anew: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control. On SQLite one transaction waits for the other: there is nothing between to see."""
    if connections["default"].vendor != "postgresql":
        pytest.skip("SQLite lets one write after the other")

    def reserve_late(run: Run, day: Any, amount: Decimal) -> bool:
        from django.db.models import F

        rows = list(budgets_of(run, day))
        all_have_looked.wait(60)
        if any(row.reserved_usd + row.spent_usd + amount > run.max_usd_per_run for row in rows):
            return False
        for row in sorted(rows, key=lambda row: row.pk):  # or two workers wait for each other
            Budget.objects.filter(pk=row.pk).update(reserved_usd=F("reserved_usd") + usd(amount))
        return True

    all_have_looked = Barrier(4)
    monkeypatch.setattr(room, "reserve", reserve_late)
    run, permits = asked_at_once(evaluation_made_anew)
    assert permits == 8
    assert booked(run) > run.max_usd_per_run


# Who is asked to come, and who sees it


def test_each_further_worker_is_asked_to_come_by_a_task(asked: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    function = Lambda()
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "futbolreport-production")
    monkeypatch.setattr(invocations, "client", lambda: function)
    with override_settings(TASKS=LAMBDA):
        tasks.invite(asked.run.pk, 3)
    event = {"command": invocations.COMMAND, "task": "evaluations.tasks.join_run", "args": [asked.run.pk]}
    assert function.events == [event] * 3
    tasks.invite(asked.run.pk, 3)  # the tests' own backend would carry them out here, one after the other: nobody comes
    assert Share.objects.count() == 4
    assert [scheduled.carry_out(event, None) for event in function.events] == [4, 0, 0]


def test_a_queue_that_does_not_answer_leaves_the_run_to_its_own_worker(
    evaluation: Evaluation, by_two: None, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(TASKS=LAMBDA):
        hold = start(evaluation, Order(samples=4))  # no function of this name is there to be invoked
        runs.execute(hold, Worker(invite=tasks.invite))
    assert hold.run.state == "published"
    assert "No more workers could be asked" in caplog.text


def test_operators_see_how_many_workers_are_at_a_run(asked: Hold, admin_client: Client) -> None:
    taken(asked.run)
    assert workload().names_under_way == [str(asked.run)]
    taken(asked.run)
    page = " ".join(admin_client.get("/admin/").content.decode().split())
    assert f"At work on {asked.run} (2 workers)" in page
    assert work()["under_way"] == [{"run": asked.run.pk, "state": "inferring", "workers": 2}]


@pytest.mark.slow
def test_workers_that_wait_for_tasks_come_and_ask_for_their_shares(tmp_path: Path) -> None:
    """Processes of their own: a tick that watches, and the three workers that it keeps."""
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}")
    site.environment["REPORTS_PER_WORKER"] = "1"
    site.ask("ModelConfig.objects.filter(slug='slow').delete()")
    command = site.command("run_due", "--watch", "--workers", "3")
    watch = subprocess.Popen(command, env=site.environment, cwd=site.folder)
    try:
        site.until("WorkerProcess.objects.count() == 3")
        site.ask(
            "Evaluation.objects.filter(slug='sandbox').update(scheduled=True, "
            "schedule_start=timezone.now() - timedelta(hours=1))"
        )
        site.until("list(Run.objects.filter(state='published', partial=False).values_list('pk', flat=True))")
        joined = "DBTaskResult.objects.filter(task_path='evaluations.tasks.join_run')"
        site.until(f"not {joined}.exclude(status='SUCCESSFUL').exists()")
        done = site.ask(f"[task.return_value for task in {joined}]")
        assert (len(done), sum(done) in (1, 2, 3)) == (3, True)
        assert site.ask("list(Report.objects.annotate(n=Count('attempts')).values_list('n', flat=True))") == [1] * 4
    finally:
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(60) == 0


def test_an_operator_joins_by_hand(asked: Hold, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("join_run", str(asked.run.pk))
    assert f"{asked.run}: 4 shares done here." in capsys.readouterr().out
    call_command("join_run", str(asked.run.pk))
    assert f"{asked.run} has no share to take." in capsys.readouterr().out
    with pytest.raises(HeldElsewhereError):
        runs.resume(asked.run)  # the run itself has its holder


@pytest.fixture
def evaluation_made_anew(transactional_db: None, by_two: None) -> Evaluation:
    """A sandbox evaluation in a database that other tests' flushes may have emptied."""
    from evaluations.models import ModelConfig, Prompt, Provider

    evaluation = Evaluation.objects.create(
        slug="crew", name="Crew", sandbox=True, search_source="sandbox", max_usd_per_day=Decimal(100)
    )
    Prompt.objects.create(evaluation=evaluation, system_text="Write a report from the sources.")
    evaluation.queries.create(position=1, text="recent football fixtures")
    provider, _ = Provider.objects.get_or_create(slug="sandbox", defaults={"name": "Sandbox", "kind": "sandbox"})
    for position, name in enumerate(("brief", "thorough"), 1):
        ModelConfig.objects.create(
            evaluation=evaluation,
            provider=provider,
            position=position,
            slug=name,
            name=name,
            model_id=f"sandbox/{name}",
        )
    return evaluation
