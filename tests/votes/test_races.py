"""Votes that arrive at the same moment, in real threads on real connections."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import OperationalError, connections, transaction
from django.utils import timezone

from evaluations.models import Evaluation, Prompt, Run
from tests.factories import make_run
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


def at_once(doings: list[Callable[[], int]]) -> list[int]:
    """Do all of these at the same moment; their results."""
    barrier = Barrier(len(doings))

    def one(doing: Callable[[], int]) -> int:
        try:
            barrier.wait(60)
            return doing()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(one, doings))


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


def test_the_control_without_the_lock_the_constraint_still_gives_each_seat_once(run, monkeypatch):
    """Where the lock fails, nobody gets a second seat: the vote is refused, to be sent again."""

    def everybody_sits_down_first(vote: Vote) -> None:
        vote.seat = 1
        vote.save()

    monkeypatch.setattr(ballots, "take_seat", everybody_sits_down_first)
    voters = [Voter(run) for _ in range(4)]
    for voter in voters:
        voter.ask()
    answers = at_once([lambda voter=voter: voter.cast().status_code for voter in voters])
    assert sorted(answers) == [303, 503, 503, 503]
    assert stored(run) == 1
