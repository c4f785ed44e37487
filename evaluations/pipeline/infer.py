"""The third step of a run: every model is asked for the reports that are still open, all at once.

By one worker, or by several: then each takes shares of the reports, and the one that holds the run waits for the rest.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone

from evaluations.errors import RunHandedOverError, RunPausedError
from evaluations.models import Report, Run, Share
from evaluations.models.reports import ReportQuerySet
from evaluations.providers.batch import RESERVE_SECONDS, WORTH_ASKING_SECONDS, Batch, Call, Messages
from evaluations.wire import tracing

from . import endpoints
from .lease import Hold
from .ledger import Ledger
from .score import finish_scores
from .scorers.scorer import Scorer
from .shares.division import divide, free_shares, hold_back_error
from .shares.hold import ShareHold
from .worker import StepNews, Worker, quantity

LONGEST_WAIT = timedelta(days=7)  # that a run waits by itself; the material gets old
LOOK = 0.5  # seconds from look to look for shares that come free


def infer(hold: Hold, worker: Worker, scorer: Scorer) -> None:
    """Ask every model for the reports that are still open, all at once; `scorer` gets what arrives.

    Where they are more than one worker asks for, others are invited, and the rest is done in shares.
    """
    hold.move(Run.State.INFERRING, failure="")
    messages = messages_of(hold.run)
    ledger = Ledger(hold, messages, worker.watch, arrived=scorer.take)
    ledger.recover()
    ledger.close_too_small()
    if divide(hold):
        worker.invite(hold.run.pk, free_shares(hold.run) - 1)
        ask_in_shares(hold, messages, worker, scorer)
    elif error := ask_for_all(ledger, worker, scorer):
        raise error


def ask_in_shares(hold: Hold, messages: Messages, worker: Worker, scorer: Scorer) -> None:
    """Take share after share, and wait for those that other workers have; of one that dies its share comes free."""
    while Share.objects.filter(run=hold.run).exists():
        if share := ShareHold.take_one(hold.run, hold):
            if error := ask_for_share(share, messages, worker, scorer):
                raise error
        elif error := hold_back_error(hold.run):
            raise error
        elif worker.must_end:
            raise worker.end_error("Other workers are at the rest of the reports.")
        else:
            hold.write(lambda: None)  # it goes on holding the run
            worker.stop.wait(LOOK)


def join(run: Run, worker: Worker) -> int:
    """Take part in a run that is asked for by several workers: share after share, while there are any; how many.

    Each is scored as well. The run itself stays with the worker that holds it.
    """
    messages, count = messages_of(run), 0
    with tracing.of_run(run.pk):
        while not worker.must_end and worker.has_time(seconds_for_answers(run.call_deadline_seconds)):
            if (share := ShareHold.take_one(run)) is None:
                break
            count += 1
            with Scorer(share) as scorer:
                if ask_for_share(share, messages, worker, scorer):
                    break
    return count


def ask_for_share(share: ShareHold, messages: Messages, worker: Worker, scorer: Scorer) -> RunPausedError | None:
    """Ask for the reports of a share, and let go of it; why some are still open, if any is."""
    held_back: dict[str, Any] = {}
    try:
        ledger = Ledger(share, messages, worker.watch, arrived=scorer.take)
        ledger.recover()
        error = ask_for_all(ledger, worker, scorer)
        if error is None:
            if share.holder is None:
                finish_scores(share, worker, scorer)
            share.end()
        elif not isinstance(error, RunHandedOverError):
            held_back = {"held_back": str(error), "paused_until": error.until}
        return error
    finally:
        share.release(**held_back)


def ask_for_all(ledger: Ledger, worker: Worker, scorer: Scorer) -> RunPausedError | None:
    """Ask for all open reports of a run, or of a share, at once; why some are still open, if any is."""
    hold, messages = ledger.hold, ledger.books.messages
    calls = open_calls(hold)
    worker.watch(StepNews("infer", f"{quantity(len(calls), 'report')}, {len(messages.serialised):,} bytes each"))
    scorer.expect(len(calls))

    async def ask() -> Batch:
        batch = batch_of(ledger, worker)
        async with company(scorer):
            await batch.ask(calls)
        return batch

    batch = async_to_sync(ask)()
    if open_reports(hold).exists():
        ledger.recover()  # of what was cut off after the grace time nobody knows the end
        hold.write(lambda: open_reports(hold).update(state=Report.State.WAITING))
    # A circuit that is open keeps other workers, too, from asking.
    unasked = Report.objects.filter(entry__run=hold.run).exclude(state__in=Report.SETTLED)
    left = unasked if batch.tripped else open_reports(hold)
    return pause_error(hold.run, batch, worker) if left.exists() else None


def batch_of(ledger: Ledger, worker: Worker) -> Batch:
    """The batch that writes down in this ledger and ends with this worker. Needs a running event loop."""
    commit = sync_to_async(ledger.commit)
    batch = Batch(ledger.books.messages, commit, worker.at_once, seconds_left=worker.seconds_left)
    worker.stop.attach(batch.stopping)
    return batch


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


def messages_of(run: Run) -> Messages:
    """The messages that every model of the run gets. Raises RunRefusedError where the material was purged."""
    return Messages(run.system_message, run.require_material().text)


def open_reports(hold: Hold) -> ReportQuerySet:
    """The worker's reports without an outcome."""
    return hold.reports().exclude(state__in=Report.SETTLED)


def open_calls(hold: Hold) -> list[Call]:
    """One call for every report without an outcome, in roster order."""
    reports = open_reports(hold).in_roster_order().prefetch_related("attempts")
    transport = endpoints.sandbox_transport(hold.run.evaluation)
    return [call_of(report, hold.run, transport) for report in reports]


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
