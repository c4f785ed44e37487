"""The strengths at equal length and layout: how much of a preference is for longer, more structured reports. Pure.

The conditional logit of `strengths` with one more term: the utility of a report is its model's strength plus b · x,
where x are the logarithms of its words, of 1 + its headings and of 1 + its list items. Only what a model's form does
from run to run can tell b from the strength, so it is uncertain where models always write alike. Same weights, same
pseudo-votes, same jackknife over runs.

What else differs from run to run is not in that model, and a slope that is fitted without it comes out smaller than
what length does within a run: an eighth smaller where models differ by 0.7 (the attenuation of marginal models: Zeger,
Liang and Albert, Biometrics 1988). So the slopes are divided by that factor, for which the differences between runs
are estimated from how much more the runs' scores vary than their votes explain. The strengths stay marginal, as in the
table.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul, sub

from evaluations.statistics.intervals import Interval
from votes.statistics.algebra import Matrix, Vector, zeros
from votes.statistics.strengths import (
    Strengths,
    add_pseudo_votes,
    average_weight,
    centre,
    moments,
    newton,
    one_step_without,
    runs_of_models,
)
from votes.statistics.tallies import RunTally, Tally

# Of ballots of two to four reports, held against simulated votes (`tests/votes/statistics/test_effects.py`).
ATTENUATION = 0.57  # of a slope, for each unit of variance between runs
SATURATION = 0.5  # of the scores, likewise
MOST_SEEN = 1.2  # of that variance as the scores show it; beyond, they tell too little

LEAST_OWN_SHARE = 0.01  # of a feature's variance within runs
NOUGHT = 1e-9


@dataclass(frozen=True, slots=True)
class Form:
    """The outward form of one report, counted."""

    words: int
    headings: int
    items: int

    @property
    def logarithms(self) -> Vector:
        """Of the words, and of 1 + the others, which may be nought."""
        return [math.log(max(self.words, 1)), math.log1p(self.headings), math.log1p(self.items)]


FEATURES = ("words", "headings", "items")
Forms = Mapping[tuple[int, str], Form]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a feature does: by how much the log strength grows with its logarithm, and the 95 % interval of that.

    2 to the power of `value` is by what factor twice the words change the odds of being chosen.
    """

    feature: str
    value: float
    interval: Interval | None

    @property
    def seen(self) -> bool:
        """Whether chance does not explain it."""
        return self.interval is not None and not self.interval.contains(0)


@dataclass(frozen=True, slots=True)
class EqualLength:
    """The effects, and the strengths that are left when all reports of a run are alike in form."""

    effects: tuple[Effect, ...]
    strengths: Strengths


@dataclass(frozen=True, slots=True)
class Design:
    """One run: its votes, and the features of each model's report around their mean, in units of their spread."""

    tally: RunTally
    features: Sequence[Sequence[float]]


def at_equal_length(tally: Tally, forms: Forms) -> EqualLength | None:
    """The strengths with the form of each report, given by (run, model), held equal.

    A feature that hardly differs but by the model is left out, because nothing could tell the two apart; None where
    none is left. KeyError where a form is missing.
    """
    raw = [features_of(number, run, tally.models, forms) for number, run in tally.runs.items()]
    scales = scales_of(list(tally.runs.values()), raw)
    if not scales:
        return None
    designs = [
        Design(run, [[row[place] / scale for place, scale in scales.items()] for row in rows])
        for run, rows in zip(tally.runs.values(), raw, strict=True)
    ]
    values, without = estimate(designs, len(tally.models), average_weight(tally.runs.values()))
    return name_estimates(tally, scales, values, without, attenuation(variance_between_runs(designs, values)))


def features_of(number: int, run: RunTally, models: Sequence[str], forms: Forms) -> list[Vector]:
    """For each model the logarithms around their mean in the run; noughts for one that did not stand."""
    known = {model: forms[number, models[model]].logarithms for model in run.models}
    means = [sum(column) / len(known) for column in zip(*known.values(), strict=True)]
    return [
        list(map(sub, known[model], means)) if model in known else [0.0] * len(means) for model in range(len(models))
    ]


def scales_of(runs: Sequence[RunTally], raw: Sequence[Sequence[Vector]]) -> dict[int, float]:
    """By its place, the spread of each feature that a model's own mean does not explain; see `at_equal_length`."""
    values: dict[int, list[Vector]] = defaultdict(list)
    for run, rows in zip(runs, raw, strict=True):
        for model in run.models:
            values[model].append(rows[model])
    total, own, count = [0.0] * len(FEATURES), [0.0] * len(FEATURES), sum(map(len, values.values()))
    for rows in values.values():
        for place, column in enumerate(zip(*rows, strict=True)):
            mean = sum(column) / len(column)
            total[place] += sum(value**2 for value in column)
            own[place] += sum((value - mean) ** 2 for value in column)
    told_apart = (place for place in range(len(FEATURES)) if own[place] > LEAST_OWN_SHARE * total[place])
    return {place: math.sqrt(own[place] / count) for place in told_apart if own[place] > NOUGHT}


def estimate(designs: Sequence[Design], models: int, prior: float) -> tuple[Vector, list[Vector]]:
    """Strengths and then effects, with all runs and without each."""
    size = models + len(designs[0].features[0])

    def derivatives(values: Vector) -> tuple[Vector, Matrix]:
        score, information = [0.0] * size, zeros(size)
        for design in designs:
            add(score, information, *of_run(design, values))
        add_pseudo_votes(score, information, values, prior)
        return score, information

    values, information = newton(size, derivatives)
    parts = (of_run(design, values) for design in designs)
    return values, [one_step_without(values, information, score, its) for score, its in parts]


def variance_between_runs(designs: Sequence[Design], values: Vector) -> float:
    """How much the models' strengths differ from run to run: a moment estimate, each run weighing the same.

    Of a run with information H, the squares of the score add up to the trace of H by the votes alone, and to
    variance · trace of H² more where the strengths differ.
    """
    excess = scale = 0.0
    for design in designs:
        score, information = of_votes(design, values)
        squares, due = sum(map(mul, score, score)), sum(row[place] for place, row in enumerate(information))
        excess += (squares - due) / design.tally.votes**2
        scale += sum(sum(map(mul, row, row)) for row in information) / design.tally.votes**2
    seen = max(0.0, excess / scale * len(designs) / max(len(designs) - 1, 1))
    seen = min(seen, MOST_SEEN)
    return seen / (1 - SATURATION * seen)


def attenuation(variance: float) -> float:
    """By what factor a slope is smaller than within a run."""
    return 1 / math.sqrt(1 + ATTENUATION * variance)


def add(score: Vector, information: Matrix, its_score: Vector, its_information: Matrix) -> None:
    """Add a run's derivatives to the sums."""
    for row, (value, its) in enumerate(zip(its_score, its_information, strict=True)):
        score[row] += value
        information[row] = [one + other for one, other in zip(information[row], its, strict=True)]


def of_run(design: Design, values: Vector) -> tuple[Vector, Matrix]:
    """A run's score and information: those of its models' utilities, carried on to the effects (the chain rule)."""
    features, weight = design.features, design.tally.weight
    plain, its = of_votes(design, values)
    score = [weight * value for value in plain]
    columns = list(zip(*features, strict=True))
    rows = [[weight * value for value in row] for row in its]
    crossed = [[sum(map(mul, row, column)) for column in columns] for row in rows]
    squared = [[sum(map(mul, column, cross)) for cross in zip(*crossed, strict=True)] for column in columns]
    top = [row + cross for row, cross in zip(rows, crossed, strict=True)]
    bottom = [[*cross, *square] for cross, square in zip(zip(*crossed, strict=True), squared, strict=True)]
    return score + [sum(map(mul, score, column)) for column in columns], top + bottom


def of_votes(design: Design, values: Vector) -> tuple[Vector, Matrix]:
    """A run's score and information for its models' utilities, each vote weighing 1."""
    models = len(design.features)
    effects = values[models:]
    utilities = [value + sum(map(mul, row, effects)) for value, row in zip(values, design.features, strict=False)]
    expected, its = moments(design.tally.ballots, [math.exp(utility) for utility in utilities])
    return list(map(sub, design.tally.won(models), expected)), its


def name_estimates(
    tally: Tally, scales: Mapping[int, float], values: Vector, without: Sequence[Vector], factor: float
) -> EqualLength:
    """The estimates by their names, in the units of the logarithms, the slopes divided by `factor`."""
    models, runs = len(tally.models), runs_of_models(tally)
    effects = []
    for place, (feature, scale) in enumerate(scales.items(), start=models):
        value, moved = values[place] / scale / factor, [row[place] / scale / factor for row in without]
        effects.append(Effect(FEATURES[feature], value, Strengths.interval_of(value, moved, len(without))))
    left = Strengths(centre(values[:models]), [centre(row[:models]) for row in without], runs)
    return EqualLength(tuple(effects), left)
