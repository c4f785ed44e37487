"""Ballots cast, and the standings computed from them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from evaluations.models import Evaluation, Report, Run


class Vote(models.Model):
    """One voter's choice in one run. Never deleted; what should not count is quarantined."""

    class Verdict(models.TextChoices):
        CHOICE = "choice", "one report is best"
        NONE = "none", "none is good enough"
        CANNOT_TELL = "cannot_tell", "can't tell"
        LOOKED = "looked", "looked without voting"

    run = models.ForeignKey(Run, models.PROTECT, related_name="votes")
    verdict = models.CharField(max_length=12, choices=Verdict)
    choice = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="votes")
    line_up = models.JSONField(default=list, help_text="The reports on the ballot, in this voter's order.")
    voter = models.CharField(max_length=64, help_text="Hash of the voter's token.")
    network = models.CharField(max_length=64, help_text="HMAC of the IPv4 address or the IPv6 /64.")
    seat = models.PositiveSmallIntegerField(help_text="Which vote of its network in this run.")
    site = models.CharField(max_length=64, blank=True, help_text="HMAC of the IPv6 /48; empty for IPv4.")
    site_seat = models.PositiveSmallIntegerField(null=True)
    quarantined = models.BooleanField(default=False)
    issued_at = models.DateTimeField(help_text="When the ballot was made.")
    cast_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "voter"], name="one_vote_per_voter_and_run"),
            models.UniqueConstraint(fields=["run", "network", "seat"], name="one_vote_per_seat"),
            models.UniqueConstraint(fields=["run", "site", "site_seat"], name="one_vote_per_site_seat"),
            models.CheckConstraint(
                condition=Q(verdict="choice", choice__isnull=False) | ~Q(verdict="choice") & Q(choice__isnull=True),
                name="a_choice_names_a_report",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "verdict", "quarantined"], name="vote_tally")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} in run {self.run_id}"


class Standing(models.Model):
    """A model's computed place: votes with their uncertainty, beside the metrics."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="standings")
    model_slug = models.SlugField()
    model_name = models.CharField(max_length=100)
    with_quarantine = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField()
    strength = models.FloatField(help_text="Share of votes, or Plackett–Luce strength where line-ups differ.")
    low = models.FloatField(help_text="Lower end of the 95 % interval.")
    high = models.FloatField(help_text="Upper end of the 95 % interval.")
    votes = models.PositiveIntegerField()
    excluded = models.PositiveIntegerField(default=0)
    runs = models.PositiveIntegerField()
    preliminary = models.BooleanField(default=True)
    metrics = models.JSONField(default=dict)
    computed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["evaluation", "rank", "model_slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evaluation", "model_slug", "with_quarantine"], name="standing_once_per_model"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model_name}: {self.rank}"
