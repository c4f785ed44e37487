"""How many bytes make a token, and models whose window is too small for the material."""

import pytest
from django.db.models import F

from evaluations import contexts
from evaluations.models import Attempt, Evaluation, LockedContext, Report, Run
from evaluations.models.calibration import bytes_per_token
from evaluations.pipeline import materials, runs
from evaluations.pipeline.start import start
from tests.factories import make_run

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]


def bill(run: Run, ratio: float, **which: str) -> None:
    """Reports whose prompt tokens make `ratio` bytes a token."""
    assert run.context
    size = len(run.system_message.encode()) + len(bytes(run.context.payload))
    Report.objects.filter(entry__run=run, **which).update(input_tokens=round(size / ratio))


@pytest.fixture
def run() -> Run:
    """A published run on 100 kB of material."""
    run = make_run(models=("claude", "kimi"))
    payload = b"x" * 100_000
    context = LockedContext.objects.create(sha256="a" * 64, payload=payload)
    Run.objects.filter(pk=run.pk).update(context=context)
    run.refresh_from_db()
    return run


def test_without_past_runs_a_token_is_three_bytes() -> None:
    assert bytes_per_token(Evaluation.objects.get(slug="futbol-report")) == 3


def test_the_model_with_the_most_tokens_for_the_same_text_rules(run: Run) -> None:
    bill(run, 4.4, entry__slug="claude")
    bill(run, 3.7, entry__slug="kimi")
    assert bytes_per_token(run.evaluation) == pytest.approx(3.7, abs=0.011)


@pytest.mark.parametrize(("billed", "taken"), [(0.1, 2.0), (40.0, 5.0)])
def test_what_no_tokenizer_does_is_not_believed(run: Run, billed: float, taken: float) -> None:
    bill(run, billed)
    assert bytes_per_token(run.evaluation) == taken


def test_purged_runs_and_reports_without_a_count_tell_nothing(run: Run) -> None:
    Report.objects.update(input_tokens=None)
    assert bytes_per_token(run.evaluation) == 3
    bill(run, 4.0)
    LockedContext.objects.update(payload=b"", purged_at=F("created_at"))
    assert bytes_per_token(run.evaluation) == 3


def test_a_run_freezes_the_ratio_and_its_document_says_by_which_it_was_cut(run: Run) -> None:
    sandbox = Evaluation.objects.get(slug="sandbox")
    sandbox.context_tokens = 1_500
    sandbox.save()
    sandbox.roster.exclude(slug="brief").delete()
    Run.objects.filter(pk=run.pk).update(evaluation=sandbox)
    bill(run, 4.0)
    hold = start(sandbox)
    assert hold.run.search_options["bytes_per_token"] == pytest.approx(4.0, abs=0.011)
    runs.execute(hold)
    locked = Run.objects.get(pk=hold.run.pk).context
    assert locked
    budget = contexts.read(bytes(locked.payload))["budget"]
    assert budget["bytes_per_token"] == hold.run.search_options["bytes_per_token"]
    assert budget["sources_cut"] > 0
    assert 4_500 < len(bytes(locked.payload)) <= 6_000


def test_a_window_that_an_editor_wrote_counts_before_anything_is_paid() -> None:
    sandbox = Evaluation.objects.get(slug="sandbox")
    sandbox.roster.exclude(slug__in=["brief", "thorough"]).delete()
    sandbox.roster.filter(slug="brief").update(context_window=2_500)
    runs.execute(start(sandbox))
    report = Report.objects.get(entry__slug="brief")
    assert (report.state, report.error) == ("failed", "window_too_small")
    assert not Attempt.objects.filter(report=report).exists()
    assert Report.objects.get(entry__slug="thorough").state == "succeeded"


def test_options_name_everything_that_a_resume_needs() -> None:
    options = materials.search_options(Evaluation.objects.get(slug="sandbox"))
    assert options.keys() == {
        "source", "parameters", "context_tokens", "bytes_per_token", "full_text", "full_text_pages",
    }  # fmt: skip
