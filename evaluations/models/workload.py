"""Who works, at what, and what waits for a worker: what operators see. For `/healthz` and the admin's first page."""

from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from .books import Job
from .runs import Run, Slot
from .shares import Share

BEAT = timedelta(seconds=5)
ALIVE = 4 * BEAT  # without a beat for so long, a process is gone
FORGOTTEN = timedelta(days=1)
ALONE = timedelta(hours=2)  # a run without a worker: two ticks should have gone on with it


class WorkerProcess(models.Model):
    """A process that waits for tasks or carries one out (`manage.py db_worker`), as it says itself every few seconds.

    It decides nothing: who may write to a run is the lease's affair.
    """

    name = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    doing = models.CharField(max_length=200, blank=True, help_text="The task under way; empty while it waits for one.")

    class Meta:
        ordering: ClassVar = ["started_at", "pk"]
        verbose_name_plural = "worker processes"

    def __str__(self) -> str:
        return f"worker {self.name}"


class Workload(NamedTuple):
    """The work at one moment.

    `workers`: processes that are alive, idle ones included; Lambda invocations and processes that work by themselves
    (`run_evaluation`) are seen by the runs they hold. `under_way`: runs that a living worker holds; `at_run`: how many
    workers are at each of them, by its number, where they are several. `waiting`: jobs, slots and runs that nobody has
    taken, oldest first, each in words; `oldest`: since when the first of them waits.
    """

    workers: list[WorkerProcess]
    under_way: list[Run]
    at_run: dict[int, int]
    waiting: list[str]
    oldest: datetime | None

    @property
    def names_under_way(self) -> list[str]:
        """The runs that workers are at, for a person."""
        several = {run: f" ({count} workers)" for run, count in self.at_run.items()}
        return [f"{run}{several.get(run.pk, '')}" for run in self.under_way]


def workload(now: datetime | None = None) -> Workload:
    """What workers do and what waits for one, in six queries. Whatever the queue is, this is read from the truth."""
    now = now or timezone.now()
    waits = sorted(waiting_things(now))
    held = Run.objects.filter(lease_expires_at__gte=now).select_related("evaluation").order_by("pk")
    alive = WorkerProcess.objects.filter(seen_at__gt=now - ALIVE)
    shares = Share.objects.filter(lease_expires_at__gte=now).order_by().values("run").annotate(workers=Count("pk"))
    at_run = {row["run"]: row["workers"] for row in shares if row["workers"] > 1}
    oldest = waits[0][0] if waits else None
    return Workload(list(alive), list(held), at_run, [name for _, name in waits], oldest)


def waiting_things(now: datetime) -> list[tuple[datetime, str]]:
    """Since when each thing waits that no worker has taken, and what it is."""
    jobs = Job.objects.filter(state=Job.State.QUEUED)
    left = (
        Run.objects.live().filter(Q(lease_expires_at=None) | Q(lease_expires_at__lt=now)).select_related("evaluation")
    )
    later = Slot.objects.filter(evaluation=OuterRef("evaluation"), due_at__gt=OuterRef("due_at"))
    slots = Slot.objects.filter(~Exists(later), run=None, skipped_because="", evaluation__scheduled=True)
    return [
        *((job.asked_at, f"job {job.pk}, {job.get_kind_display().lower()}") for job in jobs),
        *((run.lease_expires_at or run.created_at, str(run)) for run in left),
        *((slot.due_at, f"the slot of {slot}") for slot in slots.select_related("evaluation")),
    ]
