"""What operators see: which workers are alive, what each does, and what waits for one."""

import signal
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evaluations.models import Evaluation, Job, Run, Slot, WorkerProcess
from evaluations.models.workload import ALIVE, workload
from evaluations.pipeline.start import start
from tests.pipeline.test_tasks import Site

NOW = timezone.now()


@pytest.fixture
def evaluation(db: None) -> Evaluation:
    return Evaluation.objects.get(slug="sandbox")


def test_what_waits_is_a_job_a_slot_or_a_run_that_nobody_has_taken_oldest_first(evaluation: Evaluation) -> None:
    run = start(evaluation).run
    Run.objects.filter(pk=run.pk).update(lease_expires_at=NOW - timedelta(minutes=2))
    job = Job.objects.create(kind="run", evaluation=evaluation)
    Job.objects.create(kind="run", evaluation=evaluation, state="running")
    Evaluation.objects.filter(pk=evaluation.pk).update(scheduled=True)
    slot = Slot.objects.create(evaluation=evaluation, due_at=NOW - timedelta(minutes=5))
    Slot.objects.create(evaluation=evaluation, due_at=NOW - timedelta(hours=9))
    load = workload()
    assert load.waiting == [f"the slot of {slot}", f"{run}", f"job {job.pk}, run the evaluation"]
    assert (load.oldest, load.under_way) == (slot.due_at, [])


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Job, {"state": "done"}),
        (Slot, {"skipped_because": "nothing ran at the time"}),
        (Run, {"lease_expires_at": NOW + timedelta(days=1)}),
        (Run, {"state": "paused"}),
    ],
)
def test_what_is_done_or_taken_does_not_wait(evaluation: Evaluation, model: Any, change: dict[str, Any]) -> None:
    run = start(evaluation).run
    Run.objects.filter(pk=run.pk).update(lease_expires_at=None)
    Evaluation.objects.filter(pk=evaluation.pk).update(scheduled=True)
    Job.objects.create(kind="run", evaluation=evaluation)
    Slot.objects.create(evaluation=evaluation, due_at=NOW)
    before = len(workload().waiting)
    model.objects.update(**change)
    assert (before, len(workload().waiting)) == (3, 2)


def test_a_process_that_no_longer_says_anything_is_gone(evaluation: Evaluation) -> None:
    quick = WorkerProcess.objects.create(name="quick", started_at=NOW, seen_at=NOW)
    WorkerProcess.objects.create(name="dead", started_at=NOW, seen_at=NOW - ALIVE)
    assert workload(NOW).workers == [quick]


def test_health_tells_of_workers_and_of_the_queue_and_names_nobody(evaluation: Evaluation, client: Client) -> None:
    run = start(evaluation).run
    WorkerProcess.objects.create(name="host-of-mine", started_at=NOW, seen_at=timezone.now())
    Job.objects.create(kind="run", evaluation=evaluation)
    Job.objects.update(asked_at=timezone.now() - timedelta(seconds=90))
    from evaluations.views import health

    found = health.work()
    assert found.pop("waiting_seconds") in range(89, 100)
    assert found == {"workers": 1, "under_way": [{"run": run.pk, "state": "queued", "workers": 1}], "waiting": 1}


WORKERS = "list(WorkerProcess.objects.values_list('name', 'doing'))"


@pytest.mark.slow
def test_a_worker_says_that_it_is_there_what_it_does_and_that_it_ends(tmp_path: Path) -> None:
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}")
    command = site.command("db_worker", "--interval", "0.1", "--no-startup-delay", "--no-reload", "--worker-id", "one")
    worker = subprocess.Popen(command, env=site.environment, cwd=site.folder)
    try:
        assert site.until(WORKERS) == [["one", ""]]
        site.ask(
            "__import__('evaluations.tasks', fromlist=['ask']).carry_out_job.enqueue("
            "Job.objects.create(kind='run', evaluation=Evaluation.objects.get(slug='sandbox')).pk) and 1"
        )
        ((_, doing),) = site.until("list(WorkerProcess.objects.exclude(doing='').values_list('name', 'doing'))")
        assert doing == "carry_out_job 1"
        site.until("Run.objects.filter(state='published').exists()")
        site.until("WorkerProcess.objects.filter(doing='').exists()")
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    assert site.ask(WORKERS) == []


@pytest.mark.slow
def test_where_tasks_do_not_wait_in_the_database_its_worker_says_so(tmp_path: Path) -> None:
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}")
    environment = site.environment | {"TASKS_BACKEND": "immediate"}
    told = subprocess.run(site.command("db_worker"), env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert (told.returncode, told.stderr.strip()) == (
        1,
        "TASKS_BACKEND is immediate: no task waits in the database for a db_worker.",
    )
