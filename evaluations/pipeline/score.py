"""The fourth step of a run: reports are scored with today's scorers, and again whenever the scorers have changed."""

from collections.abc import Sequence
from functools import partial

from evaluations import contexts
from evaluations.errors import RunHandedOverError, RunRefusedError
from evaluations.models import Report, Run, Score
from evaluations.models.contexts import context_of
from evaluations.presentation import markdown
from evaluations.scoring import version
from evaluations.scoring.context.index import index_context
from evaluations.scoring.measures import FLAGS, Measures, language_of, measure, own_names

from .lease import Hold
from .publish import refresh
from .worker import StepNews, Worker

SECONDS_PER_REPORT = 5.0  # with much to spare
UNSETTLED = (*Run.LIVE, Run.State.PAUSED, Run.State.CANCELLED)


def score(hold: Hold, worker: Worker) -> None:
    """Score and render every report that is not scored by today's scorers."""
    hold.move(Run.State.SCORING)
    left = reports_to_score(hold.run)
    worker.watch(StepNews("score", f"{len(left)} reports"))
    score_reports(hold, left, worker)


def reports_to_score(run: Run) -> list[Report]:
    """Reports with a text that today's scorers have not seen."""
    return list(
        Report.objects.filter(entry__run=run, state=Report.State.SUCCEEDED)
        .exclude(scores__scorer_version=version.SCORER_VERSION)
        .select_related("entry")
    )


def score_reports(hold: Hold, reports: Sequence[Report], worker: Worker | None = None) -> None:
    """Score and render the reports of a run, and keep what comes of it beside older scores.

    Raises RunRefusedError where the material was purged, RunHandedOverError where the worker's time is over.
    """
    if not reports:
        return
    run = hold.run
    index = index_context(contexts.read(bytes(context_of(run).payload)), language_of(run.prompt.output_format))
    for report in reports:
        if worker and not worker.has_time(SECONDS_PER_REPORT):
            raise RunHandedOverError("The time of this worker was over while scoring; the next tick goes on.")
        measured = measure(
            index,
            report.text,
            run.prompt.output_format,
            finish_reason=report.finish_reason,
            own_names=own_names(report.entry.name, report.entry.model_id),
            cost_usd=report.cost_usd,
        )
        sentences = measured.metrics["groundedness"].evidence.get("sentences", [])
        html = markdown.to_html(report.text, sentences)
        renderer = markdown.version_for(version.SCORER_VERSION if sentences else "")
        hold.write(partial(keep, report, measured, html, renderer))


def keep(report: Report, measured: Measures, html: str, renderer: str) -> None:
    """Store every metric with its evidence, under today's scorer version, and the report as pages show it."""
    rows = [
        Score(
            report=report,
            metric=metric,
            value=found.value,
            evidence=found.evidence,
            scorer_version=version.SCORER_VERSION,
        )
        for metric, found in measured.metrics.items()
    ]
    # The same scorers find the same: what a commit of unknown end has written may stay.
    Score.objects.bulk_create(rows, ignore_conflicts=True)
    flags = sorted(measured.flags.union(set(report.flags) - FLAGS))
    Report.objects.filter(pk=report.pk).update(html=html, renderer_version=renderer, flags=flags)


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
        context_of(run)
        with Hold.on(run) as hold:
            score_reports(hold, reports)
    refresh(run)
    return len(reports)
