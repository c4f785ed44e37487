"""The money: spent today and this month, by model and by run, forecast, under which ceilings, and what is held."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.models import Attempt, Budget, Evaluation, Run
from evaluations.pipeline.reconcile import LOOKED_FOR

from .next_run import expected_usd, next_slots

LISTED = 30
FORECAST = timedelta(days=30)
ZERO = Decimal(0)


def spending_since(first: date) -> dict[str, Decimal]:
    """USD `spent` for sure on this UTC day and later by real models, and `held` by calls of unknown cost."""
    days = Budget.objects.filter(day__gte=first, sandbox=False)
    sums = days.aggregate(spent=Sum("spent_usd"), held=Sum("reserved_usd"))
    return {name: amount or ZERO for name, amount in sums.items()}


def first_of_month() -> date:
    """The first UTC day of this month."""
    return datetime.now(UTC).date().replace(day=1)


def facts() -> dict[str, Any]:
    """All that the page shows."""
    today, month = datetime.now(UTC).date(), first_of_month()
    evaluations = list(Evaluation.objects.filter(sandbox=False))
    forecasts = [forecast_of(evaluation) for evaluation in evaluations]
    return {
        "today": spending_since(today),
        "month": spending_since(month),
        "month_name": month,
        "by_model": by_model(month),
        "by_run": by_run(),
        "forecasts": forecasts,
        "forecast_usd": sum((line.usd or ZERO for line in forecasts), ZERO),
        "evaluations": evaluations,
        "moves": moves_of_ceilings(),
        "held": held_calls(),
    }


def by_model(since: date) -> Any:
    """What each model has cost, the dearest first."""
    real = Attempt.objects.filter(day__gte=since, report__entry__run__evaluation__sandbox=False)
    rows = real.values("report__entry__name", "report__entry__model_id")
    held = Sum("reserved_usd", filter=Attempt.COST_UNKNOWN)
    return rows.annotate(usd=Sum("cost_usd"), calls=Count("pk"), held=held).order_by("-usd")[:LISTED]


def by_run() -> Any:
    """What the last runs have cost."""
    rows = Budget.objects.filter(run__isnull=False, run__evaluation__sandbox=False)
    return rows.select_related("run__evaluation").order_by("-run")[:LISTED]


@dataclass(frozen=True)
class Forecast:
    """What an evaluation will cost in the next thirty days, as roster and cadence stand; None where nobody can say."""

    evaluation: Evaluation
    runs: int
    usd_a_run: Decimal | None

    @property
    def usd(self) -> Decimal | None:
        """All its runs together."""
        return None if self.usd_a_run is None else self.runs * self.usd_a_run


def forecast_of(evaluation: Evaluation) -> Forecast:
    """The runs of its schedule, each at what runs have cost lately."""
    end = timezone.now() + FORECAST
    due = [slot for slot in next_slots(evaluation, int(FORECAST / timedelta(hours=1))) if slot <= end]
    return Forecast(evaluation, len(due), expected_usd(evaluation))


def moves_of_ceilings() -> Any:
    """Who moved a ceiling, and from where to where."""
    of_evaluations = LogEntry.objects.filter(content_type__app_label="evaluations", content_type__model="evaluation")
    return of_evaluations.filter(change_message__contains="Max usd").select_related("user")[:LISTED]


@dataclass(frozen=True)
class HeldCall:
    """One call whose cost is not known: what it holds in USD, and the way out."""

    attempt: Attempt
    way_out: str


def held_calls() -> list[HeldCall]:
    """Calls that hold money, the newest first."""
    held = Attempt.objects.filter(Attempt.COST_UNKNOWN, reserved_usd__gt=0)
    rows = held.filter(report__entry__run__evaluation__sandbox=False)
    found = rows.select_related("report__entry__run__evaluation").defer("body", "report__text", "report__html")
    return [HeldCall(attempt, way_out_of(attempt)) for attempt in found.order_by("-pk")[:LISTED]]


def way_out_of(attempt: Attempt) -> str:
    """How this money gets free."""
    if attempt.report.entry.run.state in Run.LIVE:
        return _("Under way: it is settled with its answer.")
    until = attempt.written_at + LOOKED_FOR
    if attempt.generation_id and until > timezone.now():
        return _("Its provider is asked for the cost every hour until %s UTC.") % f"{until:%Y-%m-%d %H:%M}"
    return (
        f"Nobody can say any more. It holds the ceiling of {attempt.day} alone, and that of its run: to go on with the "
        "run, raise the run's ceiling, or retry the report on its page at the price that is shown there."
    )
