"""A run that would tell who wrote what in an open vote is not there for the public before that vote has closed."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations import scheduled
from evaluations.errors import RunRefusedError
from evaluations.models import Report, Run, blindness
from evaluations.pipeline import publish
from evaluations.presentation import cache as cache_of_reports
from tests.factories import make_evaluation, make_run
from tests.pages.conftest import as_read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memory_cache")]

LISTS = ("/", "/runs/", "/runs/?q=hedgehog", "/runs/?q=lund", "/models/", "/models/claude/", "/models/findings.json",
         "/models/findings.csv", "/feed/", "/api/runs/", "/sitemap.xml", "/standings/", "/api/standings/")  # fmt: skip
OF_A_RUN = ("", "context/", "difference/?a=claude&b=kimi", "reports.csv", "reports.json", "ballot/")


@pytest.fixture
def voted_on() -> Run:
    return make_run(make_evaluation(indexable=True), open_for_voting=True)


def again(run: Run, kind: str = "replay", **fields: object) -> Run:
    """A run on the material of another, published after it."""
    return make_run(
        run.evaluation,
        **{
            "kind": kind, "context": run.context, "replay_of": run, "listed": True,
            "texts": ["A hedgehog ran onto the pitch."],
            "published_at": timezone.now(), "voting_opens_at": None, "voting_closes_at": None, **fields,
        },
    )  # fmt: skip


def addresses_of(run: Run) -> list[str]:
    return [*(f"/runs/{run.pk}/{rest}" for rest in OF_A_RUN), f"/api/runs/{run.pk}/"]


def heard_of(run: Run) -> set[str]:
    """Where the public meets this run, or what it says."""
    client = Client()
    telling = {address for address in addresses_of(run) if client.get(address).status_code != 404}
    named = (f"/runs/{run.pk}/", "A hedgehog ran")
    return telling | {
        address for address in LISTS if any(name in client.get(address).content.decode() for name in named)
    }


def close(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now() - timedelta(seconds=1))


def test_nobody_hears_of_a_replay_before_the_vote_on_its_material_has_closed(voted_on):
    replay = again(voted_on)
    assert heard_of(replay) == set()
    assert {f"/runs/{voted_on.pk}/", "/", "/runs/", "/feed/", "/api/runs/", "/sitemap.xml"} <= heard_of(voted_on)
    close(voted_on)
    assert {*addresses_of(replay), "/runs/", "/runs/?q=hedgehog", "/feed/", "/api/runs/", "/sitemap.xml"} <= heard_of(
        replay
    )


def test_a_replay_stands_in_lists_only_where_an_editor_put_it(voted_on):
    replay = again(voted_on, listed=False)
    close(voted_on)
    beside = f"/runs/{voted_on.pk}/replays/{replay.pk}/"
    assert heard_of(replay) == set(addresses_of(replay))
    assert f'href="{beside}"' in Client().get(f"/runs/{voted_on.pk}/").content.decode()
    assert f'href="{beside}"' in Client().get(f"/runs/{replay.pk}/").content.decode()
    publish.list_replay(replay, listed=True)
    assert {"/runs/", "/feed/", "/api/runs/", "/sitemap.xml"} <= heard_of(replay)
    assert f"replay of run {voted_on.pk}" in Client().get("/runs/").content.decode()
    publish.list_replay(replay, listed=False)
    assert heard_of(replay) == set(addresses_of(replay))


def test_only_replays_are_put_into_lists(voted_on):
    with pytest.raises(RunRefusedError, match="no replay"):
        publish.list_replay(voted_on, listed=True)


def test_json_says_of_which_run_a_replay_is(voted_on):
    replay = again(voted_on)
    close(voted_on)
    assert Client().get(f"/api/runs/{replay.pk}/").json()["replay_of"] == voted_on.pk
    rows = Client().get("/api/runs/").json()["runs"]
    assert {row["run"]: row["replay_of"] for row in rows} == {replay.pk: voted_on.pk, voted_on.pk: None}


def test_a_replay_stands_beside_its_run_with_signed_differences(voted_on):
    replay = again(voted_on, system_message="Use only the newest sources.", models=("claude", "kimi", "newcomer"))
    Run.objects.filter(pk=voted_on.pk).update(system_message="Use only the sources.")
    report = Report.objects.get(entry__run=replay, entry__slug="kimi")
    report.scores.filter(metric="groundedness").update(value=0.8)
    Report.objects.filter(pk=report.pk).update(latency_seconds=12.4)
    address = f"/runs/{voted_on.pk}/replays/{replay.pk}/"
    assert Client().get(address).status_code == 404  # while the vote is open
    close(voted_on)
    text = as_read(Client().get(address).content.decode())
    assert "87 → 80 %</span> <small>−7</small>" in text
    assert "9.4 → 12.4 s</span> <small>+3.0</small>" in text
    assert "– → 87 %</span> <small>–</small>" in text  # who took part in one of them only
    assert re.search(r"<ins> ?newest ?</ins>", text)
    assert "A hedgehog ran onto the pitch." in text
    assert 'href="?model=kimi#sentences"' in text


def test_a_comparison_is_of_a_run_and_its_own_replay(voted_on):
    other = make_run(voted_on.evaluation)
    replay = again(voted_on)
    close(voted_on)
    for address in (
        f"{other.pk}/replays/{replay.pk}",
        f"{replay.pk}/replays/{voted_on.pk}",
        f"{voted_on.pk}/replays/99",
    ):
        assert Client().get(f"/runs/{address}/").status_code == 404
    Report.objects.filter(entry__run=replay).update(withheld_at=timezone.now(), withheld_note="Wrong.")
    text = Client().get(f"/runs/{voted_on.pk}/replays/{replay.pk}/").content.decode()
    assert "hedgehog" not in text


def test_scores_of_different_scorers_are_not_subtracted(voted_on):
    replay = again(voted_on)
    for report in Report.objects.filter(entry__run=replay):
        report.scores.update(scorer_version="9")
    close(voted_on)
    text = as_read(Client().get(f"/runs/{voted_on.pk}/replays/{replay.pk}/").content.decode())
    assert "87 → 87 %</span> <small>–</small>" in text
    assert "8.4 → 8.4 s</span> <small>±0</small>" in text


def test_nobody_ever_hears_of_a_trial(voted_on):
    trial = again(voted_on, "trial")
    close(voted_on)
    assert heard_of(trial) == set()


def test_the_control_without_the_rule_a_replay_would_be_told_at_once(voted_on, monkeypatch):
    replay = again(voted_on)
    monkeypatch.setattr(blindness, "undecided_runs", lambda now: Q(pk__in=()))
    assert {*addresses_of(replay), "/runs/", "/runs/?q=hedgehog", "/feed/", "/api/runs/"} <= heard_of(replay)


def test_an_imported_run_and_another_copy_of_the_material_are_hidden_too(voted_on):
    imported = again(
        voted_on, "manual", imported_at=timezone.now(), origin={"run": 7, "site": "https://elsewhere.example"}
    )
    copy = again(voted_on)
    material = type(voted_on.context).objects.create(sha256=voted_on.context.sha256, payload=b"")
    Run.objects.filter(pk=copy.pk).update(context=material)
    for run in (imported, copy):
        assert heard_of(run) == set()
    close(voted_on)
    for run in (imported, copy):
        assert f"/runs/{run.pk}/" in heard_of(run)


def test_replays_of_other_material_are_there(voted_on):
    other = again(make_run(voted_on.evaluation))
    assert f"/runs/{other.pk}/" in heard_of(other)
    assert other.hidden_by is None


def test_a_replay_of_a_withdrawn_run_stays_hidden_because_its_vote_may_go_on(voted_on):
    replay = again(voted_on)
    publish.withdraw(voted_on)
    assert heard_of(replay) == set()
    publish.bring_back(voted_on)
    assert heard_of(replay) == set()


def test_a_replay_waits_for_a_vote_that_a_review_will_open(voted_on):
    waiting = Run.objects.filter(pk=voted_on.pk)
    waiting.update(state="awaiting_review", published_at=None, voting_opens_at=None, voting_closes_at=None)
    replay = again(voted_on)
    assert heard_of(replay) == set()
    make_evaluation(voting_hours=0)
    assert f"/runs/{replay.pk}/" in heard_of(replay)
    make_evaluation(voting_hours=72)
    waiting.update(state="cancelled")
    assert f"/runs/{replay.pk}/" in heard_of(replay)


def test_editors_decide_about_a_hidden_run_as_about_any(voted_on, monkeypatch):
    replay, stored = again(voted_on), []
    monkeypatch.setattr(cache_of_reports, "refresh", stored.append)
    publish.withhold(Report.objects.filter(entry__run=replay)[0], "Names somebody.")
    assert stored == [replay]
    publish.withdraw(replay)
    close(voted_on)
    assert heard_of(replay) == set()
    publish.bring_back(replay)
    assert f"/runs/{replay.pk}/" in heard_of(replay)


def test_a_run_knows_which_vote_hides_it(voted_on):
    replay = again(voted_on)
    assert replay.hidden_by == voted_on
    assert voted_on.hidden_by is None
    close(voted_on)
    assert replay.hidden_by is None


def test_staff_who_watched_a_replay_are_told_when_its_page_is_public(voted_on, admin_client):
    replay = again(voted_on)
    progress = f"/runs/{replay.pk}/progress/"
    told = f"Its page is public when the vote on run {voted_on.pk} has closed."
    text = admin_client.get(progress).content.decode()
    assert told in text
    assert f'href="/runs/{replay.pk}/"' not in text
    close(voted_on)
    text = admin_client.get(progress).content.decode()
    assert told not in text
    assert f'href="/runs/{replay.pk}/"' in text


def test_the_index_of_runs_has_a_replay_once_the_vote_has_closed(voted_on):
    replay = again(voted_on)
    cache_of_reports.store_index()
    assert cache.get(cache_of_reports.INDEX) == [voted_on.pk]
    close(voted_on)
    assert scheduled.run_due({}, None)["closed"] == [voted_on.pk]
    assert cache.get(cache_of_reports.INDEX) == [replay.pk, voted_on.pk]


def test_hidden_runs_cost_no_question_more(voted_on):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            Client().get("/api/runs/")
        return len(asked)

    few = questions()
    for _ in range(3):
        again(voted_on)
        again(make_run(voted_on.evaluation))
    assert questions() == few
