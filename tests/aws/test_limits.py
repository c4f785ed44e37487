"""What fits one invocation, and what is not begun in the last seconds of one. A deployment of its own."""

from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.aws.conftest import manage
from tests.aws.runtime import Container, tick

Start = Callable[..., Container]
CALLS, EVALUATIONS = 500, 12

# Each script begins with these.
NAMES = """
from datetime import timedelta
from django.utils import timezone
from evaluations.models import *
seed = Evaluation.objects.filter(sandbox=True).earliest("pk")
Evaluation.objects.update(scheduled=False)
def due(evaluation):
    evaluation.scheduled, evaluation.public, evaluation.every_hours = True, True, 1
    evaluation.schedule_start = timezone.now() - timedelta(minutes=5)
    evaluation.save()
def copy(row, **fields):
    row.pk = None
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row
"""
# Evaluations like the sandbox's own: its queries, its prompt, its models.
MANY = f"""
for number in range({EVALUATIONS}):
    parts = [list(seed.queries.all()), [seed.prompts.latest("version")], list(seed.roster.filter(enabled=True))]
    evaluation = copy(Evaluation.objects.get(pk=seed.pk), slug=f"copy-{{number}}", name=f"Copy {{number}}")
    for rows in parts:
        for row in rows:
            copy(row, evaluation=evaluation)
    due(evaluation)
"""
# One evaluation with so many models, and with a deadline that is longer than an invocation.
LARGE = f"""
models = list(seed.roster.all())
seed.roster.update(enabled=False)
for number in range({CALLS}):
    row = ModelConfig.objects.get(pk=models[number % len(models)].pk)
    copy(row, slug=f"model-{{number}}", name=f"Model {{number}}", enabled=True, position=number + 1)
seed.call_deadline_seconds = 1800
seed.max_usd_per_run = seed.max_usd_per_day = 500
due(seed)
"""


def prepare(code: Path, environment: dict[str, str], script: str) -> None:
    manage(code, environment, "shell", "-v0", "-c", NAMES + script)


def rows(environment: dict[str, str], query: str) -> list[tuple]:
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        return connection.execute(query).fetchall()


def test_with_fifteen_seconds_left_no_search_is_paid_for_that_cannot_be_used(start: Start, code, environment) -> None:
    prepare(code, environment, MANY)
    container = start()
    late = container.invoke(tick("late"), seconds=15)
    assert late.error is None, late.error
    # Each slot is a task of its own, in an invocation that has its time; this one searched for none of them.
    settled = container.settle()
    assert [one.error for one in settled if one.error] == []
    states = rows(environment, "SELECT state, count(*) FROM evaluations_run GROUP BY state")
    assert states == [("published", EVALUATIONS)]
    searches = "SELECT run_id, query FROM evaluations_queryanswer GROUP BY run_id, query HAVING count(*) > 1"
    assert rows(environment, searches) == []


def test_a_run_of_five_hundred_calls_with_a_longer_deadline_fits_one_invocation(
    start: Start, code, environment
) -> None:
    prepare(code, environment, LARGE)
    container = start()
    container.invoke(tick("large"))
    settled = container.settle(600)
    assert [one.error for one in settled if one.error] == []
    (run, state) = rows(environment, "SELECT id, state FROM evaluations_run ORDER BY id DESC LIMIT 1")[0]
    assert state == "published"
    counted = f"""
        SELECT count(*), count(DISTINCT report.id), max(attempts.tries) FROM evaluations_report report
        JOIN evaluations_runentry entry ON entry.id = report.entry_id
        JOIN (SELECT report_id, count(*) AS tries FROM evaluations_attempt GROUP BY report_id) attempts
        ON attempts.report_id = report.id WHERE entry.run_id = {run}
    """
    (reports, different, _tries) = rows(environment, counted)[0]
    assert reports == different == CALLS
    print(f"{CALLS} calls: {container.peak_megabytes():.0f} MB, {container.cpu_seconds():.0f} s CPU")
