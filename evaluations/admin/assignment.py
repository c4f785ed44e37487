"""What people decide: evaluations, queries, prompts, models, providers. Values are refused by the models themselves."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from evaluations.models import Evaluation, ModelConfig, Provider, SearchQuery

from .changes import ChangesInValues
from .readonly import ReadOnlyInline, link_to


class SearchQueryInline(admin.TabularInline):
    """The queries, in the order in which they are asked."""

    model = SearchQuery
    extra = 0
    fields = ["position", "text"]


class RosterInline(ReadOnlyInline):
    """An overview of the roster; each model is edited on its own page."""

    model = ModelConfig
    fields = ["position", "name", "provider", "model_id", "enabled"]


@admin.register(Evaluation)
class EvaluationAdmin(ChangesInValues):
    """The standing assignments."""

    list_display = ["name", "sandbox", "public", "scheduled", "every_hours", "enabled_models", "latest_run"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["current_prompt"]
    inlines = [SearchQueryInline, RosterInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "description", "current_prompt"]}),
        ("Who sees it", {"fields": ["public", "indexable", "review_before_publishing", "sandbox"]}),
        ("When it runs", {"fields": ["scheduled", "schedule_start", "every_hours"]}),
        (
            "What it reads",
            {
                "fields": [
                    "search_source",
                    "search_path",
                    ("results_per_query", "freshness"),
                    ("country", "search_language"),
                    ("full_text", "full_text_pages"),
                    "context_tokens",
                ]
            },
        ),
        (
            "What it may cost",
            {
                "fields": ["max_usd_per_call", "max_usd_per_run", "max_usd_per_day", "call_deadline_seconds"],
                "description": "A run stops before it would pass a ceiling.",
            },
        ),
        ("Voting", {"fields": ["voting_hours", "votes_per_network"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evaluation]:
        """With the number of models that take part."""
        evaluations: QuerySet[Evaluation] = super().get_queryset(request)
        return evaluations.annotate(enabled=Count("roster", filter=Q(roster__enabled=True)))

    @admin.display(description="models")
    def enabled_models(self, evaluation: Any) -> int:
        """How many models take part."""
        return int(evaluation.enabled)

    @admin.display(description="latest run")
    def latest_run(self, evaluation: Evaluation) -> str:
        """The newest run and its state."""
        run = evaluation.runs.order_by("-pk").first()
        return link_to(run, f"run {run.pk}: {run.get_state_display()}") if run else "none yet"

    @admin.display(description="prompt")
    def current_prompt(self, evaluation: Evaluation) -> str:
        """The version that the next run will use."""
        return link_to(evaluation.prompt) if evaluation.pk else "Save first, then write its prompt."


@admin.register(Provider)
class ProviderAdmin(ChangesInValues):
    """Endpoints. Keys stay in the environment; only the name of their variable is kept here."""

    list_display = ["name", "kind", "base_url", "api_key_variable", "key_goes_to"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["key_goes_to"]

    @admin.display(description="Key goes to")
    def key_goes_to(self, provider: Provider) -> str:
        """The host, and whether that is confirmed."""
        if not provider.api_key_variable:
            return "-"
        return provider.key_host if provider.key_is_confirmed else f"{provider.key_host}: not confirmed, not sent"

    def save_model(self, request: HttpRequest, provider: Provider, form: Any, change: bool) -> None:
        """Where a key goes is for superusers to say: what they save is confirmed, what others change waits."""
        if request.user.is_superuser:
            provider.confirm_key()
        super().save_model(request, provider, form, change)
        if not provider.key_is_confirmed:
            where = f"{provider.api_key_variable} would go to {provider.key_host}"
            self.message_user(request, f"{where}: no run starts before a superuser saves this.", messages.WARNING)


@admin.register(ModelConfig)
class ModelConfigAdmin(ChangesInValues):
    """The roster."""

    list_display = ["name", "evaluation", "position", "enabled", "provider", "model_id"]
    ordering = ["evaluation", "position", "pk"]
    list_editable = ["position", "enabled"]
    list_filter = ["evaluation", "enabled", "provider"]
    list_select_related = ["evaluation", "provider"]
    search_fields = ["name", "slug", "model_id"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["evaluation", ("position", "enabled"), "name", "slug", "provider", "model_id"]}),
        ("How it is asked", {"fields": ["temperature", "max_tokens", "context_window", "extra_parameters"]}),
        ("Price, where the provider reports no cost", {"fields": ["usd_per_million_input", "usd_per_million_output"]}),
        ("OpenRouter only", {"fields": ["provider_order", "quantizations", "allow_fallbacks"]}),
    ]
