"""Log strengths from first choices, and how far they may be off when the run is the unit. Pure.

The model is Plackett and Luce's for first choices (a conditional logit over the line-up): of the reports on a ballot,
i is chosen with probability exp(s_i) / sum of exp(s_j). Every run weighs the same; half a vote won and half a vote lost
against an average model (strength 0) keep a model finite that won or lost always.

The variance is that of the cluster jackknife over runs, each left out by one Newton step (CV3L: MacKinnon, Nielsen
and Webb, arXiv 2406.00650). Deterministic: no draws.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import sub

from evaluations.statistics.intervals import Interval, jackknife_interval
from votes.statistics.algebra import Matrix, Vector, solve, zeros
from votes.statistics.tallies import LineUp, RunTally, Tally

STEPS = 200
LONGEST_STEP = 1.0
ENOUGH = 1e-11


@dataclass(frozen=True, slots=True)
class Strengths:
    """Log strengths around a mean of 0, with all runs and without each. Numbers of models as in the tally.

    values: one per model. without: one such row per run, in the order of the tally's runs. runs: in how many runs
    each model stood.
    """

    values: Sequence[float]
    without: Sequence[Sequence[float]]
    runs: Sequence[int]

    def interval(self, model: int) -> Interval | None:
        """The 95 % interval of a model's log strength; None under two runs of it."""
        return self.interval_of(self.values[model], [row[model] for row in self.without], self.runs[model])

    def difference(self, model: int, other: int) -> tuple[float, Interval | None]:
        """By how much a model's log strength is above another's."""
        without = [row[model] - row[other] for row in self.without]
        value = self.values[model] - self.values[other]
        return value, self.interval_of(value, without, min(self.runs[model], self.runs[other]))

    @staticmethod
    def interval_of(value: float, without: Sequence[float], runs: int) -> Interval | None:
        """The interval of anything computed with all runs and without each."""
        return jackknife_interval(value, without, runs) if runs > 1 else None


def strengths(tally: Tally) -> Strengths:
    """The strengths of all models of a tally, which holds at least one vote."""
    values, information = fit(*pool(tally), average_weight(tally.runs.values()))
    exponentials = [math.exp(value) for value in values]
    without = [strengths_without(run, values, exponentials, information) for run in tally.runs.values()]
    return Strengths(centre(values), [centre(row) for row in without], runs_of_models(tally))


def average_weight(runs: Iterable[RunTally]) -> float:
    """What a pseudo-vote weighs: as much as an average vote."""
    counted = [(run.votes, run.weight) for run in runs]
    return sum(votes * weight for votes, weight in counted) / sum(votes for votes, _ in counted)


def runs_of_models(tally: Tally) -> list[int]:
    """In how many runs each model stood."""
    present = [run.models for run in tally.runs.values()]
    return [sum(model in models for models in present) for model in range(len(tally.models))]


def fit(
    pooled: Mapping[LineUp, float], won: Sequence[float], prior: float, tied: tuple[int, int] | None = None
) -> tuple[Vector, Matrix]:
    """The strengths that make the votes most probable, and the information about them there.

    `tied`: two models that must be equally strong, the first of them before the second.
    """

    def derivatives(values: Vector) -> tuple[Vector, Matrix]:
        expected, information = moments(pooled, [math.exp(value) for value in values])
        score = list(map(sub, won, expected))
        add_pseudo_votes(score, information, values, prior)
        return score, information

    return newton(len(won), derivatives, tied)


def newton(
    size: int, derivatives: Callable[[Vector], tuple[Vector, Matrix]], tied: tuple[int, int] | None = None
) -> tuple[Vector, Matrix]:
    """Where the score (the first of the `derivatives`) is nought, and the information there.

    From 0, by steps that change nothing by more than 1: the logit's curvature does not change much over that.
    """
    values = [0.0] * size
    for _ in range(STEPS):
        score, information = derivatives(values)
        step = solve_tied(information, score, *tied) if tied else solve(information, score)
        longest = max(map(abs, step))
        if longest < ENOUGH:
            return values, information
        shortened = min(1.0, LONGEST_STEP / longest)
        values = [value + shortened * change for value, change in zip(values, step, strict=True)]
    raise ArithmeticError("The strengths did not settle; the votes are kept and nothing was computed.")


def solve_tied(matrix: Matrix, right: Sequence[float], one: int, other: int) -> Vector:
    """As `solve`, among the answers in which two unknowns are equal."""
    rows = [list(row) for row in matrix]
    for row in rows:
        row[one] += row.pop(other)
    merged = rows.pop(other)
    rows[one] = [value + its for value, its in zip(rows[one], merged, strict=True)]
    left = [value for number, value in enumerate(right) if number != other]
    left[one] += right[other]
    found = solve(rows, left)
    return [*found[:other], found[one], *found[other:]]


def pool(tally: Tally) -> tuple[dict[LineUp, float], Vector]:
    """How often each line-up was voted on, and how often each model was chosen, over all runs by their weights."""
    pooled: dict[LineUp, float] = defaultdict(float)
    won = [0.0] * len(tally.models)
    for run in tally.runs.values():
        for line_up, votes in run.ballots.items():
            pooled[line_up] += run.weight * votes
        won = [value + run.weight * count for value, count in zip(won, run.won(len(won)), strict=True)]
    return pooled, won


def moments(votes: Mapping[LineUp, float], exponentials: Vector) -> tuple[Vector, Matrix]:
    """How often each model would be chosen given exp(strength), and the information (the covariance of choices)."""
    expected, information = [0.0] * len(exponentials), zeros(len(exponentials))
    for line_up, count in votes.items():
        weights = [exponentials[model] for model in line_up]
        scale = 1 / sum(weights)
        for model, weight in zip(line_up, weights, strict=True):
            chosen = count * scale * weight
            expected[model] += chosen
            row, shared = information[model], chosen * scale
            row[model] += chosen
            for other, its in zip(line_up, weights, strict=True):
                row[other] -= shared * its
    return expected, information


def add_pseudo_votes(score: Vector, information: Matrix, values: Vector, prior: float) -> None:
    """Half a vote won and half a vote lost by each model against one of strength 0."""
    for model, value in enumerate(values):
        chance = 1 / (1 + math.exp(-value))
        score[model] += prior * (0.5 - chance)
        information[model][model] += prior * chance * (1 - chance)


def strengths_without(run: RunTally, values: Vector, exponentials: Vector, information: Matrix) -> Vector:
    """The strengths without a run."""
    expected, its = moments(run.ballots, exponentials)
    score = [run.weight * (won - due) for won, due in zip(run.won(len(values)), expected, strict=True)]
    return one_step_without(values, information, score, its, run.weight)


def one_step_without(values: Vector, information: Matrix, score: Vector, its: Matrix, weight: float = 1.0) -> Vector:
    """The estimate without a run, by one Newton step: (H - H_r) d = -s_r, where H_r is `weight` times `its`."""
    rest = [
        [value - weight * part for value, part in zip(row, parts, strict=True)]
        for row, parts in zip(information, its, strict=True)
    ]
    return list(map(sub, values, solve(rest, score)))


def centre(values: Sequence[float]) -> Vector:
    """The values around a mean of 0."""
    mean = math.fsum(values) / len(values)
    return [value - mean for value in values]
