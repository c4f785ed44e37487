"""A run from end to end: fetch, lock, infer, score, publish. The only room that knows all five.

Each step starts from what is stored, so that a run can stop anywhere and go on: what is there is not fetched
again, asked again or paid again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import transaction
from django.utils import timezone

from evaluations.errors import HeldElsewhereError, RunFailedError, RunHandedOverError, RunPausedError, RunRefusedError
from evaluations.models import QueryAnswer, Report, Run, Score
from evaluations.wire.failures import FATAL

from . import notices
from .fetch import fetch, read_pages
from .infer import infer, join
from .lease import Hold
from .lock import lock
from .publish import publish
from .reconcile import close_books
from .score import score
from .scorers.scorer import Scorer
from .worker import Stop, Worker

# With these a door starts, stops and finishes a run.
__all__ = ["Stop", "Worker", "cancel", "execute", "join", "resume"]
__all__ += ["fetch", "infer", "lock", "publish", "read_pages", "score"]


def execute(hold: Hold, worker: Worker | None = None) -> Run:
    """Take the run through every step that is left and let go of it.

    Returns the run published or awaiting review. Raises RunFailedError or RunPausedError, with the run's state
    saying the same, and RunHandedOverError or any other exception with the state as it is, to be resumed.
    """
    worker, started = worker or Worker(), time.monotonic()
    with notices.outcome_of(hold.run):
        try:
            with end_state(hold, worker):
                take_steps(hold, worker)
        finally:
            hold.release(work_seconds=(hold.run.work_seconds or 0.0) + time.monotonic() - started)
    return hold.run


def take_steps(hold: Hold, worker: Worker) -> None:
    """The five steps in their order; of each, what is left of it."""
    if hold.run.context is None:
        fetch(hold, worker)
        read_pages(hold, worker)
        lock(hold, worker)
    with Scorer(hold) as scorer:
        infer(hold, worker, scorer)
        score(hold, worker, scorer)
    publish(hold, worker)


@contextmanager
def end_state(hold: Hold, worker: Worker) -> Iterator[None]:
    """Write of a run that does not come to its end whether it failed or is paused; one handed over stays as it is."""
    before = progress_of(hold.run) if worker.may_hand_over else None
    try:
        yield
    except RunFailedError as error:
        hold.move(Run.State.FAILED, failure=str(error), finished_at=timezone.now())
        raise
    except RunHandedOverError:
        count_idle_hand_over(hold, idle=progress_of(hold.run) == before)
        raise
    except RunPausedError as error:
        hold.move(Run.State.PAUSED, failure=str(error), paused_until=error.until)
        raise


def progress_of(run: Run) -> tuple[int, ...]:
    """How much of a run is done, step by step: none of the numbers ever falls."""
    reports = Report.objects.filter(entry__run=run)
    return (
        run.answers.filter(state=QueryAnswer.State.ANSWERED).count(),
        run.pages.count(),
        Run.objects.filter(pk=run.pk, context__isnull=False).count(),
        reports.filter(state__in=Report.SETTLED).count(),
        Score.objects.filter(report__in=reports).count(),
    )


def count_idle_hand_over(hold: Hold, idle: bool) -> None:
    """Count the hand-overs in a row that brought a run no further; people are told of the first."""
    count = hold.run.idle_hand_overs + 1 if idle else 0
    if count != hold.run.idle_hand_overs:
        hold.write(lambda: Run.objects.filter(pk=hold.run.pk).update(idle_hand_overs=count))
        hold.run.idle_hand_overs = count


def resume(run: Run) -> Hold:
    """Take an unfinished run that no other worker holds. Raises RunRefusedError."""
    if run.imported_at:
        raise RunRefusedError(f"{run} was imported: it can be finished only where it was made, as {run.provenance}.")
    if run.state not in Run.RESUMABLE:
        raise RunRefusedError(f"{run} is {run.get_state_display().lower()}: there is nothing left to do.")
    with transaction.atomic():
        stopped = Run.objects.filter(pk=run.pk, state__in=(Run.State.PAUSED, Run.State.FAILED)).exists()
        hold = Hold.take(run, to_resume=True)
        if stopped:
            reopen(run)
    return hold


def reopen(run: Run) -> None:
    """Open the reports again that an account or a certificate refused: that may be mended, and nothing was paid."""
    refused = Report.objects.filter(entry__run=run, state=Report.State.FAILED, error__in=FATAL)
    refused.update(state=Report.State.WAITING, error="", error_detail="")


def cancel(run: Run) -> None:
    """End an unfinished run for good and close its books. Raises RunRefusedError where it is finished."""
    unfinished = Run.objects.filter(pk=run.pk, state__in=Run.RESUMABLE)
    if not unfinished.update(state=Run.State.CANCELLED, finished_at=timezone.now()):
        raise RunRefusedError(f"{run} is {run.get_state_display().lower()}: only an unfinished run is cancelled.")
    with suppress(HeldElsewhereError):  # its worker notices, and closes them itself
        close_books(run)
