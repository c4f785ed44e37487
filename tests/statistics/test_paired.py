"""Paired differences: the sign-flip test, its interval, and Holm, held against enumeration and scipy."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evaluations.statistics.paired import DRAWS, holm, paired_difference, sign_flip, typical_interval

DIFFERENCES = st.lists(st.floats(-1, 1).map(lambda value: round(value, 3)), min_size=1, max_size=9)


@given(DIFFERENCES)
@settings(deadline=None)
def test_the_test_counts_every_choice_of_signs(differences):
    observed = abs(sum(differences))
    flipped = [
        abs(sum(sign * value for sign, value in zip(signs, differences, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    assert sign_flip(differences) == sum(value >= observed - 1e-7 for value in flipped) / len(flipped)


def test_it_agrees_with_scipys_permutation_test():
    values = [0.11, 0.02, -0.05, 0.31, 0.2, 0.07, -0.01, 0.16]
    found = stats.permutation_test((values,), lambda x: x.mean(), permutation_type="samples")
    assert sign_flip(values) == pytest.approx(found.pvalue)


def test_over_sixteen_runs_it_draws_and_says_the_same_each_time():
    drawn = random.Random(3)
    values = [drawn.gauss(0.25, 1) for _ in range(40)]
    assert sign_flip(values) == sign_flip(values)
    assert sign_flip(values) == pytest.approx(stats.ttest_1samp(values, 0).pvalue, abs=0.02)


def test_drawn_signs_never_say_impossible():
    assert sign_flip([1.0] * 30) == 1 / (1 + DRAWS)


def test_without_any_difference_nothing_is_found():
    assert sign_flip([0.0] * 5) == 1


@given(DIFFERENCES)
@settings(deadline=None)
def test_the_sign_of_the_difference_does_not_matter(differences):
    assert sign_flip(differences) == sign_flip([-value for value in differences])


@given(st.lists(st.floats(-1, 1).map(lambda value: round(value, 2)), min_size=6, max_size=8))
@settings(max_examples=40, deadline=None)
def test_the_interval_holds_what_the_test_does_not_reject(differences):
    interval = typical_interval(differences)
    inside = interval.low + (interval.high - interval.low) / 2
    for shift, rejected in ((inside, False), (interval.low - 0.01, True), (interval.high + 0.01, True)):
        assert (sign_flip([value - shift for value in differences]) < 0.05) == rejected


def test_five_runs_give_no_interval_at_95_per_cent():
    assert typical_interval([0.1, 0.2, 0.3, 0.4, 0.5]) is None
    assert typical_interval([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]) is not None


@pytest.mark.slow
@pytest.mark.parametrize("runs", [8, 25])
def test_intervals_cover_the_difference(runs):
    drawn, covered, worlds = random.Random(runs), 0, 200
    for _ in range(worlds):
        covered += typical_interval([drawn.gauss(0.5, 1) for _ in range(runs)]).contains(0.5)
    assert 0.90 <= covered / worlds <= 0.985


def test_a_comparison_says_all_of_it():
    found = paired_difference([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert (found.value, found.probability, found.runs) == (pytest.approx(0.35), 2 / 64, 6)
    assert (found.interval.low, found.interval.high) == (pytest.approx(0.1), pytest.approx(0.6))


def test_a_comparison_of_no_runs_is_refused():
    with pytest.raises(ValueError, match="at least one run"):
        paired_difference([])


@pytest.mark.parametrize(
    ("given_values", "expected"), [([], []), ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]), ([0.5, 0.9], [1.0, 1.0])]
)
def test_holm_adjusts_a_family_in_its_own_order(given_values, expected):
    assert holm(given_values) == pytest.approx(expected)


@given(st.lists(st.floats(0, 1), max_size=20))
@settings(deadline=None)
def test_holm_never_makes_a_test_say_more(probabilities):
    adjusted = holm(probabilities)
    assert all(after >= before for before, after in zip(probabilities, adjusted, strict=True))
    assert all(value <= 1 for value in adjusted)
