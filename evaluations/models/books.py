"""The books: every request to a provider, the money behind it, and what people asked for."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .money import UsdField
from .reports import Report
from .runs import Run


class Attempt(models.Model):
    """One request to a provider for one report, written before the request leaves."""

    class State(models.TextChoices):
        SENT = "sent", "written before sending; no outcome yet"
        UNSENT = "unsent", "never reached the provider"
        UNPAID = "unpaid", "refused by the provider without cost"
        PAID = "paid", "answered: booked, whatever the answer"
        UNKNOWN = "unknown", "sent, and the outcome is not known"

    MAY_COST = (State.SENT, State.UNKNOWN, State.PAID)
    COST_UNKNOWN = Q(state__in=MAY_COST, cost_usd=None)

    report = models.ForeignKey(Report, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    messages_sha256 = models.CharField(max_length=64)
    day = models.DateField(help_text="The UTC day whose budget holds the reservation.")
    reserved_usd = UsdField(help_text="The ceiling of this call.")
    cost_usd = UsdField(null=True, help_text="Real cost, once known.")
    written_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=60, blank=True)
    generation_id = models.CharField(max_length=200, blank=True)
    body = models.BinaryField(null=True, help_text="The raw answer, committed before it is parsed.")
    latency_seconds = models.FloatField(null=True)
    system_fingerprint = models.CharField(max_length=200, blank=True)
    native_finish_reason = models.CharField(max_length=100, blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, help_text="Who ordered a retry of an unknown outcome."
    )

    class Meta:
        ordering: ClassVar = ["report", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "number"], name="attempt_once")]

    def __str__(self) -> str:
        return f"attempt {self.number} for {self.report}"

    @property
    def holds_money(self) -> bool:
        """Whether it keeps its reservation: nobody knows yet what it cost."""
        return self.cost_usd is None and self.state in self.MAY_COST


class Budget(models.Model):
    """Money reserved and spent: one row per UTC day for all real evaluations together, one per run.

    The ceilings are the run's (`Run.max_usd_per_run`, `Run.max_usd_per_day`), frozen when it starts. The
    sandbox's invented money has day rows of its own.
    """

    day = models.DateField(null=True, blank=True)
    sandbox = models.BooleanField(default=False)
    run = models.OneToOneField(Run, models.PROTECT, null=True, blank=True, related_name="budget")
    reserved_usd = UsdField(default=0)
    spent_usd = UsdField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "sandbox"], name="budget_once_per_day"),
            models.CheckConstraint(
                condition=Q(day__isnull=True, run__isnull=False) | Q(day__isnull=False, run__isnull=True),
                name="budget_of_a_day_or_a_run",
            ),
        ]

    def __str__(self) -> str:
        return f"budget of run {self.run_id}" if self.run_id else f"budget of {self.day}"


class Job(models.Model):
    """A slow or paid thing that a person asked for in admin."""

    class Kind(models.TextChoices):
        RUN = "run", "Run the evaluation"
        RESUME = "resume", "Resume a run"
        REPLAY = "replay", "Replay a run"
        TRIAL = "trial", "Try in private"
        RETRY = "retry", "Retry a report"
        RESCORE = "rescore", "Score a run again"
        STANDINGS = "standings", "Compute the standings"

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    # Begun twice, these find what was done the first time: a report is asked for once for each order.
    REPEATABLE = (Kind.RETRY, Kind.RESCORE, Kind.STANDINGS)

    kind = models.CharField(max_length=20, choices=Kind)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    evaluation = models.ForeignKey("evaluations.Evaluation", models.CASCADE, null=True, related_name="jobs")
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="jobs")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether more is to come of it."""
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def is_repeatable(self) -> bool:
        """Whether a second worker may begin where the first was killed."""
        return self.kind in self.REPEATABLE and (self.kind != self.Kind.RETRY or "attempts" in self.arguments)

    def claim(self, run: Run | None) -> bool:
        """Take the job for the worker that is at `run`; whether no other has taken it before."""
        queued = Job.objects.filter(pk=self.pk, state=self.State.QUEUED)
        return bool(queued.update(state=self.State.RUNNING, run=run, outcome="", started_at=timezone.now()))
