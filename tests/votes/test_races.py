"""Votes that arrive at the same moment, in real threads on real connections."""

import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from evaluations.models import Evaluation, Prompt, Run
from tests.factories import make_run
from tests.threads import at_once, in_thread
from tests.votes.conftest import Voter, counted, stored
from votes import ballots
from votes.closing import close
from votes.models import Closing, Vote

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def run(transactional_db) -> Run:
    """A run open for voting, in a database that other tests' flushes may have emptied."""
    evaluation = Evaluation.objects.get_or_create(slug="races", defaults={"name": "Races"})[0]
    Prompt.objects.create(evaluation=evaluation, system_text="x")
    return make_run(evaluation, open_for_voting=True)


def test_one_voter_voting_eight_times_at_once_has_one_vote(run):
    voter = Voter(run)
    voter.ask()
    answers = at_once([lambda: voter.cast().status_code] * 8)
    assert answers == [303] * 8
    assert stored(run) == 1


def test_twelve_voters_of_one_network_at_once_take_seats_one_to_twelve(run):
    voters = [Voter(run) for _ in range(12)]
    for voter in voters:
        voter.ask()
    answers = at_once([lambda voter=voter: voter.cast().status_code for voter in voters])
    assert answers == [303] * 12
    assert (counted(run), stored(run)) == (5, 12)
    assert sorted(Vote.objects.values_list("seat", flat=True)) == list(range(1, 13))


def test_no_vote_is_stored_after_the_closing_was_committed(run):
    voters = [Voter(run, f"203.0.113.{number}") for number in range(12)]
    for voter in voters:
        voter.ask()

    def end() -> int:
        with transaction.atomic():
            Run.objects.select_for_update().get(pk=run.pk)
            return Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now())

    answers = at_once([*(lambda voter=voter: voter.cast().status_code for voter in voters), end])[:-1]
    run.refresh_from_db()
    assert set(answers) <= {303, 409}
    assert stored(run) == answers.count(303)
    assert not Vote.objects.filter(cast_at__gte=run.voting_closes_at).exists()


def test_a_run_that_ends_while_votes_arrive_is_closed_once_and_counts_what_was_stored(run):
    voters = [Voter(run, f"203.0.113.{number}") for number in range(12)]
    for voter in voters:
        voter.ask()
    Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now() + timedelta(seconds=0.3))

    def closes() -> int:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if close(run):
                    return 1
            except OperationalError:  # SQLite lets one write at a time
                continue
            if Closing.objects.filter(run=run).exists():
                return 0
        return 0

    doings = [*(lambda voter=voter: voter.cast().status_code for voter in voters), *[closes] * 3]
    *answers, one, two, three = at_once(doings)
    assert one + two + three == 1
    assert set(answers) <= {303, 409, 503}
    assert Closing.objects.get().result["voters"] == stored(run) == answers.count(303)


def test_twelve_voters_of_one_ipv6_site_at_once_take_its_seats_one_to_twelve(run):
    voters = [Voter(run, f"2001:db8:1:{number:x}::1") for number in range(12)]
    for voter in voters:
        voter.ask()
    assert at_once([lambda voter=voter: voter.cast().status_code for voter in voters]) == [303] * 12
    assert sorted(Vote.objects.values_list("site_seat", flat=True)) == list(range(1, 13))


def test_the_control_who_does_not_ask_again_is_told_to(run, monkeypatch):
    """The constraint gives each seat once, whatever the others do; only asking again brings everybody a seat."""
    monkeypatch.setattr(ballots, "TRIES", 0)
    voter = Voter(run)
    voter.ask()
    assert voter.cast().status_code == 503
    assert not Vote.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
def test_a_network_whose_vote_is_being_stored_keeps_no_other_waiting(run):
    """A vote that holds its locks for long, as those of a flood do in the end, in a transaction left open."""
    slow, other, same = Voter(run), Voter(run, "198.51.100.1"), Voter(run)
    for voter in (slow, other, same):
        voter.ask()
    with transaction.atomic():
        assert slow.cast().status_code == 303
        assert in_thread(lambda: other.cast().status_code).result(20) == 303
        waiting = in_thread(lambda: same.cast().status_code)
        with pytest.raises(TimeoutError):
            waiting.result(0.5)  # the control: the next seat of the same network is not known yet
    assert waiting.result(20) == 303
    assert sorted(Vote.objects.values_list("seat", flat=True)) == [1, 1, 2]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
def test_who_has_voted_is_answered_while_the_run_is_locked(run):
    voter, other = Voter(run), Voter(run, "198.51.100.1")
    voter.vote()
    other.ask()
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run.pk)
        assert in_thread(lambda: voter.cast().status_code).result(20) == 303
        waiting = in_thread(lambda: other.cast().status_code)
        with pytest.raises(TimeoutError):
            waiting.result(0.5)  # the control: a vote that is to be stored does wait
    assert waiting.result(20) == 303
