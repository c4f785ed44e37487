"""Asking again for a report whose answer was lost: only ever by a person's order, with the price said first."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from asgiref.sync import async_to_sync

from evaluations.errors import RunRefusedError
from evaluations.models import Attempt, Report, Run
from evaluations.presentation import cache
from evaluations.providers.batch import Messages
from evaluations.providers.prices import worst_case
from evaluations.wire.failures import FATAL, Code

from . import endpoints
from .infer import batch_of, call_of, messages_of
from .lease import Hold
from .ledger import REPORT_OUTCOME, Ledger
from .publish import publish
from .score import reports_to_score, score_reports
from .worker import Worker


def lost_reports(run: Run, models: Sequence[str] = ()) -> list[Report]:
    """Reports of a run that never came whole, of all models or of those named.

    They were asked for and perhaps paid, or an account or a certificate refused them, which may be mended.
    """
    lost = Report.objects.filter(entry__run=run, state=Report.State.UNKNOWN_OUTCOME) | Report.objects.filter(
        entry__run=run, state=Report.State.FAILED, error__in=(Code.ANSWER_LOST, *FATAL)
    )
    named = lost.filter(entry__slug__in=models) if models else lost
    return list(named.in_roster_order())


def worst_cost(report: Report) -> Decimal:
    """The most that asking again may cost, in US dollars."""
    run = report.entry.run
    return worst_case(report.entry, report.entry.parameters, len(messages_of(run).serialised), run.max_usd_per_call)


def retry(
    report: Report, worker: Worker | None = None, ordered_by: Any = None, asked_before: int | None = None
) -> Report:
    """Ask once more for a lost report, at the run's own ceilings, and show what comes.

    `asked_before`: with how many attempts the order was given; where there are more by now, a worker has carried it
    out that did not live to show what came, and nothing is asked. The report as it is then. Raises RunRefusedError
    where nothing was lost or the run is not at rest, and HeldElsewhereError. What is refused or not sent leaves the
    report as it was.
    """
    run, worker = report.entry.run, worker or Worker()
    if not run.is_at_rest:
        raise RunRefusedError(f"{run} is not at rest here: none of its reports can be asked for again.")
    messages = messages_of(run)
    with Hold.on(run) as hold:
        report.refresh_from_db()
        if report.share_id:  # of a run that was paused: nobody writes to a report with an outcome but we
            hold.write(lambda: Report.objects.filter(pk=report.pk, state__in=Report.SETTLED).update(share=None))
        if asked_before is None or report.attempts.count() <= asked_before:
            if report not in lost_reports(run):  # or another worker has asked meanwhile
                raise RunRefusedError(f"The {report} was not lost: it is {report.get_state_display()}.")
            ask_again(hold, report, messages, worker, ordered_by)
        show_answer(hold, worker)
    report.refresh_from_db()
    return report


def ask_again(hold: Hold, report: Report, messages: Messages, worker: Worker, ordered_by: Any) -> None:
    """One call with its retries; without an answer of its own it leaves the report as it was."""
    before = {name: getattr(report, name) for name in REPORT_OUTCOME}
    ledger = Ledger(hold, messages, worker.watch, ordered_by)
    call = call_of(report, hold.run, endpoints.sandbox_transport(hold.run.evaluation))

    async def ask() -> None:
        await batch_of(ledger, worker).ask([call])

    async_to_sync(ask)()
    ledger.recover()  # of what was cut off after the grace time nobody knows the end
    answered = Attempt.objects.filter(
        report=report, number__gte=call.number, state__in=(Attempt.State.PAID, Attempt.State.UNKNOWN)
    )
    if not answered.exists():
        asked = Report.objects.get(pk=report.pk)
        hold.write(lambda: Report.objects.filter(pk=report.pk).update(**before))
        why = asked.error_detail or asked.error or "it was stopped before it was sent"
        raise RunRefusedError(f"The {report} was not written again, and nothing was paid: {why}")


def show_answer(hold: Hold, worker: Worker) -> None:
    """Score what came; a run at rest says anew whether it is partial, one that had failed is published."""
    run = hold.run
    score_reports(hold, reports_to_score(run))
    reports = Report.objects.filter(entry__run=run)
    succeeded = reports.filter(state=Report.State.SUCCEEDED).count()
    if run.state == Run.State.FAILED and succeeded:
        publish(hold, worker)
    elif run.state in Run.FINISHED:
        hold.move(Run.State(run.state), partial=succeeded < reports.count())
    cache.refresh(run)
