"""What a run gathered before it was locked: what each query brought back, and the pages behind it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext as _

from evaluations.wire.failures import Failure, words
from evaluations.wire.text import clean


class Failable(models.Model):
    """What may have failed: the reason's code, and the other side's words for operators."""

    failure = models.CharField(max_length=60, blank=True, help_text="Reason code, such as rate_limited.")
    failure_detail = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def why(self) -> Failure | None:
        """The reason; None where nothing failed."""
        return Failure(self.failure, self.failure_detail) if self.failure else None

    @why.setter
    def why(self, failure: Failure | None) -> None:
        found = failure or Failure("")
        self.failure, self.failure_detail = found.code, clean(found.detail)[:300]

    @property
    def failure_words(self) -> str:
        """The reason for everybody."""
        return _(words(self.failure))


class QueryAnswer(Failable):
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
    seconds = models.FloatField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["run", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "position"], name="answer_once_per_query")]

    def __str__(self) -> str:
        return f"{self.query}: {self.state}"


class Page(Failable):
    """The text of one page behind a result, or why there is none; kept as soon as it is there."""

    run = models.ForeignKey("evaluations.Run", models.CASCADE, related_name="pages")
    url = models.TextField()
    text = models.TextField(blank=True)
    seconds = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "url"], name="page_once_per_run")]

    def __str__(self) -> str:
        return self.url
