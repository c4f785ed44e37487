"""The ledger: what is written before a request leaves and after its outcome is there, and the money behind it.

Three promises, each kept by the order of commits: a request leaves only after its attempt and its reservation are
committed; a finished answer is committed before it is parsed; the real cost replaces the reservation in the
transaction that reads the answer. An unknown outcome keeps its reservation.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from evaluations.contexts import BYTES_PER_TOKEN
from evaluations.errors import LeaseLostError
from evaluations.models import Attempt, Report
from evaluations.models.bulk import update_rows
from evaluations.providers.batch import Messages
from evaluations.providers.completions import read_completion
from evaluations.providers.journal import Entry, HeadersArrived, Intent, Permit, Refusal, Reply
from evaluations.providers.outcomes import Outcome
from evaluations.providers.prices import cost_of, exceeds_window, worst_case
from evaluations.providers.registry import provider_of
from evaluations.wire.failures import Code, Fate

from .budgets import ceilings_of, reserve, settle, why_refused
from .lease import Hold, patiently
from .worker import ReportNews, Watch

ATTEMPT_OUTCOME = ("state", "error", "status_code", "body", "latency_seconds", "settled_at")
ATTEMPT_ANSWER = ("cost_usd", "error", "generation_id", "system_fingerprint", "native_finish_reason")
REPORT_OUTCOME = ("state", "error", "error_detail", "latency_seconds")
REPORT_ANSWER = (
    *REPORT_OUTCOME,
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

type Permission = Permit | Refusal


class Ledger:
    """The books of one run, or of a share of it, kept by the worker that holds it.

    `ordered_by`: who ordered a retry, if anybody. `arrived` gets what each commit has closed, which may be nothing.
    """

    def __init__(
        self,
        hold: Hold,
        messages: Messages,
        watch: Watch,
        ordered_by: Any = None,
        arrived: Callable[[Sequence[Report]], None] = lambda _reports: None,
    ) -> None:
        self.hold = hold
        self.watch = watch
        self.arrived = arrived
        self.books = Bookkeeping(hold, messages, ordered_by)

    def commit(self, entries: Sequence[Entry]) -> list[Reply]:
        """Commit a batch and answer each of its entries; wait for a database that is away.

        Raises LeaseLostError, and database errors that last.
        """
        intents = [entry for entry in entries if isinstance(entry, Intent)]
        heard = [entry for entry in entries if isinstance(entry, HeadersArrived)]
        outcomes = [entry for entry in entries if isinstance(entry, Outcome)]
        try:
            replies, closed = patiently(lambda again: self._write_down(intents, heard, outcomes, again))
            closed += self._read_paid(outcomes)
        except LeaseLostError:
            self._book_although_cancelled(outcomes)
            raise
        self.arrived(closed)
        self._tell([self.books.reports[intent.report] for intent in intents] + closed)
        return [replies.get(entry.report) if isinstance(entry, Intent) else None for entry in entries]

    def recover(self) -> None:
        """Bring the books in order after a worker that stopped: read what was paid, mark what is unknown."""
        unsettled = Attempt.objects.filter(report__in=self.hold.reports().exclude(state__in=Report.SETTLED))
        left = list(unsettled.filter(state__in=(Attempt.State.SENT, Attempt.State.PAID)))
        self.books.add(left)
        outcomes = [outcome_left_by(attempt) for attempt in left]
        lost = [outcome for outcome in outcomes if outcome.fate is Fate.UNKNOWN]
        _, closed = patiently(lambda again: self._write_down([], [], lost, again))
        self._tell(closed + self._read_paid(outcomes))

    def close_too_small(self) -> None:
        """Close the open reports of models whose context window cannot hold the material; nothing is sent."""
        if closed := self.books.too_small():
            self.hold.write(lambda: update_rows(closed, REPORT_OUTCOME))
            self._tell(closed)

    def _write_down(
        self, intents: Sequence[Intent], heard: Sequence[HeadersArrived], outcomes: Sequence[Outcome], again: bool
    ) -> tuple[dict[int, Permission], list[Report]]:
        """The first of two transactions: whatever came, unread. `again`: it may have been committed already."""
        with self.hold.transaction():
            replies = self._permits_before(intents) if again else {}
            if again:
                outcomes = without_noted(outcomes)
            if left := [intent for intent in intents if intent.report not in replies]:
                replies |= self.books.open(left)
            self.books.name(heard)
            self.books.note(outcomes)
            return replies, self.books.close(outcomes)

    def _read_paid(self, outcomes: Iterable[Outcome]) -> list[Report]:
        """The second transaction: what was paid, read and booked."""
        paid = [outcome for outcome in outcomes if outcome.fate is Fate.PAID]

        def read(again: bool) -> list[Report]:
            with self.hold.transaction():
                return self.books.read(without_read(paid) if again else paid)

        return patiently(read) if paid else []

    def _book_although_cancelled(self, outcomes: Sequence[Outcome]) -> None:
        """Keep what arrived for a run that was cancelled meanwhile, and say of the rest that nobody knows.

        The money is spent whatever became of the run. A worker that lost the run to another writes nothing.
        """
        with suppress(LeaseLostError), self.hold.transaction(even_cancelled=True):
            unsettled = Attempt.objects.filter(report__in=self.hold.reports(), state=Attempt.State.SENT)
            arrived = [outcome for outcome in outcomes if unsettled.filter(pk=outcome.attempt).exists()]
            rest = list(unsettled.exclude(pk__in=[outcome.attempt for outcome in arrived]))
            self.books.add(rest)
            arrived += [outcome_left_by(attempt) for attempt in rest]
            self.books.note(arrived)
            self.books.close(arrived)
            self.books.read([outcome for outcome in arrived if outcome.fate is Fate.PAID])

    def _permits_before(self, intents: Sequence[Intent]) -> dict[int, Permission]:
        """Permits that a commit of unknown end has given after all, each with its attempt and its reservation."""
        wanted = {(intent.report, intent.number) for intent in intents}
        sent = Attempt.objects.filter(report__in=[intent.report for intent in intents], state=Attempt.State.SENT)
        found = [attempt for attempt in sent if (attempt.report_id, attempt.number) in wanted]
        self.books.add(found)
        return {attempt.report_id: Permit(attempt.pk) for attempt in found}

    def _tell(self, reports: Iterable[Report]) -> None:
        for report in reports:
            self.watch(ReportNews.of(report))


def without_noted(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Outcomes that no commit of unknown end has noted."""
    noted = Attempt.objects.filter(pk__in=[o.attempt for o in outcomes]).exclude(state=Attempt.State.SENT)
    done = set(noted.values_list("pk", flat=True))
    return [outcome for outcome in outcomes if outcome.attempt not in done]


def without_read(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Paid outcomes whose reports no commit of unknown end has written."""
    settled = Report.objects.filter(pk__in=[o.report for o in outcomes], state__in=Report.SETTLED)
    done = set(settled.values_list("pk", flat=True))
    return [outcome for outcome in outcomes if outcome.report not in done]


def outcome_left_by(attempt: Attempt) -> Outcome:
    """What became of an attempt whose worker stopped: its committed answer, or nobody knows what."""
    if attempt.state == Attempt.State.SENT:
        return Outcome(attempt.report_id, attempt.pk, Fate.UNKNOWN, Code.WORKER_STOPPED)
    return Outcome(
        attempt.report_id,
        attempt.pk,
        Fate.PAID,
        body=bytes(attempt.body or b""),
        generation_id=attempt.generation_id,
        latency=attempt.latency_seconds or 0.0,
    )


class Bookkeeping:
    """The rows behind a worker's calls; every method is one part of a ledger's transaction.

    The reports that the worker may write as it knows them, and the attempts it has made; by primary key.
    """

    def __init__(self, hold: Hold, messages: Messages, ordered_by: Any = None) -> None:
        self.run = hold.run
        self.messages = messages
        self.ordered_by = ordered_by
        reports = hold.reports().select_related("entry").defer("text", "html")
        self.reports: dict[int, Report] = {report.pk: report for report in reports}
        self.attempts: dict[int, Attempt] = {}

    def add(self, attempts: Iterable[Attempt]) -> None:
        """Take in attempts that were written before."""
        self.attempts |= {attempt.pk: attempt for attempt in attempts}

    def open(self, intents: Sequence[Intent]) -> dict[int, Permission]:
        """Reserve the money and write the attempts; all together where it fits, one by one where not."""
        today = datetime.now(UTC).date()
        worst = {intent.report: self.worst_cost(intent.report) for intent in intents}
        affordable = [intent for intent in intents if worst[intent.report] <= self.run.max_usd_per_call]
        if not reserve(self.run, today, sum((worst[intent.report] for intent in affordable), Decimal(0))):
            affordable = [intent for intent in affordable if reserve(self.run, today, worst[intent.report])]
        attempts = Attempt.objects.bulk_create(
            Attempt(
                report_id=intent.report,
                number=intent.number,
                messages_sha256=self.messages.sha256,
                day=today,
                reserved_usd=worst[intent.report],
                ordered_by=self.ordered_by,
            )
            for intent in affordable
        )
        self.add(attempts)
        permits: dict[int, Permission] = {attempt.report_id: Permit(attempt.pk) for attempt in attempts}
        for report in permits:
            self.reports[report].state = Report.State.ANSWERING
        update_rows([self.reports[report] for report in permits], ["state"])
        return permits | self.refuse([intent.report for intent in intents if intent.report not in permits])

    def refuse(self, reports: Iterable[int]) -> dict[int, Permission]:
        """Close the reports that no money is left for."""
        refused = [self.reports[report] for report in reports]
        ceilings = ceilings_of(self.run, datetime.now(UTC).date()) if refused else []
        for report in refused:
            worst = self.worst_cost(report.pk)
            report.state = Report.State.FAILED
            report.error = Code.CEILING_OF_CALL if worst > self.run.max_usd_per_call else Code.CEILING_OF_RUN_OR_DAY
            report.error_detail = why_refused(self.run, ceilings, worst)
        update_rows(refused, REPORT_OUTCOME)
        return {report.pk: Refusal(report.error) for report in refused}

    def worst_cost(self, report: int) -> Decimal:
        """The most that asking for a report can cost, in USD."""
        entry = self.reports[report].entry
        return worst_case(entry, entry.parameters, len(self.messages.serialised), self.run.max_usd_per_call)

    def too_small(self) -> list[Report]:
        """The open reports of models whose context window cannot hold the material, failed but not yet written."""
        size = len(self.messages.serialised)
        ratio = self.run.search_options.get("bytes_per_token", BYTES_PER_TOKEN)
        found = []
        for report in self.reports.values():
            entry = report.entry
            if report.state not in Report.SETTLED and exceeds_window(
                entry.context_window, size, entry.parameters, ratio
            ):
                report.state, report.error = Report.State.FAILED, Code.WINDOW_TOO_SMALL
                report.error_detail = f"Its window of {entry.context_window:,} tokens cannot hold the material."
                found.append(report)
        return found

    def name(self, heard: Sequence[HeadersArrived]) -> None:
        """Keep generation ids as soon as the headers bring them."""
        for entry in heard:
            self.attempts[entry.attempt].generation_id = entry.generation_id
        update_rows([self.attempts[entry.attempt] for entry in heard], ["generation_id"])

    def note(self, outcomes: Sequence[Outcome]) -> None:
        """Keep what came of each attempt, unread."""
        for outcome in outcomes:
            attempt = self.attempts[outcome.attempt]
            attempt.state = Attempt.State(outcome.fate)
            attempt.error = outcome.error
            attempt.status_code = outcome.status
            attempt.body = outcome.body
            attempt.latency_seconds = outcome.latency
            attempt.settled_at = timezone.now()
        update_rows([self.attempts[outcome.attempt] for outcome in outcomes], ATTEMPT_OUTCOME)

    def close(self, outcomes: Iterable[Outcome]) -> list[Report]:
        """Release what unpaid requests have reserved, and say of each report that ends so why it does; these reports.

        An unknown outcome keeps its reservation.
        """
        unpaid = [outcome for outcome in outcomes if outcome.fate is not Fate.PAID]
        settle(self.run, [self.attempts[one.attempt] for one in unpaid if one.fate is not Fate.UNKNOWN])
        final = [outcome for outcome in unpaid if outcome.final]
        for outcome in final:
            report = self.reports[outcome.report]
            unknown = outcome.fate is Fate.UNKNOWN
            report.state = Report.State.UNKNOWN_OUTCOME if unknown else Report.State.FAILED
            report.error, report.error_detail = outcome.error, outcome.detail
            report.latency_seconds = outcome.latency or None
        closed = [self.reports[outcome.report] for outcome in final]
        update_rows(closed, REPORT_OUTCOME)
        return closed

    def read(self, outcomes: Sequence[Outcome]) -> list[Report]:
        """Read committed answers, book their cost where it is known, and write their reports; these reports."""
        attempts = [self.attempts[outcome.attempt] for outcome in outcomes]
        reports = [self.reports[outcome.report] for outcome in outcomes]
        for report, attempt, outcome in zip(reports, attempts, outcomes, strict=True):
            read_into(report, attempt, outcome)
        settle(self.run, [attempt for attempt in attempts if attempt.cost_usd is not None])
        update_rows(attempts, ATTEMPT_ANSWER)
        update_rows(reports, REPORT_ANSWER)
        return reports


def read_into(report: Report, attempt: Attempt, outcome: Outcome) -> None:
    """Read one answer into its report and its attempt."""
    entry = report.entry
    answer = read_completion(outcome.body, entry.model_id, entry.other_names, provider_of(entry.provider_kind))
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
