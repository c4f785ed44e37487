"""The Lambda door: what an hourly tick does. `manage.py run_due` is the same for one's own machine."""

import logging
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import close_old_connections, connection
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from evaluations import jobs, tasks
from evaluations.errors import FutbolReportError, HeldElsewhereError, RunHandedOverError, TickFailedError, words_of
from evaluations.models import Evaluation, Job, Run
from evaluations.pipeline import notices, reconcile, retention, runs
from evaluations.pipeline.lease import lease_is_free
from evaluations.wire import tracing
from votes import closing, computation

LISTED = ("continued", "started", "jobs", "closed", "computed")  # by number
COUNTED = ("reconciled", "purged")

logger = logging.getLogger(__name__)


def run_due(event: Any, context: Any) -> dict[str, Any]:
    """Do everything that is due; called by the hourly tick, and again however often the event arrives.

    Both arguments are required: Zappa calls a task again with fewer arguments after any TypeError. Raises
    TickFailedError at its end where anything failed, so that Lambda counts it.
    """
    try:
        with tracing.of_request(request_id_of(context)):
            return do_what_is_due(runs.Worker(seconds_left=seconds_left_of(context), hands_over=True))
    except TypeError as error:
        raise FutbolReportError(f"The tick failed with a TypeError: {error}") from error


def carry_out(event: Any, context: Any) -> Any:
    """One task that another invocation asked for (`futbolreport.invocations`). What fails is a failure to Lambda.

    A run that is handed over before its end is asked for again at once: the rest goes on in an invocation of its own.
    """
    due: tasks.AnyTask = import_string(event["task"])
    worker = runs.Worker(seconds_left=seconds_left_of(context), hands_over=True)
    try:
        with tracing.of_request(request_id_of(context)), tasks.working(worker):
            return due.call(*event["args"])
    except HeldElsewhereError as error:
        logger.info("%s", error)
    except RunHandedOverError as error:
        logger.info("%s", error)
        tasks.ask_again(due, *event["args"])
    except TypeError as error:
        raise FutbolReportError(f"The task {event['task']} failed with a TypeError: {error}") from error
    return None


def request_id_of(context: Any) -> str:
    """The id of this invocation, as Lambda's own lines have it; empty where there is no Lambda."""
    return str(getattr(context, "aws_request_id", ""))


def seconds_left_of(context: Any) -> Callable[[], float]:
    """How long this invocation may still last; for ever where there is no Lambda."""
    if context is None:
        return lambda: math.inf
    return lambda: context.get_remaining_time_in_millis() / 1000


@dataclass(frozen=True)
class DueWork:
    """One thing that is due: under which word it is reported, its name, and how it is done."""

    word: str
    name: str
    act: Callable[[], int | None]


@dataclass
class Tick:
    """One look at what is due. Whatever fails is kept, so that the next thing is done."""

    worker: runs.Worker
    results: list[tuple[str, int]] = field(default_factory=list)
    failures: list[tuple[str, Exception]] = field(default_factory=list)

    def look(self) -> None:
        """Do all that is due, kind by kind."""
        for find in KINDS:
            for work in self.guard(find.__name__.replace("_", " "), partial(self.list_work, find)) or []:
                if self.worker.must_end:
                    logger.info("%s waits for the next tick.", work.name)
                elif (result := self.guard(work.name, work.act)) is not None:
                    self.results.append((work.word, result))

    def list_work(self, find: Callable[[runs.Worker], Iterator[DueWork]]) -> list[DueWork]:
        """All that is due of one kind."""
        return [] if self.worker.must_end else list(find(self.worker))

    def guard[T](self, name: str, act: Callable[[], T]) -> T | None:
        """What `act` returns; None where it failed, or where another worker does the same."""
        try:
            return act()
        except (HeldElsewhereError, RunHandedOverError) as error:
            logger.info("%s: %s", name, error)
        except FutbolReportError as error:
            logger.warning("%s: %s", name, error)
            self.failures.append((name, error))
        except Exception as error:
            logger.exception("%s failed in a way that was not foreseen.", name)
            self.failures.append((name, error))
            if not connection.in_atomic_block:
                close_old_connections()  # one that is broken would fail the rest
        return None

    def summary(self) -> dict[str, Any]:
        """The numbers of runs and jobs that were done, how many of the small things, and what failed."""
        done = {word: [number for kind, number in self.results if kind == word] for word in LISTED}
        counts = {word: sum(number for kind, number in self.results if kind == word) for word in COUNTED}
        return done | {"failures": [words_of(error) for _, error in self.failures]} | counts


def do_what_is_due(worker: runs.Worker) -> dict[str, Any]:
    """Close votes, compute standings, continue, start, work off jobs, look up costs, purge; how much of each was done.

    One failure does not keep the rest from being done. Raises TickFailedError where anything failed.
    """
    connection.ensure_connection()  # without a database nothing is due, and that is one failure, not one of each kind
    tick = Tick(worker)
    tick.look()
    logger.info("tick done, %d failures", len(tick.failures))  # an alarm counts these (deploy/operations.yaml)
    if tick.failures:
        raise TickFailedError(tick.failures, tick.summary())
    return tick.summary()


def open_votes(_worker: runs.Worker) -> Iterator[DueWork]:
    """Runs whose voting time is over: first, because until then a salt is kept that must not be."""
    for run in closing.due_closings():
        yield DueWork("closed", f"the vote on {run}", partial(closing.close, run))


def old_standings(_worker: runs.Worker) -> Iterator[DueWork]:
    """Evaluations whose standings were computed from other votes than now count."""
    for evaluation in computation.out_of_date():
        yield DueWork("computed", f"the standings of {evaluation}", partial(jobs.compute_standings, evaluation))


def unfinished_runs(worker: runs.Worker) -> Iterator[DueWork]:
    """Runs whose worker is gone or has handed them over, and those whose provider asked for a wait that is over."""
    waited = Q(state=Run.State.PAUSED, paused_until__lte=timezone.now())
    left = Run.objects.filter(Q(state__in=Run.LIVE) | waited).filter(lease_is_free())
    for run in left.for_work():
        yield DueWork("continued", str(run), partial(tasks.wake, tasks.go_on_with_run, run.pk, worker))


def lonely_runs(_worker: runs.Worker) -> Iterator[DueWork]:
    """Runs that no worker has come for, although ticks have asked: people are told, once."""
    for run in notices.lonely_runs(timezone.now()):
        yield DueWork("told", f"that {run} waits", partial(notices.tell_of_lonely_run, run))


def scheduled_evaluations(worker: runs.Worker) -> Iterator[DueWork]:
    """Evaluations with a schedule, whether or not a slot of theirs is due."""
    for evaluation in Evaluation.objects.filter(scheduled=True):
        yield DueWork("started", f"the slot of {evaluation}", partial(tasks.wake_for_slot, evaluation, worker))


def left_jobs(_worker: runs.Worker) -> Iterator[DueWork]:
    """Jobs whose worker is gone: those that are queued again are done in the same look."""
    yield DueWork("jobs", "jobs whose worker is gone", jobs.settle_jobs)


def queued_jobs(worker: runs.Worker) -> Iterator[DueWork]:
    """What people asked for, in the order in which they did."""
    for job in Job.objects.filter(state=Job.State.QUEUED).order_by("pk"):
        yield DueWork("jobs", str(job), partial(tasks.wake, tasks.carry_out_job, job.pk, worker))


def open_books(_worker: runs.Worker) -> Iterator[DueWork]:
    """Runs whose worker has left requests without an outcome."""
    for run in reconcile.runs_left_open():
        yield DueWork("books", f"the books of {run}", partial(reconcile.close_books, run))


def unknown_costs(_worker: runs.Worker) -> Iterator[DueWork]:
    """Requests whose cost nobody knows, where their provider says it."""
    for attempt, cost in reconcile.known_costs(reconcile.unsettled_attempts()):
        yield DueWork("reconciled", f"the cost of {attempt}", partial(reconcile.settle_cost, attempt, cost))


def expired_material(_worker: runs.Worker) -> Iterator[DueWork]:
    """Material that is older than it may be kept."""
    now = timezone.now()
    for context in retention.expired_contexts(now):
        yield DueWork("purged", str(context), partial(retention.purge_context, context, now))
    for run in retention.expired_runs(now):
        yield DueWork("purged", f"the material of {run}", partial(retention.purge_unlocked, run, now))


KINDS = (
    open_votes,
    old_standings,
    unfinished_runs,
    lonely_runs,
    scheduled_evaluations,
    left_jobs,
    queued_jobs,
    open_books,
    unknown_costs,
    expired_material,
)
