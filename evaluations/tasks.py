"""What a worker can be woken for: to go on with a run, to take part in one, to carry out a slot, to do a job.

Each may come twice or late: the lease, the slot and the claim of the job decide whether there is anything to do.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from threading import current_thread, main_thread
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.tasks import task
from django.tasks.backends.immediate import ImmediateBackend
from django.tasks.base import Task

from evaluations import jobs
from evaluations.errors import FutbolReportError, HeldElsewhereError
from evaluations.models import Evaluation, Job, Run, Slot
from evaluations.pipeline import notices, runs
from evaluations.pipeline.infer import seconds_for_answers
from evaluations.pipeline.lease import lease_is_free
from evaluations.pipeline.schedule import due_slot
from evaluations.pipeline.start import Order, start
from evaluations.pipeline.worker import interrupts

type AnyTask = Task[..., Any]

logger = logging.getLogger(__name__)

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
        given.invite = invite
        yield given
    elif current_thread() is not main_thread():
        yield runs.Worker(hands_over=True, invite=invite)
    else:
        stop = runs.Stop()
        with interrupts(stop):
            yield runs.Worker(stop=stop, hands_over=True, invite=invite)


@task
def go_on_with_run(run: int) -> int:
    """Finish a run that its worker left; its number."""
    with worker_here() as worker:
        return resume_run(Run.objects.for_work().get(pk=run), worker)


@task
def join_run(run: int) -> int:
    """Take part in a run that several workers ask for; how many shares of it were done, 0 where none is left."""
    with worker_here() as worker:
        return runs.join(Run.objects.for_work().get(pk=run), worker)


@task
def carry_out_slot(evaluation: int) -> int | None:
    """Make the run of the slot of an evaluation that is due; its number, None where none is."""
    with worker_here() as worker:
        return run_slot(Evaluation.objects.get(pk=evaluation), worker)


@task
def carry_out_job(job: int) -> int | None:
    """Do what a person asked for; the job's number, None where another worker does it."""
    with worker_here() as worker:
        return jobs.work_off(Job.objects.get(pk=job), worker)


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


def invite(run: int, count: int) -> None:
    """Ask so many other workers to take part in a run. Whether any comes or not, its own worker does what is left."""
    if isinstance(join_run.get_backend(), ImmediateBackend):
        return
    try:
        for _ in range(count):
            join_run.enqueue(run)
    except Exception:
        logger.exception("No more workers could be asked to take part in run %d; it goes on with those it has.", run)


def ask(job: Job) -> None:
    """Have a job done once the transaction that makes it is committed: none without its task, no task without it.

    A queue in the database takes part in the transaction. Another one is asked afterwards; where it does not answer,
    the next tick asks again.
    """
    if is_in_database(carry_out_job):
        carry_out_job.enqueue(job.pk)
    else:
        transaction.on_commit(partial(carry_out_job.enqueue, job.pk), robust=True)


def wake_for_slot(evaluation: Evaluation, worker: runs.Worker) -> int | None:
    """Have the run of a slot made where one is due."""
    return wake(carry_out_slot, evaluation.pk, worker) if due_slot(evaluation) else None


def ask_again(due: AnyTask, key: int) -> None:
    """Have the rest of a run done that was handed over; by the next tick where this time nothing came of it."""
    of_task = {go_on_with_run: Q(pk=key), carry_out_slot: Q(evaluation=key), carry_out_job: Q(jobs=key)}
    for run in Run.objects.live().filter(of_task[due], lease_is_free(), idle_hand_overs=0):
        go_on_with_run.enqueue(run.pk)


def is_in_database(due: AnyTask) -> bool:
    """Whether the queue of a task is a table of the database."""
    return due.get_backend().__class__.__module__.partition(".")[0] == "django_tasks_db"


def is_waiting(due: AnyTask, key: int) -> bool:
    """Whether this very task stands in the database's queue, and nobody has taken it yet."""
    if not is_in_database(due):
        return False  # other queues are asked again: a task that comes twice does nothing
    from django_tasks_db.models import DBTaskResult

    queue = DBTaskResult.objects.ready().filter(task_path=due.module_path)
    return bool(queue.filter(args_kwargs__args=[key]).exists())


def resume_run(run: Run, worker: runs.Worker) -> int:
    """Finish a run that its worker left; its number."""
    if run.state != Run.State.SCORING:
        jobs.require_time(worker, seconds_for_answers(run.call_deadline_seconds), str(run))
    return int(runs.execute(runs.resume(run), worker).pk)


def run_slot(evaluation: Evaluation, worker: runs.Worker) -> int | None:
    """Start and finish the run of the slot that is due; its number, None where no slot is due.

    Why it could not start is written on the slot, and told once.
    """
    slot = due_slot(evaluation)
    if slot is None:
        return None
    jobs.require_time(worker, jobs.FETCH_SECONDS + seconds_for_answers(evaluation.call_deadline_seconds), str(slot))
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
