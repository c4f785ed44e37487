"""The standing assignment: what is searched, who writes, with which words, how often and for how much."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from evaluations.errors import FutbolReportError
from evaluations.providers.registry import provider_of

from . import blindness
from .json_field import JSONField
from .money import UsdField
from .providers import Provider

YEAR_HOURS = 8_760
MOST_POSITIONS = 10_000
FIRST_START, LAST_START = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def bounds[T: (int, datetime)](least: T, most: T) -> list[Any]:
    """The validators of a number or moment that is used in arithmetic: what they let through, every step can hold."""
    return [MinValueValidator(least), MaxValueValidator(most)]


def default_voting_hours() -> int:
    """What `VOTING_HOURS` says when an evaluation is made."""
    hours: int = settings.VOTING_HOURS
    return hours


def default_votes_per_network() -> int:
    """What `VOTES_PER_NETWORK` says when an evaluation is made."""
    votes: int = settings.VOTES_PER_NETWORK
    return votes


def valid_output_format(value: Any) -> None:
    """Refuse an output format that no check could be made from, naming the key."""
    from evaluations.scoring.format import schema  # late: who only reads what is kept needs no scoring

    try:
        schema.validate(value)
    except schema.FormatError as error:
        raise ValidationError(str(error)) from error


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    """Evaluations, by who asks for them."""

    def for_the_public(self) -> "EvaluationQuerySet":
        """The public ones; the sandbox only where no real evaluation has published a run."""
        shown = blindness.through("runs", blindness.RELEASED)
        real = Evaluation.objects.filter(shown, public=True, sandbox=False).order_by()
        offered = models.Q(pk__in=real.values("pk")) | models.Q(models.Q(sandbox=True), ~models.Exists(real))
        return self.filter(offered, public=True)


class Evaluation(models.Model):
    """One standing assignment, such as "Futbol Report"."""

    class SearchSource(models.TextChoices):
        BRAVE = "brave", "Brave web search"
        FILES = "files", "Files"
        SANDBOX = "sandbox", "Sandbox"

    class FullText(models.TextChoices):
        NONE = "none", "Snippets only"
        LOCAL = "local", "Download the pages ourselves"
        FIRECRAWL = "firecrawl", "Firecrawl"

    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    description = models.TextField(blank=True)
    sandbox = models.BooleanField(default=False, help_text="No real model writes here; never mixed with real runs.")
    public = models.BooleanField(default=True, help_text="Published runs are shown to everybody.")
    indexable = models.BooleanField(default=False, help_text="Search engines may list its pages.")
    review_before_publishing = models.BooleanField(default=False)

    search_source = models.CharField(max_length=20, choices=SearchSource, default=SearchSource.BRAVE)
    search_path = models.CharField(max_length=500, blank=True, help_text="Folder or JSON Lines file, for files.")
    results_per_query = models.PositiveSmallIntegerField(default=20, validators=bounds(1, 20))
    country = models.CharField(max_length=3, default="US", help_text="Brave's two letters, or ALL.")
    search_language = models.CharField(max_length=10, default="en")
    freshness = models.CharField(max_length=30, blank=True, help_text="pd, pw, pm, py or FROMtoTO; empty for any.")
    full_text = models.CharField(max_length=20, choices=FullText, default=FullText.NONE)
    full_text_pages = models.PositiveSmallIntegerField(
        default=10, validators=bounds(0, 20), help_text="At most so many pages a query."
    )
    context_tokens = models.PositiveIntegerField(
        default=24_000, validators=bounds(1, 1_000_000), help_text="Size budget of the locked context."
    )

    scheduled = models.BooleanField(default=False, help_text="Start runs by itself.")
    schedule_start = models.DateTimeField(
        null=True, blank=True, validators=bounds(FIRST_START, LAST_START), help_text="First slot, UTC."
    )
    every_hours = models.PositiveIntegerField(default=72, validators=bounds(1, YEAR_HOURS))

    max_usd_per_call = UsdField(default=Decimal("0.50"))
    max_usd_per_run = UsdField(default=Decimal(2))
    max_usd_per_day = UsdField(default=Decimal(5), help_text="UTC day.")
    call_deadline_seconds = models.PositiveIntegerField(default=300, validators=bounds(1, 3_600))

    voting_hours = models.PositiveIntegerField(
        default=default_voting_hours, validators=bounds(0, YEAR_HOURS), help_text="0: no voting."
    )
    votes_per_network = models.PositiveSmallIntegerField(default=default_votes_per_network, validators=bounds(1, 50))

    configured_by = models.CharField(
        max_length=500, blank=True, editable=False, help_text="The file that makes it anew with every run; else empty."
    )

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sandbox", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a schedule without a start, and files without a path."""
        if self.scheduled and not self.schedule_start:
            raise ValidationError({"schedule_start": "A schedule needs its first slot."})
        if self.search_source == self.SearchSource.FILES and not self.search_path:
            raise ValidationError({"search_path": "Name the folder or the JSON Lines file."})

    @property
    def prompt(self) -> "Prompt | None":
        """The prompt in force: of the versions that were not imported with a run, the one that was published last."""
        return self.prompts.published().first()


class SearchQuery(models.Model):
    """One query of an evaluation, in order."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="queries")
    position = models.PositiveSmallIntegerField(default=1, validators=bounds(0, MOST_POSITIONS))
    text = models.CharField(max_length=400, help_text="At most 50 words.")

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        verbose_name_plural = "search queries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "text"], name="query_once_per_evaluation")
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse what the search service would refuse."""
        if len(self.text.split()) > 50:
            raise ValidationError({"text": "A query has at most 50 words."})


class PromptQuerySet(models.QuerySet["Prompt"]):
    """Versions of prompts."""

    def published(self) -> "PromptQuerySet":
        """Those that were in force and not imported with a run, the one that is in force now first."""
        written = self.filter(imported=False, published_at__isnull=False)
        return written.order_by("-published_at", "-version")


class Prompt(models.Model):
    """One immutable version of the system text and the output format; an edit makes a new version.

    The version in force is the one that was published last; publishing an older one again rolls back to it.
    """

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="prompts")
    version = models.PositiveIntegerField(editable=False)
    system_text = models.TextField()
    output_format = JSONField(default=dict, blank=True, validators=[valid_output_format])
    note = models.CharField(max_length=200, blank=True, help_text="What is new in this version, and why.")
    imported = models.BooleanField(default=False, editable=False, help_text="Came with an imported run; not in use.")
    created_at = models.DateTimeField(auto_now_add=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="prompts"
    )
    published_at = models.DateTimeField(
        null=True, default=timezone.now, editable=False, help_text="Last time; empty: a draft that no run uses."
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="published_prompts"
    )

    objects = PromptQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["evaluation", "-version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["evaluation", "version"], name="prompt_version_once")]

    def __str__(self) -> str:
        return f"{self.evaluation} prompt, version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new version; a stored one never changes."""
        if self.pk:
            raise FutbolReportError(f"{self} is stored and cannot change; save a new version instead.")
        self.version = 1 + (self.evaluation.prompts.aggregate(models.Max("version"))["version__max"] or 0)
        super().save(*args, **kwargs)

    def publish(self, by: Any) -> None:
        """Put this version in force; the others stay as they are, to be published again."""
        self.published_at, self.published_by = timezone.now(), by
        Prompt.objects.filter(pk=self.pk).update(published_at=self.published_at, published_by=by)

    @property
    def text(self) -> str:
        """What models get as system message: the system text, then the instructions of the output format."""
        from evaluations.scoring.format.check import instructions  # late: likewise

        required = instructions(self.output_format)
        return f"{self.system_text.strip()}\n\n{required}".strip()


class ModelConfig(models.Model):
    """One entry of the roster: which model, how it is asked, whether it takes part."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="roster")
    position = models.PositiveSmallIntegerField(default=1, validators=bounds(0, MOST_POSITIONS))
    slug = models.SlugField(help_text="In addresses, in Redis and on the command line.")
    name = models.CharField(max_length=100)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="roster")
    model_id = models.CharField(max_length=200, help_text="As the provider spells it.")
    enabled = models.BooleanField(default=True)
    retired_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Takes part no more; kept for the runs in which it did."
    )

    temperature = models.FloatField(
        default=0.2, null=True, blank=True, validators=bounds(0, 2), help_text="Empty: not sent. Some models refuse it."
    )
    max_tokens = models.PositiveIntegerField(default=2048, validators=bounds(16, 1_000_000))
    context_window = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=bounds(1, 100_000_000),
        help_text="Tokens; empty: as the provider lists it. The smaller of the two rules.",
    )
    extra_parameters = JSONField(default=dict, blank=True, help_text='Sent as they are, such as {"seed": 7}.')
    usd_per_million_input = UsdField(null=True, blank=True)
    usd_per_million_output = UsdField(null=True, blank=True)

    provider_order = JSONField(default=list, blank=True, help_text="OpenRouter: serving providers, in order.")
    quantizations = JSONField(default=list, blank=True, help_text='OpenRouter: such as ["bf16", "fp8"].')
    allow_fallbacks = models.BooleanField(default=True, help_text="OpenRouter: another provider, the same model.")

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["evaluation", "slug"], name="model_slug_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The model's own page."""
        return reverse("model", args=[self.slug])

    def clean(self) -> None:
        """Refuse parameters that would bend "identical" or break the wire form."""
        reserved = {"messages", "model", "models", "stream", "plugins", "provider", "transforms"}
        if not isinstance(self.extra_parameters, dict):
            raise ValidationError({"extra_parameters": "A JSON object of parameters."})
        if taken := sorted(reserved & self.extra_parameters.keys()):
            raise ValidationError({"extra_parameters": f"Set by the run itself: {', '.join(taken)}."})
        for field in ("provider_order", "quantizations"):
            value = getattr(self, field)
            if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
                raise ValidationError({field: "A JSON list of texts."})
        self.require_prices()

    def require_prices(self) -> None:
        """Refuse a model whose calls would have no price: each would hold its whole ceiling for ever."""
        tells_cost = self.provider_id is None or provider_of(self.provider.kind).tells_cost
        missing = [name for name in ("usd_per_million_input", "usd_per_million_output") if getattr(self, name) is None]
        if missing and not tells_cost:
            words = "This provider tells no cost: give its price in USD, 0 where it is free."
            raise ValidationError(dict.fromkeys(missing, words))
