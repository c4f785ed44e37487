"""The ledger: what is written before a request leaves and after its outcome is there, and the money behind it.

Three promises, each kept by the order of commits: a request leaves only after its attempt and its reservation are
committed; a finished answer is committed before it is parsed; the real cost replaces the reservation in the
transaction that reads the answer. An unknown outcome keeps its reservation.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from evaluations.errors import LeaseLostError
from evaluations.models import Attempt, Report
from evaluations.models.bulk import update_rows
from evaluations.providers.batch import Messages
from evaluations.providers.journal import Entry, Heard, Intent, Permit, Reply
from evaluations.providers.outcomes import Fate, Outcome

from .bookkeeping import REPORT_OUTCOME, Bookkeeping, Permission
from .lease import Hold, patiently
from .worker import ReportNews, Watch


class Ledger:
    """The books of one run, kept by the worker that holds it. `ordered_by`: who ordered a retry, if anybody."""

    def __init__(self, hold: Hold, messages: Messages, watch: Watch, ordered_by: Any = None) -> None:
        self.hold = hold
        self.watch = watch
        self.books = Bookkeeping(hold.run, messages, ordered_by)

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
        self._tell([self.books.reports[intent.report] for intent in intents] + closed)
        return [replies.get(entry.report) if isinstance(entry, Intent) else None for entry in entries]

    def recover(self) -> None:
        """Bring the books in order after a worker that stopped: read what was paid, mark what is unknown."""
        unsettled = Attempt.objects.filter(report__entry__run=self.hold.run).exclude(report__state__in=Report.SETTLED)
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
        self, intents: Sequence[Intent], heard: Sequence[Heard], outcomes: Sequence[Outcome], again: bool
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
            unsettled = Attempt.objects.filter(report__entry__run=self.hold.run, state=Attempt.State.SENT)
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
        return Outcome(attempt.report_id, attempt.pk, Fate.UNKNOWN, "worker_stopped")
    return Outcome(
        attempt.report_id,
        attempt.pk,
        Fate.PAID,
        body=bytes(attempt.body or b""),
        generation_id=attempt.generation_id,
        latency=attempt.latency_seconds or 0.0,
    )
