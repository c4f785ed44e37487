"""What an order may cost, before it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluations.errors import FutbolReportError
from evaluations.models import Evaluation, Report, Run
from evaluations.pipeline.plan import PlannedCall, plan, plan_rest
from evaluations.pipeline.retry import worst_cost
from evaluations.pipeline.start import Order

from .signs import dollars


@dataclass(frozen=True)
class QuotedModel:
    """What all requests to one model may cost."""

    model: str
    requests: int
    worst_usd: Decimal

    @property
    def price(self) -> str:
        """In words."""
        return dollars(self.worst_usd)


@dataclass(frozen=True)
class Quote:
    """What an order may cost at most, model by model, and what is in its way. `refused`: it cannot be given."""

    models: Sequence[QuotedModel] = ()
    obstacles: Sequence[str] = ()
    basis: str = ""
    refused: bool = False

    @property
    def price(self) -> str:
        """The most that all of it may cost, in words."""
        return dollars(sum((model.worst_usd for model in self.models), Decimal(0)))


def quote_run(evaluation: Evaluation, order: Order) -> Quote:
    """Of a run, a replay or a trial. Asks each provider for its list of models, and nothing else."""
    try:
        planned = plan(evaluation, order)
    except FutbolReportError as error:
        return Quote(obstacles=[str(error)], refused=True)
    size = _("Every model gets the same %(bytes)s bytes (%(material)s).")
    basis = size % {"bytes": f"{planned.message_bytes:,}", "material": planned.material}
    return Quote(by_model(planned.calls), planned.obstacles, basis)


def quote_rest(run: Run) -> Quote:
    """Of what is missing of a run."""
    return Quote(by_model(plan_rest(run)), basis=_("What is paid is not asked for and not paid again."))


def quote_retry(report: Report) -> Quote:
    """Of asking once more for a lost report."""
    try:
        worst = worst_cost(report)
    except FutbolReportError as error:
        return Quote(obstacles=[str(error)], refused=True)
    return Quote([QuotedModel(report.entry.slug, 1, worst)])


def by_model(calls: Sequence[PlannedCall]) -> list[QuotedModel]:
    """The calls of each model together."""
    found: dict[str, list[Decimal]] = {}
    for call in calls:
        found.setdefault(call.model, []).append(call.worst_usd)
    return [QuotedModel(model, len(worst), sum(worst, Decimal(0))) for model, worst in found.items()]
