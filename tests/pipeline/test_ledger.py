"""What the ledger commits, field by field and in which order: each small change of it must be seen here."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.errors import LeaseLostError
from evaluations.models import Attempt, Budget, Evaluation, Report, Run
from evaluations.pipeline import ledger as room
from evaluations.pipeline.budgets import Ceiling, ceilings_of, holders, why_refused
from evaluations.pipeline.ledger import Ledger
from evaluations.pipeline.start import start
from evaluations.pipeline.worker import ReportNews
from evaluations.providers.batch import Messages
from evaluations.providers.journal import Beat, Entry, HeadersArrived, Intent, Permit, Refusal
from evaluations.providers.outcomes import Outcome
from evaluations.wire.failures import Code, Fate
from tests.factories import make_run

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]

BODY = json.dumps(
    {
        "id": "gen-body",
        "model": "sandbox/brief",
        "provider": "Somewhere",
        "system_fingerprint": "fp_1",
        "choices": [
            {"finish_reason": "stop", "native_finish_reason": "end_turn", "message": {"content": "Rovers won 2-1."}}
        ],
        "usage": {
            "prompt_tokens": 900,
            "completion_tokens": 40,
            "cost": 0.0125,
            "completion_tokens_details": {"reasoning_tokens": 7},
        },
    }
).encode()


class Desk:
    """A ledger over one model's report, what it tells, and the rows behind it."""

    def __init__(self, evaluation: Evaluation, **told: Any) -> None:
        self.hold = start(evaluation)
        self.news: list[ReportNews] = []
        self.ledger = self.another(**told)
        self.report = Report.objects.get()

    def another(self, **told: Any) -> Ledger:
        """What the next worker makes."""
        return Ledger(self.hold, Messages("System.", "Material."), self.news.append, **told)

    def commit(self, *entries: Entry) -> list[Any]:
        return self.ledger.commit(entries)

    def ask(self, number: int = 1) -> int:
        """An attempt, written."""
        (permit,) = self.commit(Intent(self.report.pk, number))
        assert isinstance(permit, Permit)
        return permit.attempt

    def outcome(self, attempt: int, fate: Fate, error: str = "", **more: Any) -> Outcome:
        return Outcome(self.report.pk, attempt, fate, error, **more)

    @property
    def attempt(self) -> Attempt:
        return Attempt.objects.latest("number")

    @property
    def stored(self) -> Report:
        return Report.objects.get()

    @property
    def money(self) -> set[tuple[Decimal, Decimal]]:
        """Reserved and spent, in the budgets of run and day alike."""
        return {(budget.reserved_usd, budget.spent_usd) for budget in Budget.objects.all()}


@pytest.fixture
def evaluation() -> Evaluation:
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug="brief").delete()
    return evaluation


@pytest.fixture
def desk(evaluation: Evaluation) -> Desk:
    return Desk(evaluation)


def test_a_request_is_written_with_its_reservation_before_it_may_leave(desk: Desk, django_user_model: Any) -> None:
    worst = desk.ledger.books.worst_cost(desk.report.pk)
    asked = desk.ask()
    attempt = desk.attempt
    assert (attempt.pk, attempt.number, attempt.state, attempt.ordered_by) == (asked, 1, "sent", None)
    assert (attempt.messages_sha256, attempt.reserved_usd) == (Messages("System.", "Material.").sha256, worst)
    assert desk.money == {(worst, Decimal(0))}
    assert desk.stored.state == "answering"
    assert [news.state for news in desk.news] == ["answering"]


def test_a_retry_keeps_who_ordered_it(evaluation: Evaluation, django_user_model: Any) -> None:
    editor = django_user_model.objects.create_user("editor")
    desk = Desk(evaluation, ordered_by=editor)
    desk.ask()
    assert desk.attempt.ordered_by == editor


def test_a_generation_id_is_kept_as_soon_as_the_headers_bring_it(desk: Desk) -> None:
    asked = desk.ask()
    assert desk.commit(HeadersArrived(asked, "gen-header")) == [None]
    assert (desk.attempt.generation_id, desk.attempt.state) == ("gen-header", "sent")


def test_an_answer_is_committed_before_it_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever reading does, the body and what was noted of it are there."""
    asked = desk.ask()

    def unreadable(*_: Any) -> None:
        attempt = Attempt.objects.get(pk=asked)
        assert (attempt.state, bytes(attempt.body or b""), attempt.status_code) == ("paid", BODY, 200)
        assert (attempt.latency_seconds, attempt.settled_at is None, attempt.cost_usd) == (1.5, False, None)
        raise ZeroDivisionError

    monkeypatch.setattr(room, "read_into", unreadable)
    with pytest.raises(ZeroDivisionError):
        desk.commit(desk.outcome(asked, Fate.PAID, body=BODY, status=200, latency=1.5))
    assert (desk.attempt.state, desk.stored.state) == ("paid", "answering")


def test_a_paid_answer_is_read_booked_and_told(desk: Desk) -> None:
    asked = desk.ask()
    desk.commit(desk.outcome(asked, Fate.PAID, body=BODY, status=200, latency=1.5))
    attempt, report = desk.attempt, desk.stored
    assert (attempt.state, attempt.error, attempt.cost_usd) == ("paid", "", Decimal("0.0125"))
    assert (attempt.generation_id, attempt.system_fingerprint) == ("gen-body", "fp_1")
    assert (attempt.native_finish_reason, attempt.latency_seconds) == ("end_turn", 1.5)
    assert (report.state, report.text, report.error) == ("succeeded", "Rovers won 2-1.", "")
    assert (report.served_model, report.served_provider, report.finish_reason) == ("sandbox/brief", "Somewhere", "stop")
    assert (report.input_tokens, report.output_tokens, report.reasoning_tokens) == (900, 40, 7)
    assert (report.cost_usd, report.latency_seconds, report.answered_at is None) == (Decimal("0.0125"), 1.5, False)
    assert desk.money == {(Decimal(0), Decimal("0.0125"))}
    assert desk.news[-1] == ReportNews(report.pk, "brief", "succeeded", 1.5, 40, Decimal("0.0125"), "")


def test_a_paid_answer_without_a_report_says_so_in_both_rows(desk: Desk) -> None:
    asked = desk.ask()
    desk.commit(desk.outcome(asked, Fate.PAID, body=BODY.replace(b"Rovers won 2-1.", b""), status=200))
    assert (desk.attempt.state, desk.attempt.error, desk.attempt.cost_usd) == ("paid", "empty", Decimal("0.0125"))
    assert (desk.stored.state, desk.stored.error) == ("failed", "empty")


def test_the_id_of_the_headers_is_worth_more_than_that_of_the_body(desk: Desk) -> None:
    asked = desk.ask()
    desk.commit(desk.outcome(asked, Fate.PAID, body=BODY, generation_id="gen-header"))
    assert desk.attempt.generation_id == "gen-header"


def test_an_answer_without_a_price_keeps_its_reservation(desk: Desk) -> None:
    desk.report.entry.__class__.objects.update(usd_per_million_input=None, usd_per_million_output=None)
    desk.ledger = desk.another()
    asked = desk.ask()
    held = desk.attempt.reserved_usd
    document = {key: value for key, value in json.loads(BODY).items() if key != "usage"}
    desk.commit(desk.outcome(asked, Fate.PAID, body=json.dumps(document).encode()))
    assert (desk.stored.state, desk.stored.cost_usd, desk.money) == ("succeeded", None, {(held, Decimal(0))})


@pytest.mark.parametrize(
    ("fate", "error", "final", "state", "held"),
    [
        (Fate.UNSENT, "connect", True, "failed", False),
        (Fate.UNPAID, "rate_limited", True, "failed", False),
        (Fate.UNPAID, "rate_limited", False, "answering", False),
        (Fate.UNKNOWN, "deadline", True, "unknown_outcome", True),
    ],
)
def test_what_was_not_paid_releases_its_money_and_an_unknown_keeps_it(
    fate: Fate, error: str, final: bool, state: str, held: bool, desk: Desk
) -> None:
    asked = desk.ask()
    reserved = desk.attempt.reserved_usd
    desk.commit(desk.outcome(asked, fate, error, detail="Why.", status=429, latency=0.5, final=final))
    attempt, report = desk.attempt, desk.stored
    assert (attempt.state, attempt.error, attempt.status_code, attempt.latency_seconds) == (fate, error, 429, 0.5)
    assert attempt.settled_at is not None
    assert desk.money == {(reserved if held else Decimal(0), Decimal(0))}
    assert (report.state, report.error, report.error_detail, report.latency_seconds) == (
        (state, error, "Why.", 0.5) if final else ("answering", "", "", None)
    )
    assert [news.state for news in desk.news] == (["answering", state] if final else ["answering"])


def test_a_call_over_a_ceiling_gets_no_attempt(desk: Desk) -> None:
    Run.objects.update(max_usd_per_run=Decimal("0.000001"))
    desk.hold.run.refresh_from_db()
    desk.ledger = desk.another()
    (refusal,) = desk.commit(Intent(desk.report.pk, 1))
    assert refusal == Refusal(Code.CEILING_OF_RUN_OR_DAY)
    assert (Attempt.objects.count(), desk.stored.state, desk.stored.error) == (0, "failed", "ceiling_of_run_or_day")
    assert desk.money == {(Decimal(0), Decimal(0))}
    assert desk.news[-1].state == "failed"


def test_a_call_over_its_own_ceiling_gets_no_attempt_however_much_is_left_for_the_run(desk: Desk) -> None:
    entries = desk.report.entry.__class__.objects
    entries.update(usd_per_million_input=Decimal(1_000_000), usd_per_million_output=Decimal(1))
    Run.objects.update(max_usd_per_run=Decimal(10**6), max_usd_per_day=Decimal(10**6))
    desk.hold.run.refresh_from_db()
    desk.ledger = desk.another()
    assert desk.commit(Intent(desk.report.pk, 1)) == [Refusal(Code.CEILING_OF_CALL)]
    assert (Attempt.objects.count(), desk.money) == (0, {(Decimal(0), Decimal(0))})
    entries.update(usd_per_million_input=Decimal(1))
    desk.ledger = desk.another()
    assert desk.ask()  # the control


def test_a_worker_that_stopped_leaves_an_unknown_or_an_answer_that_is_read_now(desk: Desk) -> None:
    desk.ask()
    desk.another().recover()
    assert (desk.attempt.state, desk.attempt.error) == ("unknown", "worker_stopped")
    assert (desk.stored.state, desk.news[-1].state) == ("unknown_outcome", "unknown_outcome")
    Report.objects.update(state="answering")
    Attempt.objects.update(state="paid", body=BODY, generation_id="gen-header", latency_seconds=2.5)
    desk.another().recover()
    assert (desk.stored.state, desk.stored.text, desk.stored.latency_seconds) == ("succeeded", "Rovers won 2-1.", 2.5)
    assert (desk.attempt.generation_id, desk.news[-1].state) == ("gen-header", "succeeded")


def test_what_arrived_for_a_cancelled_run_is_booked_and_nothing_else_is_written(desk: Desk) -> None:
    asked = desk.ask()
    Run.objects.update(state="cancelled")
    with pytest.raises(LeaseLostError):
        desk.commit(desk.outcome(asked, Fate.PAID, body=BODY, status=200, latency=1.5))
    assert (desk.attempt.state, desk.attempt.cost_usd) == ("paid", Decimal("0.0125"))
    assert desk.money == {(Decimal(0), Decimal("0.0125"))}


def test_what_is_unknown_of_a_cancelled_run_stays_unknown_and_keeps_its_money(desk: Desk) -> None:
    asked = desk.ask()
    reserved = desk.attempt.reserved_usd
    Run.objects.update(state="cancelled")
    with pytest.raises(LeaseLostError):
        desk.commit(desk.outcome(asked, Fate.UNKNOWN, "deadline"))
    assert (desk.attempt.state, desk.attempt.error) == ("unknown", "deadline")
    assert (desk.stored.state, desk.stored.error, desk.stored.answered_at) == ("unknown_outcome", "deadline", None)
    assert desk.money == {(reserved, Decimal(0))}


def test_a_worker_that_lost_its_run_to_another_writes_nothing(desk: Desk) -> None:
    asked = desk.ask()
    reserved = desk.attempt.reserved_usd
    Run.objects.update(lease_token=99)
    with pytest.raises(LeaseLostError):
        desk.commit(desk.outcome(asked, Fate.PAID, body=BODY))
    assert (desk.attempt.state, desk.stored.state, desk.money) == ("sent", "answering", {(reserved, Decimal(0))})


@pytest.mark.parametrize("end", ["committed", "not committed"])
def test_a_commit_of_unknown_end_is_looked_for_before_it_is_repeated(
    end: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks after COMMIT, or before it: repeated, it is written and booked once."""

    def repeated(write: Any) -> Any:
        if end == "committed":
            write(False)
            desk.ledger.books.attempts.clear()
        return write(True)

    monkeypatch.setattr(room, "patiently", repeated)
    asked = desk.ask()
    reserved = desk.attempt.reserved_usd
    assert (Attempt.objects.count(), desk.money) == (1, {(reserved, Decimal(0))})
    if end == "committed":
        monkeypatch.setattr(room, "patiently", lambda write: [write(False), write(True)][0])
    desk.commit(desk.outcome(asked, Fate.PAID, body=BODY, latency=1.5))
    assert (desk.attempt.state, desk.stored.state) == ("paid", "succeeded")
    assert desk.money == {(Decimal(0), Decimal("0.0125"))}
    desk.commit(desk.outcome(desk.ask(2), Fate.UNPAID, "rate_limited", final=False))
    assert desk.money == {(Decimal(0), Decimal("0.0125"))}


def test_a_permit_for_another_try_is_no_permit_for_this_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the connection broke and the commit is repeated, an earlier try may still be under way."""
    first = desk.ask()
    monkeypatch.setattr(room, "patiently", lambda write: write(True))
    (permit,) = desk.commit(Intent(desk.report.pk, 2))
    assert isinstance(permit, Permit)
    assert permit.attempt != first
    assert list(Attempt.objects.order_by("number").values_list("number", "state")) == [(1, "sent"), (2, "sent")]


def test_a_recovery_leaves_the_requests_of_other_runs_alone(desk: Desk) -> None:
    desk.ask()
    other = make_run(models=("brief",), states=("answering",))
    Attempt.objects.create(
        report=Report.objects.get(entry__run=other), number=1, day=timezone.now().date(), reserved_usd=1
    )
    desk.another().recover()
    assert dict(Attempt.objects.values_list("report__entry__run", "state")) == {
        desk.hold.run.pk: "unknown",
        other.pk: "sent",
    }


class TestBudgets:
    def test_invented_money_has_budgets_of_its_own(self, desk: Desk) -> None:
        desk.ask()
        assert set(Budget.objects.values_list("sandbox", flat=True)) == {True}

    def test_a_call_is_booked_on_its_own_run_and_day_alone(self, desk: Desk) -> None:
        """Beside it, of real money today, and of invented money yesterday."""
        today = timezone.now().date()
        rows = ((today, False), (today - timedelta(1), True))
        others = [Budget.objects.create(day=day, sandbox=sandbox) for day, sandbox in rows]
        desk.commit(desk.outcome(desk.ask(), Fate.PAID, body=BODY, status=200))
        for other in others:
            other.refresh_from_db()
            assert (other.reserved_usd, other.spent_usd) == (0, 0)
        of_run, of_day = ceilings_of(desk.hold.run, today)
        assert (of_run.booked, of_day.booked) == (Decimal("0.0125"), Decimal("0.0125"))

    def test_a_call_whose_cost_is_known_holds_nothing(self, desk: Desk) -> None:
        asked = desk.ask()
        assert "brief: 1" in holders(Attempt.objects.all())  # the control
        desk.commit(desk.outcome(asked, Fate.PAID, body=BODY, status=200))
        assert desk.attempt.reserved_usd > 0, "what was reserved stays told"
        assert holders(Attempt.objects.all()) == ""

    def test_an_amount_that_just_fits_is_not_over_a_ceiling(self, desk: Desk) -> None:
        run, ceilings = desk.hold.run, [Ceiling(Decimal(1), Decimal("0.6"), "over it.")]
        run.max_usd_per_call = Decimal(1)
        assert "over it" not in why_refused(run, ceilings, Decimal("0.4"))
        assert "nothing was sent: over it." in why_refused(run, ceilings, Decimal("0.5"))
        assert "1 USD per call" not in why_refused(run, ceilings, Decimal(1))
        assert "1 USD per call" in why_refused(run, ceilings, Decimal("1.1"))

    @pytest.mark.parametrize(("calls", "more"), [(5, False), (6, True)])
    def test_of_the_calls_that_hold_money_the_first_five_are_named(self, calls: int, more: bool) -> None:
        run = make_run(models=[f"model-{number}" for number in range(calls)])
        for report in Report.objects.filter(entry__run=run):
            Attempt.objects.create(report=report, number=1, day=timezone.now().date(), reserved_usd=1, state="unknown")
        words = holders(Attempt.objects.all())
        assert (words.count("model-"), "more" in words.split("a model with")[0]) == (5, more)

    def test_a_ceiling_names_what_holds_money_of_its_own_run_and_its_own_day(self, desk: Desk) -> None:
        desk.ask()
        today = desk.attempt.day
        other = make_run(desk.hold.run.evaluation, models=("brief",), states=("answering",))
        for number, day in enumerate((today, today - timedelta(days=1), today - timedelta(days=1)), 1):
            report = Report.objects.get(entry__run=other)
            Attempt.objects.create(report=report, number=number, day=day, reserved_usd=1, state="unknown")
        of_run, of_day = ceilings_of(desk.hold.run, today)
        assert [words.count("brief: 1") for words in (of_run.words, of_day.words)] == [1, 2]
        assert f"run {other.pk}" not in of_run.words

    def test_where_nothing_is_held_nothing_is_named(self, desk: Desk) -> None:
        assert holders(Attempt.objects.all()) == ""


def test_a_wave_is_one_transaction_and_a_beat_keeps_the_lease(desk: Desk) -> None:
    before = Run.objects.values_list("lease_expires_at", flat=True).get()
    with CaptureQueriesContext(connection) as asked:
        assert desk.commit(Beat()) == [None]
    assert Run.objects.values_list("lease_expires_at", flat=True).get() > before
    assert sum("RELEASE" in query["sql"] or "COMMIT" in query["sql"] for query in asked) == 1


def test_a_window_that_cannot_hold_the_material_closes_its_report_unsent(desk: Desk) -> None:
    desk.report.entry.__class__.objects.update(context_window=10)
    desk.ledger = desk.another()
    desk.ledger.close_too_small()
    assert (desk.stored.state, desk.stored.error) == ("failed", "window_too_small")
    assert "10 tokens" in desk.stored.error_detail
    assert [news.error for news in desk.news] == ["window_too_small"]
