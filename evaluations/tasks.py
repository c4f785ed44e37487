"""What a worker can be woken for: to go on with a run, to carry out a slot, to do what a person asked for.

Each may come twice or late: the lease, the slot and the claim of the job decide whether there is anything to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from threading import current_thread, main_thread
from typing import Any

from django.db.models import Q
from django.tasks import task
from django.tasks.backends.immediate import ImmediateBackend
from django.tasks.base import Task
from django.utils import timezone

from evaluations.errors import FutbolReportError, HeldElsewhereError, RunHandedOverError
from evaluations.management.interrupts import interrupts
from evaluations.models import Evaluation, Job, Report, Run, Slot
from evaluations.pipeline import notices, runs
from evaluations.pipeline.infer import seconds_for_answers
from evaluations.pipeline.lease import is_held, lease_is_free
from evaluations.pipeline.retry import retry
from evaluations.pipeline.schedule import due_slot
from evaluations.pipeline.start import Order, start
from votes import computation

FETCH_SECONDS = 60.0  # for queries and pages, before the first model is asked
LONGEST_CLAIM = timedelta(minutes=15)  # of a job without a run: no invocation lasts longer
SUCCESS = (Run.State.PUBLISHED, Run.State.AWAITING_REVIEW)


type AnyTask = Task[..., Any]

WORKER: ContextVar[runs.Worker | None] = ContextVar("worker", default=None)


@contextmanager
def working(worker: runs.Worker) -> Iterator[None]:
    """Let the tasks that are carried out inside know the worker that carries them out: its time, its wish to stop."""
    token = WORKER.set(worker)
    try:
        yield
    finally:
        WORKER.reset(token)


@contextmanager
def worker_here() -> Iterator[runs.Worker]:
    """The worker that carries out a task: one that says so, else this process, which hands over when it is stopped."""
    if given := WORKER.get():
        yield given
    elif current_thread() is not main_thread():
        yield runs.Worker(hands_over=True)
    else:
        stop = runs.Stop()
        with interrupts(stop):
            yield runs.Worker(stop=stop, hands_over=True)


@task
def go_on_with_run(run: int) -> int:
    """Finish a run that its worker left; its number."""
    with worker_here() as worker:
        return resume_run(Run.objects.select_related("evaluation", "prompt", "context").get(pk=run), worker)


@task
def carry_out_slot(evaluation: int) -> int | None:
    """Make the run of the slot of an evaluation that is due; its number, None where none is."""
    with worker_here() as worker:
        return run_slot(Evaluation.objects.get(pk=evaluation), worker)


@task
def carry_out_job(job: int) -> int | None:
    """Do what a person asked for; the job's number, None where another worker does it."""
    with worker_here() as worker:
        return work_off(Job.objects.get(pk=job), worker)


def wake(due: AnyTask, key: int, worker: runs.Worker) -> int | None:
    """Have a task carried out: in this process where it works itself (`working`) or its backend does, else elsewhere.

    What it returns where it was done here. A worker that was asked already, and has not begun, is not asked again.
    """
    if WORKER.get() is not None or isinstance(due.get_backend(), ImmediateBackend):
        with working(worker):
            result: int | None = due.call(key)
        return result
    if not is_waiting(due, key):
        due.enqueue(key)
    return None


def wake_for_slot(evaluation: Evaluation, worker: runs.Worker) -> int | None:
    """Have the run of a slot made where one is due."""
    return wake(carry_out_slot, evaluation.pk, worker) if due_slot(evaluation) else None


def ask_again(due: AnyTask, key: int) -> None:
    """Have the rest of a run done that was handed over; by the next tick where this time nothing came of it."""
    of_task = {go_on_with_run: Q(pk=key), carry_out_slot: Q(evaluation=key), carry_out_job: Q(jobs=key)}
    for run in Run.objects.live().filter(of_task[due], lease_is_free(), idle_hand_overs=0):
        go_on_with_run.enqueue(run.pk)


def is_waiting(due: AnyTask, key: int) -> bool:
    """Whether this very task stands in the database's queue, and nobody has taken it yet."""
    if due.get_backend().__class__.__module__.partition(".")[0] != "django_tasks_db":
        return False  # other queues are asked again: a task that comes twice does nothing
    from django_tasks_db.models import DBTaskResult

    queue = DBTaskResult.objects.ready().filter(task_path=due.module_path)
    return any(row.args_kwargs["args"] == [key] for row in queue.only("args_kwargs"))


def resume_run(run: Run, worker: runs.Worker) -> int:
    """Finish a run that its worker left; its number."""
    if run.state != Run.State.SCORING:
        require_time(worker, seconds_for_answers(run.call_deadline_seconds), str(run))
    return int(runs.execute(runs.resume(run), worker).pk)


def run_slot(evaluation: Evaluation, worker: runs.Worker) -> int | None:
    """Start and finish the run of the slot that is due; its number, None where no slot is due.

    Why it could not start is written on the slot, and told once.
    """
    slot = due_slot(evaluation)
    if slot is None:
        return None
    require_time(worker, FETCH_SECONDS + seconds_for_answers(evaluation.call_deadline_seconds), str(slot))
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


def require_time(worker: runs.Worker, seconds: float, name: str) -> None:
    """Raise RunHandedOverError where there is too little time to get as far as the answers."""
    if not worker.has_time(seconds):
        raise RunHandedOverError(f"{name} waits for the next tick: it takes {seconds:.0f} s to reach its answers.")


def work_off(job: Job, worker: runs.Worker) -> int | None:
    """Do what a person asked for in admin; None where another worker took the job first.

    A run that is handed over keeps its job open: `settle_jobs` ends it with the run.
    """
    try:
        run = perform(job, worker)
    except RunHandedOverError:
        raise
    except HeldElsewhereError as error:
        if Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).exists():
            record_end(job, Job.State.FAILED, str(error))
        raise
    except FutbolReportError as error:
        record_end(job, Job.State.FAILED, str(error))
        raise
    if run is None:
        return None
    record_end(job, Job.State.DONE, end_of(run))
    return int(job.pk)


def perform(job: Job, worker: runs.Worker) -> Run | None:
    """Do what a job asks for; the run that it is about, None where another worker does it."""
    match job.kind:
        case Job.Kind.RUN:
            evaluation = require_row(job.evaluation)
            require_time(worker, FETCH_SECONDS + seconds_for_answers(evaluation.call_deadline_seconds), str(job))
            hold = start(evaluation, Order(models=job.arguments.get("models", ()), job=job))
            return runs.execute(hold, worker)
        case Job.Kind.RESUME:
            run = require_row(job.run)
            require_time(worker, seconds_for_answers(run.call_deadline_seconds), str(job))
            return runs.execute(runs.resume(run), worker) if job.claim(run) else None
        case Job.Kind.RETRY:
            report = require_row(Report.objects.filter(pk=job.arguments.get("report")).first())
            run = report.entry.run
            require_time(worker, seconds_for_answers(run.call_deadline_seconds), str(job))
            return retry(report, worker, job.asked_by).entry.run if job.claim(run) else None
    raise FutbolReportError(f"{job.get_kind_display()} cannot be done from here.")


def require_row[Row](row: Row | None) -> Row:
    """The row that a job names."""
    if row is None:
        raise FutbolReportError("What the job was about is no longer there.")
    return row


def settle_jobs() -> None:
    """End jobs whose worker is gone: with their run where it has ended; without a run they are queued again."""
    for job in Job.objects.filter(state=Job.State.RUNNING).select_related("run__evaluation"):
        if job.run is None:
            lost = Job.objects.filter(pk=job.pk, run=None, started_at__lt=timezone.now() - LONGEST_CLAIM)
            lost.update(state=Job.State.QUEUED)
        elif job.run.state not in Run.LIVE and not is_held(job.run):
            record_end(job, Job.State.DONE if job.run.state in SUCCESS else Job.State.FAILED, end_of(job.run))


def end_of(run: Run) -> str:
    """How a run stands, in a sentence."""
    return f"{run} is {run.get_state_display().lower()}. {run.failure}".strip()


def record_end(job: Job, state: Job.State, outcome: str) -> None:
    """Write how a job ended."""
    Job.objects.filter(pk=job.pk).update(state=state, outcome=outcome, finished_at=timezone.now())


def compute_standings(evaluation: Evaluation) -> int | None:
    """Compute standings anew; their number, or None where no vote counts."""
    computed = computation.compute(evaluation)
    return int(computed.pk) if computed else None
