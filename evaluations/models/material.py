"""The material of a run: what each query brought back, the pages behind it, and the frozen context."""

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


class LockedContext(models.Model):
    """The frozen material of a run: canonical JSON bytes and their SHA-256.

    A database trigger refuses every change of the payload except emptying it (retention); a foreign key
    refuses deletion while a run refers to it.
    """

    sha256 = models.CharField(max_length=64, db_index=True)
    payload = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"context {self.sha256[:12]}"

    @property
    def text(self) -> str:
        """The user message that every model gets."""
        return bytes(self.payload).decode()


class Source(models.Model):
    """One result in a locked context."""

    context = models.ForeignKey(LockedContext, models.CASCADE, related_name="sources")
    rank = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, default="web")
    title = models.TextField()
    url = models.TextField()
    publisher = models.TextField(blank=True)
    published = models.CharField(max_length=40, blank=True, help_text="As the search service dates it.")
    queries = models.JSONField(default=list, help_text="Positions of the queries that found it.")
    has_text = models.BooleanField(default=False, help_text="Its page's text is in the context, not just snippets.")
    text_failure = models.CharField(
        max_length=60, blank=True, help_text="Why its page could not be read, where it was wanted."
    )

    class Meta:
        ordering: ClassVar = ["context", "rank"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["context", "rank"], name="source_rank_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def text_failure_words(self) -> str:
        """Why its page could not be read, for everybody."""
        return _(words(self.text_failure))


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
