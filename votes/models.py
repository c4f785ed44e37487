"""Ballots cast, and the standings computed from them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models import Evaluation, Report, Run


class Vote(models.Model):
    """One voter's choice in one run. Never deleted; what should not count is quarantined."""

    class Verdict(models.TextChoices):
        CHOICE = "choice", "one report is best"
        NONE = "none", "none is good enough"
        CANNOT_TELL = "cannot_tell", "can't tell"
        LOOKED = "looked", "looked without voting"

    class Quarantine(models.TextChoices):
        SEATS = "seats", "over the seats of its network"
        TOO_FAST = "too_fast", "faster than anybody reads"
        AFTER_LOOK = "after_look", "after a look from the same network"
        STAFF = "staff", "cast by staff"
        EDITOR = "editor", "by an editor's decision"

    class Ground(models.TextChoices):
        ACCURATE = "accurate", _("accurate")
        READABLE = "readable", _("readable")
        COMPLETE = "complete", _("complete")
        TOO_LONG = "too_long", _("too long")
        WRONG_FORMAT = "wrong_format", _("wrong format")

    run = models.ForeignKey(Run, models.PROTECT, related_name="votes")
    verdict = models.CharField(max_length=12, choices=Verdict)
    choice = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="votes")
    line_up = models.JSONField(default=list, help_text="The reports on the ballot, in this voter's order.")
    voter = models.CharField(max_length=64, help_text="Hash of the voter's token.")
    network = models.CharField(max_length=64, help_text="HMAC of the IPv4 address or the IPv6 /64.")
    seat = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Which vote of its network in this run; empty for a look."
    )
    site = models.CharField(max_length=64, blank=True, help_text="HMAC of the IPv6 /48; empty for IPv4.")
    site_seat = models.PositiveSmallIntegerField(null=True)
    quarantined = models.BooleanField(default=False)
    quarantine_reason = models.CharField(
        max_length=12, choices=Quarantine, blank=True, default="", db_default="", help_text="Why it does not count."
    )
    note = models.CharField(max_length=200, blank=True, default="", db_default="", help_text="An editor's own words.")
    grounds = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="What the voter ticked, with commas between."
    )
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
        indexes: ClassVar = [models.Index(fields=["run", "verdict", "quarantined", "choice"], name="vote_tally")]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} in run {self.run_id}"


class VotedRun(Run):
    """A run as its votes show it, for the page of its signals."""

    class Meta:
        proxy = True
        verbose_name = "run's votes"
        verbose_name_plural = "votes by run"


class Closing(models.Model):
    """The end of a run's vote: from here on none is taken, and what was voted is counted."""

    run = models.OneToOneField(Run, models.PROTECT, related_name="closing")
    closed_at = models.DateTimeField(help_text="By the database's clock.")
    forms = models.JSONField(default=dict, help_text="By report: how many headings and list items it has.")
    result = models.JSONField(default=dict, help_text="What the run's page says at its head.")

    class Meta:
        ordering: ClassVar = ["-run"]

    def __str__(self) -> str:
        return f"closing of run {self.run_id}"


class Computation(models.Model):
    """Standings as they were computed once. Older ones stay as history."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="computations")
    computed_at = models.DateTimeField(auto_now_add=True)
    method = models.CharField(max_length=40, help_text="Name and version of the method (votes.ranking).")
    inputs_sha256 = models.CharField(max_length=64, help_text="SHA-256 of the vote file.")
    state = models.CharField(max_length=64, help_text="What would change with the votes; tells when to compute again.")
    votes = models.PositiveIntegerField(help_text="Choices that counted.")
    runs = models.PositiveIntegerField()
    figures = models.JSONField(help_text="Every figure.")
    blindness = models.JSONField(default=dict, help_text="How often a rule names the authors (votes.blindness).")

    class Meta:
        ordering: ClassVar = ["evaluation", "-pk"]
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"standings of {self.evaluation}, {self.computed_at:%Y-%m-%d %H:%M} UTC"


class Standing(models.Model):
    """A model's computed place: votes with their uncertainty, beside the metrics."""

    computation = models.ForeignKey(Computation, models.CASCADE, related_name="standings")
    model_slug = models.SlugField()
    model_name = models.CharField(max_length=100)
    with_quarantine = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(null=True, help_text="Empty under two runs: nothing can be said.")
    strength = models.FloatField(help_text="Marginal log strength (Plackett–Luce); 0 is the average model.")
    low = models.FloatField(null=True, help_text="Lower end of its 95 % interval.")
    high = models.FloatField(null=True, help_text="Upper end of its 95 % interval.")
    share = models.FloatField(help_text="Of ballots of the usual size with random others.")
    share_low = models.FloatField(null=True, help_text="Lower end of its 95 % interval.")
    share_high = models.FloatField(null=True, help_text="Upper end of its 95 % interval.")
    votes = models.PositiveIntegerField(help_text="How often it was chosen.")
    offered = models.PositiveIntegerField(help_text="On how many ballots it stood.")
    excluded = models.PositiveIntegerField(default=0, help_text="Votes for it that do not count.")
    runs = models.PositiveIntegerField()
    preliminary = models.BooleanField(default=True)
    metrics = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["computation", "with_quarantine", "-strength", "model_slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["computation", "model_slug", "with_quarantine"], name="standing_once_per_model"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model_name}: {self.rank or 'not ranked'}"
