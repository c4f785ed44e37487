"""The ledger: what is written before a request leaves and after its outcome is there, and the money behind it.

Three promises, each kept by the order of commits: a request leaves only after its attempt and its reservation are
committed; a finished answer is committed before it is parsed; the real cost replaces the reservation in the
transaction that reads the answer. An unknown outcome keeps its reservation.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone

from evaluations.models import Attempt, Budget, Report, Run
from evaluations.models.bulk import update_rows
from evaluations.money import UsdField

from .answers import read_answer
from .contexts import BYTES_PER_TOKEN
from .inference import Messages
from .journal import Entry, Heard, Intent, Permit, Refusal, Reply
from .leases import Hold
from .outcomes import Fate, Outcome
from .prices import ceiling, cost_of, too_small
from .progress import ReportNews, Watch

NOTED = ("state", "error", "status_code", "body", "latency_seconds", "settled_at")
READ = ("cost_usd", "error", "generation_id", "system_fingerprint", "native_finish_reason")
CLOSED = ("state", "error", "error_detail", "latency_seconds")
WRITTEN = (
    *CLOSED,
    "text",
    "flags",
    "finish_reason",
    "served_model",
    "served_provider",
    "input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cost_usd",
    "answered_at",
)


class Ledger:
    """The books of one run, kept by the worker that holds it."""

    def __init__(self, hold: Hold, messages: Messages, watch: Watch) -> None:
        self.hold = hold
        self.run = hold.run
        self.messages = messages
        self.watch = watch
        reports = Report.objects.filter(entry__run=self.run).select_related("entry").defer("text", "html")
        self.reports: dict[int, Report] = {report.pk: report for report in reports}
        self.attempts: dict[int, Attempt] = {}

    def commit(self, entries: Sequence[Entry]) -> list[Reply]:
        """Commit a batch and answer each of its entries. Raises LeaseLostError and database errors."""
        intents = [entry for entry in entries if isinstance(entry, Intent)]
        outcomes = [entry for entry in entries if isinstance(entry, Outcome)]
        paid = [outcome for outcome in outcomes if outcome.fate is Fate.PAID]
        with self.hold.writing():
            replies = self._open(intents) if intents else {}
            self._name([entry for entry in entries if isinstance(entry, Heard)])
            self._note(outcomes)
            closed = self._close([outcome for outcome in outcomes if outcome.fate is not Fate.PAID])
        if paid:
            with self.hold.writing():
                closed += self._read(paid)
        self._tell([self.reports[intent.report] for intent in intents] + closed)
        return [replies.get(entry.report) if isinstance(entry, Intent) else None for entry in entries]

    def recover(self) -> None:
        """Bring the books in order after a worker that stopped: read what was paid, mark what is unknown."""
        left = Attempt.objects.filter(report__entry__run=self.run, report__state=Report.State.ANSWERING)
        self.attempts |= {attempt.pk: attempt for attempt in left.filter(state__in=("sent", "paid"))}
        sent = [attempt for attempt in self.attempts.values() if attempt.state == Attempt.State.SENT]
        paid = [attempt for attempt in self.attempts.values() if attempt.state == Attempt.State.PAID]
        lost = [Outcome(attempt.report_id, attempt.pk, Fate.UNKNOWN, "worker_stopped") for attempt in sent]
        with self.hold.writing():
            self._note(lost)
            closed = self._close(lost)
        with self.hold.writing():
            closed += self._read([as_outcome(attempt) for attempt in paid])
        self._tell(closed)

    def close_too_small(self) -> None:
        """Close the open reports of models whose context window cannot hold the material; nothing is sent."""
        size = len(self.messages.serialised)
        ratio = self.run.search_options.get("bytes_per_token", BYTES_PER_TOKEN)
        closed = []
        for report in self.reports.values():
            entry = report.entry
            if report.state not in Report.SETTLED and too_small(entry.context_window, size, entry.parameters, ratio):
                report.state, report.error = Report.State.FAILED, "window_too_small"
                report.error_detail = f"Its window of {entry.context_window:,} tokens cannot hold the material."
                closed.append(report)
        with self.hold.writing():
            update_rows(closed, CLOSED)
        self._tell(closed)

    def _open(self, intents: Sequence[Intent]) -> dict[int, Permit | Refusal]:
        """Reserve the money and write the attempts; all together where it fits, one by one where not."""
        today = datetime.now(UTC).date()
        most = {intent.report: self._ceiling(intent.report) for intent in intents}
        affordable = [intent for intent in intents if most[intent.report] <= self.run.max_usd_per_call]
        if not reserve(self.run, today, sum((most[intent.report] for intent in affordable), Decimal(0))):
            affordable = [intent for intent in affordable if reserve(self.run, today, most[intent.report])]
        attempts = Attempt.objects.bulk_create(
            Attempt(
                report_id=intent.report,
                number=intent.number,
                messages_sha256=self.messages.sha256,
                day=today,
                reserved_usd=most[intent.report],
            )
            for intent in affordable
        )
        self.attempts |= {attempt.pk: attempt for attempt in attempts}
        permits: dict[int, Permit | Refusal] = {attempt.report_id: Permit(attempt.pk) for attempt in attempts}
        for report in permits:
            self.reports[report].state = Report.State.ANSWERING
        update_rows([self.reports[report] for report in permits], ["state"])
        return permits | self._refuse([intent.report for intent in intents if intent.report not in permits])

    def _refuse(self, reports: Iterable[int]) -> dict[int, Permit | Refusal]:
        """Close the reports that no money is left for."""
        refused = [self.reports[report] for report in reports]
        for report in refused:
            most = self._ceiling(report.pk)
            report.state = Report.State.FAILED
            report.error = "ceiling_of_call" if most > self.run.max_usd_per_call else "ceiling_of_run_or_day"
            report.error_detail = f"Asking may cost {most:.4f} USD, over a ceiling; nothing was sent."
        update_rows(refused, CLOSED)
        return {report.pk: Refusal(report.error) for report in refused}

    def _ceiling(self, report: int) -> Decimal:
        entry = self.reports[report].entry
        return ceiling(entry, entry.parameters, len(self.messages.serialised), self.run.max_usd_per_call)

    def _name(self, heard: Sequence[Heard]) -> None:
        """Keep generation ids as soon as the headers bring them."""
        for entry in heard:
            self.attempts[entry.attempt].generation_id = entry.generation_id
        update_rows([self.attempts[entry.attempt] for entry in heard], ["generation_id"])

    def _note(self, outcomes: Sequence[Outcome]) -> None:
        """Keep what came of each attempt, unread."""
        for outcome in outcomes:
            attempt = self.attempts[outcome.attempt]
            attempt.state = Attempt.State(outcome.fate)
            attempt.error = outcome.error
            attempt.status_code = outcome.status
            attempt.body = outcome.body
            attempt.latency_seconds = outcome.latency
            attempt.settled_at = timezone.now()
        update_rows([self.attempts[outcome.attempt] for outcome in outcomes], NOTED)

    def _close(self, outcomes: Sequence[Outcome]) -> list[Report]:
        """Release what was not spent; say of each report that ends without an answer why it does."""
        self._settle([outcome for outcome in outcomes if outcome.fate is not Fate.UNKNOWN])
        closed = []
        for outcome in outcomes:
            if outcome.final:
                report = self.reports[outcome.report]
                unknown = outcome.fate is Fate.UNKNOWN
                report.state = Report.State.UNKNOWN_OUTCOME if unknown else Report.State.FAILED
                report.error, report.error_detail = outcome.error, outcome.detail
                report.latency_seconds = outcome.latency or None
                closed.append(report)
        update_rows(closed, CLOSED)
        return closed

    def _read(self, outcomes: Sequence[Outcome]) -> list[Report]:
        """Read committed answers, book their cost, and write their reports."""
        for outcome in outcomes:
            self._read_one(self.reports[outcome.report], self.attempts[outcome.attempt], outcome)
        self._settle(outcomes)
        update_rows([self.attempts[outcome.attempt] for outcome in outcomes], READ)
        written = [self.reports[outcome.report] for outcome in outcomes]
        update_rows(written, WRITTEN)
        return written

    def _read_one(self, report: Report, attempt: Attempt, outcome: Outcome) -> None:
        answer = read_answer(outcome.body, report.entry.model_id)
        attempt.cost_usd = report.cost_usd = cost_of(report.entry, answer)
        attempt.error = answer.error
        attempt.generation_id = outcome.generation_id or answer.generation_id
        attempt.system_fingerprint = answer.system_fingerprint
        attempt.native_finish_reason = answer.native_finish_reason
        report.state = Report.State.FAILED if answer.error else Report.State.SUCCEEDED
        report.text, report.error, report.error_detail = answer.text, answer.error, answer.detail
        report.flags = list(answer.flags)
        report.finish_reason = answer.finish_reason
        report.served_model, report.served_provider = answer.served_model, answer.served_provider
        report.input_tokens, report.output_tokens = answer.input_tokens, answer.output_tokens
        report.reasoning_tokens = answer.reasoning_tokens
        report.latency_seconds = outcome.latency
        report.answered_at = timezone.now()

    def _settle(self, outcomes: Iterable[Outcome]) -> None:
        """Replace reservations by real costs; where the cost is not known, the reservation stays."""
        released: dict[date, Decimal] = defaultdict(Decimal)
        spent: dict[date, Decimal] = defaultdict(Decimal)
        for outcome in outcomes:
            attempt = self.attempts[outcome.attempt]
            if outcome.fate is not Fate.PAID or attempt.cost_usd is not None:
                released[attempt.day] += attempt.reserved_usd
                spent[attempt.day] += attempt.cost_usd or Decimal(0)
        for day in sorted(released):
            settle(self.run, day, released[day], spent[day])

    def _tell(self, reports: Iterable[Report]) -> None:
        for report in reports:
            self.watch(
                ReportNews(
                    report.pk,
                    report.entry.slug,
                    str(report.state),
                    report.latency_seconds,
                    report.output_tokens,
                    report.cost_usd,
                    report.error,
                )
            )


def as_outcome(attempt: Attempt) -> Outcome:
    """The outcome of a paid attempt whose answer was committed and not yet read."""
    body, latency = bytes(attempt.body or b""), attempt.latency_seconds or 0.0
    return Outcome(attempt.report_id, attempt.pk, Fate.PAID, body=body, latency=latency)


def usd(amount: Decimal) -> Value:
    """An amount for use in a database expression."""
    return Value(amount, output_field=UsdField())


def budgets_of(run: Run, day: date) -> QuerySet[Budget, Any]:
    """The two rows that a call of `run` on `day` is booked on."""
    return Budget.objects.filter(Q(run=run) | Q(day=day, sandbox=run.evaluation.sandbox))


def settle(run: Run, day: date, released: Decimal, spent: Decimal) -> None:
    """Replace what was reserved by what was spent, in the books of the run and of the day."""
    budgets_of(run, day).update(reserved_usd=F("reserved_usd") - usd(released), spent_usd=F("spent_usd") + usd(spent))


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
    return changed == 2
