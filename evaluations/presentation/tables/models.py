"""The models over the last runs as a table: each mean with its interval, and how groundedness went."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from evaluations.presentation.findings import BEHAVIOURS, Model, Spread
from evaluations.presentation.wording.numbers import interval_as, number_as

from .table import BEST, CHEAPEST, FASTEST, MISSING, MOST, Entry, Figure, Kind, Table, make_table

BETTER = {
    "groundedness": (1, BEST), "context_utilization": (1, MOST), "format_compliance": (1, BEST),
    "latency_seconds": (-1, FASTEST), "cost_usd": (-1, CHEAPEST), "cost_per_1000_grounded_words": (-1, CHEAPEST),
}  # fmt: skip
KINDS = (
    *(Kind(metric, label, "", *BETTER.get(metric, ())) for metric, label, _form in BEHAVIOURS),
    Kind("flagged", _("With a flag")),
)
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96, 20, 3


@dataclass(frozen=True, slots=True)
class Course:
    """What stands beside a model's name: in how many runs it gave a report, and how its groundedness went."""

    reports: int
    runs: int
    line: str
    ends: tuple[float, float] | None


def models_table(models: Sequence[Model], sort: str = "") -> Table:
    """The table of all models."""
    when = {result.run: result.published_at for model in models for result in model.results}
    runs = sorted(when, key=lambda run: (when[run], run))
    return make_table(
        KINDS, [Entry(model.slug, model.name, figures_of(model), course(model, runs)) for model in models], sort
    )


def course(model: Model, runs: Sequence[int]) -> Course:
    """How a model went over these runs, oldest first."""
    points = sparkline(model, runs)
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Course(len(model.reports), len(model.results), line, points[-1] if points else None)


def figures_of(model: Model) -> dict[str, Figure]:
    """A model's figures with their intervals."""
    figures = {spread.metric: figure(spread) for spread in model.behaviours}
    return figures | {"flagged": Figure(model.flagged, str(model.flagged)) if model.reports else MISSING}


def figure(spread: Spread) -> Figure:
    """A mean, and in small its interval."""
    if spread.mean is None:
        return MISSING
    text = number_as(spread.mean, spread.form)
    interval = interval_as(spread.interval, spread.form) if spread.interval else text
    return Figure(spread.mean, text, [interval] if interval != text else [])


def sparkline(model: Model, runs: Sequence[int]) -> list[tuple[float, float]]:
    """Groundedness over these runs as the points of a line; none where there are fewer than two."""
    shares = {
        result.run: result.metrics["groundedness"] for result in model.reports if "groundedness" in result.metrics
    }
    if len(shares) < 2:
        return []
    across = (SPARK_WIDTH - 2 * SPARK_MARGIN) / max(1, len(runs) - 1)
    places = {run: round(SPARK_MARGIN + across * number, 1) for number, run in enumerate(runs)}
    down = SPARK_HEIGHT - 2 * SPARK_MARGIN
    return [(places[run], round(SPARK_MARGIN + down * (1 - shares[run]), 1)) for run in runs if run in shares]
