"""What first place hangs on, held against trying every change of votes."""

import pytest

from tests.votes.statistics.electorates import electorate, fewest_by_enumeration
from votes.ranking import rank, standings
from votes.statistics.flips import flips
from votes.statistics.strengths import strengths
from votes.statistics.tallies import Ballot, tally

SMALL = [
    *({"seed": seed, "models": 3, "size": 3, "runs": (6, 9)} for seed in range(12)),
    *({"seed": seed, "models": 4, "size": 2, "runs": (9, 4)} for seed in range(12, 24)),
    *({"seed": seed, "models": 4, "size": 3, "runs": (6, 6, 4)} for seed in range(24, 36)),
    *({"seed": seed, "models": 4, "size": 3, "runs": (60, 20, 35)} for seed in range(36, 50)),
]


def found_in(ballots):
    counted = tally(ballots)
    return flips(counted, strengths(counted))


def test_the_fewest_votes_are_those_that_enumeration_finds():
    compared = 0
    for case in SMALL:
        ballots = electorate(**case)
        found = found_in(ballots)
        if found and found.votes <= 2:
            assert fewest_by_enumeration(ballots, found.leader, found.votes) == found.votes, case
            compared += 1
    assert compared >= 20


@pytest.mark.parametrize("seed", range(6))
def test_the_votes_named_do_put_the_challenger_first(seed):
    ballots = electorate(seed, models=6, size=6, runs=[40, 90, 12, 60])
    found = found_in(ballots)
    flipped = {}
    for (run, loser, winner), votes in found.changes:
        flipped[run, loser] = flipped.get((run, loser), 0) + votes
        ballots.append(Ballot(run, ballots[0].line_up, winner, votes))
    for ballot in list(ballots):
        if flipped.get((ballot.run, ballot.choice), 0) and ballot.count == 1:
            flipped[ballot.run, ballot.choice] -= 1
            ballots.remove(ballot)
    assert rank(ballots).rows[0].model == found.challenger != found.leader
    assert not any(flipped.values())


def test_votes_of_small_runs_are_named_first_because_they_weigh_more():
    ballots = [
        *(Ballot(1, ("a", "b"), choice, 300 if choice == "a" else 200) for choice in "ab"),
        *(Ballot(2, ("a", "b"), choice, 30) for choice in "ab"),
    ]
    found = found_in(ballots)
    assert (found.leader, found.challenger, found.runs) == ("a", "b", {2: 7})
    assert found.changes == (((2, "a", "b"), 7),)


def test_a_tie_is_not_yet_another_first_place():
    assert found_in([Ballot(1, ("a", "b"), "a", 3), Ballot(1, ("a", "b"), "b", 1)]).votes == 2


def test_nothing_can_change_where_one_model_stood_against_itself_alone():
    assert standings([Ballot(1, ("a", "b"), "a", 1)]).flips.votes == 1
    assert found_in([Ballot(1, ("a", "b"), "a", 1), Ballot(1, ("c", "d"), "c", 1)]) is not None
