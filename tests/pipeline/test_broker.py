"""A queue with a broker does the same: RQ over a real Redis, by TASKS_BACKEND alone."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.pipeline.test_tasks import Site

pytest.importorskip("django_tasks_rq", reason="MISSING PART: django-tasks-rq (requirements-dev.txt)")

pytestmark = pytest.mark.slow

WORK = ("rqworker", "--burst", "--job-class", "django_tasks_rq.Job")
DUE = """
import json
from datetime import timedelta
from django.utils import timezone
from evaluations import scheduled
from evaluations.models import Evaluation, Job, Run
sandbox = Evaluation.objects.filter(slug="sandbox")
sandbox.update(scheduled=True, schedule_start=timezone.now() - timedelta(hours=1))
scheduled.run_due({}, None)
scheduled.run_due({}, None)
print(json.dumps(Run.objects.count()))
"""
COUNT = """
import json
import django_rq
from evaluations.models import Run
print(json.dumps([list(Run.objects.values_list("state", flat=True)), django_rq.get_queue().count]))
"""


@pytest.fixture
def site(tmp_path: Path, own_redis: str) -> Site:
    there = Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}")
    there.environment |= {"TASKS_BACKEND": "rq", "REDIS_URL": own_redis}
    there.manage("migrate", "--verbosity", "0")
    return there


def test_a_worker_behind_a_broker_makes_the_run_of_a_slot_once_however_often_it_is_asked_for(site: Site) -> None:
    assert json.loads(site.manage("shell", "-v0", "-c", DUE)) == 0
    assert json.loads(site.manage("shell", "-v0", "-c", COUNT)) == [[], 2]
    site.manage(*WORK)
    assert json.loads(site.manage("shell", "-v0", "-c", COUNT)) == [["published"], 0]


def test_without_a_redis_the_start_is_refused(site: Site) -> None:
    told = subprocess.run(
        site.command("check"), env=site.environment | {"REDIS_URL": ""}, cwd=site.folder, capture_output=True, text=True
    )
    assert told.returncode
    assert "REDIS_URL" in told.stderr
