"""The last step of a run: it is finalised, and shown or left to an editor; and what editors decide afterwards.

Every decision is one conditional UPDATE and then `cache.refresh`, so that pages, feed, downloads and JSON agree at
once; none spends money or changes what a model wrote.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from evaluations.errors import BadInputError, RunFailedError, RunRefusedError
from evaluations.models import Report, Run
from evaluations.models.blindness import LEAST_REPORTS, READABLE, Part
from evaluations.models.roster import YEAR_HOURS
from evaluations.presentation import cache
from evaluations.presentation.shared_text import BOUND, most_shared

from .lease import Hold
from .worker import StepNews, Worker, quantity

MOST_COMPARED = 2_000  # reports, some three seconds: half a year of ten models every day


def publish(hold: Hold, worker: Worker) -> None:
    """Finalise the run: show it, or wait for an editor. Raises RunFailedError without a single report."""
    run = hold.run
    reports = Report.objects.filter(entry__run=run)
    succeeded = reports.filter(state=Report.State.SUCCEEDED).count()
    if not succeeded:
        raise RunFailedError(f"None of {reports.count()} reports succeeded: {'; '.join(failure_reasons(run))}.")
    now = timezone.now()
    fields: dict[str, Any] = {"partial": succeeded < reports.count(), "finished_at": now}
    if run.evaluation.review_before_publishing and run.kind != Run.Kind.TRIAL:
        hold.move(Run.State.AWAITING_REVIEW, **fields)
    else:
        hold.move(Run.State.PUBLISHED, **fields, **publication_times(run, now))
        cache.refresh(run)
    worker.watch(StepNews("publish", f"{succeeded} of {quantity(reports.count(), 'report')}"))


def publication_times(run: Run, now: datetime) -> dict[str, Any]:
    """When the run is published and when its voting opens and closes, or why it has no vote."""
    hours = min(run.evaluation.voting_hours, YEAR_HOURS)  # what no date can hold must not stop a run
    wanted = bool(hours and run.counts)
    reason = why_no_vote(run) if wanted else ""
    opens = now if wanted and not reason else None
    return {
        "published_at": now,
        "voting_opens_at": opens,
        "voting_closes_at": opens + timedelta(hours=hours) if opens else None,
        "no_vote_because": reason,
    }


def why_no_vote(run: Run) -> str:
    """Why nobody could vote blind on this run; empty where everybody can."""
    texts = list(Report.objects.filter(READABLE, entry__run=run, sample=1).values_list("text", flat=True))
    if len(texts) < LEAST_REPORTS:
        return Run.NoVote.TOO_FEW
    if run.evaluation.sandbox:  # a show of how it works: its invented models write the same of the same library
        return ""
    return Run.NoVote.SHOWN_BEFORE if most_shared(texts, texts_with_names(run)) > BOUND else ""


def texts_with_names(run: Run) -> Iterator[str]:
    """The texts that everybody can read under their authors' names, newest first."""
    named = Run.objects.seen(Part.NAMES).exclude(pk=run.pk).order_by()
    reports = Report.objects.filter(entry__run__in=named, state=Report.State.SUCCEEDED).exclude(text="")
    newest = reports.order_by("-pk").values_list("text", flat=True)[:MOST_COMPARED]
    return newest.iterator(chunk_size=100)


def failure_reasons(run: Run) -> list[str]:
    """Why each report failed, once per reason."""
    failed = Report.objects.filter(entry__run=run).exclude(state=Report.State.SUCCEEDED)
    rows = failed.values_list("entry__slug", "error", "error_detail").order_by("entry__position")
    return list(
        dict.fromkeys(f"{slug}: {error} ({detail})" if detail else f"{slug}: {error}" for slug, error, detail in rows)
    )


def publish_reviewed(run: Run) -> None:
    """Show a run that waits for review, and open its vote. Raises RunRefusedError where it does not wait."""
    waiting, times = Run.objects.filter(state=Run.State.AWAITING_REVIEW), publication_times(run, timezone.now())
    change(run, waiting, "does not wait for review", state=Run.State.PUBLISHED, **times)


def withdraw(run: Run, note: str = "") -> None:
    """Take a published run back, with a public note; it stays in the books. RunRefusedError where it is not shown."""
    taken = {"withdrawn_at": timezone.now(), "withdrawn_note": note.strip()}
    change(run, Run.objects.released(), "is not published", **taken)


def bring_back(run: Run) -> None:
    """Show a withdrawn run again. Raises RunRefusedError where it was not withdrawn."""
    withdrawn = Run.objects.filter(state=Run.State.PUBLISHED, withdrawn_at__isnull=False)
    change(run, withdrawn, "was not withdrawn", withdrawn_at=None, withdrawn_note="")


def list_replay(run: Run, *, listed: bool) -> None:
    """Let a replay stand in archive, feed and search, or leave it to those who have its address.

    Raises RunRefusedError where the run is none: all others stand there.
    """
    change(run, Run.objects.filter(kind=Run.Kind.REPLAY), "is no replay", listed=listed)


def change(run: Run, changeable: QuerySet[Run], refusal: str, **fields: Any) -> None:
    """Write these fields of a run while it is one of the changeable. Raises RunRefusedError where it is not."""
    if not changeable.filter(pk=run.pk).update(**fields):
        raise RunRefusedError(f"{run} {refusal}; nothing was changed.")
    cache.refresh(run)


def withhold(report: Report, note: str) -> None:
    """Put a public note in the place of a report, or another note. Raises BadInputError without one."""
    if not note.strip():
        raise BadInputError("A withheld report needs a note that says why; nothing was changed.")
    withheld_at = report.withheld_at or timezone.now()
    Report.objects.filter(pk=report.pk).update(withheld_at=withheld_at, withheld_note=note.strip())
    cache.refresh(report.entry.run)


def show_again(report: Report) -> None:
    """Show a report that was withheld."""
    Report.objects.filter(pk=report.pk).update(withheld_at=None, withheld_note="")
    cache.refresh(report.entry.run)
