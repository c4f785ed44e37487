"""What standings cost grows with line-ups, not with votes."""

from tests.votes.statistics.electorates import electorate
from votes.statistics.strengths import strengths
from votes.statistics.tallies import Ballot, tally


def test_a_thousand_times_the_votes_are_as_many_numbers():
    ballots = electorate(1, models=6, runs=[50] * 4)
    few = tally(ballots)
    many = tally(Ballot(ballot.run, ballot.line_up, ballot.choice, 1000) for ballot in ballots)
    assert many.votes == 1000 * few.votes
    assert [len(run.wins) for run in many.runs.values()] == [len(run.wins) for run in few.runs.values()]
    assert strengths(many).runs == strengths(few).runs


def test_ballots_are_read_once_from_any_iterator():
    ballots = electorate(1)
    assert tally(iter(ballots)) == tally(ballots)
