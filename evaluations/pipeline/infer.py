"""The third step of a run: every model is asked for the reports that are still open, all at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone

from evaluations.errors import RunHandedOverError, RunPausedError
from evaluations.models import Report, Run
from evaluations.models.contexts import context_of
from evaluations.providers.batch import RESERVE_SECONDS, WORTH_ASKING_SECONDS, Batch, Call, Messages

from . import endpoints
from .lease import Hold
from .ledger import Ledger
from .scorers.scorer import Scorer
from .worker import StepNews, Worker, quantity

LONGEST_WAIT = timedelta(days=7)  # that a run waits by itself; the material gets old


def infer(hold: Hold, worker: Worker, scorer: Scorer) -> None:
    """Ask every model for the reports that are still open, all at once; `scorer` gets what arrives."""
    run = hold.run
    hold.move(Run.State.INFERRING, failure="")
    messages = Messages(run.system_message, context_of(run).text)
    ledger = Ledger(hold, messages, worker.watch, arrived=scorer.take)
    ledger.recover()
    ledger.close_too_small()
    calls = open_calls(run)
    worker.watch(StepNews("infer", f"{quantity(len(calls), 'report')}, {len(messages.serialised):,} bytes each"))
    scorer.expect(len(calls))

    async def ask() -> Batch:
        batch = Batch(messages, sync_to_async(ledger.commit), worker.at_once, seconds_left=worker.seconds_left)
        worker.stop.attach(batch.stopping)
        async with company(scorer):
            await batch.ask(calls)
        return batch

    batch = async_to_sync(ask)()
    if open_reports(run).exists():
        ledger.recover()  # of what was cut off after the grace time nobody knows the end
        hold.write(lambda: open_reports(run).update(state=Report.State.WAITING))
    if open_reports(run).exists():
        raise pause_error(run, batch, worker)


@asynccontextmanager
async def company(scorer: Scorer) -> AsyncIterator[None]:
    """Have reports scored meanwhile. What goes wrong with that is raised when the last answer is there."""
    ending = asyncio.Event()
    scoring = asyncio.create_task(scorer.accompany(ending))
    try:
        yield
    finally:
        ending.set()
        await scoring


def seconds_for_answers(deadline: float) -> float:
    """How long a worker needs from the first question to the last answer, with calls of this deadline in seconds."""
    return min(deadline, WORTH_ASKING_SECONDS) + RESERVE_SECONDS


def open_reports(run: Run) -> Any:
    """Reports without an outcome."""
    return Report.objects.filter(entry__run=run).exclude(state__in=Report.SETTLED)


def open_calls(run: Run) -> list[Call]:
    """One call for every report without an outcome, in roster order."""
    reports = (
        open_reports(run).select_related("entry").prefetch_related("attempts").order_by("entry__position", "sample")
    )
    transport = endpoints.sandbox_transport(run.evaluation)
    return [call_of(report, run, transport) for report in reports]


def call_of(report: Report, run: Run, transport: httpx.AsyncBaseTransport | None) -> Call:
    """The next call for a report; `transport` is the sandbox's."""
    return Call(
        report=report.pk,
        endpoint=endpoints.endpoint_of(report.entry, transport),
        parameters=report.entry.parameters,
        number=1 + max((attempt.number for attempt in report.attempts.all()), default=0),
        deadline=run.call_deadline_seconds,
    )


def pause_error(run: Run, batch: Batch, worker: Worker) -> RunPausedError:
    """Why some calls were not sent, and what to do."""
    if batch.tripped:
        trips = ", ".join(f"{provider}: {error}" for provider, error in sorted(batch.tripped.items()))
        return RunPausedError(f"Calls not yet sent were held back ({trips}). Mend that, then resume the run.")
    if batch.paused:
        why = f"Calls not yet sent were held back ({batch.paused})."
        if batch.wait > LONGEST_WAIT.total_seconds():
            return RunPausedError(f"{why} Resume the run when it can go on.")
        until = timezone.now() + timedelta(seconds=batch.wait)
        return RunPausedError(f"{why} The first tick after {until:%Y-%m-%d %H:%M} UTC goes on, or resume it.", until)
    if batch.out_of_time:
        return RunHandedOverError(f"The time of this worker is over; the next tick goes on with {run}.")
    return worker.end_error("Stopped on request; what had arrived is kept.")
