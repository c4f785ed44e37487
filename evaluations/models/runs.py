"""Runs: one execution of an evaluation on one locked context, and the models as they took part."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.errors import RunRefusedError

from . import blindness
from .blindness import Audience, Part, Stage
from .contexts import LockedContext
from .money import UsdField
from .providers import Provider
from .roster import Evaluation, ModelConfig, Prompt


class Slot(models.Model):
    """One moment of an evaluation's schedule: it has its run, or it was skipped and says why."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="slots")
    due_at = models.DateTimeField()
    skipped_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["evaluation", "-due_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["evaluation", "due_at"], name="slot_once")]

    def __str__(self) -> str:
        return f"{self.evaluation} {self.due_at:%Y-%m-%d %H:%M} UTC"


class RunQuerySet(models.QuerySet["Run"]):
    """Runs, by the page or the rule that asks for them."""

    def live(self) -> "RunQuerySet":
        """Runs that a worker is at, or that wait for one."""
        return self.filter(state__in=Run.LIVE)

    def published(self) -> "RunQuerySet":
        """Runs that everybody may see, newest first; none that would tell who wrote what in an open vote."""
        return self.seen(Part.PAGE)

    def seen(self, part: Part, by: Audience = Audience.ANYBODY) -> "RunQuerySet":
        """Of these runs, those of which this part may be seen, newest first."""
        return self.filter(blindness.seen_by(by, part)).order_by("-published_at", "-pk")

    def released(self) -> "RunQuerySet":
        """Runs that are published and not withdrawn, those that wait for the vote of another one included."""
        return self.filter(blindness.RELEASED)

    def for_archive(self, evaluation: Evaluation, part: Part = Part.LISTS) -> "RunQuerySet":
        """The rows of the archive page, or of another list: published runs with the counts that a row shows."""
        first = Q(entries__reports__sample=1) & blindness.through("entries__reports", blindness.READABLE)
        answered = models.Count("entries__reports", filter=first, distinct=True)
        return (
            self.seen(part)
            .filter(evaluation=evaluation)
            .select_related("evaluation", "context", "closing")
            .annotate(model_count=models.Count("entries", distinct=True), report_count=answered)
        )

    def for_replay(self, evaluation: Evaluation) -> "RunQuerySet":
        """Runs whose material can be read again, newest first."""
        fetched = self.filter(blindness.FETCHING, evaluation=evaluation)
        locked = fetched.filter(context__purged_at=None, context__isnull=False)
        return locked.for_work().order_by("-pk")

    def for_work(self) -> "RunQuerySet":
        """Runs with what they were made from: all that a worker needs of them besides their reports."""
        return self.select_related("evaluation", "context", "prompt")

    def for_comparison(self) -> "RunQuerySet":
        """A published run with all that its page needs besides the reports."""
        return self.published().for_work().select_related("closing").prefetch_related("entries")


class Run(models.Model):
    """One execution of an evaluation on one locked context."""

    class State(models.TextChoices):
        QUEUED = "queued"
        FETCHING = "fetching"
        LOCKED = "locked"
        INFERRING = "inferring"
        SCORING = "scoring"
        AWAITING_REVIEW = "awaiting_review", "awaiting review"
        PUBLISHED = "published"
        PAUSED = "paused"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Kind(models.TextChoices):
        SCHEDULED = "scheduled"
        MANUAL = "manual"
        REPLAY = "replay", _("Replay")
        TRIAL = "trial", _("Trial")

    class NoVote(models.TextChoices):
        TOO_FEW = "too_few", _("fewer than two of its reports can be read")
        SHOWN_BEFORE = "shown_before", _("one of its reports was shown under its author’s name before, in these words")

    LIVE = (State.QUEUED, State.FETCHING, State.LOCKED, State.INFERRING, State.SCORING)
    RESUMABLE = (*LIVE, State.PAUSED, State.FAILED)
    FINISHED = (State.AWAITING_REVIEW, State.PUBLISHED)

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MANUAL)
    slot = models.OneToOneField(Slot, models.PROTECT, null=True, blank=True, related_name="run")
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    partial = models.BooleanField(default=False)
    failure = models.TextField(blank=True)

    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="runs")
    system_message = models.TextField(help_text="Frozen when the run starts; every model gets it.")
    prompt_sha256 = models.CharField(max_length=64, help_text="SHA-256 of the system message.")
    search_options = models.JSONField(default=dict, help_text="How it searches: frozen when the run starts.")
    context = models.ForeignKey(LockedContext, models.PROTECT, null=True, blank=True, related_name="runs")
    replay_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replays")
    listed = models.BooleanField(default=False, help_text="Of a replay: whether it stands in archive and feed.")
    samples = models.PositiveSmallIntegerField(default=1)
    call_deadline_seconds = models.PositiveIntegerField(default=300)
    max_usd_per_call = UsdField()
    max_usd_per_run = UsdField()
    max_usd_per_day = UsdField()

    created_at = models.DateTimeField(auto_now_add=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(
        null=True, blank=True, help_text="Of a paused run: when the tick goes on with it. Empty: a person has to."
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_note = models.TextField(blank=True, help_text="Why it was withdrawn: on the page of corrections.")
    voting_opens_at = models.DateTimeField(null=True, blank=True)
    voting_closes_at = models.DateTimeField(null=True, blank=True)
    no_vote_because = models.CharField(max_length=20, choices=NoVote, blank=True)
    network_salt = models.BinaryField(null=True, editable=False, help_text="Destroyed when voting closes.")
    idle_hand_overs = models.PositiveSmallIntegerField(
        default=0, help_text="So many times in a row its worker's time was over before it came any further."
    )
    fetch_seconds = models.FloatField(null=True)
    work_seconds = models.FloatField(null=True, help_text="Wall time of the work, pauses not counted.")

    imported_at = models.DateTimeField(null=True, blank=True, help_text="Set where another installation made it.")
    imported_sha256 = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the manifest that it is from.")
    origin = models.JSONField(default=dict, blank=True, help_text="Of an imported run: what the manifest says of it.")

    lease_token = models.PositiveIntegerField(default=0, help_text="Grows with every worker: the fence.")
    lease_expires_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=Q(state__in=["queued", "fetching", "locked", "inferring", "scoring"]),
                name="one_live_run_per_evaluation",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="published_has_a_time"
            ),
            models.UniqueConstraint(
                fields=["imported_sha256"], condition=~Q(imported_sha256=""), name="manifest_imported_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["evaluation", "state", "-published_at"], name="run_archive")]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.evaluation}"

    def get_absolute_url(self) -> str:
        """The comparison page."""
        return reverse("run", args=[self.pk])

    @property
    def counts(self) -> bool:
        """Whether this run is voted on and counted: neither a replay, nor a trial, nor imported."""
        return blindness.holds(blindness.COUNTING, self)

    @property
    def has_material(self) -> bool:
        """Whether it is locked, and its material was not purged."""
        return self.context is not None and self.context.purged_at is None

    def require_material(self) -> LockedContext:
        """What every model of it gets. Raises RunRefusedError where it was never locked, or was purged."""
        if self.context is None:
            raise RunRefusedError(f"{self} is not locked.")
        if self.context.purged_at:
            raise RunRefusedError(f"{self} has no material: sources purged on {self.context.purged_at:%Y-%m-%d}.")
        return self.context

    @property
    def is_at_rest(self) -> bool:
        """Whether one of its reports may be asked for again: it was made here, and no worker is going to finish it."""
        at_work = self.state in (*self.LIVE, self.State.CANCELLED)
        return not (at_work or self.withdrawn_at or self.imported_at)

    @property
    def vote_result(self) -> dict[str, Any]:
        """What its vote gave, as it was counted when it closed (`votes.outcomes.results`); empty where it was not."""
        return self.closing.result if hasattr(self, "closing") else {}

    @property
    def state_in_words(self) -> str:
        """How the run stands, for a person: a trial that is done was never shown to anybody."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.kind == self.Kind.TRIAL and self.state == self.State.PUBLISHED:
            return "done, and private"
        return self.get_state_display().lower()

    @property
    def voting_is_open(self) -> bool:
        """Whether votes count now."""
        return self.shows(Part.VOTE)

    @property
    def is_blind(self) -> bool:
        """Whether nobody is told who wrote what: until the vote has closed, and before anything is published."""
        return not self.shows(Part.NAMES)

    def shows(self, part: Part, to: Audience = Audience.ANYBODY) -> bool:
        """Whether this audience may see this part of it now."""
        stage = blindness.stage_of(self)
        if not blindness.allows(stage, part, to):
            return False
        # Asked last, because it takes a query: an exhibit that is held back shows less, never more.
        whole = stage not in (Stage.EXHIBIT, Stage.BY_LINK) or self.hidden_by is None
        return whole or blindness.allows(Stage.HELD_BACK, part, to)

    @property
    def hidden_by(self) -> "Run | None":
        """The run on the same material whose vote has to close before everybody may see this one."""
        if blindness.holds(blindness.COUNTING, self) or self.context is None:
            return None
        undecided = blindness.undecided_runs(timezone.now())
        return Run.objects.filter(undecided, context__sha256=self.context.sha256).order_by("-pk").first()

    @property
    def provenance(self) -> str:
        """Where an imported run was made; empty for a run of this installation."""
        return f"run {self.origin['run']} of {self.origin['site']}" if self.imported_at else ""


class RunEntry(models.Model):
    """One model as it took part in one run: a snapshot, so that later edits change nothing."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="entries")
    config = models.ForeignKey(ModelConfig, models.SET_NULL, null=True, related_name="entries")
    position = models.PositiveSmallIntegerField()
    blind_position = models.PositiveSmallIntegerField(help_text="Its place while votes are open.")
    slug = models.SlugField()
    name = models.CharField(max_length=100)
    provider = models.ForeignKey(Provider, models.SET_NULL, null=True, related_name="entries")
    provider_slug = models.SlugField()
    provider_kind = models.CharField(max_length=20)
    base_url = models.CharField(max_length=300, blank=True)
    api_key_variable = models.CharField(max_length=100, blank=True)
    model_id = models.CharField(max_length=200)
    other_names = models.JSONField(default=list, help_text="What its provider also calls the model.")
    parameters = models.JSONField(default=dict, help_text="This model's own part of the request body.")
    context_window = models.PositiveIntegerField(null=True, help_text="Tokens, as the provider lists it.")
    usd_per_million_input = UsdField(null=True)
    usd_per_million_output = UsdField(null=True)

    class Meta:
        ordering: ClassVar = ["run", "position"]
        verbose_name_plural = "run entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "slug"], name="entry_once_per_run"),
            models.UniqueConstraint(fields=["run", "blind_position"], name="blind_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} in run {self.run_id}"

    @property
    def blind_label(self) -> str:
        """What the entry is called while votes are open: A, B, … Z, AA, AB, …"""
        return letters(self.blind_position)


def letters(place: int) -> str:
    """The label of a place in the blind order, which begins with 1."""
    label = ""
    while place:
        place, letter = divmod(place - 1, 26)
        label = chr(ord("A") + letter) + label
    return label
