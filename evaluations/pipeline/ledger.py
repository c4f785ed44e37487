"""The ledger: what is written before a request leaves and after its outcome is there, and the money behind it.

Three promises, each kept by the order of commits: a request leaves only after its attempt and its reservation are
committed; a finished answer is committed before it is parsed; the real cost replaces the reservation in the
transaction that reads the answer. An unknown outcome keeps its reservation.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone

from evaluations.contexts import BYTES_PER_TOKEN
from evaluations.errors import LeaseLostError
from evaluations.models import Attempt, Budget, Report, Run
from evaluations.models.bulk import update_rows
from evaluations.models.money import UsdField
from evaluations.providers.batch import Messages
from evaluations.providers.completions import read_answer
from evaluations.providers.journal import Entry, Heard, Intent, Permit, Refusal, Reply
from evaluations.providers.outcomes import Fate, Outcome
from evaluations.providers.prices import ceiling, cost_of, too_small

from .lease import Hold, patiently
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
    """The books of one run, kept by the worker that holds it. `ordered_by`: who ordered a retry, if anybody."""

    def __init__(self, hold: Hold, messages: Messages, watch: Watch, ordered_by: Any = None) -> None:
        self.hold = hold
        self.run = hold.run
        self.messages = messages
        self.watch = watch
        self.ordered_by = ordered_by
        reports = Report.objects.filter(entry__run=self.run).select_related("entry").defer("text", "html")
        self.reports: dict[int, Report] = {report.pk: report for report in reports}
        self.attempts: dict[int, Attempt] = {}

    def commit(self, entries: Sequence[Entry]) -> list[Reply]:
        """Commit a batch and answer each of its entries; wait for a database that is away.

        Raises LeaseLostError, and database errors that last.
        """
        intents = [entry for entry in entries if isinstance(entry, Intent)]
        heard = [entry for entry in entries if isinstance(entry, Heard)]
        outcomes = [entry for entry in entries if isinstance(entry, Outcome)]
        try:
            replies, closed = patiently(lambda again: self._write_down(intents, heard, outcomes, again))
            closed += self._read_paid(outcomes)
        except LeaseLostError:
            self._book_although_cancelled(outcomes)
            raise
        self._tell([self.reports[intent.report] for intent in intents] + closed)
        return [replies.get(entry.report) if isinstance(entry, Intent) else None for entry in entries]

    def recover(self) -> None:
        """Bring the books in order after a worker that stopped: read what was paid, mark what is unknown."""
        unsettled = Attempt.objects.filter(report__entry__run=self.run).exclude(report__state__in=Report.SETTLED)
        left = list(unsettled.filter(state__in=(Attempt.State.SENT, Attempt.State.PAID)))
        self.attempts |= {attempt.pk: attempt for attempt in left}
        outcomes = [as_outcome(attempt) for attempt in left]
        lost = [outcome for outcome in outcomes if outcome.fate is Fate.UNKNOWN]
        _, closed = patiently(lambda again: self._write_down([], [], lost, again))
        self._tell(closed + self._read_paid(outcomes))

    def _write_down(
        self, intents: Sequence[Intent], heard: Sequence[Heard], outcomes: Sequence[Outcome], again: bool
    ) -> tuple[dict[int, Permit | Refusal], list[Report]]:
        """The first of two transactions: whatever came, unread. `again`: it may have been committed already."""
        with self.hold.writing():
            there = self._opened_before(intents) if again else {}
            if again:
                outcomes = self._not_noted(outcomes)
            left = [intent for intent in intents if intent.report not in there]
            replies = there | (self._open(left) if left else {})
            self._name(heard)
            self._note(outcomes)
            return replies, self._close([outcome for outcome in outcomes if outcome.fate is not Fate.PAID])

    def _read_paid(self, outcomes: Iterable[Outcome]) -> list[Report]:
        """The second transaction: what was paid, read and booked."""
        paid = [outcome for outcome in outcomes if outcome.fate is Fate.PAID]

        def read(again: bool) -> list[Report]:
            with self.hold.writing():
                return self._read(self._not_read(paid) if again else paid)

        return patiently(read) if paid else []

    def _book_although_cancelled(self, outcomes: Sequence[Outcome]) -> None:
        """Keep what arrived for a run that was cancelled meanwhile, and say of the rest that nobody knows.

        The money is spent whatever became of the run. A worker that lost the run to another writes nothing.
        """
        with suppress(LeaseLostError), self.hold.writing(even_cancelled=True):
            unsettled = Attempt.objects.filter(report__entry__run=self.run, state=Attempt.State.SENT)
            arrived = [outcome for outcome in outcomes if unsettled.filter(pk=outcome.attempt).exists()]
            known = {outcome.attempt for outcome in arrived}
            rest = [attempt for attempt in unsettled if attempt.pk not in known]
            self.attempts |= {attempt.pk: attempt for attempt in rest}
            arrived += [as_outcome(attempt) for attempt in rest]
            self._note(arrived)
            self._close([outcome for outcome in arrived if outcome.fate is not Fate.PAID])
            self._read([outcome for outcome in arrived if outcome.fate is Fate.PAID])

    def _opened_before(self, intents: Sequence[Intent]) -> dict[int, Permit | Refusal]:
        """Attempts that a commit of unknown end has written after all; each with its reservation."""
        wanted = {(intent.report, intent.number) for intent in intents}
        sent = Attempt.objects.filter(report__in=[intent.report for intent in intents], state=Attempt.State.SENT)
        found = [attempt for attempt in sent if (attempt.report_id, attempt.number) in wanted]
        self.attempts |= {attempt.pk: attempt for attempt in found}
        return {attempt.report_id: Permit(attempt.pk) for attempt in found}

    def _not_noted(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Outcomes that no commit of unknown end has written."""
        noted = Attempt.objects.filter(pk__in=[o.attempt for o in outcomes]).exclude(state=Attempt.State.SENT)
        done = set(noted.values_list("pk", flat=True))
        return [outcome for outcome in outcomes if outcome.attempt not in done]

    def _not_read(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Paid outcomes whose reports no commit of unknown end has written."""
        written = Report.objects.filter(pk__in=[o.report for o in outcomes], state__in=Report.SETTLED)
        done = set(written.values_list("pk", flat=True))
        return [outcome for outcome in outcomes if outcome.report not in done]

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
        if closed:
            self.hold.write(lambda: update_rows(closed, CLOSED))
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
                ordered_by=self.ordered_by,
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
    """What became of an attempt whose worker stopped: its committed answer, or nobody knows what."""
    if attempt.state == Attempt.State.SENT:
        return Outcome(attempt.report_id, attempt.pk, Fate.UNKNOWN, "worker_stopped")
    return Outcome(
        attempt.report_id,
        attempt.pk,
        Fate.PAID,
        body=bytes(attempt.body or b""),
        generation_id=attempt.generation_id,
        latency=attempt.latency_seconds or 0.0,
    )


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
