"""Differences that are paired by run: is one larger than chance, and how large may it be. Pure.

All models of a run read the same material, so two models, and a run and its replay, are compared run by run. Under
"no difference" each run's difference might as well have had the other sign: that alone is what the test uses.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluations.statistics.intervals import LEVEL, Interval

EXACT_UP_TO = 16
DRAWS = 10_000
SEED = 20_260_701
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean difference over runs. `probability`: of one at least as far from zero by chance alone (two-sided)."""

    value: float
    interval: Interval | None
    probability: float
    runs: int


def paired_difference(differences: Sequence[float]) -> Difference:
    """The mean of the runs' differences, its sign-flip test and its interval; ValueError without any run."""
    if not differences:
        raise ValueError("A paired difference needs at least one run.")
    mean = sum(differences) / len(differences)
    return Difference(mean, typical_interval(differences), sign_flip(differences), len(differences))


def sign_flip(differences: Sequence[float]) -> float:
    """The p value of the sign-flip permutation test: exact up to 16 runs, else from 10,000 seeded draws.

    The draws count the observed signs as one of them, so that no p value is 0 (Phipson and Smyth, 2010).
    """
    bound = abs(sum(differences)) - TOLERANCE * sum(map(abs, differences))
    if len(differences) <= EXACT_UP_TO:
        sums = all_signed_sums(differences)
        return sum(abs(value) >= bound for value in sums) / len(sums)
    extreme = sum(abs(value) >= bound for value in drawn_signed_sums(differences))
    return (1 + extreme) / (1 + DRAWS)


def all_signed_sums(differences: Sequence[float]) -> list[float]:
    """The sum for every choice of signs: 2 to the power of the number of runs."""
    sums = [0.0]
    for difference in differences:
        sums = [value + difference for value in sums] + [value - difference for value in sums]
    return sums


def drawn_signed_sums(differences: Sequence[float]) -> Iterator[float]:
    """The sums for drawn signs; the same ones for the same number of runs."""
    total = sum(differences)
    for picked in drawn_subsets(len(differences)):
        yield total - 2 * sum(differences[place] for place in picked)


def drawn_subsets(count: int) -> Iterator[list[int]]:
    """Places picked by the toss of a coin, DRAWS times."""
    drawn = random.Random(SEED + count)  # noqa: S311 - reproducible on purpose; nothing secret
    for _ in range(DRAWS):
        bits = drawn.getrandbits(count)
        yield [place for place in range(count) if bits >> place & 1]


def typical_interval(differences: Sequence[float]) -> Interval | None:
    """The sign-flip test turned around: all mean differences that it would not reject.

    The means of all subsets of runs cut the line into stretches that are equally likely to hold the centre of
    symmetry (Hartigan, 1969), so the ends are order statistics of those means. None where so few runs cannot give
    an interval at 95 % (under six).
    """
    means = sorted(subset_means(differences))
    outside = int((1 - LEVEL) / 2 * (len(means) + 1) + TOLERANCE)
    return Interval(means[outside - 1], means[-outside]) if outside else None


def subset_means(differences: Sequence[float]) -> list[float]:
    """The means of all subsets of runs that are not empty; of drawn ones over 16 runs."""
    if len(differences) > EXACT_UP_TO:
        drawn = drawn_subsets(len(differences))
        return [sum(differences[place] for place in picked) / len(picked) for picked in drawn if picked]
    sums = [(0.0, 0)]
    for difference in differences:
        sums += [(total + difference, count + 1) for total, count in sums]
    return [total / count for total, count in sums if count]


def holm(probabilities: Sequence[float]) -> list[float]:
    """The p values of a family of tests, in the order given, adjusted by Holm's step-down method (Holm, 1979)."""
    adjusted, least = [0.0] * len(probabilities), 0.0
    for done, place in enumerate(sorted(range(len(probabilities)), key=probabilities.__getitem__)):
        least = max(least, min(1.0, (len(probabilities) - done) * probabilities[place]))
        adjusted[place] = least
    return adjusted
