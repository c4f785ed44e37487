"""The fourth step of a run: reports are scored with today's scorers, and again whenever the scorers have changed."""

from collections.abc import Sequence
from functools import partial

from django.db.models import QuerySet

from evaluations.errors import RunHandedOverError, RunRefusedError
from evaluations.models import Report, Run, Score
from evaluations.presentation import cache
from evaluations.scoring import version

from .lease import Hold
from .scorers.scorer import Scorer
from .worker import StepNews, Worker, quantity

SECONDS_PER_REPORT = 5.0  # with much to spare
UNSETTLED = (*Run.LIVE, Run.State.PAUSED, Run.State.CANCELLED)


def score(hold: Hold, worker: Worker, scorer: Scorer) -> None:
    """Score and render every report that today's scorers have not seen, those that `scorer` has begun included.

    Raises RunHandedOverError where the worker's time is over.
    """
    hold.move(Run.State.SCORING)
    left = reports_to_score(hold.run)
    worker.watch(StepNews("score", quantity(len(left), "report")))
    scorer.take(left)
    if not scorer.finish(partial(worker.has_time, SECONDS_PER_REPORT)):
        raise RunHandedOverError("The time of this worker was over while scoring; the next tick goes on.")


def reports_to_score(run: Run) -> list[Report]:
    """Reports with a text that today's scorers have not seen."""
    return list(unscored_reports(Report.objects.filter(entry__run=run)).select_related("entry"))


def unscored_reports(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Those of the reports with a text that today's scorers have not seen."""
    there = reports.filter(state=Report.State.SUCCEEDED)
    return there.exclude(scores__scorer_version=version.SCORER_VERSION)


def finish_scores(hold: Hold, worker: Worker, scorer: Scorer) -> None:
    """Score what is left of a worker's own reports, as far as its time goes; the run's last step does the rest."""
    scorer.take(list(unscored_reports(hold.reports()).select_related("entry")))
    scorer.finish(partial(worker.has_time, SECONDS_PER_REPORT))


def score_reports(hold: Hold, reports: Sequence[Report]) -> None:
    """Score and render the reports of a run, and keep what comes of it beside older scores.

    Raises RunRefusedError where the material was purged.
    """
    with Scorer(hold) as scorer:
        scorer.expect(len(reports))
        scorer.take(reports)
        scorer.finish()


def rescore_cost(hold: Hold, report: Report) -> None:
    """Compute what depends on a report's cost, which was not known when it was scored."""
    report.refresh_from_db()
    Score.objects.filter(report=report, metric="cost_per_1000_grounded_words").delete()
    score_reports(hold, [report])


def rescore(run: Run) -> int:
    """Score a settled run's reports with today's scorers; how many there were to do. No model is called.

    Raises RunRefusedError where the run is under way, or its material was purged.
    """
    if run.state in UNSETTLED:
        raise RunRefusedError(f"{run} is {run.get_state_display().lower()}: only settled runs are scored again.")
    reports = reports_to_score(run)
    if reports:
        run.require_material()
        with Hold.on(run) as hold:
            score_reports(hold, reports)
    cache.refresh(run)
    return len(reports)
