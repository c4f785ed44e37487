"""Whether the intervals hold what they promise, on a seeded sample; `make bench-standings` prints the whole table."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.voting import WORLDS, coverage, marginal

SAMPLE = range(40)


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize("runs", [5, 12])
def test_the_intervals_hold_the_marginal_truth(world, runs):
    found = coverage(world, runs, SAMPLE)
    assert 0.90 <= found.share <= 0.985
    assert 0.90 <= found.held_shares / found.intervals <= 0.99
    assert found.wrong_order <= 0.1 * found.worlds


def test_the_mean_of_the_runs_log_strengths_is_another_truth():
    strengths = np.linspace(-1, 1, 8)
    truth, shares = marginal(strengths, 0.7)
    assert np.polyfit(strengths, truth, 1)[0] == pytest.approx(0.9, abs=0.03)
    assert shares.mean() == pytest.approx(0.25, abs=1e-6)


def test_without_differences_between_runs_both_are_the_same():
    strengths = np.linspace(-1, 1, 6)
    assert marginal(strengths, 0)[0] == pytest.approx(strengths, abs=1e-6)


def test_votes_as_the_unit_would_promise_too_much():
    """The negative control: the same votes, dealt out to forty runs as if those of one run had nothing in common."""

    def dealt_out(ballots):
        units = itertools.cycle(range(40))
        for ballot in ballots:
            for _ in range(ballot.count):
                yield replace(ballot, run=next(units), count=1)

    assert coverage(WORLDS[0], 12, range(12), dealt_out).share < 0.8
