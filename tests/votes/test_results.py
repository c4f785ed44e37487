"""What the vote on one run gave: a count, and whether its lead is more than chance."""

import pytest
from scipy import stats

from votes.outcomes.results import result, sign_test
from votes.outcomes.vote_files import Answer, Candidate, RunVotes

MODELS = ("a", "b", "c")


def run_of(*answers: Answer, withheld: str = "") -> RunVotes:
    reports = {model: Candidate(model.upper(), model in withheld, 300, 2, 5, 0.9) for model in MODELS}
    return RunVotes(1, "", False, reports, answers)


def chosen(model: str, votes: int, line_up: tuple[str, ...] = MODELS, quarantine: str = "") -> Answer:
    return Answer(line_up, "choice", model, quarantine, votes)


def shares(found: dict) -> dict:
    return {row["model"]: (row["votes"], row["offered"]) for row in found["models"]}


def test_it_counts_every_verdict_and_leaves_looks_out_of_the_voters():
    answers = [Answer(MODELS, verdict, "", "", 2) for verdict in ("none", "cannot_tell", "looked")]
    found = result(run_of(chosen("a", 3), *answers))
    assert found["verdicts"] == {"cannot_tell": 2, "choice": 3, "looked": 2, "none": 2}
    assert found["voters"] == 7


def test_preferred_is_who_won_most_of_the_ballots_that_offered_it():
    found = result(run_of(chosen("a", 6), chosen("b", 4), chosen("b", 4, ("b", "c"))))
    assert shares(found) == {"a": (6, 10), "b": (8, 14), "c": (0, 14)}
    assert found["leaders"] == ["a"]


def test_a_tie_has_two_leaders_and_decides_nothing():
    found = result(run_of(chosen("a", 5), chosen("b", 5)))
    assert found["leaders"] == ["a", "b"]
    assert found["decides"] is None


def test_without_any_choice_nobody_leads():
    found = result(run_of(Answer(MODELS, "none", "", "", 4)))
    assert (found["leaders"], found["decides"]) == ([], None)


@pytest.mark.parametrize(("first", "second", "decides"), [(9, 1, True), (8, 2, False), (60, 30, True), (34, 30, False)])
def test_a_lead_decides_when_it_is_more_than_chance(first, second, decides):
    assert result(run_of(chosen("a", first), chosen("b", second)))["decides"] is decides


@pytest.mark.parametrize(("one", "other"), [(0, 0), (5, 5), (9, 1), (3, 12), (400, 520)])
def test_the_sign_test_is_that_of_scipy(one, other):
    expected = stats.binomtest(one, one + other).pvalue if one + other else 1
    assert sign_test(one, other) == pytest.approx(expected)


def test_votes_in_quarantine_and_for_withheld_reports_are_left_out():
    found = result(run_of(chosen("a", 5), chosen("b", 3), chosen("c", 9, quarantine="seats"), withheld="a"))
    assert found["quarantined"] == 9
    assert shares(found) == {"b": (3, 3), "c": (0, 3)}
    assert found["leaders"] == ["b"]
