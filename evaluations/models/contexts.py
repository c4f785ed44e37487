"""The frozen material of a run, and its sources one by one."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext as _

from evaluations.wire.failures import words


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
