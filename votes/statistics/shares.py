"""Shares of ballots: what part of those who are offered a model prefer it. Pure."""

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul, sub

from evaluations.statistics.intervals import Interval
from votes.statistics.strengths import Strengths, moments, pool
from votes.statistics.tallies import LineUp, Tally

MOST_LINE_UPS = 3000
SEED = 20_260_702


@dataclass(frozen=True, slots=True)
class Share:
    """A share of 1, and its 95 % interval; None under two runs."""

    value: float
    interval: Interval | None


def shares(tally: Tally, found: Strengths) -> list[Share]:
    """For each model, how large a part of the ballots on which it stands beside random others a further run gives it.

    Ballots of the usual size. Where every ballot offered every model it is the mean of the runs' shares as they are.
    """
    line_ups = possible_line_ups(len(tally.models), tally.usual_size)
    stood = [sum(model in line_up for line_up in line_ups) for model in range(len(tally.models))]
    expected, slopes = moments(dict.fromkeys(line_ups, 1.0), [math.exp(value) for value in found.values])
    moves = [list(map(sub, row, found.values)) for row in found.without]
    made = []
    for model, times in enumerate(stood):
        value = expected[model] / times
        moved = [sum(map(mul, slopes[model], move)) / times for move in moves]
        made.append(Share(value, logit_interval(value, moved, found.runs[model])))
    return [as_counted(*pair) for pair in zip(made, mean_shares(tally), strict=True)] if tally.equal_line_ups else made


def possible_line_ups(models: int, size: int) -> list[LineUp]:
    """All ballots of that size, or a seeded sample of them on which every model stands."""
    if math.comb(models, size) <= MOST_LINE_UPS:
        return list(itertools.combinations(range(models), size))
    drawn = random.Random(SEED)  # noqa: S311 - reproducible on purpose; nothing secret
    sample = [tuple(sorted(drawn.sample(range(models), size))) for _ in range(MOST_LINE_UPS)]
    return sorted(
        {*sample, *([tuple(sorted((first + step) % models for step in range(size))) for first in range(models)])}
    )


def logit_interval(value: float, moved: Sequence[float], runs: int) -> Interval | None:
    """The interval of a share from how each run, left out, would move it; symmetric in the logarithm of its odds."""
    centre, scale = math.log(value / (1 - value)), value * (1 - value)
    interval = Strengths.interval_of(centre, [centre + move / scale for move in moved], runs)
    return interval and Interval(logistic(interval.low), logistic(interval.high))


def logistic(value: float) -> float:
    """The probability with these log odds; as exact as can be on both sides of 0."""
    return 1 / (1 + math.exp(-value)) if value > 0 else 1 - 1 / (1 + math.exp(value))


def mean_shares(tally: Tally) -> list[float]:
    """The mean of the runs' shares of every ballot, each run by its weight; for equal line-ups."""
    _, won = pool(tally)
    weights = sum(run.weight * run.votes for run in tally.runs.values())
    return [value / weights for value in won]


def as_counted(expected: Share, value: float) -> Share:
    """The share as it was counted, in an interval that holds it: pseudo-votes move it by less than a digit shown."""
    interval = expected.interval
    return Share(value, interval and Interval(min(interval.low, value), max(interval.high, value)))
