"""The last step of a run: it is finalised, and shown or left to an editor."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from evaluations.errors import RunFailedError
from evaluations.models import Report, Run
from evaluations.presentation import cache

from .lease import Hold
from .progress import StepNews
from .worker import Worker


def publish(hold: Hold, worker: Worker) -> None:
    """Finalise the run: show it, or wait for an editor. Raises RunFailedError without a single report."""
    run = hold.run
    reports = Report.objects.filter(entry__run=run)
    succeeded = reports.filter(state=Report.State.SUCCEEDED).count()
    if not succeeded:
        raise RunFailedError(f"None of {reports.count()} reports succeeded: {'; '.join(reasons(run))}.")
    now = timezone.now()
    fields: dict[str, Any] = {"partial": succeeded < reports.count(), "finished_at": now}
    if run.evaluation.review_before_publishing:
        hold.move(Run.State.AWAITING_REVIEW, **fields)
    else:
        hold.move(Run.State.PUBLISHED, **fields, **publication(run, now))
        cache.store_reports(run)
    worker.watch(StepNews("publish", f"{succeeded} of {reports.count()} reports"))


def publication(run: Run, now: datetime) -> dict[str, Any]:
    """When the run is published and when its voting opens and closes."""
    hours = run.evaluation.voting_hours
    opens = now if hours and run.votable else None
    return {
        "published_at": now,
        "voting_opens_at": opens,
        "voting_closes_at": opens + timedelta(hours=hours) if opens else None,
    }


def reasons(run: Run) -> list[str]:
    """Why each report failed, once per reason."""
    failed = Report.objects.filter(entry__run=run).exclude(state=Report.State.SUCCEEDED)
    rows = failed.values_list("entry__slug", "error", "error_detail").order_by("entry__position")
    return list(
        dict.fromkeys(f"{slug}: {error} ({detail})" if detail else f"{slug}: {error}" for slug, error, detail in rows)
    )
