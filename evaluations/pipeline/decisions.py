"""What an editor decides about a run that is made: it is shown, taken back, or one of its reports is withheld.

Each is one conditional UPDATE and the cache after it, so that pages, feed, downloads and JSON agree at once; none
spends money or changes what a model wrote.
"""

from django.utils import timezone

from evaluations.errors import BadInputError, RunRefusedError
from evaluations.models import Report, Run
from evaluations.presentation import cache

from .publish import publication


def publish_reviewed(run: Run) -> None:
    """Show a run that waits for review, and open its vote. Raises RunRefusedError where it does not wait."""
    waiting = Run.objects.filter(pk=run.pk, state=Run.State.AWAITING_REVIEW)
    if not waiting.update(state=Run.State.PUBLISHED, **publication(run, timezone.now())):
        raise RunRefusedError(f"{run} does not wait for review; nothing was changed.")
    cache.store_reports(Run.objects.get(pk=run.pk))


def withdraw(run: Run) -> None:
    """Take a published run back; it stays in the books. Raises RunRefusedError where it is not shown."""
    if not Run.objects.released().filter(pk=run.pk).update(withdrawn_at=timezone.now()):
        raise RunRefusedError(f"{run} is not published; nothing was changed.")
    cache.forget(run)


def bring_back(run: Run) -> None:
    """Show a withdrawn run again. Raises RunRefusedError where it was not withdrawn."""
    withdrawn = Run.objects.filter(pk=run.pk, state=Run.State.PUBLISHED, withdrawn_at__isnull=False)
    if not withdrawn.update(withdrawn_at=None):
        raise RunRefusedError(f"{run} was not withdrawn; nothing was changed.")
    cache.store_reports(Run.objects.get(pk=run.pk))


def withhold(report: Report, note: str) -> None:
    """Put a public note in the place of a report, or another note. Raises BadInputError without one."""
    if not note.strip():
        raise BadInputError("A withheld report needs a note that says why; nothing was changed.")
    withheld_at = report.withheld_at or timezone.now()
    Report.objects.filter(pk=report.pk).update(withheld_at=withheld_at, withheld_note=note.strip())
    renew(report)


def show_again(report: Report) -> None:
    """Show a report that was withheld."""
    Report.objects.filter(pk=report.pk).update(withheld_at=None, withheld_note="")
    renew(report)


def renew(report: Report) -> None:
    """Let the cache say of the report's run what the database says."""
    run = report.entry.run
    if Run.objects.released().filter(pk=run.pk).exists():
        cache.store_reports(run)
