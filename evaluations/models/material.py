"""What a run gathered before it was locked: what each query brought back, and the pages behind it."""

from typing import ClassVar

from django.db import models


class QueryAnswer(models.Model):
    """What one query brought back in one run, kept as soon as it is there."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ANSWERED = "answered"
        FAILED = "failed"

    run = models.ForeignKey("evaluations.Run", models.CASCADE, related_name="answers")
    position = models.PositiveSmallIntegerField()
    query = models.CharField(max_length=400)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    results = models.JSONField(default=list, help_text="Results in the order of the search service.")
    failure = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["run", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "position"], name="answer_once_per_query")]

    def __str__(self) -> str:
        return f"{self.query}: {self.state}"

    @property
    def failure_code(self) -> str:
        """The reason in words that everybody may read; the service's own words are for operators."""
        return self.failure.partition(":")[0].replace("_", " ")


class Page(models.Model):
    """The text of one page behind a result, or why there is none; kept as soon as it is there."""

    run = models.ForeignKey("evaluations.Run", models.CASCADE, related_name="pages")
    url = models.TextField()
    text = models.TextField(blank=True)
    failure = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "url"], name="page_once_per_run")]

    def __str__(self) -> str:
        return self.url
