"""Why the database took no vote, asked one by one; and the numbers by which ballots and tries end."""

from collections import Counter
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from evaluations.models import Report, Run
from evaluations.presentation.cache import reports
from tests.factories import make_report, make_run
from tests.votes.conftest import Voter, move_voting, stored
from votes import ballots, seats
from votes.models import Vote
from votes.voters import network_in

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.1"


def claim(run: Run, address: str = HERE, **changes: Any) -> seats.Claim:
    """A vote of somebody at this address, before it has a seat."""
    whole: dict[str, Any] = {
        "run": run.pk, "salt": bytes(run.network_salt), "voter": "v" * 64, "verdict": "none", "choice": None,
        "network": network_in(run, ip_address(address)), "line_up": [], "grounds": "", "issued_at": timezone.now(),
        "reason": "", "counted": 5,
    }  # fmt: skip
    return seats.Claim(**whole | changes)


def put_votes(run: Run, number: int, address: str = HERE, **changes: Any) -> None:
    """So many votes from there, each of another voter."""
    for _ in range(number):
        one = claim(run, address, voter=f"{Vote.objects.count():064}", counted=60, **changes)
        assert seats.take_seat(one)


def test_a_run_is_closed_before_and_after_its_time_and_without_its_salt_whatever_else_is_open(run: Run) -> None:
    other, now = make_run(run.evaluation, open_for_voting=True), timezone.now()
    assert bytes(other.network_salt) == bytes(run.network_salt), "nothing but the number tells them apart"
    assert not seats.has_closed(claim(run))
    for opens, closes in ((1, 2), (-2, -1)):
        move_voting(run, now + timedelta(hours=opens), now + timedelta(hours=closes))
        assert seats.has_closed(claim(run))
        assert not seats.take_seat(claim(run))
    move_voting(run, now - timedelta(hours=1), now + timedelta(hours=1))
    assert not seats.has_closed(claim(run))
    assert seats.has_closed(claim(run, salt=b"another"))
    for change in ({"withdrawn_at": now}, {"state": "cancelled"}, {"kind": "replay"}, {"imported_at": now}):
        Run.objects.filter(pk=run.pk).update(**change)
        assert seats.has_closed(claim(run)), change
        assert not seats.take_seat(claim(run)), change
        Run.objects.filter(pk=run.pk).update(withdrawn_at=None, state="published", kind="manual", imported_at=None)
    assert not seats.has_closed(claim(run))


def test_the_voter_is_told_that_voting_has_closed_without_a_second_try(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ballots, "TRIES", 1)
    now = timezone.now()
    made = ballots.make_ballot(run, "v" * 64, 0, reports(run))
    for opens, closes in ((1, 2), (-2, -1)):
        move_voting(run, now + timedelta(hours=opens), now + timedelta(hours=closes))
        with pytest.raises(ballots.VotingClosedError):
            ballots.cast(made, "none", ip_address(HERE))
    assert stored(run) == 0


def test_a_ballot_of_which_no_report_is_left_is_over(run: Run) -> None:
    made = ballots.make_ballot(run, "v" * 64, 0, reports(run))
    Report.objects.filter(entry__run=run).update(state="failed")
    for choice in (made.labels[0], "none", "looked"):
        with pytest.raises(ballots.VotingClosedError):
            ballots.cast(made, choice, ip_address(HERE))


def test_seats_are_those_of_one_network_in_one_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "QUARANTINED_PER_NETWORK", 1)
    other = make_run(run.evaluation, open_for_voting=True)
    put_votes(other, 3)
    put_votes(run, 1)
    assert not seats.has_no_seat(claim(run, counted=1))
    put_votes(run, 1)
    assert seats.has_no_seat(claim(run, counted=1))
    assert not seats.has_no_seat(claim(run, counted=2))
    assert not seats.has_no_seat(claim(run, ELSEWHERE, counted=1))


def test_the_seats_of_a_site_are_its_own_and_no_other_site_s(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "QUARANTINED_PER_NETWORK", 1)
    monkeypatch.setattr(seats, "COUNTED_PER_SITE", 2)
    put_votes(make_run(run.evaluation, open_for_voting=True), 3, "2001:db8:1:1::1")
    put_votes(run, 2, "2001:db8:1:1::1")
    assert not seats.has_no_seat(claim(run, "2001:db8:1:2::1"))
    put_votes(run, 1, "2001:db8:1:3::1")
    assert seats.has_no_seat(claim(run, "2001:db8:1:2::1"))
    for address in ("2001:db8:2:1::1", HERE):
        assert not seats.has_no_seat(claim(run, address))


def test_who_has_voted_is_told_so_whatever_else_is_wrong_and_in_that_run_alone(run: Run) -> None:
    other = make_run(run.evaluation, open_for_voting=True)
    made = ballots.make_ballot(run, "v" * 64, 0, reports(run))
    ballots.cast(made, "none", ip_address(HERE))
    assert seats.has_voted(claim(run))
    assert not seats.has_voted(claim(other))
    assert not seats.has_voted(claim(run, voter="w" * 64))
    Run.objects.filter(pk=run.pk).update(network_salt=None)
    for choice in ("", "Z", "none", made.labels[0]):
        with pytest.raises(ballots.AlreadyVotedError):
            ballots.cast(made, choice, ip_address(HERE))
    assert stored(run) == 1


def test_at_the_minimum_itself_a_vote_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    words = 2 * ballots.WORDS_A_SECOND
    assert not ballots.Ballot(1, "", ("A", "B"), now.timestamp() - 2, words).is_too_fast
    assert ballots.Ballot(1, "", ("A", "B"), now.timestamp() - 2, words + 1).is_too_fast


def test_votes_leave_the_looks_of_their_network_alone_and_looks_its_seats(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seats, "LOOKS_PER_NETWORK", 2)
    put_votes(run, 3)
    put_votes(run, 1, verdict="looked")
    assert not seats.has_no_seat(claim(run, verdict="looked"))
    put_votes(run, 1, verdict="looked")
    assert seats.has_no_seat(claim(run, verdict="looked"))
    assert not seats.take_seat(claim(run, verdict="looked"))
    assert not seats.has_no_seat(claim(run))
    assert list(Vote.objects.order_by("pk").values_list("seat", flat=True)) == [1, 2, 3, None, None]


def test_reports_that_failed_and_further_samples_have_no_part_in_the_design(run: Run) -> None:
    states = ["succeeded", "failed", "succeeded", "unknown_outcome", "succeeded", "succeeded"]
    partial = make_run(run.evaluation, open_for_voting=True, models=[f"m{n}" for n in range(6)], states=states)
    for entry in partial.entries.filter(slug__in=("m0", "m1")):
        make_report(entry, "A second sample.", sample=2)
    cards = reports(partial)
    drawn = [ballots.make_ballot(partial, "voter", number, cards).labels for number in range(4)]
    for place in range(4):
        assert Counter(labels[place] for labels in drawn) == dict.fromkeys(drawn[0], 1)


def test_who_finds_every_seat_taken_waits_for_less_than_a_second_in_all(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    monkeypatch.setattr(ballots, "take_seat", lambda _claim: False)  # as if others were faster each time
    made = ballots.make_ballot(run, "v" * 64, 0, reports(run))
    with pytest.raises(ballots.BusyError):
        ballots.cast(made, "none", ip_address(HERE))
    assert len(set(pauses)) > 10, "no two of them ask again at the same moment"
    assert sum(pauses) < 1


def test_a_newsroom_of_120_may_ask_for_its_ballots_within_a_minute(run: Run) -> None:
    network = network_in(run, ip_address(HERE))
    cache.set(f"ballots:{network.key}", 119, timeout=60)
    assert [Voter(run).ask().status_code for _ in range(2)] == [200, 429]
    assert Voter(run, ELSEWHERE).ask().status_code == 200
