"""Cost against groundedness: one point a model, on the page of the models and to take away."""

from collections.abc import Sequence
from typing import Any

from evaluations.presentation.findings import Model

from .charts import Chart, chart

BELOW = 5  # percent of the axis under the lowest point


def scatter(found: Sequence[Model], *, numbered: bool = False) -> Chart | None:
    """Mean cost across, mean groundedness up: the best value stands at the upper left.

    `numbered` labels the points by their place in `scatter_rows`, for screens without room for names.
    """
    rows = scatter_rows(found)
    if not rows:
        return None
    values = [(str(place) if numbered else row["name"], row["cost_usd"], 100 * row["groundedness"])
              for place, row in enumerate(rows, 1)]  # fmt: skip
    lowest = min(grounded for _, _, grounded in values)
    across = (0, max(cost for _, cost, _ in values))
    return chart(values, x_range=across, y_range=(max(0, lowest - BELOW), 100))


def scatter_rows(found: Sequence[Model]) -> list[dict[str, Any]]:
    """The models of the chart with their two means and how many reports are in them, in the order of the table."""
    means = [(model, model.spread("cost_usd"), model.spread("groundedness")) for model in found]
    return [
        {"model": model.slug, "name": model.name, "reports": grounded.count,
         "cost_usd": cost.mean, "groundedness": grounded.mean}
        for model, cost, grounded in means
        if cost.mean is not None and grounded.mean is not None
    ]  # fmt: skip
