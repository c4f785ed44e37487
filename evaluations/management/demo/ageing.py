"""Moves a run of the sandbox back in time, with all that belongs to it, so that the product's own rules still hold."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from decimal import Decimal
from random import Random

from django.db.models import DateTimeField, ExpressionWrapper, F, Model, QuerySet, Sum
from django.db.models.functions import TruncDate

from evaluations.models import Attempt, Budget, LockedContext, Page, QueryAnswer, Report, Run, Score
from evaluations.pipeline.budgets import usd
from evaluations.sandbox.openrouter.roster import MODELS
from votes.models import Closing, Vote

NOTHING = Decimal(0)
PACES = {model.id: model.pace for model in MODELS}


def move_back(run: Run, age: timedelta) -> None:
    """Let everything of a run have happened so much earlier; its money is booked on the day it then was."""
    move_money(run, age)
    for rows in rows_of(run):
        moments = [field.name for field in rows.model._meta.concrete_fields if isinstance(field, DateTimeField)]
        rows.update(**{name: F(name) - age for name in moments})
    run.refresh_from_db()


def rows_of(run: Run) -> Iterator[QuerySet[Model]]:
    """All rows of a run; a replay's material is another run's."""
    yield Run.objects.filter(pk=run.pk)
    yield QueryAnswer.objects.filter(run=run)
    yield Page.objects.filter(run=run)
    yield Report.objects.filter(entry__run=run)
    yield Attempt.objects.filter(report__entry__run=run)
    yield Score.objects.filter(report__entry__run=run)
    yield Vote.objects.filter(run=run)
    yield Closing.objects.filter(run=run)
    if run.replay_of is None:
        yield LockedContext.objects.filter(runs=run)


def move_money(run: Run, age: timedelta) -> None:
    """Book what a run has spent, or still holds for calls of unknown cost, on the budget of the day on which each call
    is then written: an age of some hours may lead past midnight."""
    moment = ExpressionWrapper(F("written_at") - age, output_field=DateTimeField())
    attempts = Attempt.objects.filter(report__entry__run=run).annotate(then=TruncDate(moment, tzinfo=UTC))
    unknown = Sum("reserved_usd", filter=Attempt.COST_UNKNOWN)
    rows = attempts.order_by().values_list("day", "then").annotate(spent=Sum("cost_usd"), held=unknown)
    for day, then, spent, held in list(rows):
        book(day, -(spent or NOTHING), -(held or NOTHING))
        book(then, spent or NOTHING, held or NOTHING)
        moved = attempts.filter(day=day, then=then).values_list("pk", flat=True)
        Attempt.objects.filter(pk__in=list(moved)).update(day=then)


def book(day: date, spent: Decimal, held: Decimal) -> None:
    """Change what the sandbox's budget of a day says."""
    Budget.objects.get_or_create(day=day, sandbox=True)
    Budget.objects.filter(day=day, sandbox=True).update(
        spent_usd=F("spent_usd") + usd(spent), reserved_usd=F("reserved_usd") + usd(held)
    )


def take_usual_time(run: Run, chance: Random) -> None:
    """Give each report the time that its model takes, and the run that of its slowest: here all answered at once."""
    longest = 0.0
    for report in Report.objects.filter(entry__run=run, latency_seconds__isnull=False).select_related("entry"):
        least, spread = PACES[report.entry.model_id]
        seconds = round(least + spread * chance.random(), 3)
        longest = max(longest, seconds)
        Report.objects.filter(pk=report.pk).update(latency_seconds=seconds)
        Attempt.objects.filter(report=report, latency_seconds__isnull=False).update(latency_seconds=seconds)
    Run.objects.filter(pk=run.pk).update(work_seconds=round(longest + (run.work_seconds or 0), 3))
