"""Shares of a run's reports, where several workers ask for them."""

from typing import ClassVar

from django.db import models

from .runs import Run


class Share(models.Model):
    """A part of a run's open reports that one worker asks for: with a lease of its own, as the run has one.

    It ends when all its reports have their outcome. Where the run is asked for by one worker, there is none.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="shares")
    lease_token = models.PositiveIntegerField(default=0, help_text="Grows with every worker: the fence.")
    lease_expires_at = models.DateTimeField(null=True)
    held_back = models.TextField(blank=True, help_text="Why its calls were held back: then no share is taken any more.")
    paused_until = models.DateTimeField(null=True, help_text="Of one held back: when it can go on by itself.")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"share {self.pk} of {self.run}"
