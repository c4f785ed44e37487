"""A task wakes a worker for one thing, at least once: what decides is the run, its lease and its ledger."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from evaluations import scheduled, tasks
from evaluations.models import Evaluation, Job, Run
from evaluations.pipeline import runs
from futbolreport import invocations
from tests.environment import ENVIRONMENT, ROOT

DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
LAMBDA = {"default": {"BACKEND": "futbolreport.invocations.InvocationBackend"}}


@pytest.fixture
def evaluation(db: None) -> Evaluation:
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug__in=("brief", "thorough")).delete()
    Evaluation.objects.filter(pk=evaluation.pk).update(
        scheduled=True, schedule_start=timezone.now() - timedelta(hours=1)
    )
    return evaluation


class Lambda:
    """Stands where boto3's client does, and keeps what it is asked to invoke."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def invoke(self, FunctionName: str, InvocationType: str, Payload: str) -> None:  # noqa: N803 - boto3's names
        assert (FunctionName, InvocationType) == ("futbolreport-production", "Event")
        self.events.append(json.loads(Payload))


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lambda]:
    """This process as a Lambda function whose own invocations are kept."""
    there = Lambda()
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "futbolreport-production")
    monkeypatch.setattr(invocations, "client", lambda: there)
    with override_settings(TASKS=LAMBDA):
        yield there


@pytest.mark.usefixtures("quick_sandbox")
def test_a_tick_on_lambda_asks_for_one_invocation_a_slot_and_each_makes_its_run_once(
    evaluation: Evaluation, function: Lambda
) -> None:
    scheduled.run_due({}, None)
    assert not Run.objects.exists()
    (event,) = function.events
    assert event == {
        "command": "evaluations.scheduled.carry_out",
        "task": "evaluations.tasks.carry_out_slot",
        "args": [evaluation.pk],
    }
    for _ in range(2):  # Lambda delivers at least once
        scheduled.carry_out(event, None)
    assert [run.state for run in Run.objects.all()] == ["published"]


@pytest.mark.usefixtures("quick_sandbox")
def test_an_evaluation_without_a_due_slot_wakes_nobody(evaluation: Evaluation, function: Lambda) -> None:
    Evaluation.objects.update(schedule_start=timezone.now() + timedelta(hours=1))
    scheduled.run_due({}, None)
    assert function.events == []


@pytest.mark.usefixtures("quick_sandbox")
def test_the_rest_of_a_run_that_is_handed_over_goes_on_in_an_invocation_of_its_own(
    evaluation: Evaluation, function: Lambda, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([900.0, 900.0, 900.0, 900.0])

    class Context:
        def get_remaining_time_in_millis(self) -> int:
            return int(next(seconds, 5.0) * 1000)

    event = {"task": "evaluations.tasks.carry_out_slot", "args": [evaluation.pk]}
    scheduled.carry_out(event, Context())
    run = Run.objects.get()
    assert run.state in Run.LIVE
    (again,) = function.events
    assert (again["task"], again["args"]) == ("evaluations.tasks.go_on_with_run", [run.pk])
    scheduled.carry_out(again, None)
    run.refresh_from_db()
    assert run.state == "published"


@pytest.mark.usefixtures("quick_sandbox")
def test_what_fails_in_an_invocation_is_raised_to_lambda(evaluation: Evaluation, function: Lambda) -> None:
    job = Job.objects.create(kind="run", evaluation=evaluation, arguments={"models": ["nobody"]})
    with pytest.raises(Exception, match="has no model nobody"):
        scheduled.carry_out({"task": "evaluations.tasks.carry_out_job", "args": [job.pk]}, None)
    job.refresh_from_db()
    assert (job.state, "nobody" in job.outcome) == ("failed", True)


@pytest.mark.usefixtures("quick_sandbox")
def test_a_process_that_works_itself_does_what_is_due_whatever_the_backend(
    evaluation: Evaluation, function: Lambda
) -> None:
    worker = runs.Worker(hands_over=True)
    with tasks.working(worker):
        done = scheduled.do_what_is_due(worker)
    assert done["started"] == [Run.objects.get().pk]
    assert function.events == []


# The database as the queue, with processes of their own


class Site:
    """An installation of its own, on a database of its own."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.environment = (
            {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
            | ENVIRONMENT
            | {"DATABASE_URL": database, "TASKS_BACKEND": "database"}
        )
        self.manage("migrate", "--verbosity", "0")

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(ROOT / "manage.py"), *arguments]

    def manage(self, *arguments: str) -> str:
        step = subprocess.run(
            self.command(*arguments), env=self.environment, cwd=self.folder, capture_output=True, text=True
        )
        assert step.returncode == 0, step.stdout + step.stderr
        return step.stdout

    def ask(self, code: str) -> Any:
        """What a line of Python prints as JSON."""
        imports = "import json; from datetime import timedelta; from django.utils import timezone; "
        imports += "from django.db.models import Count; from evaluations.models import *; "
        imports += "from django_tasks_db.models import DBTaskResult; "
        return json.loads(self.manage("shell", "-v0", "-c", f"{imports}print(json.dumps({code}))"))

    def until(self, code: str, seconds: float = 60) -> Any:
        """Wait until it is true."""
        end = time.monotonic() + seconds
        while not (found := self.ask(code)):
            assert time.monotonic() < end, code
        return found


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}")


@pytest.mark.slow
def test_a_watching_tick_keeps_a_worker_that_makes_the_run_and_both_end_when_they_are_asked_to(site: Site) -> None:
    site.ask(
        "Evaluation.objects.filter(slug='sandbox').update(scheduled=True, "
        "schedule_start=timezone.now() - timedelta(hours=1))"
    )
    watch = subprocess.Popen(site.command("run_due", "--watch"), env=site.environment, cwd=site.folder)
    try:
        site.until("list(Run.objects.filter(state='published').values_list('pk', flat=True))")
        assert site.ask("Run.objects.count()") == 1
        assert site.ask("DBTaskResult.objects.filter(status='SUCCESSFUL').count()") >= 1
    finally:
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(60) == 0


ORDERED = """
import json
from django.contrib.auth.models import User
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from evaluations.admin import orders
from evaluations.models import Evaluation, Job

def order():
    return orders.order_run(Evaluation.objects.get(slug="sandbox"), User.objects.create(username="editor"))

try:
    with transaction.atomic():
        order()
        raise ZeroDivisionError
except ZeroDivisionError:
    before = [Job.objects.count(), DBTaskResult.objects.count()]
job = order()
print(json.dumps([before, [job.pk], [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]]))
"""


def test_a_job_and_its_task_are_made_together_or_not_at_all(site: Site) -> None:
    before, job, tasked = json.loads(site.manage("shell", "-v0", "-c", ORDERED))
    assert (before, tasked) == ([0, 0], [job])


@pytest.mark.slow
def test_a_worker_that_is_killed_leaves_its_run_to_the_next_tick_and_the_run_is_finished_once(site: Site) -> None:
    site.ask(
        "Evaluation.objects.filter(slug='sandbox').update(scheduled=True, "
        "schedule_start=timezone.now() - timedelta(hours=1))"
    )
    site.ask("__import__('evaluations.scheduled', fromlist=['run_due']).run_due({}, None)")
    assert site.ask("[DBTaskResult.objects.count(), Run.objects.count()]") == [1, 0]
    worker = subprocess.Popen(
        site.command("db_worker", "--interval", "0.1", "--no-startup-delay", "--no-reload"),
        env=site.environment,
        cwd=site.folder,
    )
    site.until("Run.objects.exists()")
    worker.kill()
    worker.wait(30)
    site.ask("Run.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))")
    # Killed while every answer was under way, nothing can be published; else the rest is.
    subprocess.run(site.command("run_due"), env=site.environment, cwd=site.folder, capture_output=True, check=False)
    states = "[Run.objects.count(), Run.objects.filter(state__in=['published', 'failed']).count()]"
    assert site.ask(states) == [1, 1]
    assert site.ask("Attempt.objects.filter(state='sent').count()") == 0
    assert site.ask("max(Report.objects.annotate(n=Count('attempts')).values_list('n', flat=True))") <= 1
