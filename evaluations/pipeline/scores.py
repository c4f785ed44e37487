"""Scoring stored reports with today's scorers: in a run, and again whenever the scorers have changed."""

from collections.abc import Callable, Sequence
from functools import partial

from evaluations import cache, rendering
from evaluations.errors import RunRefusedError
from evaluations.models import LockedContext, Report, Run, Score
from evaluations.scoring import version
from evaluations.scoring.context.index import index_context
from evaluations.scoring.measures import FLAGS, Measured, measure, own_names

from . import contexts
from .leases import Hold

UNSETTLED = (*Run.LIVE, Run.State.PAUSED, Run.State.CANCELLED)


def context_of(run: Run) -> LockedContext:
    """The run's material. Raises RunRefusedError where it was purged."""
    context = run.context
    if context is None:
        raise RunRefusedError(f"{run} is not locked.")
    if context.purged_at:
        raise RunRefusedError(f"{run} has no material: sources purged on {context.purged_at:%Y-%m-%d}.")
    return context


def unscored(run: Run) -> list[Report]:
    """Reports with a text that today's scorers have not seen."""
    return list(
        Report.objects.filter(entry__run=run, state=Report.State.SUCCEEDED)
        .exclude(scores__scorer_version=version.SCORER_VERSION)
        .select_related("entry")
    )


def score_reports(hold: Hold, reports: Sequence[Report]) -> None:
    """Score and render the reports of a run, and keep what comes of it beside older scores.

    Raises RunRefusedError where the material was purged.
    """
    if not reports:
        return
    run = hold.run
    index = index_context(contexts.read(bytes(context_of(run).payload)))
    for report in reports:
        measured = measure(
            index,
            report.text,
            run.prompt.output_format,
            finish_reason=report.finish_reason,
            own_names=own_names(report.entry.name, report.entry.model_id),
            cost_usd=report.cost_usd,
        )
        sentences = measured.metrics["groundedness"].evidence.get("sentences", [])
        html = rendering.to_html(report.text, sentences)
        renderer = rendering.version_for(version.SCORER_VERSION if sentences else "")
        hold.write(partial(keep, report, measured, html, renderer))


def keep(report: Report, measured: Measured, html: str, renderer: str) -> None:
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


def price_again(hold: Hold, report: Report) -> None:
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
    reports = unscored(run)
    if reports:
        context_of(run)
        holding(run, lambda hold: score_reports(hold, reports))
    if run.state == Run.State.PUBLISHED:
        cache.store_reports(run)
    return len(reports)


def holding(run: Run, act: Callable[[Hold], None]) -> None:
    """Do something with a run while no other worker can."""
    hold = Hold.take(run)
    try:
        act(hold)
    finally:
        hold.release()
