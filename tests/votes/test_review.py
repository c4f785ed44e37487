"""What editors see of votes, and what they can do: set apart and release, with a reason, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from evaluations.models import Run
from evaluations.scheduled import run_due
from tests.elections import store_votes
from tests.factories import make_run
from tests.votes.conftest import Voter
from votes.models import Computation, Vote
from votes.review import signals_of

pytestmark = pytest.mark.django_db

LIST = "/admin/votes/vote/"


@pytest.fixture
def editor(db) -> Client:
    user = get_user_model().objects.create_superuser("editor", password="test-only")
    client = Client()
    client.force_login(user)
    return client


def decide(editor: Client, action: str, votes: list[Vote], note: str = "Sent by one person.") -> str:
    data = {"action": action, "_selected_action": [vote.pk for vote in votes], "note": note}
    return editor.post(LIST, data, follow=True).content.decode()


def figures() -> dict:
    run_due({}, None)
    return Computation.objects.latest().figures


def test_votes_are_shown_and_can_be_neither_changed_nor_deleted(editor, run):
    store_votes(run, {"model-1": 2})
    vote = Vote.objects.first()
    page = editor.get(f"{LIST}{vote.pk}/change/").content.decode()
    assert "field-choice" in page
    assert not {"field-voter", "field-network", "field-site"} & set(re.findall(r"field-\w+", page))
    assert editor.post(f"{LIST}{vote.pk}/change/", {"verdict": "none"}).status_code == 403
    assert editor.post(f"{LIST}{vote.pk}/delete/", {"post": "yes"}).status_code == 403
    assert editor.get(f"{LIST}add/").status_code == 403
    assert "delete_selected" not in editor.get(LIST).content.decode()
    assert Vote.objects.count() == 2


def test_votes_are_set_apart_for_a_reason_and_released_again(editor):
    run = make_run(models=("m1", "m2"))
    store_votes(run, {"m1": 5, "m2": 3})
    assert figures()["votes"] == 8
    suspicious = list(Vote.objects.filter(choice__entry__slug="m1")[:4])
    assert "4 votes set apart" in decide(editor, "set_apart", suspicious)
    apart = Vote.objects.get(pk=suspicious[0].pk)
    assert (apart.quarantined, apart.quarantine_reason, apart.note) == (True, "editor", "Sent by one person.")
    after = figures()
    assert (after["votes"], after["exclusions"]) == (4, {"editor": 4})
    assert "4 by an editor’s decision" in Client().get("/standings/").content.decode()
    assert LogEntry.objects.filter(change_message__contains="Set apart: Sent by one person.").count() == 4

    decide(editor, "let_count", suspicious, "Different people after all.")
    assert figures()["votes"] == 8
    released = Vote.objects.get(pk=suspicious[0].pk)
    assert (released.quarantined, released.quarantine_reason) == (False, "")
    assert released.note == "Different people after all."


def test_without_a_reason_nothing_is_decided(editor, run):
    store_votes(run, {"model-1": 2})
    assert "Say why" in decide(editor, "set_apart", list(Vote.objects.all()), "  ")
    assert not Vote.objects.filter(quarantined=True).exists()


def test_a_vote_that_is_set_apart_already_keeps_its_reason(editor, run):
    store_votes(run, {"model-1": 1}, quarantined=True, quarantine_reason="seats")
    decide(editor, "set_apart", list(Vote.objects.all()))
    assert Vote.objects.get().quarantine_reason == "seats"


def test_who_may_only_look_decides_nothing(run):
    user = get_user_model().objects.create_user("reader", password="test-only", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_vote"))
    client = Client()
    client.force_login(user)
    store_votes(run, {"model-1": 1})
    decide(client, "set_apart", list(Vote.objects.all()))
    assert not Vote.objects.get().quarantined


# Signals


def test_the_page_of_a_run_shows_its_signals_and_leads_to_its_votes(editor, run):
    store_votes(run, {"model-1": 12, "model-2": 3})
    page = editor.get(f"/admin/votes/votedrun/{run.pk}/change/").content.decode()
    for signal in ("Burst: 15 votes", "12 of them for Model-1", "One network:", "Times:", "Places:"):
        assert signal in page, signal
    address = f"{LIST}?run__id__exact={run.pk}"
    assert address in page
    assert editor.get(address).status_code == 200
    assert "15" in editor.get("/admin/votes/votedrun/").content.decode()


def test_a_run_without_votes_says_so(editor, run):
    assert "No vote yet." in editor.get(f"/admin/votes/votedrun/{run.pk}/change/").content.decode()


def test_votes_that_come_in_a_burst_from_one_network_are_told(run):
    store_votes(run, {"model-1": 40, "model-2": 60})
    begin = timezone.now() - timedelta(hours=5)
    for number, vote in enumerate(Vote.objects.order_by("pk")):
        minutes = 100 if number < 40 else 3 * number
        Vote.objects.filter(pk=vote.pk).update(
            cast_at=begin + timedelta(minutes=minutes),
            issued_at=begin + timedelta(minutes=minutes) - timedelta(seconds=30 + number),
            network="one" if number < 40 else str(number),
            seat=number + 1 if number < 40 else 1,
        )
    burst, networks, *_ = signals_of(run)
    assert burst.startswith("Burst: 40 votes within 60 seconds")
    assert "as odd by chance in less than 0.1% of runs" in burst
    assert "40 of them for Model-1" in burst
    assert networks == "One network: the busiest sent 40, 1, 1, 1, 1 of 100 votes."


# What voters tick


def test_what_voters_tick_is_stored_counted_and_shown(run, client):
    for number, ground in enumerate((["accurate", "complete"], ["accurate", "nonsense"], [])):
        voter = Voter(run, f"198.51.100.{number}")
        voter.ask()
        voter.cast("none", {"ground": ground})
    assert list(Vote.objects.order_by("pk").values_list("grounds", flat=True)) == ["accurate,complete", "accurate", ""]
    store_votes(run, {"model-1": 2}, grounds="readable", note="x")
    Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now() - timedelta(seconds=1))
    assert figures()["grounds"] == {"model-1": {"readable": 2}, "none": {"accurate": 2, "complete": 1}}
    said = "as far as they ticked it: accurate 2, readable 2, complete 1."
    assert said in " ".join(client.get(f"/runs/{run.pk}/").content.decode().split())
    assert "accurate 2, readable 2, complete 1" in client.get("/standings/").content.decode()
    assert client.get(f"/api/runs/{run.pk}/").json()["vote"]["grounds"]["none"] == {"accurate": 2, "complete": 1}


def test_who_only_looks_has_ticked_nothing(voter):
    voter.ask()
    voter.cast(form={"look": "1", "ground": "accurate"})
    assert Vote.objects.get().grounds == ""


def test_ticks_of_votes_that_do_not_count_and_for_withheld_reports_are_left_out():
    run = make_run(models=("m1", "m2", "m3"))
    store_votes(run, {"m1": 2}, grounds="readable")
    store_votes(run, {"m1": 1, "m2": 2}, grounds="accurate", quarantined=True, quarantine_reason="staff")
    store_votes(run, {"m2": 1}, grounds="too_long")
    run.entries.get(slug="m2").reports.update(withheld_at=timezone.now(), withheld_note="x")
    assert figures()["grounds"] == {"m1": {"readable": 2}}
