"""Intervals for a mean over few runs, with Student's t. Pure; no scipy at run time."""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

LEVEL = 0.95
PRECISION = 1e-15
SMALLEST = 1e-300


class Interval(NamedTuple):
    """From where to where a value may lie."""

    low: float
    high: float

    def above(self, other: "Interval") -> bool:
        """Whether this one lies wholly above another."""
        return self.low > other.high

    def contains(self, value: float) -> bool:
        """Whether a value lies in it."""
        return self.low <= value <= self.high


class Mean(NamedTuple):
    """A mean over runs; there is no interval under two of them."""

    value: float
    interval: Interval | None
    runs: int


def mean_over_runs(values: Sequence[float], weights: Sequence[float] | None = None, level: float = LEVEL) -> Mean:
    """The (weighted) mean with its t interval; the run is the unit, its weight is given and not drawn.

    The variance is that of the jackknife over runs: with equal weights the usual one of a mean. Raises
    ValueError without any value.
    """
    if not values:
        raise ValueError("A mean needs at least one run.")
    weights = weights or [1.0] * len(values)
    total, summed = math.fsum(weights), math.fsum(w * v for w, v in zip(weights, values, strict=True))
    if len(values) < 2:
        return Mean(summed / total, None, len(values))
    without = [(summed - w * v) / (total - w) for w, v in zip(weights, values, strict=True)]
    return Mean(summed / total, jackknife_interval(summed / total, without, len(values), level), len(values))


def jackknife_interval(value: float, without: Sequence[float], runs: int, level: float = LEVEL) -> Interval:
    """The t interval around a value from its estimates without each run; `runs` minus one degrees of freedom.

    Variance: (R - 1) / R times the sum of squared deviations from their mean, R being the number of estimates.
    """
    half = t_quantile((1 + level) / 2, runs - 1) * math.sqrt(jackknife_variance(without))
    return Interval(value - half, value + half)


def jackknife_variance(without: Sequence[float]) -> float:
    """The variance of an estimate, from the estimates without each run."""
    count = len(without)
    mean = math.fsum(without) / count
    return (count - 1) / count * math.fsum((value - mean) ** 2 for value in without)


# Student's t


@lru_cache(maxsize=1024)
def t_quantile(probability: float, degrees: float) -> float:
    """The value under which Student's t stays with that probability; ValueError outside (0, 1) and for no degrees."""
    if not 0 < probability < 1 or degrees <= 0:
        raise ValueError(f"No t quantile for probability {probability} and {degrees} degrees of freedom.")
    if probability < 0.5:
        return -t_quantile(1 - probability, degrees)
    low, high = 0.0, 1.0
    while t_cdf(high, degrees) < probability:
        low, high = high, 2 * high
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if t_cdf(middle, degrees) < probability else (low, middle)
    return (low + high) / 2


def t_cdf(value: float, degrees: float) -> float:
    """The probability that Student's t stays under a value."""
    square = value * value
    if square < degrees:  # near the middle, where the other form would lose the digits of a small value
        half = incomplete_beta(square / (degrees + square), 0.5, degrees / 2) / 2
        return 0.5 + math.copysign(half, value)
    tail = incomplete_beta(degrees / (degrees + square), degrees / 2, 0.5) / 2
    return 1 - tail if value > 0 else tail


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) (DLMF 8.17.22, from the side where it converges fast)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(logarithm) * continued_fraction(x, a, b) / a


def continued_fraction(x: float, a: float, b: float) -> float:
    """The fraction in `incomplete_beta`, from the front by Lentz's method."""
    fraction = upper = 1.0
    lower = 0.0
    for term in coefficients(x, a, b):
        lower = 1 / not_zero(1 + term * lower)
        upper = not_zero(1 + term / upper)
        fraction *= upper * lower
        if abs(upper * lower - 1) < PRECISION:
            break
    return 1 / fraction


def coefficients(x: float, a: float, b: float, most: int = 1000) -> Iterator[float]:
    """d_1, d_2 … of DLMF 8.17.23."""
    for m in range(most):
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        yield (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2))


def not_zero(value: float) -> float:
    """The value, or the smallest one that can be divided by."""
    return value if abs(value) > SMALLEST else SMALLEST
