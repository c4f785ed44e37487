"""The budgets of a run and of a UTC day: money is reserved before a request leaves, and settled once it is spent."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value

from evaluations.models import Attempt, Budget, Run
from evaluations.models.money import UsdField


def usd(amount: Decimal) -> Value:
    """An amount for use in a database expression."""
    return Value(amount, output_field=UsdField())


def budgets_of(run: Run, day: date) -> QuerySet[Budget, Any]:
    """The two rows that a call of `run` on `day` is booked on."""
    return Budget.objects.filter(Q(run=run) | Q(day=day, sandbox=run.evaluation.sandbox))


def reserve(run: Run, day: date, amount: Decimal) -> bool:
    """Reserve `amount` under the ceilings of run and day: one conditional UPDATE that must change both rows."""
    Budget.objects.get_or_create(run=run, defaults={"sandbox": run.evaluation.sandbox})
    Budget.objects.get_or_create(day=day, sandbox=run.evaluation.sandbox)
    left_of_run = usd(run.max_usd_per_run - amount)
    left_of_day = usd(run.max_usd_per_day - amount)
    with transaction.atomic():
        changed = (
            budgets_of(run, day)
            .alias(booked=F("reserved_usd") + F("spent_usd"))
            .filter(Q(run=run, booked__lte=left_of_run) | Q(run=None, booked__lte=left_of_day))
            .update(reserved_usd=F("reserved_usd") + usd(amount))
        )
        if changed != 2:
            transaction.set_rollback(True)
    return changed == 2


def settle(run: Run, attempts: Iterable[Attempt]) -> None:
    """Replace what these attempts reserved by what they cost, nothing where nobody knows of a cost."""
    released: dict[date, Decimal] = defaultdict(Decimal)
    spent: dict[date, Decimal] = defaultdict(Decimal)
    for attempt in attempts:
        released[attempt.day] += attempt.reserved_usd
        spent[attempt.day] += attempt.cost_usd or Decimal(0)
    for day in sorted(released):
        budgets_of(run, day).update(
            reserved_usd=F("reserved_usd") - usd(released[day]), spent_usd=F("spent_usd") + usd(spent[day])
        )
