"""The ledger: what is written before a request leaves and after its outcome is there, and the money behind it.

Three promises, each kept by the order of commits: a request leaves only after its attempt and its reservation
are committed; a finished answer is committed before it is parsed; the real cost replaces the reservation in the
transaction that reads the answer. An unknown outcome keeps its reservation.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Value
from django.utils import timezone

from evaluations.models import Attempt, Budget, Report, Run, RunEntry
from evaluations.money import UsdField

from .answers import read_answer
from .inference import Messages
from .journal import Entry, Heard, Intent, Permit, Refusal, Reply
from .leases import Hold
from .outcomes import Fate, Outcome
from .prices import ceiling, cost_of
from .progress import ReportNews, Watch


class Ledger:
    """The books of one run, kept by the worker that holds it."""

    def __init__(self, hold: Hold, messages: Messages, watch: Watch) -> None:
        self.hold = hold
        self.run = hold.run
        self.messages = messages
        self.watch = watch
        reports = Report.objects.filter(entry__run=self.run).select_related("entry")
        self.entries: dict[int, RunEntry] = {report.pk: report.entry for report in reports}
        self.reserved: dict[int, tuple[date, Decimal]] = {}

    def commit(self, entries: Sequence[Entry]) -> list[Reply]:
        """Commit a batch and answer each of its entries. Raises LeaseLostError and database errors."""
        intents = [entry for entry in entries if isinstance(entry, Intent)]
        outcomes = [entry for entry in entries if isinstance(entry, Outcome)]
        paid = [outcome for outcome in outcomes if outcome.fate is Fate.PAID]
        with self.hold.writing():
            replies = self._open(intents) if intents else {}
            for entry in entries:
                if isinstance(entry, Heard):
                    Attempt.objects.filter(pk=entry.attempt).update(generation_id=entry.generation_id)
            for outcome in outcomes:
                self._note(outcome)
            news = self._close_without_answer(outcome for outcome in outcomes if outcome.fate is not Fate.PAID)
        if paid:
            with self.hold.writing():
                news += self._read(paid)
        for intent in intents:
            news.append(self._news(intent.report, Report.State.ANSWERING))
        for item in news:
            self.watch(item)
        return [replies.get(entry.report) if isinstance(entry, Intent) else None for entry in entries]

    def recover(self) -> None:
        """Bring the books in order after a worker that stopped: read what was paid, mark what is unknown."""
        left = Attempt.objects.filter(report__entry__run=self.run, report__state=Report.State.ANSWERING)
        with self.hold.writing():
            sent = list(left.filter(state=Attempt.State.SENT))
            outcomes = [Outcome(a.report_id, a.pk, Fate.UNKNOWN, "worker_stopped") for a in sent]
            self._remember(sent)
            Attempt.objects.filter(pk__in=[a.pk for a in sent]).update(
                state=Attempt.State.UNKNOWN, error="worker_stopped", settled_at=timezone.now()
            )
            news = self._close_without_answer(outcomes)
        with self.hold.writing():
            paid = list(left.filter(state=Attempt.State.PAID))
            self._remember(paid)
            news += self._read(
                Outcome(a.report_id, a.pk, Fate.PAID, body=bytes(a.body or b""), latency=a.latency_seconds or 0.0)
                for a in paid
            )
        for item in news:
            self.watch(item)

    def _open(self, intents: Sequence[Intent]) -> dict[int, Permit | Refusal]:
        """Reserve the money and write the attempts; all together where it fits, one by one where not."""
        today = datetime.now(UTC).date()
        ceilings = {intent.report: self._ceiling(intent.report) for intent in intents}
        dear = {report for report, ceiling in ceilings.items() if ceiling > self.run.max_usd_per_call}
        affordable = [intent for intent in intents if intent.report not in dear]
        if not reserve(self.run, today, sum((ceilings[i.report] for i in affordable), Decimal(0))):
            affordable = [intent for intent in affordable if reserve(self.run, today, ceilings[intent.report])]
        attempts = Attempt.objects.bulk_create(
            Attempt(
                report_id=intent.report,
                number=intent.number,
                messages_sha256=self.messages.sha256,
                day=today,
                reserved_usd=ceilings[intent.report],
            )
            for intent in affordable
        )
        self._remember(attempts)
        Report.objects.filter(pk__in=[a.report_id for a in attempts]).update(state=Report.State.ANSWERING)
        permits: dict[int, Permit | Refusal] = {a.report_id: Permit(a.pk) for a in attempts}
        return permits | self._refuse({i.report for i in intents} - permits.keys(), dear)

    def _refuse(self, reports: set[int], dear: set[int]) -> dict[int, Permit | Refusal]:
        """Mark the reports that no money is left for."""
        refused: dict[int, Permit | Refusal] = {}
        for report in sorted(reports):
            error = "ceiling_of_call" if report in dear else "ceiling_of_run_or_day"
            detail = f"Asking may cost {self._ceiling(report):f} USD, over a ceiling; not sent."
            self._write_report(report, Report.State.FAILED, error=error, error_detail=detail)
            refused[report] = Refusal(error)
        return refused

    def _ceiling(self, report: int) -> Decimal:
        entry = self.entries[report]
        return ceiling(entry, entry.parameters, len(self.messages.serialised), self.run.max_usd_per_call)

    def _remember(self, attempts: Iterable[Attempt]) -> None:
        self.reserved |= {attempt.pk: (attempt.day, attempt.reserved_usd) for attempt in attempts}

    def _note(self, outcome: Outcome) -> None:
        """Keep what came of an attempt, unread."""
        Attempt.objects.filter(pk=outcome.attempt).update(
            state=outcome.fate.value,
            error=outcome.error,
            status_code=outcome.status,
            body=outcome.body,
            latency_seconds=outcome.latency,
            settled_at=timezone.now(),
        )

    def _close_without_answer(self, outcomes: Iterable[Outcome]) -> list[ReportNews]:
        """Release what was not spent; say of each report that ends here why it ends."""
        news = []
        for outcome in outcomes:
            if outcome.fate is not Fate.UNKNOWN:
                self._settle(outcome.attempt, Decimal(0))
            if outcome.final:
                unknown = outcome.fate is Fate.UNKNOWN
                state = Report.State.UNKNOWN_OUTCOME if unknown else Report.State.FAILED
                self._write_report(
                    outcome.report,
                    state,
                    error=outcome.error,
                    error_detail=outcome.detail,
                    latency_seconds=outcome.latency or None,
                )
                news.append(self._news(outcome.report, state, seconds=outcome.latency, error=outcome.error))
        return news

    def _read(self, outcomes: Iterable[Outcome]) -> list[ReportNews]:
        """Read committed answers, book their cost, and write their reports."""
        return [self._read_one(outcome) for outcome in outcomes]

    def _read_one(self, outcome: Outcome) -> ReportNews:
        entry = self.entries[outcome.report]
        answer = read_answer(outcome.body, entry.model_id)
        cost = cost_of(entry, answer)
        Attempt.objects.filter(pk=outcome.attempt).update(
            cost_usd=cost,
            error=answer.error,
            generation_id=outcome.generation_id or answer.generation_id,
            system_fingerprint=answer.system_fingerprint,
            native_finish_reason=answer.native_finish_reason,
        )
        if cost is not None:
            self._settle(outcome.attempt, cost)
        state = Report.State.FAILED if answer.error else Report.State.SUCCEEDED
        self._write_report(
            outcome.report,
            state,
            text=answer.text,
            error=answer.error,
            error_detail=answer.detail,
            flags=list(answer.flags),
            finish_reason=answer.finish_reason,
            served_model=answer.served_model,
            served_provider=answer.served_provider,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
            reasoning_tokens=answer.reasoning_tokens,
            cost_usd=cost,
            latency_seconds=outcome.latency,
            answered_at=timezone.now(),
        )
        return self._news(
            outcome.report,
            state,
            seconds=outcome.latency,
            output_tokens=answer.output_tokens,
            cost_usd=cost,
            error=answer.error,
        )

    def _settle(self, attempt: int, cost: Decimal) -> None:
        """Replace an attempt's reservation by its real cost."""
        day, reserved = self.reserved.pop(attempt)
        budgets_of(self.run, day).update(
            reserved_usd=F("reserved_usd") - usd(reserved), spent_usd=F("spent_usd") + usd(cost)
        )

    def _write_report(self, report: int, state: Report.State, **fields: Any) -> None:
        Report.objects.filter(pk=report).update(state=state, **fields)

    def _news(self, report: int, state: Report.State, **fields: Any) -> ReportNews:
        return ReportNews(report, self.entries[report].slug, str(state), **fields)


def usd(amount: Decimal) -> Value:
    """An amount for use in a database expression."""
    return Value(amount, output_field=UsdField())


def budgets_of(run: Run, day: date) -> Any:
    """The two rows that a call of `run` on `day` is booked on."""
    return Budget.objects.filter(Q(run=run) | Q(day=day, sandbox=run.evaluation.sandbox))


def reserve(run: Run, day: date, amount: Decimal) -> bool:
    """Reserve `amount` under the ceilings of run and day: one conditional UPDATE that must change both rows."""
    Budget.objects.get_or_create(run=run, defaults={"sandbox": run.evaluation.sandbox})
    Budget.objects.get_or_create(day=day, sandbox=run.evaluation.sandbox)
    left_of_run = usd(run.max_usd_per_run - amount)
    left_of_day = usd(run.max_usd_per_day - amount)
    with transaction.atomic():
        changed = (
            budgets_of(run, day)
            .alias(booked=F("reserved_usd") + F("spent_usd"))
            .filter(Q(run=run, booked__lte=left_of_run) | Q(run=None, booked__lte=left_of_day))
            .update(reserved_usd=F("reserved_usd") + usd(amount))
        )
        if changed != 2:
            transaction.set_rollback(True)
    return bool(changed == 2)
