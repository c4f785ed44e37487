"""What in the votes of a run may be no reader's doing: seen where it was planted, and hardly ever elsewhere."""

import random

import pytest
from scipy import stats

from votes.statistics.anomalies import Cast, anomalies, poisson_tail


def honest(seed: int, number: int = 300) -> list[Cast]:
    drawn = random.Random(seed)
    return [
        Cast(
            drawn.uniform(0, 86_400), drawn.lognormvariate(4, 0.7), str(n), drawn.choice("abcd"), drawn.randrange(4), 4
        )
        for n in range(number)
    ]


def test_nobody_voted():
    assert anomalies([]) is None


def test_honest_votes_look_odd_about_as_seldom_as_is_said():
    found = [anomalies(honest(seed)) for seed in range(100)]
    assert sum(one.burst.probability < 0.05 for one in found) <= 10
    assert sum(one.place_probability < 0.05 for one in found) <= 10


def test_a_planted_burst_is_seen():
    planted = [Cast(5000 + n, 12.0, "one", "c", 0, 4) for n in range(25)]
    found = anomalies(honest(1) + planted)
    assert found.burst.votes >= 25
    assert found.burst.begins <= 5000 + 25
    assert (found.burst.choice, found.burst.agreeing >= 25) == ("c", True)
    assert found.burst.probability < 1e-6
    assert found.networks[0] == 25
    assert found.alike >= 25
    assert found.place_probability < 0.01


def test_votes_that_name_no_place_are_counted_all_the_same():
    found = anomalies([Cast(0, 10, "n", "none", None, 4)] * 3)
    assert (found.votes, found.places, found.place_probability, found.burst.probability) == (3, (), 1.0, 1.0)


def test_places_of_ballots_of_several_sizes_are_held_against_their_own_chance():
    found = anomalies([Cast(0, 10, "n", "a", place % 2, 2) for place in range(50)])
    assert found.places == (25, 25)
    assert found.place_probability == 1.0


@pytest.mark.parametrize(("count", "mean"), [(0, 2.5), (1, 0.2), (9, 2.5), (30, 18.0)])
def test_the_tail_is_that_of_scipy(count, mean):
    assert poisson_tail(count, mean) == pytest.approx(stats.poisson.sf(count - 1, mean), rel=1e-6, abs=1e-12)
