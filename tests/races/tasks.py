"""Tasks and their workers: how soon one begins, how much more workers do, and that each thing is begun once.

    python -m tests.races.tasks [--evaluations N] [--due N] [--wakings N] [--sqlite]

Prints a table; ends with 1 where a bar is not met or a thing was begun twice. Workers are processes of their own that
run `db_worker`; models are the sandbox's, in process.
"""

import argparse
import json
import logging
import multiprocessing
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from tests import environment, servers
from tests.crash import matrix

STARTED_WITHIN, FASTER = 1.0, 2.5
WORKERS, ANSWER_SECONDS = 3, 1.0
DELIVERIES, TICKS = 2, 3
PATIENCE = 200.0  # seconds


def work(answer_seconds: float) -> None:
    """Be a worker until SIGTERM."""
    from django.conf import settings
    from django.core.management import call_command

    logging.disable(logging.ERROR)
    settings.SANDBOX_ANSWER_SECONDS = answer_seconds
    call_command("db_worker", "--interval", "0.1", "--no-startup-delay", "--no-reload", worker_id=f"race-{os.getpid()}")


@contextmanager
def workers(count: int, answer_seconds: float) -> Iterator[None]:
    """So many workers, idle when the block begins."""
    from django.db import connections

    connections.close_all()
    there = [multiprocessing.Process(target=work, args=(answer_seconds,)) for _ in range(count)]
    for process in there:
        process.start()
    try:
        wait_until(lambda: alive() == count)
        yield
    finally:
        for process in there:
            os.kill(process.pid or 0, signal.SIGTERM)
        for process in there:
            process.join(60)


def alive() -> int:
    """Workers that say that they are there."""
    from evaluations.models.workload import workload

    return len(workload().workers)


def wait_until(condition: Any) -> None:
    """Wait for it."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("A worker did not do what it was waited for.")
        time.sleep(0.05)


def due_evaluations(name: str, count: int, models: int) -> list[int]:
    """So many sandbox evaluations whose slot is due, with so many models each."""
    from django.utils import timezone

    from evaluations.models import Evaluation, Prompt

    sandbox = Evaluation.objects.get(slug="sandbox")
    made = []
    for number in range(count):
        evaluation = Evaluation.objects.create(
            slug=f"{name}-{number}",
            name=f"{name} {number}",
            sandbox=True,
            search_source="sandbox",
            scheduled=True,
            schedule_start=timezone.now() - timedelta(hours=1),
            max_usd_per_day=Decimal(10**6),  # 200 runs cost more than a day may
        )
        Prompt.objects.create(evaluation=evaluation, system_text="Write a report from the sources.")
        for query in sandbox.queries.all()[:1]:
            evaluation.queries.create(position=query.position, text=query.text)
        for model in sandbox.roster.exclude(slug="slow").order_by("position")[:models]:
            model.pk, model.evaluation = None, evaluation
            model.save()
        made.append(evaluation.pk)
    return made


def runs_of(evaluations: list[int]) -> Any:
    """Their runs."""
    from evaluations.models import Run

    return Run.objects.filter(evaluation__in=evaluations)


def tick() -> None:
    """What the hourly event does."""
    from evaluations.scheduled import run_due

    run_due({}, None)


def measure_starts(wakings: int) -> list[str]:
    """Enqueue to start, one task after the other, with one idle worker."""
    from django_tasks_db.models import DBTaskResult

    from evaluations.models import Evaluation
    from evaluations.tasks import carry_out_slot

    idle = Evaluation.objects.get(slug="sandbox").pk  # without a slot that is due
    with workers(1, 0):
        for _ in range(wakings):
            carry_out_slot.enqueue(idle)
            time.sleep(random.uniform(0.1, 0.3))
        wait_until(lambda: not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists())
    rows = DBTaskResult.objects.filter(task_path=carry_out_slot.module_path)
    seconds = sorted((row.started_at - row.enqueued_at).total_seconds() for row in rows)
    p95 = statistics.quantiles(seconds, n=20)[-1]
    print(f"{wakings} tasks, one idle worker: begun after {statistics.median(seconds):.2f} s, p95 {p95:.2f} s")
    return [] if p95 < STARTED_WITHIN else [f"p95 from enqueue to start is {p95:.2f} s"]


def measure_workers(count: int) -> list[str]:
    """The same evaluations, on one worker and on more."""
    took = {}
    for number in (1, WORKERS):
        made = due_evaluations(f"on-{number}", count, models=3)
        with workers(number, ANSWER_SECONDS):
            started = time.monotonic()
            tick()
            wait_until(lambda made=made: runs_of(made).filter(state="published").count() == count)
            took[number] = time.monotonic() - started
    faster = took[1] / took[WORKERS]
    print(
        f"{count} evaluations whose answers take {ANSWER_SECONDS:g} s: {took[1]:.1f} s on one worker, "
        f"{took[WORKERS]:.1f} s on {WORKERS}: {faster:.2f} times as fast"
    )
    return [] if faster >= FASTER else [f"{WORKERS} workers are {faster:.2f} times as fast as one"]


def start_each_once(count: int) -> list[str]:
    """So many slots, several ticks, every task several times."""
    from django_tasks_db.models import DBTaskResult

    from evaluations.tasks import carry_out_slot

    DBTaskResult.objects.all().delete()
    made = due_evaluations("due", count, models=1)
    for _ in range(TICKS):
        tick()
    tasks = DBTaskResult.objects.filter(task_path=carry_out_slot.module_path).count()
    for key in made * (DELIVERIES - 1):
        carry_out_slot.enqueue(key)
    with workers(WORKERS, 0):
        wait_until(lambda: not DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).exists())
    return told(f"{count} slots, {TICKS} ticks, {tasks} tasks, each carried out {DELIVERIES} times", made, tasks)


class Invocations:
    """Stands where boto3's client does, and keeps what it is asked to invoke."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def invoke(self, *, Payload: str, **_names: str) -> None:  # noqa: N803 - boto3's names
        """Keep it."""
        self.events.append(json.loads(Payload))


def start_each_once_on_lambda(count: int) -> list[str]:
    """The same as invocations: every event delivered several times, to processes side by side."""
    from django.db import connections
    from django.test import override_settings

    from futbolreport import invocations

    there = Invocations()
    os.environ["AWS_LAMBDA_FUNCTION_NAME"] = "futbolreport-production"
    invocations.client = lambda: there
    with override_settings(TASKS={"default": {"BACKEND": "futbolreport.invocations.InvocationBackend"}}):
        made = due_evaluations("invoked", count, models=1)
        tick()
        events = [event for event in there.events if event["args"][0] in made] * DELIVERIES
        connections.close_all()
        random.shuffle(events)
        share = [multiprocessing.Process(target=invoke_all, args=(events[n::WORKERS],)) for n in range(WORKERS)]
        for process in share:
            process.start()
        for process in share:
            process.join()
    return told(f"{count} slots as {len(events)} invocations, each event twice", made, len(events) // DELIVERIES)


def invoke_all(events: list[dict[str, Any]]) -> None:
    """What warm containers of the function do with their events."""
    from django.conf import settings

    from evaluations.errors import FutbolReportError
    from evaluations.scheduled import carry_out

    logging.disable(logging.ERROR)
    settings.SANDBOX_ANSWER_SECONDS = 0
    for event in events:
        try:
            carry_out(event, None)
        except FutbolReportError as error:
            print("BROKEN", error)


def told(what: str, evaluations: list[int], tasks: int) -> list[str]:
    """Say how many runs and reports came of it; what is wrong with that."""
    from django.db.models import Count

    from evaluations.models import Report

    there = runs_of(evaluations)
    published = there.filter(state="published").count()
    asked = (
        Report.objects.filter(entry__run__in=there).annotate(asked=Count("attempts")).values_list("asked", flat=True)
    )
    print(f"{what}: {there.count()} runs, {published} published, {sum(asked)} requests for {len(asked)} reports")
    good = tasks == there.count() == published == len(evaluations) and set(asked) == {1}
    return [] if good else [f"{what}: {tasks} tasks, {there.count()} runs, {published} published"]


def main() -> int:
    """All of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wakings", type=int, default=100)
    parser.add_argument("--evaluations", type=int, default=20)
    parser.add_argument("--due", type=int, default=200)
    parser.add_argument("--sqlite", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tasks-", dir=matrix.memory())))
        url = f"sqlite:///{folder}/tasks.sqlite3" if options.sqlite else stack.enter_context(servers.postgresql())
        environment.ENVIRONMENT["TASKS_BACKEND"] = "database"
        matrix.set_up(url)
        matrix.make_faster(folder)
        steps = [
            partial(measure_starts, options.wakings) if options.wakings else list,
            partial(measure_workers, options.evaluations) if options.evaluations else list,
            partial(start_each_once, options.due) if options.due else list,
            partial(start_each_once_on_lambda, options.due) if options.due else list,
        ]
        errors = [error for step in steps for error in step()]
        from django.db import connections

        connections.close_all()
        for error in errors:
            print("BROKEN", error)
        return int(bool(errors))


if __name__ == "__main__":
    sys.exit(main())
