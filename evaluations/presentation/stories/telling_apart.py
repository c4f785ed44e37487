"""Which models the last runs tell apart, and which they do not: the run is the unit, differences are paired by run."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from evaluations.presentation.findings import Model
from evaluations.presentation.wording.name_lists import name_list
from evaluations.statistics.intervals import LEVEL, mean_over_runs

FEWEST_RUNS = 2


@dataclass(frozen=True, slots=True)
class Separation:
    """The model with the best mean, and the others by whether they can be told apart from it."""

    best: str
    runs: int
    told: Sequence[str]
    not_told: Sequence[str]

    @property
    def finding(self) -> str:
        """Who kept closest to the sources, as a sentence without a full stop."""
        if self.runs < FEWEST_RUNS:
            return _("One run tells no models apart")
        return _("Over {runs} runs, {best} kept closest to the sources").format(runs=self.runs, best=self.best)

    @property
    def limits(self) -> str:
        """From whom that tells it apart, and from whom it does not."""
        if self.runs < FEWEST_RUNS:
            return ""
        if not self.not_told:
            return _("It stands apart from every other model.")
        return _("That is not enough to tell it apart from {names}.").format(names=name_list(self.not_told))


def separation_of(models: Sequence[Model]) -> Separation | None:
    """The best grounded model beside every other, over the runs that both have; None under two with scores.

    Apart are two whose mean paired difference has an interval above zero, at a level that is shared out over all pairs.
    """
    values = {model.name: groundedness_by_run(model) for model in models}
    known = {name: of_runs for name, of_runs in values.items() if of_runs}
    if len(known) < 2:
        return None
    best = max(known, key=lambda name: sum(known[name].values()) / len(known[name]))
    level = 1 - (1 - LEVEL) / (len(known) - 1)
    told = {name: is_above(known[best], known[name], level) for name in known if name != best}
    return Separation(
        best, len(known[best]), [name for name in told if told[name]], [name for name in told if not told[name]]
    )


def groundedness_by_run(model: Model) -> dict[int, float]:
    """By run, how grounded the model's report was."""
    return {one.run: one.metrics["groundedness"] for one in model.reports if "groundedness" in one.metrics}


def is_above(one: dict[int, float], other: dict[int, float], level: float) -> bool:
    """Whether the first is higher by more than chance, over the runs that both have."""
    differences = [one[run] - other[run] for run in one if run in other]
    interval = mean_over_runs(differences, level=level).interval if differences else None
    return interval is not None and interval.low > 0
