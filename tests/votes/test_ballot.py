"""One ballot: what it asks, what it stores, what it reveals."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core import signing
from django.core.cache import cache
from django.utils import timezone

from evaluations.models import Report, Run
from tests.factories import make_report, make_run
from tests.votes.conftest import Voter, counted, move_voting, stored
from votes import ballots, voters
from votes.models import Vote
from votes.seats import Offer


def report_called(run: Run, label: str) -> Report:
    entry = next(entry for entry in run.entries.all() if entry.blind_label == label)
    return entry.reports.get(sample=1)


# What is asked


def test_a_ballot_has_at_most_four_reports_under_their_blind_letters(voter, run):
    text = voter.ask().content.decode()
    assert len(voter.labels) == text.count("<article") == 4
    assert set(voter.labels) <= set("ABCDEF")
    assert "odel-" not in text
    assert "%" not in re.sub(r'name="ballot" value="[^"]*"', "", text)


def test_the_signed_field_gives_no_author_away(voter, run):
    voter.ask()
    content = signing.loads(voter.form["ballot"], salt=ballots.SALT)
    assert set(content) == {"run", "voter", "labels", "issued", "words"}
    assert content["labels"] == voter.labels


def test_a_reload_shows_the_same_ballot(voter):
    voter.ask()
    before = voter.labels
    voter.ask()
    assert voter.labels == before


def test_voters_have_orders_of_their_own(run):
    orders = set()
    for number in range(12):
        other = Voter(run, f"203.0.113.{number}")
        other.ask()
        orders.add(tuple(other.labels))
    assert len(orders) > 6


def test_reports_are_shown_equally_often(run):
    for number in range(12):
        Voter(run, f"203.0.113.{number}").vote()
    shown = Counter(report for vote in Vote.objects.all() for report in vote.line_up)
    assert sum(shown.values()) == 48
    assert max(shown.values()) - min(shown.values()) <= 1


def test_nothing_redraws_a_ballot(db):
    run = make_run(open_for_voting=True, models=[f"model-{number}" for number in range(1, 13)])
    voter = Voter(run)
    voter.ask()
    before = voter.labels
    for reload in range(10):
        for other in range(10):
            Voter(run, f"198.51.{reload}.{other}").vote()
        voter.ask()
        assert voter.labels == before, "neither a reload nor other voters"
        fresh = Voter(run)
        fresh.ask()
        assert fresh.labels == before, "nor a fresh cookie from the same network"
    voter.address = "192.0.2.1"
    voter.ask()
    assert voter.labels == before, "nor another network with the same cookie"


def test_who_voted_before_draws_nothing_new_by_clearing_the_cookie(db):
    first, second = (make_run(open_for_voting=True, models=[f"model-{n}" for n in range(12)]) for _ in range(2))
    voter = Voter(first)
    voter.ask()
    Voter(second, "192.0.2.9").ask()
    voter.run = second
    voter.ask()
    fresh = Voter(second, voter.address)
    fresh.ask()
    assert fresh.labels == voter.labels


def test_the_control_another_network_draws_another_ballot(db):
    run = make_run(open_for_voting=True, models=[f"model-{number}" for number in range(1, 13)])
    drawn = set()
    for number in range(6):
        voter = Voter(run, f"203.0.113.{number}")
        voter.ask()
        drawn.add(tuple(voter.labels))
    assert len(drawn) == 6


def test_without_a_cache_the_network_alone_draws_the_ballot(db, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    run = make_run(open_for_voting=True, models=[f"model-{number}" for number in range(1, 13)])
    drawn = [Voter(run, address) for address in ("203.0.113.1", "203.0.113.1", "203.0.113.2")]
    for voter in drawn:
        voter.ask()
    assert drawn[0].labels == drawn[1].labels != drawn[2].labels


def test_a_report_withheld_meanwhile_changes_only_the_ballots_that_it_stood_on(run):
    before = {}
    for number in range(12):
        voter = Voter(run, f"203.0.113.{number}")
        voter.ask()
        before[voter.address] = voter
    was = {address: list(voter.labels) for address, voter in before.items()}
    Report.objects.filter(pk=report_called(run, "C").pk).update(withheld_at=timezone.now())
    for address, voter in before.items():
        voter.ask()
        kept = [label for label in was[address] if label != "C"]
        assert voter.labels[: len(kept)] == kept
        assert len(voter.labels) == 4


def test_only_readable_first_samples_stand_on_a_ballot(db):
    states = ["succeeded", "failed", "unknown_outcome", "succeeded", "succeeded"]
    run = make_run(open_for_voting=True, models=("m1", "m2", "m3", "m4", "m5"), states=states)
    make_report(run.entries.first(), "Second sample.", sample=2)
    Report.objects.filter(entry__run=run, entry__slug="m4").update(withheld_at=timezone.now())
    voter = Voter(run)
    text = voter.ask().content.decode()
    assert set(voter.labels) == {run.entries.get(slug=model).blind_label for model in ("m1", "m5")}
    assert "Second sample." not in text


def test_a_ballot_request_leaves_no_row(voter):
    for _ in range(3):
        voter.ask()
    assert not Vote.objects.exists()


def test_ballots_are_one_voters_own(voter):
    response = voter.ask()
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("secure", "name"), [(False, "voter"), (True, "__Host-voter")])
def test_the_cookie_is_closed_to_scripts_and_other_sites(voter, settings, secure, name):
    settings.SITE_IS_SECURE = secure
    cookie = voter.ask().cookies[name]
    assert (cookie["httponly"], cookie["samesite"], bool(cookie["secure"]), cookie["path"], cookie["domain"]) == (
        True, "Lax", secure, "/", ""
    )  # fmt: skip


# What is stored


def test_a_vote_stores_choice_line_up_and_time_of_issue(voter, run):
    voter.ask()
    assert voter.cast(voter.labels[2]).status_code == 303
    vote = Vote.objects.get()
    assert vote.verdict == "choice"
    assert vote.choice == report_called(run, voter.labels[2])
    assert vote.line_up == [report_called(run, label).pk for label in voter.labels]
    assert timezone.now() - timedelta(minutes=2) < vote.issued_at <= vote.cast_at - timedelta(minutes=1)
    assert (vote.seat, vote.quarantined) == (1, False)


@pytest.mark.parametrize("verdict", ["none", "cannot_tell"])
def test_no_report_need_be_chosen(voter, verdict):
    assert voter.vote(verdict).status_code == 303
    vote = Vote.objects.get()
    assert (vote.verdict, vote.choice) == (verdict, None)


def test_looking_is_an_abstention(voter):
    voter.ask()
    assert voter.cast(form={"look": "1"}).status_code == 303
    assert Vote.objects.get().verdict == "looked"
    voter.cast(voter.labels[0])
    assert Vote.objects.get().verdict == "looked"


def test_nothing_chosen_is_not_a_vote(voter):
    voter.ask()
    response = voter.client.post(voter.page, voter.form)
    assert response.status_code == 400
    assert "Nothing was chosen" in response.content.decode()
    assert not Vote.objects.exists()


# What is revealed


def test_names_appear_after_the_vote_and_only_for_this_voter(voter, run):
    response = voter.vote()
    text = voter.client.get(response["Location"]).content.decode()
    for expected in ("Model-1", "87 %", f"You chose report {voter.labels[0]}, written by ", "your choice"):
        assert expected in text
    assert "Model-1" not in Voter(run).ask().content.decode()
    assert "Model-1" not in voter.client.get(f"/runs/{run.pk}/").content.decode()


def test_looking_reveals_too(voter):
    voter.ask()
    voter.cast(form={"look": "1"})
    text = voter.client.get(voter.page).content.decode()
    assert "You looked without voting." in text
    assert "Model-1" in text


# Votes that are refused


def test_the_second_vote_changes_nothing(voter, run):
    voter.ask()
    voter.cast(voter.labels[0])
    assert voter.cast(voter.labels[1]).status_code == 303
    assert Vote.objects.get().choice == report_called(run, voter.labels[0])


def test_a_vote_without_a_token_gets_a_new_one_and_is_refused(voter):
    voter.ask()
    del voter.client.cookies["voter"]
    response = voter.cast()
    assert response.status_code == 403
    assert "voter" in response.cookies
    assert not Vote.objects.exists()


@pytest.mark.parametrize("forge", [lambda t: t[:-1] + "x", lambda t: "x" + t, lambda _: "", lambda _: "a" * 10_000])
def test_a_forged_token_is_refused(voter, forge):
    voter.ask()
    voter.client.cookies["voter"] = forge(voter.client.cookies["voter"].value)
    assert voter.cast().status_code == 403
    assert not Vote.objects.exists()


def test_the_control_without_the_signature_a_forged_token_would_vote_again(voter, run, monkeypatch):
    monkeypatch.setattr(voters, "token_of", lambda request: request.COOKIES.get("voter"))
    monkeypatch.setattr(voters, "set_token", lambda *_: None)
    for name in ("first", "second"):
        voter.client.cookies["voter"] = name
        voter.vote()
    assert stored(run) == 2


def test_a_changed_line_up_is_refused(voter):
    voter.ask()
    content = signing.loads(voter.form["ballot"], salt=ballots.SALT)
    forged = signing.dumps(content | {"labels": list("ABCDEF")}, salt=ballots.SALT, key="another key")
    for field in (forged, voter.form["ballot"][:-2], "", "x:y:z", "\0"):
        assert voter.cast("A", {"ballot": field}).status_code == 400
    assert not Vote.objects.exists()


def test_the_control_under_the_sites_own_key_that_line_up_would_pass(voter):
    voter.ask()
    content = signing.loads(voter.form["ballot"], salt=ballots.SALT)
    forged = signing.dumps(content | {"labels": list("ABCDEF")}, salt=ballots.SALT)
    assert voter.cast("A", {"ballot": forged}).status_code == 303


def test_a_report_that_is_not_on_the_ballot_cannot_be_chosen(voter):
    voter.ask()
    absent = (set("ABCDEF") - set(voter.labels)).pop()
    for choice in (absent, "Z", "1", "looked ", "choice", "\0"):
        assert voter.cast(choice).status_code == 400
    assert not Vote.objects.exists()


def test_the_control_a_report_on_the_ballot_can(voter):
    voter.ask()
    assert voter.cast(voter.labels[-1]).status_code == 303


def test_another_voters_ballot_is_refused(voter, run):
    voter.ask()
    other = Voter(run)
    other.ask()
    assert other.cast(voter.labels[0], {"ballot": voter.form["ballot"]}).status_code == 400
    assert not Vote.objects.exists()


def test_a_ballot_of_another_run_is_refused(voter, run):
    elsewhere = make_run(run.evaluation, open_for_voting=True)
    other = Voter(elsewhere, client=voter.client)
    other.ask()
    voter.ask()
    assert voter.cast("A", {"ballot": other.form["ballot"]}).status_code == 400


def test_an_old_ballot_is_refused(voter, monkeypatch):
    voter.ask()
    monkeypatch.setattr(ballots, "VALID_FOR", timedelta(seconds=-1))
    assert voter.cast().status_code == 400


def test_a_report_withheld_meanwhile_cannot_be_chosen(voter, run):
    voter.ask()
    chosen = report_called(run, voter.labels[0])
    Report.objects.filter(pk=chosen.pk).update(withheld_at=timezone.now(), withheld_note="Wrong.")
    response = voter.cast(voter.labels[0])
    assert response.status_code == 409
    assert "withheld" in response.content.decode()
    assert not Vote.objects.exists()


@pytest.mark.parametrize(("opens", "closes"), [(-80, -8), (1, 73)])
def test_votes_before_and_after_the_time_are_refused(voter, run, opens, closes):
    voter.ask()
    now = timezone.now()
    move_voting(run, now + timedelta(hours=opens), now + timedelta(hours=closes))
    response = voter.cast()
    assert response.status_code == 409
    assert f'href="/runs/{run.pk}/"' in response.content.decode()
    assert not Vote.objects.exists()
    assert voter.client.get(voter.page).url == f"/runs/{run.pk}/"


@pytest.mark.parametrize("choice", [None, "looked"])
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"voting_closes_at": timezone.now()}, 409),
        ({"voting_opens_at": timezone.now() + timedelta(hours=1)}, 409),
        ({"network_salt": None}, 409),
        ({"withdrawn_at": timezone.now()}, 404),
        ({"state": "cancelled"}, 404),
    ],
)
def test_closing_between_check_and_insert_refuses_the_vote(voter, run, monkeypatch, change, status, choice):
    """What was asked first may be over when the vote is stored: the statement that stores it decides."""
    voter.ask()
    offer_to = ballots.offer_to

    def close_meanwhile(*who: object) -> Offer:
        found = offer_to(*who)
        Run.objects.filter(pk=run.pk).update(**change)
        return found

    monkeypatch.setattr(ballots, "offer_to", close_meanwhile)
    assert voter.cast(choice).status_code == status
    assert not Vote.objects.exists()


def test_replays_have_no_ballot(run):
    Run.objects.filter(pk=run.pk).update(kind="replay")
    assert Voter(run).ask().url == f"/runs/{run.pk}/"


def test_nobody_is_told_that_a_trial_is_there(run):
    Run.objects.filter(pk=run.pk).update(kind="trial")
    assert Voter(run).ask().status_code == 404


def test_a_withdrawn_run_takes_no_votes(voter, run):
    voter.ask()
    Run.objects.filter(pk=run.pk).update(state="cancelled", withdrawn_at=timezone.now())
    assert voter.cast().status_code == 404
    assert not Vote.objects.exists()


def test_forms_of_other_sites_are_refused(voter):
    voter.ask()
    without = {key: value for key, value in voter.form.items() if key != "csrfmiddlewaretoken"}
    good = voter.form | {"choice": voter.labels[0]}
    post = voter.client.post
    assert post(voter.page, without | {"choice": voter.labels[0]}).status_code == 403
    assert post(voter.page, good, headers={"Origin": "null"}).status_code == 403
    assert post(voter.page, good, headers={"Origin": "https://evil.example"}).status_code == 403
    assert post(voter.page, good, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert post(voter.page, good, secure=True).status_code == 403  # https without Referer
    assert post(voter.page, "choice=A", content_type="text/plain").status_code == 403
    assert not Vote.objects.exists()
    assert post(voter.page, good, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_a_ballot_is_asked_for_or_sent_nothing_else(voter, method):
    assert getattr(voter.client, method)(voter.page).status_code in (403, 405)  # CSRF comes first
    assert not Vote.objects.exists()


def test_a_head_request_is_refused_without_a_cookie_and_counts_as_nothing(voter, run, monkeypatch):
    monkeypatch.setattr(ballots, "BALLOTS_A_MINUTE", 1)
    for _ in range(3):
        response = voter.client.head(voter.page, REMOTE_ADDR=voter.address)
        assert (response.status_code, response.content, dict(response.cookies)) == (405, b"", {})
    assert response["Cache-Control"] == "private, no-store"
    assert not Vote.objects.exists()
    # The control: the first question for the ballot itself has both cookies, and the second is one too many.
    assert set(voter.ask().cookies) == {"voter", "csrftoken"}
    assert voter.ask().status_code == 429


def test_the_about_page_names_as_many_cookies_as_the_ballot_sets(voter):
    assert set(voter.ask().cookies) == {"voter", "csrftoken"}
    assert "The ballot sets two cookies, the only ones" in voter.client.get("/about/").content.decode()


def test_a_run_without_a_report_to_read_says_that_there_is_nothing_to_vote_on(run):
    ballot = f'href="/runs/{run.pk}/ballot/"'
    assert ballot in Voter(run).client.get(f"/runs/{run.pk}/").content.decode()
    Report.objects.filter(entry__run=run).update(withheld_at=timezone.now(), withheld_note="Wrong.")
    for address in (f"/runs/{run.pk}/", "/"):
        text = Voter(run).client.get(address).content.decode()
        assert "There is nothing to vote on" in text
        assert ballot not in text
        assert "on the same four sources" not in text
    assert Voter(run).ask().url == f"/runs/{run.pk}/"


def test_the_standings_lead_to_the_open_vote_past_newer_runs_that_have_none(run):
    button = f'href="/runs/{run.pk}/ballot/"'
    make_run(run.evaluation, kind="replay", published_at=timezone.now(), voting_opens_at=None, voting_closes_at=None)
    assert button in Voter(run).client.get("/standings/").content.decode()
    move_voting(run, timezone.now() - timedelta(hours=2), timezone.now() - timedelta(hours=1))
    assert "/ballot/" not in Voter(run).client.get("/standings/").content.decode()


def test_collecting_ballots_ends_with_too_many_requests(run, monkeypatch):
    monkeypatch.setattr(ballots, "BALLOTS_A_MINUTE", 3)
    answers = [Voter(run).ask() for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert Voter(run, "198.51.100.1").ask().status_code == 200


def test_votes_count_without_a_cache(voter, run, settings):
    settings.CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    assert voter.vote().status_code == 303
    assert counted(run) == 1


def test_an_emptied_cache_lets_nobody_vote_twice(voter, run):
    voter.vote()
    cache.clear()  # local memory, this test's own
    voter.cast()
    assert stored(run) == 1
