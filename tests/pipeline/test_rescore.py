"""Scoring again what is stored, with scorers that have changed since."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from evaluations.errors import HeldElsewhereError, RunRefusedError
from evaluations.management.summaries import summary
from evaluations.models import Attempt, Evaluation, LockedContext, Report, Run, Score
from evaluations.pipeline import runs
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.score import rescore
from evaluations.pipeline.start import start
from evaluations.presentation.cache import report_key
from evaluations.scoring import version
from tests.factories import make_run

VERSION = version.SCORER_VERSION

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]


@pytest.fixture
def run() -> Run:
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug__in=["brief", "inventor"]).delete()
    hold = start(evaluation)
    runs.execute(hold)
    return Run.objects.select_related("evaluation", "context", "prompt").get(pk=hold.run.pk)


@pytest.fixture
def tomorrow(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scorers have another version than when the run was scored, and the old one was stored otherwise."""
    monkeypatch.setattr(version, "SCORER_VERSION", "next")
    Score.objects.update(value=0.123)


def test_scores_are_computed_again_beside_the_old_ones_and_no_model_is_called(run: Run, tomorrow: None) -> None:
    attempts = Attempt.objects.count()
    assert rescore(run) == 2
    for report in Report.objects.filter(entry__run=run):
        by_version = {(score.scorer_version, score.metric): score.value for score in report.scores.all()}
        assert len(by_version) == 14
        assert by_version[VERSION, "groundedness"] == 0.123
        assert by_version["next", "groundedness"] != 0.123
        assert report.metrics()["groundedness"] == by_version["next", "groundedness"]
    assert 0.123 not in summary(run)["reports"][0]["scores"].values()
    assert Attempt.objects.count() == attempts


def test_the_same_scorers_give_the_same_scores_and_evidence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "SCORER_VERSION", "next")
    rescore(run)
    rows = Score.objects.order_by("report", "metric").values_list("report", "metric", "value", "evidence")
    assert list(rows.filter(scorer_version=VERSION)) == list(rows.filter(scorer_version="next"))


def test_the_cache_is_refreshed(run: Run, tomorrow: None, redis_cache: Any) -> None:
    rescore(run)
    shown = redis_cache.get(report_key(run.pk, "brief"))
    assert shown["scorer_version"] == "next"
    assert shown["scores"]["groundedness"] != 0.123


def test_flags_of_the_old_scorers_go_and_those_of_the_network_stay(run: Run, tomorrow: None) -> None:
    Report.objects.filter(entry__slug="brief").update(flags=["model_mismatch", "refusal"])
    rescore(run)
    assert Report.objects.get(entry__slug="brief").flags == ["model_mismatch"]


def test_a_purged_context_is_refused_with_the_date(run: Run, tomorrow: None) -> None:
    LockedContext.objects.update(payload=b"", purged_at=datetime(2026, 3, 14, tzinfo=UTC))
    run.refresh_from_db()
    with pytest.raises(RunRefusedError, match="sources purged on 2026-03-14"):
        rescore(Run.objects.get())
    assert not Score.objects.filter(scorer_version="next").exists()


def test_a_run_under_way_or_held_by_a_worker_is_refused(run: Run, tomorrow: None) -> None:
    Hold.take(run)
    with pytest.raises(HeldElsewhereError):
        rescore(run)
    Run.objects.update(state="paused")
    with pytest.raises(RunRefusedError, match="paused"):
        rescore(Run.objects.get())


def test_without_a_number_every_settled_run_is_rescored_and_what_is_refused_is_named(
    run: Run, tomorrow: None, capsys: Any
) -> None:
    purged = make_run(models=["claude"])
    LockedContext.objects.filter(runs=purged).update(payload=b"", purged_at=datetime(2026, 3, 14, tzinfo=UTC))
    out, err = StringIO(), StringIO()
    call_command("rescore", stdout=out, stderr=err)
    assert out.getvalue() == f"run {run.pk} of Sandbox: 2 reports scored with version next.\n"
    assert "sources purged on 2026-03-14" in err.getvalue()
    with pytest.raises(SystemExit) as end:
        call_command("rescore", run=purged.pk, stdout=out, stderr=err)
    assert end.value.code == 1


def test_a_models_page_says_where_its_runs_were_scored_by_different_scorers(client: Any) -> None:
    first, _ = make_run(), make_run()
    assert "different versions" not in client.get("/models/kimi/").content.decode()
    Score.objects.filter(report__entry__run=first).update(scorer_version="0")
    assert "different versions of the scorer (0, 1)" in client.get("/models/kimi/").content.decode()
