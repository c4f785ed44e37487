"""Intervals over runs, held against scipy and against a recount by hand."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evaluations.statistics.intervals import Interval, jackknife_variance, mean_over_runs, t_cdf, t_quantile

DEGREES = (1, 2, 3, 4, 9, 29, 99, 1000, 99_999)


@pytest.mark.parametrize("degrees", DEGREES)
@pytest.mark.parametrize("probability", [0.9, 0.95, 0.975, 0.995, 0.9999])
def test_the_t_quantile_is_that_of_scipy(probability, degrees):
    assert t_quantile(probability, degrees) == pytest.approx(stats.t.ppf(probability, degrees), rel=1e-9)


@given(st.floats(-50, 50), st.sampled_from(DEGREES))
@settings(deadline=None)
def test_the_t_distribution_is_that_of_scipy(value, degrees):
    assert t_cdf(value, degrees) == pytest.approx(stats.t.cdf(value, degrees), abs=1e-10)


def test_the_lower_quantile_mirrors_the_upper_one():
    assert t_quantile(0.025, 4) == -t_quantile(0.975, 4)


@pytest.mark.parametrize(("probability", "degrees"), [(0, 3), (1, 3), (0.975, 0), (math.nan, 3)])
def test_a_quantile_that_does_not_exist_is_refused(probability, degrees):
    with pytest.raises(ValueError, match="No t quantile"):
        t_quantile(probability, degrees)


def test_the_interval_of_a_mean_is_the_usual_t_interval():
    values = [0.2, 0.5, 0.3, 0.9]
    low, high = stats.t.interval(0.95, 3, loc=sum(values) / 4, scale=stats.sem(values))
    found = mean_over_runs(values)
    assert (found.value, found.interval.low, found.interval.high) == pytest.approx((0.475, low, high))


def test_one_run_has_a_mean_and_no_interval():
    assert mean_over_runs([0.4]).interval is None


def test_no_run_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one run"):
        mean_over_runs([])


def test_a_run_without_weight_changes_no_mean():
    assert mean_over_runs([1.0, 2.0, 50.0], [1.0, 1.0, 0.0]).value == 1.5


def test_weighted_intervals_cover_the_mean_of_the_runs():
    drawn, covered = random.Random(5), 0
    for _ in range(2000):
        values = [drawn.gauss(1, 1) for _ in range(12)]
        covered += mean_over_runs(values, [1.0] * 9 + [0.3] * 3).interval.contains(1)
    assert 0.93 < covered / 2000 < 0.97


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=30), st.floats(-10, 10))
@settings(deadline=None)
def test_moving_all_estimates_leaves_their_variance(values, distance):
    moved = [value + distance for value in values]
    assert jackknife_variance(moved) == pytest.approx(jackknife_variance(values), abs=1e-9)


def test_touching_intervals_are_not_above_each_other():
    assert not Interval(1, 2).above(Interval(0, 1))
    assert Interval(1.1, 2).above(Interval(0, 1))
