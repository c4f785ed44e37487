"""A run as one JSON document: what `run_evaluation --json` prints."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch

from evaluations.models import Report, Run, Score
from evaluations.models.blindness import Part
from evaluations.pipeline.budgets import cost_of_run

from .figures import moment


def summary(run: Run) -> dict[str, Any]:
    """The run's outcome in the form of the command's `--json`; costs in USD, times in seconds.

    What a run or a report has cost is null where it is not known, if only of one call: a part would look like all.
    """
    cost = cost_of_run(run)
    reports = (
        Report.objects.filter(entry__run=run)
        .in_roster_order()
        .defer("text", "html")
        .prefetch_related(Prefetch("scores", Score.objects.defer("evidence")))
        .annotate(attempt_count=Count("attempts"))
    )
    rows = [report_row(report) for report in reports]
    return {
        "run": run.pk,
        "status": run.state,
        "partial": run.partial,
        "context_sha256": run.context.sha256 if run.context else None,
        "prompt_sha256": run.prompt_sha256,
        "cost_usd": None if cost.unknown_calls else float(cost.known),
        "seconds": run.work_seconds,
        "reports": rows,
    }


def report_row(report: Any) -> dict[str, Any]:
    """One report of the summary."""
    return {
        "model": report.entry.slug,
        "sample": report.sample,
        "status": report.state,
        "seconds": report.latency_seconds,
        "cost_usd": json_number(report.cost_usd),
        "input_tokens": report.input_tokens,
        "output_tokens": report.output_tokens,
        "served_model": report.served_model or None,
        "served_provider": report.served_provider or None,
        "finish_reason": report.finish_reason or None,
        "attempts": report.attempt_count,
        "error": report.error or None,
        "scores": {name: json_number(value) for name, value in report.metrics().items()},
    }


def run_row(run: Run) -> dict[str, Any]:
    """One run of the list that `runs` prints; times in UTC, what it cost in USD or null where it is not known."""
    states = list(Report.objects.filter(entry__run=run).values_list("state", flat=True))
    cost = cost_of_run(run)
    return {
        "run": run.pk,
        "evaluation": run.evaluation.slug,
        "kind": run.kind,
        "replay_of": run.replay_of_id,
        "status": run.state,
        "partial": run.partial,
        "when": moment(run.published_at or run.created_at),
        "vote": vote_of(run),
        "what": f"replay of {run.replay_of_id}" if run.replay_of_id else run.kind,
        "reports": len(states),
        "succeeded": states.count(Report.State.SUCCEEDED),
        "failed": states.count(Report.State.FAILED),
        "cost_usd": None if cost.unknown_calls else float(cost.known),
        "seconds": run.work_seconds,
        "context_sha256": run.context.sha256 if run.context else None,
    }


def vote_of(run: Run) -> str:
    """Whether people vote on a run, and until when."""
    if run.shows(Part.VOTE):
        return f"open until {moment(run.voting_closes_at)}"
    return "closed" if run.voting_closes_at else "none"


def json_number(value: float | Decimal | None) -> float | None:
    """A JSON number."""
    return None if value is None else float(value)
