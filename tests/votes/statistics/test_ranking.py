"""From ballots to standings: against choix, against counting by hand, and as laws that hold for any ballots."""

import random
from dataclasses import replace

import choix
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.statistics.intervals import Interval
from tests.votes.statistics.electorates import NAMES, electorate
from votes.ranking import indistinct_groups, rank, ranks, standings
from votes.statistics.strengths import average_weight, centre, fit, pool, strengths
from votes.statistics.tallies import Ballot, tally, without_reports


@st.composite
def any_ballots(draw: st.DrawFn) -> list[Ballot]:
    """Ballots of up to five models and four runs, however lopsided."""
    made = []
    for _ in range(draw(st.integers(1, 12))):
        line_up = draw(st.permutations("abcde"))[: draw(st.integers(2, 5))]
        made.append(
            Ballot(draw(st.integers(1, 4)), tuple(line_up), draw(st.sampled_from(line_up)), draw(st.integers(1, 400)))
        )
    return made


def strengths_by_model(ballots: list[Ballot]) -> dict[str, float]:
    return {row.model: row.strength for row in rank(ballots).rows}


# Against others


def strengths_of_choix(ballots: list[Ballot], models: int) -> list[float]:
    data = [
        (NAMES.index(ballot.choice), [NAMES.index(model) for model in ballot.line_up if model != ballot.choice])
        for ballot in ballots
    ]
    found = choix.ilsr_top1(models, data, tol=1e-13)
    return list(found - found.mean())


@pytest.mark.parametrize("seed", range(5))
def test_without_pseudo_votes_the_strengths_are_those_of_choix(seed):
    ballots = electorate(seed, models=7, runs=[80] * 5)
    counted = tally(ballots)
    found, _ = fit(*pool(counted), prior=1e-9)
    assert centre(found) == pytest.approx(strengths_of_choix(ballots, 7), abs=1e-6)


def test_with_them_they_hardly_differ():
    ballots = electorate(3, models=7, runs=[80] * 5)
    found = strengths_by_model(ballots)
    assert [found[NAMES[model]] for model in range(7)] == pytest.approx(strengths_of_choix(ballots, 7), abs=0.03)


def test_where_every_ballot_offers_every_model_the_shares_are_the_mean_of_the_runs_shares():
    ballots = [
        Ballot(1, ("a", "b", "c"), "a", 60), Ballot(1, ("b", "a", "c"), "b", 30), Ballot(1, ("c", "b", "a"), "c", 10),
        Ballot(2, ("a", "b", "c"), "a", 8), Ballot(2, ("b", "a", "c"), "b", 12), Ballot(2, ("c", "b", "a"), "c", 20),
    ]  # fmt: skip
    table = rank(ballots)
    assert table.equal_line_ups
    assert {row.model: row.share.value for row in table.rows} == pytest.approx({"a": 0.4, "b": 0.3, "c": 0.3})


def test_there_the_strengths_are_the_logarithms_of_the_shares():
    table = rank(electorate(8, runs=[200] * 12))
    odds = [np.exp(row.strength) for row in table.rows]
    assert [row.share.value for row in table.rows] == pytest.approx([one / sum(odds) for one in odds], abs=2e-4)


def test_the_jackknife_is_that_of_leaving_each_run_out_and_fitting_again():
    ballots = electorate(2, models=6, runs=[100] * 20)
    counted = tally(ballots)
    found, prior = strengths(counted), average_weight(counted.runs.values())
    for place, run in enumerate(counted.runs):
        left = tally(ballot for ballot in ballots if ballot.run != run)
        again, _ = fit(*pool(left), prior)
        assert found.without[place] == pytest.approx(centre(again), abs=0.01)


# What stands in the table


def test_nobody_voted_and_there_is_no_table():
    assert rank([]) is None
    assert standings([]) is None


def test_a_ballot_of_one_report_says_nothing():
    assert rank([Ballot(1, ("a",), "a", 50)]) is None


@pytest.mark.parametrize(
    ("line_up", "choice"), [(("a", "b"), "c"), (("a", "a"), "a")], ids=["not on the ballot", "twice on the ballot"]
)
def test_a_vote_that_cannot_have_been_cast_is_refused(line_up, choice):
    with pytest.raises(ValueError, match="nobody can have chosen"):
        rank([Ballot(1, line_up, choice)])


def test_one_run_gives_shares_and_no_rank():
    rows = rank([Ballot(1, ("a", "b", "c"), "a", 5), Ballot(1, ("b", "a", "c"), "b", 4)]).rows
    assert [(row.model, row.votes, row.offered, row.runs) for row in rows] == [
        ("a", 5, 9, 1), ("b", 4, 9, 1), ("c", 0, 9, 1),
    ]  # fmt: skip
    assert all(row.rank is None and row.interval is None and row.share.interval is None for row in rows)
    assert [row.share.value for row in rows] == pytest.approx([5 / 9, 4 / 9, 0])


def test_a_model_is_preliminary_under_ten_runs():
    nine, ten = (rank(electorate(1, runs=[30] * runs)) for runs in (9, 10))
    assert all(row.preliminary for row in nine.rows)
    assert not any(row.preliminary for row in ten.rows)


def test_who_always_wins_has_a_finite_strength_and_who_never_does_too():
    rows = rank([Ballot(run, ("a", "b", "c"), "a", 50) for run in range(5)]).rows
    assert [row.model for row in rows] == ["a", "b", "c"]
    assert all(abs(row.strength) < 12 and row.interval for row in rows)


def test_a_run_of_three_votes_has_no_lever():
    many = [Ballot(run, ("a", "b"), choice, 50) for run in (1, 2, 3) for choice in "ab"]
    three = [Ballot(4, ("a", "b"), "b", 3)]
    thirty = [Ballot(4, ("a", "b"), "b", 30)]
    assert 0 < -strengths_by_model(many + three)["a"] < 0.2 * -strengths_by_model(many + thirty)["a"]


def test_ranks_count_the_intervals_that_lie_wholly_above():
    assert ranks([Interval(2, 3), Interval(0, 1), Interval(0.5, 2.5), None, Interval(-2, -1)]) == [1, 2, 1, None, 4]


def test_groups_are_the_largest_sets_of_which_no_two_can_be_told_apart():
    intervals = [("a", Interval(2, 3)), ("b", Interval(1, 2.5)), ("c", Interval(0, 1.5)), ("d", Interval(-2, -1))]
    assert indistinct_groups(intervals) == (("a", "b"), ("b", "c"))


def test_leaders_share_first_rank():
    table = rank(electorate(5, models=6, runs=[40] * 6))
    assert table.leaders == tuple(row.model for row in table.rows if row.rank == 1)
    assert len(table.leaders) > 1
    assert set(table.leaders) <= set(table.groups[0]) | set(table.leaders)


def test_a_preference_says_how_probably_the_stronger_of_two_is_chosen():
    ballots = [Ballot(run, ("a", "b"), choice, 60 if choice == "a" else 40) for run in range(12) for choice in "ab"]
    (found,) = rank(ballots).preferences
    assert (found.model, found.other, found.probability) == ("a", "b", pytest.approx(0.6, abs=1e-3))
    assert found.interval.low <= found.probability <= found.interval.high


def test_a_withheld_report_leaves_the_ballots_of_the_others():
    ballots = [
        Ballot(1, ("a", "b", "c"), "a", 5),
        Ballot(1, ("b", "c", "a"), "b", 7),
        Ballot(2, ("a", "b", "c"), "a", 1),
    ]
    assert list(without_reports(ballots, {(1, "a")})) == [Ballot(1, ("b", "c"), "b", 7), ballots[2]]


def test_withholding_a_report_leaves_the_strengths_of_the_others():
    ballots = electorate(4, models=5, runs=[3000] * 3, between_runs=0)
    before = strengths_by_model(ballots)
    after = strengths_by_model(list(without_reports(ballots, {(run, "a") for run in range(3)})))
    middle = np.mean([before[model] for model in after])
    assert {model: before[model] - middle for model in after} == pytest.approx(after, abs=0.12)


# Laws


@given(any_ballots(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_ballots_changes_no_bit_of_the_result(ballots, drawn):
    shuffled = drawn.sample(ballots, len(ballots))
    assert standings(shuffled) == standings(ballots)


@given(any_ballots())
@settings(deadline=None, max_examples=60)
def test_one_ballot_counted_twice_is_two_ballots(ballots):
    apart = [replace(ballot, count=part) for ballot in ballots for part in (1, ballot.count - 1)]
    assert rank(apart) == rank(ballots)


@given(any_ballots())
@settings(deadline=None, max_examples=60)
def test_other_names_change_nothing_but_the_names(ballots):
    other = dict(zip("abcde", ("zoe", "yan", "xia", "wim", "val"), strict=True))
    renamed = [
        replace(ballot, line_up=tuple(other[model] for model in ballot.line_up), choice=other[ballot.choice])
        for ballot in ballots
    ]
    before = strengths_by_model(ballots)
    assert strengths_by_model(renamed) == pytest.approx(
        {other[model]: value for model, value in before.items()}, abs=1e-7
    )


@given(any_ballots())
@settings(deadline=None, max_examples=60)
def test_strengths_are_finite_and_around_nought_and_intervals_hold_them(ballots):
    rows = rank(ballots).rows
    assert sum(row.strength for row in rows) == pytest.approx(0, abs=1e-9)
    for row in rows:
        assert (row.interval is None) == (row.runs < 2) == (row.rank is None)
        assert row.interval is None or row.interval.contains(row.strength)
        assert row.share.interval is None or row.share.interval.low <= row.share.value <= row.share.interval.high
        assert 0 <= row.share.value <= 1


@given(any_ballots(), st.integers(1, 300))
@settings(deadline=None, max_examples=60)
def test_one_more_vote_for_a_model_never_weakens_it_where_all_runs_are_small(ballots, seed):
    small = [replace(ballot, count=1) for ballot in ballots]
    more = random.Random(seed).choice(small)
    apart_from_it = {row.model: row.strength for row in rank(small).rows}
    after = {row.model: row.strength for row in rank([*small, more]).rows}
    rivals = [model for model in more.line_up if model != more.choice]
    assert all(
        after[more.choice] - after[rival] >= apart_from_it[more.choice] - apart_from_it[rival] - 1e-9
        for rival in rivals
    )
