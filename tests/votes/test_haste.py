"""Votes that are stored but set apart, each with its reason: haste, a look before, staff, seats."""

import pytest
from django.contrib.auth import get_user_model
from django.core import signing
from django.test import Client
from django.utils import timezone

from evaluations.models import Run
from evaluations.presentation.cache import reports
from tests.factories import make_run
from tests.votes.conftest import Voter, counted, stored
from votes import ballots, seats
from votes.ballots import LONGEST_MINIMUM, WORDS_A_SECOND, Ballot
from votes.models import Vote

pytestmark = pytest.mark.django_db


def reasons() -> list[str]:
    return list(Vote.objects.order_by("pk").values_list("quarantine_reason", flat=True))


# Haste


def test_a_vote_that_comes_faster_than_anybody_reads_is_set_apart(voter, run):
    voter.ask(seconds=0)
    assert voter.cast().status_code == 303
    assert (counted(run), stored(run)) == (0, 1)
    assert reasons() == ["too_fast"]


def test_the_minimum_grows_with_the_words_on_the_ballot(run):
    few, many = (make_run(run.evaluation, open_for_voting=True, texts=["word " * n]) for n in (40, 200))
    for of, words in ((few, 160), (many, 800)):
        for seconds, counts in ((words / WORDS_A_SECOND - 0.9, False), (words / WORDS_A_SECOND + 0.1, True)):
            voter = Voter(of)
            voter.ask(seconds=seconds)
            voter.cast()
            assert Vote.objects.latest("pk").quarantined is not counts, (words, seconds)


def test_the_minimum_has_an_end_however_long_the_reports_are():
    ballot = Ballot(1, "", ("A", "B"), 0.0, words=1_000_000)
    assert ballot.least_seconds == LONGEST_MINIMUM
    assert Ballot(1, "", ("A", "B"), 0.0, words=100).least_seconds == 100 / WORDS_A_SECOND


def test_nobody_can_say_that_the_ballot_was_issued_earlier(voter):
    voter.ask(seconds=0)
    payload, rest = voter.form["ballot"].split(":", 1)
    assert voter.cast(form={"ballot": f"{payload[:-2]}xx:{rest}"}).status_code == 400
    assert voter.cast(form={"issued": "0", "words": "0"}).status_code == 303
    assert reasons() == ["too_fast"]


def test_a_look_is_never_too_fast(voter):
    voter.ask(seconds=0)
    voter.cast(form={"look": "1"})
    assert reasons() == [""]


def test_the_voter_is_told_that_the_vote_does_not_count_and_why(voter):
    voter.ask(seconds=0)
    text = " ".join(voter.client.get(voter.cast()["Location"], REMOTE_ADDR=voter.address).content.decode().split())
    assert "It does not count: it came faster than anybody reads." in text


def test_the_control_a_vote_in_good_time_is_told_nothing_of_the_kind(voter):
    text = voter.client.get(voter.vote()["Location"], REMOTE_ADDR=voter.address).content.decode()
    assert "does not count" not in text


def test_the_ballot_says_how_long_it_has_to_be_read(voter):
    text = " ".join(voter.ask().content.decode().split())
    words = ballots.read_ballot(voter.form["ballot"], voter.run.pk, voter_of(voter)).words
    seconds = -(-words // WORDS_A_SECOND)
    assert f"A vote counts from {seconds} seconds after this page was opened" in text


def voter_of(voter: Voter) -> str:
    return signing.loads(voter.form["ballot"], salt=ballots.SALT)["voter"]


# Looks


def look(voter: Voter) -> int:
    voter.ask()
    return voter.cast(form={"look": "1"}).status_code


def test_looks_take_no_seat(run):
    for _ in range(8):
        assert look(Voter(run, "2001:db8:1:1::1")) == 303
    assert set(Vote.objects.values_list("seat", "site_seat", "quarantined")) == {(None, None, False)}
    assert Voter(run, "2001:db8:1:2::1").vote().status_code == 303
    assert Vote.objects.latest("pk").site_seat == 1


def test_votes_after_a_look_from_the_same_network_are_set_apart(run):
    Voter(run).vote()
    look(Voter(run))
    for _ in range(2):
        Voter(run).vote()
    assert reasons() == ["", "", "after_look", "after_look"]


def test_the_control_a_look_from_another_network_or_in_another_run_changes_nothing(run):
    look(Voter(run, "198.51.100.1"))
    look(Voter(make_run(run.evaluation, open_for_voting=True)))
    Voter(run).vote()
    assert reasons()[-1] == ""


def test_looks_of_one_network_end_too(run, monkeypatch):
    monkeypatch.setattr(seats, "LOOKS_PER_NETWORK", 3)
    assert [look(Voter(run)) for _ in range(4)] == [303] * 3 + [429]
    assert look(Voter(run, "198.51.100.1")) == 303


# Staff


def logged_in(run: Run, *, staff: bool) -> Voter:
    user = get_user_model().objects.create_user(f"user-{staff}", password="test-only", is_staff=staff)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return Voter(run, client=client)


def test_votes_of_logged_in_staff_are_set_apart(run):
    assert logged_in(run, staff=True).vote().status_code == 303
    assert reasons() == ["staff"]


def test_the_control_who_is_logged_in_but_not_staff_votes_like_everybody(run):
    logged_in(run, staff=False).vote()
    assert reasons() == [""]


# Seats


def test_over_the_seats_is_a_reason_too(run):
    for number in range(7):
        Voter(run).vote()
        Voter(run, f"2001:db8:1:{number:x}::1").vote()
    assert sorted(reasons()) == [""] * 12 + ["seats"] * 2


def test_of_one_ipv6_site_fifty_wait_and_the_rest_are_refused(run):
    run.evaluation.votes_per_network = 50
    run.evaluation.save()
    answers = [Voter(run, f"2001:db8:1:{number // 30:x}::{number:x}").vote().status_code for number in range(68)]
    assert answers == [303] * 66 + [429] * 2
    assert (counted(run), stored(run)) == (16, 66)
    assert reasons()[16:] == ["seats"] * 50


@pytest.mark.parametrize("left", [1, 0])
def test_one_readable_report_alone_is_no_ballot(left):
    run = make_run(open_for_voting=True, models=("m1", "m2", "m3"))
    voter = Voter(run)
    voter.ask()
    for entry in list(run.entries.all())[left:]:
        entry.reports.update(withheld_at=run.published_at, withheld_note="Wrong.")
    kept = [entry.blind_label for entry in list(run.entries.all())[:left]]
    for choice in kept or voter.labels:
        assert voter.cast(choice).status_code == 409
    assert Voter(run).ask().url == f"/runs/{run.pk}/"
    assert not Vote.objects.exists()
    page = Client().get(f"/runs/{run.pk}/").content.decode()
    assert "There is nothing to vote on" in page
    assert f"/runs/{run.pk}/ballot/" not in page


def test_the_control_two_readable_reports_are_one():
    run = make_run(open_for_voting=True, models=("m1", "m2", "m3"))
    run.entries.first().reports.update(withheld_at=run.published_at, withheld_note="Wrong.")
    assert Voter(run).vote().status_code == 303


# Edges


@pytest.mark.parametrize(("ago", "too_fast"), [(1.9, True), (2.1, False)])
def test_the_minimum_is_where_it_is_said_to_be(ago, too_fast):
    issued = timezone.now().timestamp() - ago
    assert Ballot(1, "", ("A", "B"), issued, words=2 * WORDS_A_SECOND).is_too_fast is too_fast


def test_only_the_words_on_the_ballot_count(run):
    long = make_run(run.evaluation, open_for_voting=True, models=("a", "b"), texts=["word " * 30, "word " * 70])
    cards = reports(long)
    made = ballots.make_ballot(long, "voter", 0, cards)
    assert (set(made.labels), made.words) == ({"A", "B"}, 100)
    assert ballots.make_ballot(run, "voter", 0, reports(run)).words == pytest.approx(4 * 55, abs=20)


def test_a_ballot_that_was_signed_before_words_stood_on_it_is_still_good(voter):
    voter.ask()
    content = signing.loads(voter.form["ballot"], salt=ballots.SALT)
    del content["words"]
    assert voter.cast(form={"ballot": signing.dumps(content, salt=ballots.SALT)}).status_code == 303
    assert reasons() == [""]


def test_of_two_reasons_the_one_that_no_seat_could_lift_is_told(run):
    staff = logged_in(run, staff=True)
    staff.ask(seconds=0)
    staff.cast()
    look(Voter(run))
    hasty = Voter(run)
    hasty.ask(seconds=0)
    hasty.cast()
    assert reasons() == ["staff", "", "too_fast"]


def test_a_look_of_staff_is_set_apart_and_takes_no_seat(run):
    look(logged_in(run, staff=True))
    assert list(Vote.objects.values_list("quarantine_reason", "seat")) == [("staff", None)]


def test_every_vote_has_the_next_seat_of_its_network_whatever_becomes_of_it(run):
    for seconds in (60, 0, 60):
        voter = Voter(run, "2001:db8:1:1::1")
        voter.ask(seconds=seconds)
        voter.cast()
    rows = Vote.objects.order_by("pk").values_list("seat", "site_seat", "quarantine_reason")
    assert list(rows) == [(1, 1, ""), (2, 2, "too_fast"), (3, 3, "")]


def test_ticks_are_stored_in_their_own_order_and_once(voter):
    voter.ask()
    voter.cast("none", {"ground": ["wrong_format", "accurate", "accurate", ""]})
    assert Vote.objects.get().grounds == "accurate,wrong_format"


def test_all_that_can_be_ticked_fits(voter):
    voter.ask()
    voter.cast("none", {"ground": list(Vote.Ground.values)})
    assert Vote.objects.get().grounds.split(",") == list(Vote.Ground.values)
    assert len(Vote.objects.get().grounds) <= Vote._meta.get_field("grounds").max_length


def test_who_finds_every_seat_taken_asks_again_as_often_as_is_set_and_no_more(run, monkeypatch):
    asked: list[seats.Claim] = []
    take_seat = ballots.take_seat

    def taken(claim: seats.Claim) -> bool:
        asked.append(claim)
        return len(asked) > 3 and take_seat(claim)

    monkeypatch.setattr(ballots, "take_seat", taken)
    assert Voter(run).vote().status_code == 303
    assert len(asked) == 4
    monkeypatch.setattr(ballots, "TRIES", 2)
    asked.clear()
    answer = Voter(run).vote()
    assert (answer.status_code, len(asked)) == (503, 2)
    assert "Please try again" in answer.content.decode()
    assert stored(run) == 1
