"""Material is forgotten after its days, and everything that needs it says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache as django_cache
from django.test import Client
from django.utils import timezone

from evaluations.errors import RunRefusedError
from evaluations.models import Evaluation, LockedContext, Page, QueryAnswer, Run, Score
from evaluations.pipeline import plan, retention, runs
from evaluations.pipeline.start import Order, start
from evaluations.presentation import cache
from evaluations.scheduled import do_what_is_due

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]

SECRET_OF_A_SOURCE = "Verrance"


@pytest.fixture
def quick_sandbox(settings: Any) -> None:
    """The sandbox in this process answers at once."""
    settings.SANDBOX_ANSWER_SECONDS = 0


@pytest.fixture
def run(settings: Any) -> Run:
    """A published sandbox run with scores, fetched 31 days ago; material is kept for 30."""
    settings.CONTEXT_RETENTION_DAYS = 30
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug="thorough").delete()
    hold = start(evaluation)
    runs.execute(hold)
    run = Run.objects.get(pk=hold.run.pk)
    Page.objects.create(run=run, url="https://a.example/", text="The text of a page.")
    age(run, days=31)
    return run


def age(run: Run, days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    LockedContext.objects.filter(pk=run.context_id).update(created_at=then)
    Run.objects.filter(pk=run.pk).update(created_at=then)


def purge() -> int:
    """What the tick does about old material: how much of it there was."""
    return int(do_what_is_due(runs.Worker())["purged"])


def passages() -> list[Any]:
    return [
        sentence["passage"]
        for score in Score.objects.filter(metric="groundedness")
        for sentence in score.evidence["sentences"]
        if sentence["passage"]
    ]


def test_after_its_days_payload_pages_results_passages_and_cache_are_emptied(run: Run) -> None:
    sha256, titles = run.context.sha256, list(run.context.sources.values_list("title", "url"))  # type: ignore[union-attr]
    values = list(Score.objects.values_list("metric", "value"))
    key = cache.report_key(run.pk, "thorough")
    assert passages()
    assert cache.reports(run)
    assert django_cache.get(key)
    assert do_what_is_due(runs.Worker())["purged"] == 1
    context = LockedContext.objects.get()
    assert (bytes(context.payload), context.sha256, context.purged_at is None) == (b"", sha256, False)
    assert list(context.sources.values_list("title", "url")) == titles
    assert {str(answer.results) for answer in QueryAnswer.objects.all()} == {"[]"}
    assert Page.objects.get().text == ""
    assert passages() == []
    assert list(Score.objects.values_list("metric", "value")) == values
    assert django_cache.get(key) is None
    assert do_what_is_due(runs.Worker())["purged"] == 0


@pytest.mark.parametrize(("days", "kept_for"), [(29, 30), (31, None)])
def test_younger_material_stays_and_all_of_it_where_nothing_is_set(
    run: Run, settings: Any, days: int, kept_for: int | None
) -> None:
    settings.CONTEXT_RETENTION_DAYS = kept_for
    age(run, days)
    assert purge() == 0
    assert LockedContext.objects.get().purged_at is None


def test_material_that_a_worker_is_at_waits(run: Run) -> None:
    Run.objects.update(state=Run.State.SCORING, lease_expires_at=timezone.now() + timedelta(minutes=1))
    assert purge() == 0
    Run.objects.update(state=Run.State.PAUSED)
    assert purge() == 1


def test_everything_that_needs_the_material_says_when_it_was_purged(run: Run) -> None:
    purge()
    run.refresh_from_db()
    today = f"{timezone.now():%Y-%m-%d}"
    with pytest.raises(RunRefusedError, match=f"sources purged on {today}"):
        run.require_material()
    for refused in (start, plan.plan):
        with pytest.raises(RunRefusedError, match=f"sources purged on {today}"):
            refused(run.evaluation, Order(replay=run))
    page = Client().get(f"/runs/{run.pk}/context/").content.decode()
    assert "Sources purged on" in page
    assert run.context
    assert run.context.sources.all()[0].title in page.replace("&#x27;", "'").replace("&amp;", "&")
    assert Client().get(f"/runs/{run.pk}/").status_code == 200


def test_a_paused_run_whose_material_was_purged_cannot_go_on(run: Run) -> None:
    Run.objects.update(state=Run.State.PAUSED)
    purge()
    with pytest.raises(RunRefusedError, match="sources purged on"):
        runs.execute(runs.resume(Run.objects.get()))


def test_what_was_fetched_and_never_locked_is_forgotten_too_and_a_resume_asks_again(run: Run) -> None:
    Run.objects.update(context=None, state=Run.State.FAILED, published_at=None)
    assert purge() == 2  # the context that nobody refers to any more, and the run
    assert SECRET_OF_A_SOURCE not in str(list(QueryAnswer.objects.values()))
    assert set(QueryAnswer.objects.values_list("state", flat=True)) == {"waiting"}
    assert not Page.objects.exists()
    hold = runs.resume(Run.objects.get())
    runs.fetch(hold, runs.Worker())
    assert SECRET_OF_A_SOURCE in str(list(QueryAnswer.objects.values()))


def test_the_control_before_it_is_purged_the_material_is_there(run: Run) -> None:
    assert run.context
    assert SECRET_OF_A_SOURCE in run.context.text
    assert SECRET_OF_A_SOURCE in str(list(QueryAnswer.objects.values()))


def test_evidence_keeps_verdicts_and_the_reports_own_words() -> None:
    evidence = {
        "value": 0.5,
        "sentences": [{"band": "partly", "passage": {"source": 1}, "missing": [{"text": "Lund"}]}],
        "passages": ["a text"],
    }
    assert retention.without_passages(evidence) == {
        "value": 0.5,
        "sentences": [{"band": "partly", "passage": None, "missing": [{"text": "Lund"}]}],
        "passages": [],
    }
