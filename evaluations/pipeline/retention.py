"""Forgetting material after CONTEXT_RETENTION_DAYS: what is emptied, and what stays to be honest about it.

Emptied: the locked payload, the texts of pages, what each query brought back, the passages that scores point to,
and the cached reports. Kept: the hash, titles and addresses of the sources, reports, scores, votes.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from evaluations.models import LockedContext, Page, QueryAnswer, Run, Score
from evaluations.presentation import cache

LONGEST_DAYS = 36_500  # a hundred years: more, no date may hold


def retention_start(now: datetime) -> datetime | None:
    """What is older than this is emptied; None where everything is kept."""
    days = settings.CONTEXT_RETENTION_DAYS
    return None if days is None else now - timedelta(days=min(days, LONGEST_DAYS))


def expired_contexts(now: datetime) -> list[LockedContext]:
    """Contexts with their material that are too old; those that a worker is at wait."""
    if (before := retention_start(now)) is None:
        return []
    live = Run.objects.live().exclude(context=None).values("context")
    contexts = LockedContext.objects.filter(created_at__lt=before, purged_at=None)
    return list(contexts.exclude(pk__in=live).defer("payload"))


def expired_runs(now: datetime) -> list[Run]:
    """Runs that are too old, have fetched material and never locked it."""
    if (before := retention_start(now)) is None:
        return []
    unlocked = Run.objects.filter(context=None, created_at__lt=before).exclude(state__in=Run.LIVE)
    return list(unlocked.filter(answers__state=QueryAnswer.State.ANSWERED).distinct())


def purge_context(context: LockedContext, now: datetime) -> int:
    """Empty one locked context and all that was made of its sources; 1, for one."""
    with transaction.atomic():
        LockedContext.objects.filter(pk=context.pk).update(payload=b"", purged_at=now)
        QueryAnswer.objects.filter(run__context=context).update(results=[])
        Page.objects.filter(run__context=context).update(text="")
        for score in Score.objects.filter(report__entry__run__context=context).iterator():
            kept = without_passages(score.evidence)
            if kept != score.evidence:
                Score.objects.filter(pk=score.pk).update(evidence=kept)
    for run in Run.objects.filter(context=context):
        cache.refresh(run)
    return 1


def purge_unlocked(run: Run, now: datetime) -> int:
    """Empty what a run fetched that was never locked; a resume asks again. 1, for one."""
    with transaction.atomic():
        run.answers.update(
            results=[], state=QueryAnswer.State.WAITING, failure=f"purged: sources purged on {now:%Y-%m-%d}"
        )
        run.pages.all().delete()
    return 1


def without_passages(evidence: Any) -> Any:
    """Evidence without what points into the sources; verdicts and the report's own words stay."""
    if isinstance(evidence, dict):
        return {
            key: None if key == "passage" else [] if key == "passages" else without_passages(value)
            for key, value in evidence.items()
        }
    return [without_passages(item) for item in evidence] if isinstance(evidence, list) else evidence
