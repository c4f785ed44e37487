"""Many due evaluations before the bundle's own handler: one task each, begun once however often tick and tasks come.

DUE says how many; `make test-lambda` has 200.
"""

import os
from collections.abc import Callable

import psycopg
import pytest

from tests.aws.conftest import manage
from tests.aws.runtime import Container, tick

pytestmark = pytest.mark.slow

COUNT = int(os.environ.get("DUE", "6"))
MAKE = f"""
from datetime import timedelta
from decimal import Decimal
from django.utils import timezone
from evaluations.models import *
model = Evaluation.objects.get(slug="sandbox").roster.get(slug="brief")
for number in range({COUNT}):
    evaluation = Evaluation.objects.create(
        slug=f"due-{{number}}", name=f"Due {{number}}", sandbox=True, search_source="sandbox", scheduled=True,
        schedule_start=timezone.now() - timedelta(minutes=30), every_hours=24, max_usd_per_day=Decimal(10**6),
    )
    Prompt.objects.create(evaluation=evaluation, system_text="Write a report from the sources.")
    evaluation.queries.create(position=1, text="recent football fixtures")
    model.pk, model.evaluation = None, evaluation
    model.save()
"""


def test_each_of_many_due_evaluations_is_one_invocation_and_begun_once(
    start: Callable[..., Container], code, environment
) -> None:
    manage(code, environment, "shell", "-v0", "-c", MAKE)
    first, second = start(), start()
    told = first.invoke(tick("many"))
    assert told.error is None, told.error
    assert len(first.asked) == COUNT
    again = [second.send(invocation.event) for invocation in first.asked]  # Lambda delivers at least once
    assert all(invocation.done.wait(900) for invocation in [*first.asked, *again])
    assert [invocation.error for invocation in [*first.asked, *again] if invocation.error] == []
    late = second.invoke(tick("many, late"))
    assert (late.error, second.asked) == (None, [])
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        states = connection.execute(
            "SELECT run.state, count(DISTINCT run.id), count(*) FROM evaluations_run run "
            "JOIN evaluations_evaluation evaluation ON evaluation.id = run.evaluation_id "
            "JOIN evaluations_runentry entry ON entry.run_id = run.id "
            "JOIN evaluations_report report ON report.entry_id = entry.id "
            "JOIN evaluations_attempt attempt ON attempt.report_id = report.id "
            "WHERE evaluation.slug LIKE 'due-%' GROUP BY run.state"
        ).fetchall()
    print(f"{COUNT} due evaluations, {len(first.asked)} invocations, each delivered twice, 2 ticks: {states}")
    assert states == [("published", COUNT, COUNT)]
