"""Forgetting material after CONTEXT_RETENTION_DAYS: what is emptied, and what stays to be honest about it.

Emptied: the locked payload, the texts of pages, what each query brought back, the passages that scores point to,
and the cached reports. Kept: the hash, titles and addresses of the sources, reports, scores, votes.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evaluations.models import LockedContext, Page, QueryAnswer, Run, Score

from .publish import refresh


def purge_expired(now: datetime | None = None) -> int:
    """Empty all material older than CONTEXT_RETENTION_DAYS; how many contexts and unlocked runs there were.

    Material that a worker is at waits for the next time.
    """
    if settings.CONTEXT_RETENTION_DAYS is None:
        return 0
    now = now or timezone.now()
    before = now - timedelta(days=settings.CONTEXT_RETENTION_DAYS)
    live = Run.objects.live().values("context")
    contexts = LockedContext.objects.filter(created_at__lt=before, purged_at=None)
    old = list(contexts.exclude(pk__in=live.exclude(context=None)).defer("payload"))
    for context in old:
        purge_context(context, now)
    unlocked = Run.objects.filter(context=None, created_at__lt=before).exclude(state__in=Run.LIVE)
    fetched = list(unlocked.filter(answers__state=QueryAnswer.State.ANSWERED).distinct())
    for run in fetched:
        purge_unlocked(run, now)
    return len(old) + len(fetched)


def purge_context(context: LockedContext, now: datetime) -> None:
    """Empty one locked context and all that was made of its sources."""
    with transaction.atomic():
        LockedContext.objects.filter(pk=context.pk).update(payload=b"", purged_at=now)
        QueryAnswer.objects.filter(run__context=context).update(results=[])
        Page.objects.filter(run__context=context).update(text="")
        for score in Score.objects.filter(report__entry__run__context=context).iterator():
            kept = without_passages(score.evidence)
            if kept != score.evidence:
                Score.objects.filter(pk=score.pk).update(evidence=kept)
    for run in Run.objects.filter(context=context):
        refresh(run)


def purge_unlocked(run: Run, now: datetime) -> None:
    """Empty what a run fetched that was never locked; a resume asks again."""
    with transaction.atomic():
        run.answers.update(
            results=[], state=QueryAnswer.State.WAITING, failure=f"purged: sources purged on {now:%Y-%m-%d}"
        )
        run.pages.all().delete()


def without_passages(evidence: Any) -> Any:
    """Evidence without what points into the sources; verdicts and the report's own words stay."""
    if isinstance(evidence, dict):
        return {
            key: None if key == "passage" else [] if key == "passages" else without_passages(value)
            for key, value in evidence.items()
        }
    return [without_passages(item) for item in evidence] if isinstance(evidence, list) else evidence
