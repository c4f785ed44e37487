"""What people decide: evaluations, queries, prompts, models, providers. Values are refused by the models themselves."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from evaluations.models import Evaluation, ModelConfig, SearchQuery

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
