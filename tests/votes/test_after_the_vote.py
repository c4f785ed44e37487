"""What a voter gets for a vote: names, scores, what others chose so far, and which vote stands."""

import pytest

from evaluations.models import Run
from tests.factories import make_run
from tests.votes.conftest import Voter
from votes.models import Vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(db) -> Run:
    """Three reports, so that every ballot has them all."""
    return make_run(open_for_voting=True, models=("m1", "m2", "m3"))


def letter_of(run: Run, model: str) -> str:
    return run.entries.get(slug=model).blind_label


def cast(run: Run, choice: str, number: int) -> Voter:
    voter = Voter(run, address=f"198.51.100.{number}")
    assert voter.vote(choice).status_code == 303
    return voter


def page_of(voter: Voter, query: str = "") -> str:
    text = voter.client.get(voter.page + query, REMOTE_ADDR=voter.address).content.decode()
    return " ".join(text.split())


def test_the_voter_is_told_who_wrote_the_choice_and_how_many_agree(run):
    for number, model in enumerate(("m1", "m1", "m2")):
        cast(run, letter_of(run, model), number)
    voter = cast(run, letter_of(run, "m1"), 9)
    text = page_of(voter)
    assert f"You chose report {letter_of(run, 'm1')}, written by M1: you and 75 % of the voters so far." in text
    assert "So far: 4 chose a report, 0 found none good enough, 0 could not tell." in text
    assert "<li>M1 3</li><li>M2 1</li>" in text


def test_who_chose_none_sees_the_tally_too(run):
    cast(run, letter_of(run, "m2"), 1)
    text = page_of(cast(run, "none", 2))
    assert "So far: 1 chose a report, 1 found none good enough" in text
    assert "<li>M2 1</li>" in text


def test_nobody_sees_the_tally_before_voting(run):
    cast(run, letter_of(run, "m2"), 1)
    voter = Voter(run)
    voter.ask()
    assert "So far" not in page_of(voter)
    assert "<li>M2" not in page_of(voter)


def test_votes_in_quarantine_are_not_in_the_tally(run):
    cast(run, letter_of(run, "m2"), 1)
    Vote.objects.update(quarantined=True)
    assert "So far: 1 chose a report" in page_of(cast(run, letter_of(run, "m1"), 2))


def test_a_second_different_vote_says_that_the_first_stands(run):
    voter = cast(run, letter_of(run, "m1"), 1)
    response = voter.cast(letter_of(run, "m2"))
    assert response.status_code == 303
    text = page_of(voter, response.url.removeprefix(voter.page))
    assert "your first vote stands, the second was not counted" in text
    assert f"You chose report {letter_of(run, 'm1')}" in text
    assert Vote.objects.get().choice.entry.slug == "m1"


def test_a_double_click_is_told_nothing_of_the_kind(run):
    voter = cast(run, letter_of(run, "m1"), 1)
    response = voter.cast(letter_of(run, "m1"))
    assert (response.status_code, response.url) == (303, voter.page)
    assert "first vote stands" not in page_of(voter)


def test_a_vote_after_a_look_says_that_looking_was_the_answer(run):
    voter = Voter(run)
    voter.ask()
    voter.cast(form={"look": "1"})
    response = voter.cast(letter_of(run, "m1"))
    assert "You had looked before" in page_of(voter, response.url.removeprefix(voter.page))
    assert Vote.objects.get().verdict == "looked"
