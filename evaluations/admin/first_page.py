"""The first page of the admin: what an editor should see before anything else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.models import Attempt, Evaluation, Job, ModelConfig, Run, Slot
from evaluations.models.workload import workload
from evaluations.pipeline import endpoints
from evaluations.pipeline.lease import lease_is_free
from votes.models import Vote

from .money import first_of_month, spending_since
from .next_run import next_slots

LATELY = timedelta(days=7)
MOST_NAMED = 5

type Matter = tuple[str, str]  # what needs somebody, and where


def facts(request: HttpRequest) -> dict[str, Any]:
    """What the page shows to those who may see runs."""
    if not request.user.has_perm("evaluations.view_run"):
        return {}
    today = datetime.now(UTC)
    evaluations = list(Evaluation.objects.all())
    slots = [(slots[0], evaluation) for evaluation in evaluations if (slots := next_slots(evaluation, 1))]
    return {
        "desk": True,
        "next_due": min(slots, default=None, key=lambda slot: slot[0]),
        "last_run": Run.objects.exclude(kind=Run.Kind.TRIAL).select_related("evaluation").order_by("-pk").first(),
        "matters": [*matters()],
        "today": spending_since(today.date()),
        "month": spending_since(first_of_month()),
        "day_ceiling": max((e.max_usd_per_day for e in evaluations if not e.sandbox), default=None),
        "votes_today": Vote.objects.filter(cast_at__gte=today.replace(hour=0, minute=0, second=0)).count(),
        "work": workload(),
    }


def matters() -> Iterator[Matter]:
    """What needs somebody, the most pressing first."""
    since = timezone.now() - LATELY
    runs = Run.objects.select_related("evaluation").order_by("-pk")
    for words, found in (
        (_("waits for review"), runs.filter(state=Run.State.AWAITING_REVIEW)),
        (_("is paused, and goes on when somebody resumes it"), runs.filter(state=Run.State.PAUSED, paused_until=None)),
        (_("has no worker; the next tick goes on with it"), runs.live().filter(lease_is_free())),
        ("failed", runs.filter(state=Run.State.FAILED, created_at__gt=since)),
    ):
        for run in found[:MOST_NAMED]:
            yield f"{run} {words}. {run.failure}".strip(), reverse("admin:evaluations_run_change", args=[run.pk])
    yield from other_matters(since)


def other_matters(since: datetime) -> Iterator[Matter]:
    """Lost answers, failed jobs, slots without a run, keys that are not there."""
    lost = Attempt.objects.filter(state=Attempt.State.UNKNOWN, cost_usd=None, written_at__gt=since).count()
    if lost:
        yield _("Calls of unknown outcome hold money: %s.") % lost, reverse("admin:money")
    for job in Job.objects.filter(state=Job.State.FAILED, finished_at__gt=since)[:MOST_NAMED]:
        yield f"{job.get_kind_display()} failed: {job.outcome}", reverse("admin:evaluations_job_change", args=[job.pk])
    skipped = Slot.objects.filter(due_at__gt=since, run=None).exclude(skipped_because="").select_related("evaluation")
    for slot in skipped.order_by("-due_at")[:MOST_NAMED]:
        yield f"{slot} had no run: {slot.skipped_because}", reverse("admin:evaluations_slot_change", args=[slot.pk])
    enabled = ModelConfig.objects.filter(enabled=True, evaluation__scheduled=True).select_related("provider")
    for variable in endpoints.missing_keys(list(enabled)):
        yield f"{variable} is not set: scheduled runs need it.", reverse("admin:evaluations_modelconfig_changelist")
