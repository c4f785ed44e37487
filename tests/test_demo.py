"""The lived-in sandbox of `make demo`: made by the pipeline, moved back in time, whole by the product's own rules."""

import os
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from evaluations import contexts
from evaluations.management.demo import history
from evaluations.management.demo.ageing import move_back
from evaluations.manifests.exports import verify
from evaluations.models import Attempt, Budget, Evaluation, LockedContext, Prompt, Report, Run
from evaluations.models.blindness import Part
from evaluations.pipeline.start import start
from evaluations.pipeline.worker import Worker
from evaluations.scheduled import do_what_is_due
from tests.environment import ROOT
from votes.computation import state_of
from votes.models import Computation, Vote

pytestmark = pytest.mark.django_db
CADENCE = timedelta(hours=72)


@pytest.fixture
def sandbox(settings: Any) -> Evaluation:
    settings.DEBUG = True
    return Evaluation.objects.get(sandbox=True)


def test_nothing_is_kept_of_a_history_that_could_not_be_finished(
    sandbox: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its second run asks for no sample at all, which is refused; the first one is made by then."""
    unmakable = history.Act("2026-11-01to2026-11-12", 100, samples=0)
    monkeypatch.setattr(history, "HISTORY", (history.HISTORY[0], unmakable))
    with pytest.raises(SystemExit):
        call_command("demo", stdout=StringIO(), stderr=StringIO())
    assert (Run.objects.count(), LockedContext.objects.count(), Vote.objects.count()) == (0, 0, 0)
    assert Evaluation.objects.get(pk=sandbox.pk).freshness == ""


def test_while_a_run_is_live_nothing_is_made(sandbox: Evaluation, capsys: pytest.CaptureFixture[str]) -> None:
    start(sandbox)
    with pytest.raises(SystemExit):
        call_command("demo", stdout=StringIO())
    assert Run.objects.count() == 1
    assert "live" in capsys.readouterr().err


def test_where_debug_is_off_nothing_is_invented(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.DEBUG = False
    with pytest.raises(SystemExit) as end:
        call_command("demo")
    assert end.value.code == 1
    assert "DEBUG is off" in capsys.readouterr().err
    assert not Run.objects.exists()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """What `manage.py demo` said. It is made once; each test's own changes are rolled back to this."""
    said = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEBUG=True):
            call_command("demo", stdout=said)
        yield said.getvalue().splitlines()
        transaction.set_rollback(True)


@pytest.fixture
def lived_in(demo: list[str], sandbox: Evaluation) -> Evaluation:
    """The site after `manage.py demo`."""
    return sandbox


def test_there_are_eight_aged_runs_and_an_open_vote(lived_in: Evaluation) -> None:
    *aged, newest = Run.objects.order_by("pk")
    assert len(aged) == 8
    assert newest.voting_is_open
    assert all(run.published_at < timezone.now() - CADENCE for run in aged)
    assert [run.kind for run in aged].count(Run.Kind.REPLAY) == 1
    assert [run.samples for run in aged].count(3) == 1
    assert [run.partial for run in [*aged, newest]].count(True) == 1
    assert Report.objects.filter(state=Report.State.FAILED).count() == 1
    [withheld] = Report.objects.filter(withheld_at__isnull=False)
    assert withheld.withheld_note
    assert withheld.withheld_at > withheld.entry.run.voting_closes_at


def test_closed_votes_are_closed_by_the_products_own_rules(lived_in: Evaluation) -> None:
    closed = Run.objects.filter(voting_closes_at__lte=timezone.now())
    assert closed.count() == 7
    for run in closed:
        assert (run.network_salt, run.voting_closes_at - run.voting_opens_at) == (None, CADENCE)
        assert run.closing.closed_at >= run.voting_closes_at
        for vote in Vote.objects.filter(run=run):
            assert run.voting_opens_at < vote.cast_at < run.voting_closes_at
            assert vote.issued_at < vote.cast_at
        assert Vote.objects.filter(run=run, quarantined=True).exists()
    [open_run] = Run.objects.seen(Part.VOTE)
    assert open_run.network_salt
    assert all(vote.cast_at < timezone.now() for vote in Vote.objects.filter(run=open_run))


def test_standings_are_computed_from_all_that_counts(lived_in: Evaluation) -> None:
    newest = Computation.objects.get(evaluation=lived_in)
    assert newest.state == state_of(lived_in)
    assert newest.runs == 7
    assert {row.model_slug for row in newest.standings.all()} == {row.slug for row in lived_in.roster.all()}


def test_the_next_tick_finds_nothing_to_do(lived_in: Evaluation) -> None:
    assert not any(do_what_is_due(Worker()).values())


def test_every_hash_and_score_of_every_run_is_right(lived_in: Evaluation) -> None:
    for run in Run.objects.select_related("evaluation", "context", "prompt"):
        assert verify(run).differences == []


def test_the_material_says_the_time_at_which_the_run_was_locked(lived_in: Evaluation) -> None:
    for run in Run.objects.filter(replay_of=None).select_related("context"):
        said = datetime.fromisoformat(contexts.read(bytes(run.context.payload))["locked_at"])
        assert abs(said - run.locked_at) < timedelta(seconds=10)
        assert run.context.created_at < run.published_at
        assert run.created_at <= run.locked_at < run.published_at


def test_money_is_booked_on_the_days_on_which_it_was_spent(lived_in: Evaluation) -> None:
    for attempt in Attempt.objects.all():
        assert attempt.day == attempt.written_at.astimezone(UTC).date()
    days = Budget.objects.filter(run=None, spent_usd__gt=0)
    # A replay of some hours ago is on the day of its run, or on the one after: it depends on the hour.
    assert {budget.day for budget in days} == {attempt.day for attempt in Attempt.objects.filter(cost_usd__gt=0)}
    assert days.count() in (8, 9)
    spent = sum((attempt.cost_usd or Decimal(0) for attempt in Attempt.objects.all()), Decimal(0))
    assert sum(budget.spent_usd for budget in days) == spent
    assert Budget.objects.exclude(reserved_usd=0).count() == 0


def test_a_run_that_is_moved_past_midnight_is_booked_on_the_day_before(lived_in: Evaluation) -> None:
    run = Run.objects.filter(evaluation=lived_in, state=Run.State.PUBLISHED).order_by("pk").last()
    assert run is not None
    attempts = Attempt.objects.filter(report__entry__run=run)
    spent = sum((attempt.cost_usd or Decimal(0) for attempt in attempts), Decimal(0))
    attempts.update(written_at=datetime(2026, 5, 2, 0, 30, tzinfo=UTC), day=date(2026, 5, 2))
    Budget.objects.create(day=date(2026, 5, 2), sandbox=True, spent_usd=spent)
    move_back(run, timedelta(hours=2))
    assert {attempt.day for attempt in attempts} == {date(2026, 5, 1)}
    assert Budget.objects.get(day=date(2026, 5, 1)).spent_usd == spent > 0
    assert Budget.objects.get(day=date(2026, 5, 2)).spent_usd == 0


def test_run_twice_it_adds_nothing(lived_in: Evaluation) -> None:
    before = set(Run.objects.values_list("pk")), Vote.objects.count(), Prompt.objects.count()
    said = StringIO()
    call_command("demo", stdout=said)
    assert (set(Run.objects.values_list("pk")), Vote.objects.count(), Prompt.objects.count()) == before
    assert "there already" in said.getvalue()


def test_once_its_vote_has_closed_another_one_is_opened_and_nothing_else_made(lived_in: Evaluation) -> None:
    Run.objects.filter(voting_closes_at__gt=timezone.now()).update(voting_closes_at=timezone.now())
    call_command("demo", stdout=StringIO())
    assert Run.objects.count() == 10
    assert Run.objects.seen(Part.VOTE).count() == 1


def test_the_sandbox_searches_as_before_and_its_schedule_stays_off(lived_in: Evaluation) -> None:
    now = Evaluation.objects.get(pk=lived_in.pk)
    assert (now.freshness, now.scheduled) == (lived_in.freshness, False)


def test_texts_differ_by_run_and_by_sample(lived_in: Evaluation) -> None:
    texts = list(Report.objects.exclude(text="").values_list("text", flat=True))
    assert len(set(texts)) == len(texts)


def test_the_models_differ_in_what_there_is_to_find(lived_in: Evaluation) -> None:
    reports = Report.objects.filter(state="succeeded").select_related("entry")
    metrics = [(report.entry.slug, report.metrics()) for report in reports]
    grounded = {slug for slug, found in metrics if found["groundedness"] < 0.6}
    formless = {slug for slug, found in metrics if found["format_compliance"] < 0.5}
    assert (grounded, formless) == ({"inventor"}, {"freeform"})


@pytest.mark.parametrize("address", ["/", "/runs/", "/standings/", "/models/", "/models/thorough/", "/about/scores/"])
def test_every_page_of_the_menu_shows_what_there_is(address: str, lived_in: Evaluation) -> None:
    page = Client().get(address)
    assert page.status_code == 200
    words = page.content.decode()
    assert "andbox" in words
    if address in ("/standings/", "/models/"):
        assert all(model.name in words for model in lived_in.roster.all())
    if address == "/runs/":
        assert words.count('href="/runs/') >= 9


@pytest.mark.parametrize("port", ["taken", "none at all", "99999"])
def test_a_port_that_cannot_be_used_is_told_before_anything_runs(port: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        wanted = str(other.getsockname()[1]) if port == "taken" else port
        done = make("demo", f"PORT={wanted}")
    assert done.returncode != 0
    assert "nothing was started" in done.stderr
    assert done.stdout == ""


def test_a_free_port_is_no_obstacle() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
    assert make("free-port", f"PORT={free}").returncode == 0


def make(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """`make` at the project's root."""
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
