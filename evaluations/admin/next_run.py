"""What the next run of an evaluation will do: when, with what, by whom, and for how much."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from evaluations.errors import FutbolReportError
from evaluations.models import Budget, Evaluation, Run
from evaluations.pipeline.plan import plan
from evaluations.pipeline.schedule import step_of

RUNS_LOOKED_AT = 3


def facts_of(evaluation: Evaluation) -> dict[str, Any]:
    """All that the page shows. Its providers are asked for their lists; nothing is searched, nothing spent."""
    try:
        planned, refusal = plan(evaluation), ""
    except FutbolReportError as error:
        planned, refusal = None, str(error)
    today = Budget.objects.filter(day=datetime.now(UTC).date(), sandbox=evaluation.sandbox).first()
    booked = today.spent_usd + today.reserved_usd if today else Decimal(0)
    last = evaluation.runs.filter(kind__in=(Run.Kind.SCHEDULED, Run.Kind.MANUAL)).order_by("-pk").first()
    return {
        "evaluation": evaluation,
        "slots": next_slots(evaluation, 3),
        "plan": planned,
        "refusal": refusal,
        "expected_usd": expected_usd(evaluation),
        "booked_usd": booked,
        "left_usd": max(Decimal(0), evaluation.max_usd_per_day - booked),
        "prompt": evaluation.prompt,
        "last": last,
    }


def next_slots(evaluation: Evaluation, count: int) -> list[datetime]:
    """The next moments at which it is due, UTC; none where nothing is scheduled."""
    return [moment for _, moment in zip(range(count), slots_from_now(evaluation), strict=False)]


def slots_from_now(evaluation: Evaluation) -> Iterator[datetime]:
    """Every slot that is still to come, one after the other."""
    start, step, now = evaluation.schedule_start, step_of(evaluation.every_hours), timezone.now()
    if not evaluation.scheduled or start is None:
        return
    moment = start if start > now else start + ((now - start) // step + 1) * step
    while True:
        yield moment
        try:
            moment += step
        except OverflowError:  # the calendar ends
            return


def expected_usd(evaluation: Evaluation) -> Decimal | None:
    """What a run has cost lately, on average of the last three that had all their answers; None before the first."""
    settled = Budget.objects.filter(
        run__evaluation=evaluation, run__kind__in=(Run.Kind.SCHEDULED, Run.Kind.MANUAL), run__finished_at__isnull=False
    )
    spent = list(settled.order_by("-run").values_list("spent_usd", flat=True)[:RUNS_LOOKED_AT])
    return sum(spent, Decimal(0)) / len(spent) if spent else None
