"""The last step of a run: it is finalised, and shown or left to an editor; and what editors decide afterwards.

Every decision is one conditional UPDATE and then `refresh`, so that pages, feed, downloads and JSON agree at once;
none spends money or changes what a model wrote.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluations.errors import BadInputError, RunFailedError, RunRefusedError
from evaluations.models import Report, Run
from evaluations.presentation import cache

from .lease import Hold
from .worker import StepNews, Worker


def publish(hold: Hold, worker: Worker) -> None:
    """Finalise the run: show it, or wait for an editor. Raises RunFailedError without a single report."""
    run = hold.run
    reports = Report.objects.filter(entry__run=run)
    succeeded = reports.filter(state=Report.State.SUCCEEDED).count()
    if not succeeded:
        raise RunFailedError(f"None of {reports.count()} reports succeeded: {'; '.join(failure_reasons(run))}.")
    now = timezone.now()
    fields: dict[str, Any] = {"partial": succeeded < reports.count(), "finished_at": now}
    if run.evaluation.review_before_publishing:
        hold.move(Run.State.AWAITING_REVIEW, **fields)
    else:
        hold.move(Run.State.PUBLISHED, **fields, **publication_times(run, now))
        refresh(run)
    worker.watch(StepNews("publish", f"{succeeded} of {reports.count()} reports"))


def publication_times(run: Run, now: datetime) -> dict[str, Any]:
    """When the run is published and when its voting opens and closes."""
    hours = run.evaluation.voting_hours
    opens = now if hours and run.counts else None
    return {
        "published_at": now,
        "voting_opens_at": opens,
        "voting_closes_at": opens + timedelta(hours=hours) if opens else None,
    }


def failure_reasons(run: Run) -> list[str]:
    """Why each report failed, once per reason."""
    failed = Report.objects.filter(entry__run=run).exclude(state=Report.State.SUCCEEDED)
    rows = failed.values_list("entry__slug", "error", "error_detail").order_by("entry__position")
    return list(
        dict.fromkeys(f"{slug}: {error} ({detail})" if detail else f"{slug}: {error}" for slug, error, detail in rows)
    )


def refresh(run: Run) -> None:
    """Let every cache say of a run what the database says, whatever has changed of it."""
    shown = Run.objects.released().exclude(context__purged_at__isnull=False).filter(pk=run.pk)
    if found := shown.select_related("evaluation", "context", "prompt").defer("context__payload").first():
        cache.store_reports(found)
    else:
        cache.forget(run)


def publish_reviewed(run: Run) -> None:
    """Show a run that waits for review, and open its vote. Raises RunRefusedError where it does not wait."""
    waiting = Run.objects.filter(pk=run.pk, state=Run.State.AWAITING_REVIEW)
    if not waiting.update(state=Run.State.PUBLISHED, **publication_times(run, timezone.now())):
        raise RunRefusedError(f"{run} does not wait for review; nothing was changed.")
    refresh(run)


def withdraw(run: Run) -> None:
    """Take a published run back; it stays in the books. Raises RunRefusedError where it is not shown."""
    if not Run.objects.released().filter(pk=run.pk).update(withdrawn_at=timezone.now()):
        raise RunRefusedError(f"{run} is not published; nothing was changed.")
    refresh(run)


def bring_back(run: Run) -> None:
    """Show a withdrawn run again. Raises RunRefusedError where it was not withdrawn."""
    withdrawn = Run.objects.filter(pk=run.pk, state=Run.State.PUBLISHED, withdrawn_at__isnull=False)
    if not withdrawn.update(withdrawn_at=None):
        raise RunRefusedError(f"{run} was not withdrawn; nothing was changed.")
    refresh(run)


def withhold(report: Report, note: str) -> None:
    """Put a public note in the place of a report, or another note. Raises BadInputError without one."""
    if not note.strip():
        raise BadInputError("A withheld report needs a note that says why; nothing was changed.")
    withheld_at = report.withheld_at or timezone.now()
    Report.objects.filter(pk=report.pk).update(withheld_at=withheld_at, withheld_note=note.strip())
    refresh(report.entry.run)


def show_again(report: Report) -> None:
    """Show a report that was withheld."""
    Report.objects.filter(pk=report.pk).update(withheld_at=None, withheld_note="")
    refresh(report.entry.run)


def close_voting() -> int:
    """Destroy the network salts of runs whose voting has closed; how many there were."""
    over = Run.objects.filter(voting_closes_at__lte=timezone.now(), network_salt__isnull=False)
    with transaction.atomic():
        closed = list(over)
        over.filter(pk__in=[run.pk for run in closed]).update(network_salt=None)
    for run in closed:
        refresh(run)  # replays of its material are public now, too
    return len(closed)
