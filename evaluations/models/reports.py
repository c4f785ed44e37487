"""Reports and their scores."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from evaluations.wire.failures import FATAL

from . import blindness
from .money import UsdField
from .runs import RunEntry
from .shares import Share


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, by who asks for them."""

    def readable(self) -> "ReportQuerySet":
        """Reports with a text that everybody may read."""
        return self.filter(blindness.READABLE)

    def in_roster_order(self) -> "ReportQuerySet":
        """Reports with their entries, model by model and sample by sample."""
        return self.select_related("entry").order_by("entry__position", "sample")

    def left_to_ask(self) -> "ReportQuerySet":
        """Reports that a resume of their run asks for: without an outcome, or refused by an account or certificate."""
        unanswered = models.Q(state__in=Report.UNSETTLED)
        return self.filter(unanswered | models.Q(state=Report.State.FAILED, error__in=FATAL))


class Report(models.Model):
    """What one entry wrote."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ANSWERING = "answering"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        UNKNOWN_OUTCOME = "unknown_outcome", "unknown outcome"

    SETTLED = (State.SUCCEEDED, State.FAILED, State.UNKNOWN_OUTCOME)
    UNSETTLED = (State.WAITING, State.ANSWERING)

    entry = models.ForeignKey(RunEntry, models.CASCADE, related_name="reports")
    sample = models.PositiveSmallIntegerField(default=1)
    share = models.ForeignKey(
        Share, models.SET_NULL, null=True, related_name="reports", help_text="Where several workers ask: whose it is."
    )
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    renderer_version = models.CharField(max_length=20, blank=True)
    error = models.CharField(max_length=60, blank=True, help_text="Reason code, such as rate_limited.")
    error_detail = models.TextField(blank=True)
    flags = models.JSONField(default=list, blank=True)
    finish_reason = models.CharField(max_length=100, blank=True)
    served_model = models.CharField(max_length=200, blank=True)
    served_provider = models.CharField(max_length=200, blank=True)
    input_tokens = models.PositiveBigIntegerField(null=True)
    output_tokens = models.PositiveBigIntegerField(null=True)
    reasoning_tokens = models.PositiveBigIntegerField(null=True)
    cost_usd = UsdField(null=True)
    latency_seconds = models.FloatField(null=True)
    answered_at = models.DateTimeField(null=True)
    withheld_at = models.DateTimeField(null=True, blank=True)
    withheld_note = models.TextField(blank=True, help_text="Shown to everybody in place of the report.")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["entry", "sample"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "sample"], name="sample_once_per_entry")]

    def __str__(self) -> str:
        return f"report of {self.entry}"

    @property
    def readable(self) -> bool:
        """Whether there is a text that everybody may read."""
        return blindness.holds(blindness.READABLE, self)

    def newest_scores(self) -> "list[Score]":
        """The scores of the version that was computed last: versions are never mixed."""
        scores = list(self.scores.all()) if self.pk else []
        newest = max(scores, key=lambda score: (score.computed_at, score.pk), default=None)
        return [score for score in scores if newest and score.scorer_version == newest.scorer_version]

    def metrics(self) -> dict[str, float | Decimal | None]:
        """Every metric of the report by its name: the newest scores beside cost and latency."""
        scores: dict[str, Any] = {score.metric: score.value for score in self.newest_scores()}
        return scores | {"cost_usd": self.cost_usd, "latency_seconds": self.latency_seconds}


class Score(models.Model):
    """One metric of one report, with the scorer's version and its evidence."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="scores")
    metric = models.CharField(max_length=40)
    value = models.FloatField(null=True)
    scorer_version = models.CharField(max_length=20)
    evidence = models.JSONField(default=dict)
    computed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["report", "metric"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "metric", "scorer_version"], name="score_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.report}"
