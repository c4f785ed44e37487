"""Runs from end to end, against the sandbox over its wire and on a real database."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from evaluations import contexts
from evaluations.errors import (
    HeldElsewhereError,
    LeaseLostError,
    NotConfiguredError,
    RunFailedError,
    RunHandedOverError,
    RunPausedError,
    RunRefusedError,
)
from evaluations.management.summaries import summary
from evaluations.models import Attempt, Budget, Evaluation, LockedContext, ModelConfig, QueryAnswer, Report, Run, Score
from evaluations.pipeline import fetch, runs
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.runs import Worker
from evaluations.pipeline.scorers.scorer import Scorer
from evaluations.pipeline.start import MANUAL, Order, run_ceiling, start
from evaluations.pipeline.worker import News, ReportNews, StepNews
from evaluations.scheduled import do_what_is_due
from tests.bookkeeping import settle_books
from tests.pipeline.conftest import Sandbox

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation.objects.get(slug="sandbox")


@pytest.fixture
def steady(evaluation: Evaluation) -> Evaluation:
    """The sandbox without the model that fails now and then."""
    evaluation.roster.filter(slug="slow").delete()
    return evaluation


@pytest.fixture
def over_network(over_tcp: Sandbox) -> Evaluation:
    """The real evaluation, with the sandbox's models behind OpenRouter's wire."""
    evaluation = Evaluation.objects.get(slug="futbol-report")
    for model, name in zip(evaluation.roster.all(), ("thorough", "brief", "freeform", "inventor"), strict=True):
        model.model_id = f"sandbox/{name}"
        model.save()
    return evaluation


def run_to_the_end(evaluation: Evaluation, order: Order = MANUAL) -> Run:
    hold = start(evaluation, order)
    runs.execute(hold)
    return Run.objects.get(pk=hold.run.pk)


def test_a_run_is_fetched_locked_asked_scored_and_published(steady: Evaluation) -> None:
    news: list[News] = []
    hold = start(steady)
    runs.execute(hold, Worker(news.append))
    run = Run.objects.get(pk=hold.run.pk)
    assert (run.state, run.partial) == ("published", False)
    assert [item.step for item in news if isinstance(item, StepNews)] == ["fetch", "lock", "infer", "score", "publish"]
    moves = [(item.model, item.state) for item in news if isinstance(item, ReportNews)]
    assert set(moves) == {(m.slug, s) for m in steady.roster.all() for s in ("answering", "succeeded")}
    assert run.context is not None
    document = contexts.read(bytes(run.context.payload))
    assert contexts.digest(bytes(run.context.payload)) == run.context.sha256
    assert [query["query"] for query in document["queries"]] == [query.text for query in steady.queries.all()]
    assert run.context.sources.count() == len(document["sources"]) > 4
    for report in Report.objects.filter(entry__run=run):
        assert report.text
        assert report.html
        assert {score.metric for score in report.scores.all()} == {
            "groundedness",
            "context_utilization",
            "format_compliance",
            "quote_accuracy",
            "citation_accuracy",
            "words",
            "cost_per_1000_grounded_words",
        }


def test_every_model_reads_the_same_and_bodies_differ_only_in_the_models_own_part(
    over_network: Evaluation, over_tcp: Sandbox
) -> None:
    run = run_to_the_end(over_network)
    bodies = over_tcp.requests()
    assert len(bodies) == 4
    messages = {json.dumps(body.pop("messages"), ensure_ascii=False) for body in bodies}
    assert len(messages) == 1
    system, user = json.loads(messages.pop())
    assert run.context is not None
    assert (system["content"], user["content"]) == (run.system_message, bytes(run.context.payload).decode())
    own = {entry.model_id: entry.parameters for entry in run.entries.all()}
    assert {body["model"]: body for body in bodies} == own
    shared = [{name: value for name, value in body.items() if name not in ("model", "temperature")} for body in bodies]
    assert all(body == shared[0] for body in shared)
    assert shared[0]["plugins"] == [{"id": "context-compression", "enabled": False}]
    assert len(set(Attempt.objects.values_list("messages_sha256", flat=True))) == 1


def test_the_books_hold_to_the_cent(over_network: Evaluation) -> None:
    run = run_to_the_end(over_network)
    costs = [attempt.cost_usd for attempt in Attempt.objects.filter(report__entry__run=run)]
    spent = sum((cost for cost in costs if cost is not None), Decimal(0))
    assert spent > 0
    for budget in (run.budget, Budget.objects.get(day__isnull=False)):
        assert (budget.spent_usd, budget.reserved_usd) == (spent, Decimal(0))
    assert summary(run)["cost_usd"] == pytest.approx(float(spent))


def test_the_summary_has_the_form_that_the_command_prints(steady: Evaluation) -> None:
    document = summary(run_to_the_end(steady))
    assert list(document) == [
        "run",
        "status",
        "partial",
        "context_sha256",
        "prompt_sha256",
        "cost_usd",
        "seconds",
        "reports",
    ]
    for report in document["reports"]:
        assert set(report) == {
            "model",
            "sample",
            "status",
            "seconds",
            "cost_usd",
            "input_tokens",
            "output_tokens",
            "served_model",
            "served_provider",
            "finish_reason",
            "attempts",
            "error",
            "scores",
        }
        assert {"groundedness", "words", "cost_usd", "latency_seconds"} <= set(report["scores"])
    json.dumps(document, allow_nan=False)


def test_the_five_sandbox_models_come_out_as_they_behave(steady: Evaluation) -> None:
    scores = {row["model"]: row["scores"] for row in summary(run_to_the_end(steady))["reports"]}
    assert min(scores, key=lambda name: scores[name]["groundedness"]) == "inventor"
    assert min(scores, key=lambda name: scores[name]["format_compliance"]) == "freeform"
    assert min(scores, key=lambda name: scores[name]["context_utilization"]) == "brief"


def test_one_model_that_fails_leaves_the_others_and_a_partial_run(steady: Evaluation) -> None:
    steady.roster.filter(slug="brief").update(model_id="sandbox/nobody")
    run = run_to_the_end(steady)
    states = dict(Report.objects.values_list("entry__slug", "state"))
    assert (run.state, run.partial) == ("published", True)
    assert states == {"thorough": "succeeded", "brief": "failed", "freeform": "succeeded", "inventor": "succeeded"}
    brief = Report.objects.get(entry__slug="brief")
    assert (brief.error, brief.attempts.count()) == ("unknown_model", 0)


def test_without_a_single_report_the_run_fails_and_is_not_published(steady: Evaluation) -> None:
    steady.max_usd_per_run = Decimal("0.0001")
    steady.save()
    with pytest.raises(RunFailedError, match="None of 4 reports"):
        run_to_the_end(steady)
    run = Run.objects.get()
    assert (run.state, run.published_at) == ("failed", None)


def test_too_few_answered_queries_end_the_run_before_a_cent_is_spent(steady: Evaluation) -> None:
    steady.country = "XX"
    steady.save()
    with pytest.raises(RunFailedError, match="0 of 4 queries"):
        run_to_the_end(steady)
    assert Run.objects.get().state == "failed"
    assert not Attempt.objects.exists()
    assert not LockedContext.objects.exists()


@pytest.mark.parametrize(("failed", "goes_on"), [(1, True), (2, False)])
def test_eighty_percent_of_the_queries_are_enough(failed: int, goes_on: bool) -> None:
    answers = [QueryAnswer(state="answered", results=[{}]) for _ in range(5 - failed)]
    answers += [QueryAnswer(state="failed", failure="upstream") for _ in range(failed)]
    if goes_on:
        fetch.require_enough(answers)
    else:
        with pytest.raises(RunFailedError):
            fetch.require_enough(answers)


def test_answers_without_any_result_are_not_enough() -> None:
    with pytest.raises(RunFailedError, match="found nothing"):
        fetch.require_enough([QueryAnswer(state="answered", results=[])])


def test_a_resume_asks_only_the_queries_and_models_that_have_no_outcome(
    over_network: Evaluation, over_tcp: Sandbox
) -> None:
    hold = start(over_network)
    runs.fetch(hold, Worker())
    runs.lock(hold, Worker())
    locked = Run.objects.get().context
    Report.objects.filter(entry__slug="kimi").update(state="succeeded", text="Kept.")
    hold.release()
    runs.execute(runs.resume(Run.objects.get()))
    run = Run.objects.get()
    assert (run.state, run.context) == ("published", locked)
    assert sorted(body["model"] for body in over_tcp.requests()) == [
        "sandbox/freeform",
        "sandbox/inventor",
        "sandbox/thorough",
    ]
    assert Report.objects.get(entry__slug="kimi").text == "Kept."


def test_a_resume_reads_a_committed_answer_and_never_sends_an_unknown_one_again(
    over_network: Evaluation, over_tcp: Sandbox
) -> None:
    """A worker that was killed leaves an answer unread, and a request of which nobody knows the end."""
    hold = start(over_network)
    runs.fetch(hold, Worker())
    runs.lock(hold, Worker())
    body = json.dumps(
        {"choices": [{"finish_reason": "stop", "message": {"content": "Paid."}}], "usage": {"cost": 0.01}}
    ).encode()
    for slug, state, kept in (("kimi", "paid", body), ("qwen", "sent", None)):
        report = Report.objects.get(entry__slug=slug)
        Attempt.objects.create(
            report=report,
            number=1,
            state=state,
            body=kept,
            messages_sha256="x" * 64,
            day=timezone.now().date(),
            reserved_usd=Decimal("0.1"),
        )
        Report.objects.filter(pk=report.pk).update(state="answering")
    Budget.objects.create(run=hold.run, reserved_usd=Decimal("0.2"))
    Budget.objects.create(day=timezone.now().date(), reserved_usd=Decimal("0.2"))
    hold.release()
    runs.execute(runs.resume(Run.objects.get()))
    reports = {report.entry.slug: report for report in Report.objects.select_related("entry")}
    assert (reports["kimi"].state, reports["kimi"].text) == ("succeeded", "Paid.")
    assert (reports["qwen"].state, reports["qwen"].error) == ("unknown_outcome", "worker_stopped")
    assert sorted(body["model"] for body in over_tcp.requests()) == ["sandbox/inventor", "sandbox/thorough"]
    run = Run.objects.get()
    assert run.partial
    assert run.budget.reserved_usd == Decimal("0.1")


def test_a_published_run_is_not_resumed(steady: Evaluation) -> None:
    run = run_to_the_end(steady)
    with pytest.raises(RunRefusedError, match="published"):
        runs.resume(run)


def test_a_stop_before_the_models_pauses_the_run_and_keeps_the_material(steady: Evaluation) -> None:
    stop = runs.Stop()

    def stop_when_asking(news: News) -> None:
        if isinstance(news, StepNews) and news.step == "infer":
            stop.ask()

    hold = start(steady)
    with pytest.raises(RunPausedError, match="request"):
        runs.execute(hold, Worker(stop_when_asking, stop))
    run = Run.objects.get()
    assert (run.state, run.context is None) == ("paused", False)
    assert not Attempt.objects.exists()
    runs.execute(runs.resume(run))
    assert Run.objects.get().state == "published"


def test_a_second_start_while_a_run_is_live_is_refused(steady: Evaluation) -> None:
    start(steady)
    with pytest.raises(HeldElsewhereError, match="live"):
        start(steady)
    assert Run.objects.count() == 1


def test_the_database_refuses_a_second_live_run_even_when_nobody_looks(steady: Evaluation) -> None:
    live = start(steady).run
    with pytest.raises(HeldElsewhereError), transaction.atomic():
        start(steady)
    Run.objects.filter(pk=live.pk).update(state="published", published_at=timezone.now(), lease_expires_at=None)
    start(steady)


def test_a_run_whose_worker_died_is_paused_and_does_not_block_the_next(steady: Evaluation) -> None:
    dead = start(steady).run
    Run.objects.filter(pk=dead.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    start(steady)
    dead.refresh_from_db()
    assert dead.state == "paused"


def test_a_held_run_cannot_be_taken(steady: Evaluation) -> None:
    run = start(steady).run
    with pytest.raises(HeldElsewhereError, match="Another worker"):
        Hold.take(run)


def test_a_worker_that_lost_its_lease_cannot_write(steady: Evaluation) -> None:
    first = start(steady)
    Run.objects.filter(pk=first.run.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    second = Hold.take(Run.objects.get())
    with pytest.raises(LeaseLostError):
        first.move(Run.State.FAILED)
    second.move(Run.State.SCORING)
    assert Run.objects.get().state == "scoring"


def test_a_cancelled_run_takes_no_more_writes(steady: Evaluation) -> None:
    hold = start(steady)
    Run.objects.update(state="cancelled")
    with pytest.raises(LeaseLostError, match="cancelled"):
        runs.execute(hold)
    assert Run.objects.get().state == "cancelled"


def test_edits_while_a_run_is_under_way_do_not_touch_it(steady: Evaluation) -> None:
    hold = start(steady)
    prompt = hold.run.system_message
    ModelConfig.objects.filter(slug="brief").update(enabled=False, model_id="gone", name="Renamed")
    steady.queries.all().delete()
    steady.prompts.create(system_text="Another prompt.")
    runs.execute(hold)
    run = Run.objects.get()
    assert (run.state, run.partial, run.system_message) == ("published", False, prompt)
    assert run.entries.get(slug="brief").name == "Brief (sandbox)"
    assert run.answers.count() == 4


def test_a_call_over_the_ceiling_is_not_sent(steady: Evaluation) -> None:
    steady.roster.filter(slug="brief").update(usd_per_million_output=Decimal(10_000))
    run = run_to_the_end(steady)
    report = Report.objects.get(entry__slug="brief")
    assert (report.state, report.error, report.attempts.count()) == ("failed", "ceiling_of_call", 0)
    assert run.partial


@pytest.mark.parametrize("ceiling", ["max_usd_per_run", "max_usd_per_day"])
def test_the_ceilings_of_run_and_day_hold_and_what_fits_is_sent(steady: Evaluation, ceiling: str) -> None:
    steady.roster.update(usd_per_million_output=Decimal(180))
    setattr(steady, ceiling, Decimal(1))
    steady.save()
    run_to_the_end(steady)
    states = dict(Report.objects.values_list("entry__slug", "error"))
    assert states == {
        "thorough": "",
        "brief": "",
        "freeform": "ceiling_of_run_or_day",
        "inventor": "ceiling_of_run_or_day",
    }


def test_an_evaluation_with_review_waits_for_an_editor(steady: Evaluation) -> None:
    steady.review_before_publishing = True
    steady.save()
    run = run_to_the_end(steady)
    assert (run.state, run.published_at) == ("awaiting_review", None)
    assert not Run.objects.published().exists()


def test_scoring_again_with_the_same_scorers_changes_nothing(steady: Evaluation) -> None:
    run_to_the_end(steady)
    before = list(Score.objects.values_list("report", "metric", "value").order_by("pk"))
    run = Run.objects.select_related("evaluation", "context", "prompt").get()
    Run.objects.update(state="scoring")
    hold = Hold.take(run)
    runs.score(hold, Worker(), Scorer(hold))
    assert list(Score.objects.values_list("report", "metric", "value").order_by("pk")) == before


@pytest.mark.parametrize(
    ("models", "sentence"), [(["nobody"], "has no model nobody; it has: thorough"), (["brief"], None)]
)
def test_only_the_models_that_were_asked_for_take_part(
    steady: Evaluation, models: list[str], sentence: str | None
) -> None:
    if sentence:
        with pytest.raises(NotConfiguredError, match=sentence):
            start(steady, Order(models=models))
    else:
        assert [entry.slug for entry in start(steady, Order(models=models)).run.entries.all()] == models


def test_without_keys_a_real_run_names_the_missing_variables() -> None:
    with pytest.raises(NotConfiguredError, match=r"BRAVE_API_KEY, OPENROUTER_API_KEY.*--sandbox"):
        start(Evaluation.objects.get(slug="futbol-report"))
    assert not Run.objects.exists()


def test_no_key_reaches_the_database(over_network: Evaluation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "canary-models-key")
    monkeypatch.setenv("BRAVE_API_KEY", "canary-search-key")
    run = run_to_the_end(over_network)
    rows = [run.search_options, *run.entries.values(), *Attempt.objects.values(), *run.answers.values()]
    assert "canary" not in str(rows)


def test_where_no_model_can_be_asked_no_run_is_made(steady: Evaluation) -> None:
    steady.roster.update(model_id="sandbox/nobody")
    with pytest.raises(NotConfiguredError, match="unknown_model"):
        start(steady)
    assert not Run.objects.exists()


def test_a_bad_key_is_found_before_anything_is_searched_or_paid(
    over_network: Evaluation, over_tcp: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "bad-key")
    with pytest.raises(NotConfiguredError, match="bad_key"):
        start(over_network)
    assert over_tcp.requests() == []


def test_a_window_too_small_for_the_material_is_found_before_the_call(steady: Evaluation) -> None:
    hold = start(steady)
    hold.run.entries.filter(slug="brief").update(context_window=4_000)
    runs.execute(hold)
    report = Report.objects.get(entry__slug="brief")
    assert (report.state, report.error, report.attempts.count()) == ("failed", "window_too_small", 0)


def test_the_window_that_a_provider_lists_is_frozen_with_the_run(steady: Evaluation) -> None:
    assert all(window and window > 8_000 for window in windows_of(start(steady).run))


def windows_of(run: Run) -> list[int | None]:
    return list(run.entries.values_list("context_window", flat=True))


def test_a_replay_reads_the_same_bytes_with_another_prompt_and_other_models(over_network: Evaluation) -> None:
    first = run_to_the_end(over_network)
    steady_prompt = over_network.prompts.create(system_text="Another prompt.")
    again = run_to_the_end(over_network, Order(replay=first, models=["kimi"]))
    assert again.context == first.context
    assert (again.kind, again.replay_of, again.prompt) == ("replay", first, steady_prompt)
    assert (again.answers.count(), again.voting_opens_at) == (0, None)
    assert [entry.slug for entry in again.entries.all()] == ["kimi"]
    old = run_to_the_end(over_network, Order(replay=first, prompt_version=1))
    assert old.prompt_sha256 == first.prompt_sha256


def test_a_replay_of_purged_material_is_refused_with_the_date(steady: Evaluation) -> None:
    run = run_to_the_end(steady)
    LockedContext.objects.update(payload=b"", purged_at=datetime(2026, 11, 1, tzinfo=UTC))
    run.refresh_from_db()
    with pytest.raises(RunRefusedError, match="purged on 2026-11-01"):
        start(steady, Order(replay=run))


def test_repeats_give_samples_of_every_model(steady: Evaluation) -> None:
    run = run_to_the_end(steady, Order(models=["brief", "thorough"], samples=3))
    samples = [(row["model"], row["sample"], row["status"]) for row in summary(run)["reports"]]
    assert samples == [(slug, n, "succeeded") for slug in ("thorough", "brief") for n in (1, 2, 3)]


def test_a_lower_ceiling_for_one_run_holds_and_a_higher_one_does_not(steady: Evaluation) -> None:
    assert run_ceiling(steady, Order(max_usd=Decimal("0.5"))) == Decimal("0.5")
    assert run_ceiling(steady, Order(max_usd=Decimal(100))) == steady.max_usd_per_run


def test_a_call_that_could_outlast_its_worker_is_left_to_the_next_tick(steady: Evaluation) -> None:
    hold = start(steady)
    with pytest.raises(RunHandedOverError, match="next tick"):
        runs.execute(hold, Worker(seconds_left=lambda: 60.0))
    run = Run.objects.get()
    assert (run.state, run.lease_expires_at, Attempt.objects.count()) == ("inferring", None, 0)
    assert do_what_is_due(Worker())["continued"] == [run.pk]
    assert Run.objects.get().state == "published"


def unknown_attempt(run: Run, generation_id: str, hours_ago: float = 1) -> Report:
    """The report of a run whose answer was lost on the way, as the ledger leaves it."""
    report = Report.objects.get(entry__run=run, entry__slug="kimi")
    written = timezone.now() - timedelta(hours=hours_ago)
    attempt = report.attempts.get()
    Attempt.objects.filter(pk=attempt.pk).update(
        state="unknown", cost_usd=None, body=b"", generation_id=generation_id, written_at=written
    )
    Report.objects.filter(pk=report.pk).update(state="unknown_outcome", text="", cost_usd=None)
    Budget.objects.update(reserved_usd=attempt.reserved_usd, spent_usd=Decimal(0))
    return report


def test_an_unknown_outcome_is_looked_up_and_its_real_cost_booked(over_network: Evaluation, over_tcp: Sandbox) -> None:
    run = run_to_the_end(over_network)
    attempt = Attempt.objects.get(report__entry__slug="kimi")
    billed, sent = attempt.cost_usd, len(over_tcp.requests())
    report = unknown_attempt(run, attempt.generation_id)
    assert settle_books() == 1
    assert settle_books() == 0
    report.refresh_from_db()
    assert (report.state, report.error, report.cost_usd) == ("failed", "answer_lost", billed)
    assert [(b.spent_usd, b.reserved_usd) for b in Budget.objects.all()] == [(billed, Decimal(0))] * 2
    assert len(over_tcp.requests()) == sent


@pytest.mark.parametrize(("generation_id", "hours_ago"), [("gen-nobody", 1), ("", 1), (None, 25)])
def test_what_cannot_be_looked_up_stays_unknown_with_its_reservation(
    over_network: Evaluation, generation_id: str | None, hours_ago: float
) -> None:
    run = run_to_the_end(over_network)
    real = Attempt.objects.get(report__entry__slug="kimi").generation_id
    report = unknown_attempt(run, real if generation_id is None else generation_id, hours_ago)
    assert settle_books() == 0
    report.refresh_from_db()
    assert report.state == "unknown_outcome"
    assert all(budget.reserved_usd > 0 for budget in Budget.objects.all())
