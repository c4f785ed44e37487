"""The Lambda door: what an hourly tick does. `manage.py run_due` is the same for one's own machine."""

import logging
import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils import timezone

from evaluations.errors import FutbolReportError, HeldElsewhereError, RunHandedOverError
from evaluations.models import Evaluation, Job, Report, Run, Slot
from evaluations.pipeline import notices, runs
from evaluations.pipeline.lease import lease_is_free
from evaluations.pipeline.reconcile import reconcile
from evaluations.pipeline.retention import purge_expired
from evaluations.pipeline.retry import retry
from evaluations.pipeline.schedule import due_slot
from evaluations.pipeline.start import Order, start
from votes import closing, computation

logger = logging.getLogger(__name__)


def run_due(event: Any, context: Any) -> dict[str, Any]:
    """Do everything that is due; called by the hourly tick, and again however often the event arrives.

    Both arguments are required: Zappa calls a task again with fewer arguments after any TypeError.
    """
    try:
        return do_what_is_due(runs.Worker(seconds_left=seconds_left_of(context), hands_over=True))
    except TypeError as error:
        raise FutbolReportError(f"The tick failed with a TypeError: {error}") from error


def seconds_left_of(context: Any) -> Callable[[], float]:
    """How long this invocation may still last; for ever where there is no Lambda."""
    if context is None:
        return lambda: math.inf
    return lambda: context.get_remaining_time_in_millis() / 1000


def do_what_is_due(worker: runs.Worker) -> dict[str, Any]:
    """Close votes, continue, start, work off jobs, purge. One failure does not keep the rest from being done."""
    done: dict[str, Any] = {"continued": [], "started": [], "jobs": [], "closed": [], "computed": [], "failures": []}
    for what, name, act in due_work(worker):
        if worker.stop.asked:
            return done
        attempt(done, what, name, act)
    done["reconciled"] = reconcile()
    done["purged"] = purge_expired()
    return done


def due_work(worker: runs.Worker) -> Iterator[tuple[str, str, Callable[[], int | None]]]:
    """All that is due for a worker: under which word, by which name, and how it is done; what is quick comes first."""
    for run in closing.due_closings():
        yield "closed", f"the vote on {run}", partial(closing.close, run)
    for evaluation in computation.out_of_date():
        yield "computed", f"the standings of {evaluation}", partial(computed, evaluation)
    for run in unfinished_runs():
        yield "continued", str(run), partial(resume_run, run, worker)
    for evaluation in Evaluation.objects.filter(scheduled=True):
        if slot := due_slot(evaluation):
            yield "started", f"the slot {slot}", partial(run_slot, evaluation, slot, worker)
    for job in Job.objects.filter(state=Job.State.QUEUED).order_by("pk"):
        yield "jobs", str(job), partial(work_off, job, worker)


def attempt(done: dict[str, Any], what: str, name: str, act: Callable[[], int | None]) -> None:
    """Do one thing; what fails is logged and listed, and the next thing is done."""
    try:
        result = act()
    except (HeldElsewhereError, RunHandedOverError) as error:
        logger.info("%s: %s", name, error)
    except FutbolReportError as error:
        logger.warning("%s: %s", name, error)
        done["failures"].append(str(error))
    else:
        if result is not None:
            done[what].append(result)


def unfinished_runs() -> list[Run]:
    """Runs whose worker is gone or has handed them over, and those whose provider asked for a wait that is over."""
    waited = Q(state=Run.State.PAUSED, paused_until__lte=timezone.now())
    left = Run.objects.filter(Q(state__in=Run.LIVE) | waited).filter(lease_is_free())
    return list(left.select_related("evaluation", "prompt", "context"))


def resume_run(run: Run, worker: runs.Worker) -> int:
    """Finish a run that its worker left; its number."""
    return int(runs.execute(runs.resume(run), worker).pk)


def run_slot(evaluation: Evaluation, slot: Slot, worker: runs.Worker) -> int:
    """The run of a slot; its number. Why it could not start is written on the slot, and told once."""
    unstarted = Slot.objects.filter(pk=slot.pk)
    try:
        hold = start(evaluation, Order(Run.Kind.SCHEDULED, slot))
    except HeldElsewhereError:
        raise
    except FutbolReportError as error:
        if unstarted.filter(skipped_because="").update(skipped_because=str(error)[:200]):
            notices.tell_of_slot(slot, str(error))
        raise
    unstarted.update(skipped_because="")
    return int(runs.execute(hold, worker).pk)


def work_off(job: Job, worker: runs.Worker) -> int | None:
    """Do what a person asked for in admin; None where another worker took the job first."""
    queued = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if not queued.update(state=Job.State.RUNNING, started_at=timezone.now()):
        return None
    try:
        run = perform(job, worker)
    except RunHandedOverError as error:
        record_end(job, Job.State.DONE, str(error))
        raise
    except FutbolReportError as error:
        record_end(job, Job.State.FAILED, str(error))
        raise
    record_end(job, Job.State.DONE, f"{run} is {run.get_state_display().lower()}.", run)
    return int(job.pk)


def perform(job: Job, worker: runs.Worker) -> Run:
    """Do what a job asks for; the run that it is about."""
    match job.kind:
        case Job.Kind.RUN:
            order = Order(models=job.arguments.get("models", ()))
            return runs.execute(start(require_row(job.evaluation), order), worker)
        case Job.Kind.RESUME:
            return runs.execute(runs.resume(require_row(job.run)), worker)
        case Job.Kind.RETRY:
            report = require_row(Report.objects.filter(pk=job.arguments.get("report")).first())
            return retry(report, worker, job.asked_by).entry.run
    raise FutbolReportError(f"{job.get_kind_display()} cannot be done from here.")


def require_row[Row](row: Row | None) -> Row:
    """The row that a job names."""
    if row is None:
        raise FutbolReportError("What the job was about is no longer there.")
    return row


def record_end(job: Job, state: Job.State, outcome: str, run: Run | None = None) -> None:
    """Write how a job ended."""
    Job.objects.filter(pk=job.pk).update(state=state, outcome=outcome, finished_at=timezone.now(), run=run or job.run)


def computed(evaluation: Evaluation) -> int | None:
    """Compute standings; their number, or None where no vote counts."""
    made = computation.compute(evaluation)
    return int(made.pk) if made else None
