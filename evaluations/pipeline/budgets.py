"""The budgets of a run and of a UTC day: money is reserved before a request leaves, and settled once it is spent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum, Value

from evaluations.models import Attempt, Budget, Run
from evaluations.models.money import UsdField

MOST_NAMED = 5


def usd(amount: Decimal) -> Value:
    """An amount for use in a database expression."""
    return Value(amount, output_field=UsdField())


def budgets_of(run: Run, day: date) -> QuerySet[Budget, Any]:
    """The two rows that a call of `run` on `day` is booked on."""
    return Budget.objects.filter(Q(run=run) | Q(day=day, sandbox=run.evaluation.sandbox))


def reserve(run: Run, day: date, amount: Decimal) -> bool:
    """Reserve `amount` under the ceilings of run and day: one conditional UPDATE that must change both rows.

    To be called in a transaction. The run's row comes first, here and in `settle`: two workers at one run that lock
    its row and the day's in different order would wait for each other.
    """
    Budget.objects.select_for_update().get_or_create(run=run, defaults={"sandbox": run.evaluation.sandbox})
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
        both = budgets_of(run, day)
        for budget in (both.filter(run=run), both.filter(run=None)):
            budget.update(
                reserved_usd=F("reserved_usd") - usd(released[day]), spent_usd=F("spent_usd") + usd(spent[day])
            )


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A limit in USD, what is booked under it now, and both in words, with what holds it and the way out."""

    limit: Decimal
    booked: Decimal
    words: str


def ceilings_of(run: Run, day: date) -> list[Ceiling]:
    """The ceilings of a run and of its day as they stand."""
    sandbox = run.evaluation.sandbox
    of_run, of_day = Attempt.objects.filter(report__entry__run=run), Attempt.objects.filter(day=day)
    of_day = of_day.filter(report__entry__run__evaluation__sandbox=sandbox)
    kinds = (
        (Budget.objects.get(run=run), run.max_usd_per_run, "run", of_run, ""),
        (
            Budget.objects.get(day=day, sandbox=sandbox),
            run.max_usd_per_day,
            f"day ({day})",
            of_day,
            ", or wait until 00:00 UTC",
        ),
    )
    return [
        Ceiling(
            limit,
            budget.spent_usd + budget.reserved_usd,
            f"over the ceiling of {limit:f} USD per {name}: {budget.spent_usd:.4f} are spent and "
            f"{budget.reserved_usd:.4f} held{holders(attempts)}. Raise that ceiling in admin{way_out}.",
        )
        for budget, limit, name, attempts, way_out in kinds
    ]


def why_refused(run: Run, ceilings: Iterable[Ceiling], amount: Decimal) -> str:
    """Why a call that may cost `amount` is not sent, and the way out."""
    may = f"Asking may cost {amount:.4f} USD"
    if amount > run.max_usd_per_call:
        return (
            f"{may}, over the ceiling of {run.max_usd_per_call:f} USD per call; nothing was sent. Raise that ceiling "
            "in admin, or lower the model's max_tokens, or give it its prices where they are not known."
        )
    reasons = [ceiling.words for ceiling in ceilings if ceiling.booked + amount > ceiling.limit]
    return f"{may}; nothing was sent: {' And '.join(reasons) or 'other calls were faster, and are done now.'}"


def holders(attempts: QuerySet[Attempt]) -> str:
    """By which calls money is held: those under way, and those whose cost nobody knows."""
    held = attempts.filter(Attempt.COST_UNKNOWN, reserved_usd__gt=0)
    rows = held.values_list("report__entry__run", "report__entry__slug").annotate(calls=Count("pk")).order_by("-calls")
    named = [f"run {run}, {slug}: {calls}" for run, slug, calls in rows[:MOST_NAMED]]
    rest = ["more"] if rows.count() > MOST_NAMED else []
    if not named:
        return ""
    return (
        f" by calls under way or of unknown cost ({'; '.join([*named, *rest])}); a model with prices (0 where it is "
        "free) holds no more than it costs"
    )


@dataclass(frozen=True, slots=True)
class RunCost:
    """What a run has cost in USD as far as it is known, and of how many calls nobody knows what they cost."""

    known: Decimal
    unknown_calls: int


def cost_of_run(run: Run) -> RunCost:
    """What all calls for the reports of a run have cost."""
    attempts = Attempt.objects.filter(report__entry__run=run)
    known = attempts.aggregate(total=Sum("cost_usd"))["total"] or Decimal(0)
    return RunCost(known, attempts.filter(Attempt.COST_UNKNOWN).count())
