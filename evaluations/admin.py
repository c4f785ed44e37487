"""Django admin: editors change the assignment here, and read what became of it.

What people decide (evaluations, queries, prompts, models, providers) can be edited; what happened (runs, their
material, reports and books) can only be read. What of it the public sees is decided here, too: runs are published
after review, withdrawn or cancelled, reports withheld. Values are refused by the models themselves, in their words.
"""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from evaluations.errors import FutbolReportError
from evaluations.pipeline import decisions, runs

from .models import (
    Attempt,
    Budget,
    Evaluation,
    Job,
    LockedContext,
    ModelConfig,
    Page,
    Prompt,
    Provider,
    QueryAnswer,
    Report,
    Run,
    RunEntry,
    Score,
    SearchQuery,
    Slot,
    Source,
)

admin.site.site_title = admin.site.site_header = "Futbol Report"
admin.site.index_title = "Newsroom"


class ReadOnly:
    """What happened is looked at and never changed; a run is cancelled or withdrawn, never deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """Pages of what happened."""


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows of what happened, on the page of what they belong to."""

    extra = 0
    show_change_link = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All that are shown, those that fill themselves included."""
        return self.fields


def link_to(instance: Any, text: str = "") -> SafeString | str:
    """A link to the admin page of `instance`."""
    if instance is None:
        return "none"
    address = reverse(f"admin:{instance._meta.app_label}_{instance._meta.model_name}_change", args=[instance.pk])
    return format_html('<a href="{}">{}</a>', address, text or str(instance))


# What people decide


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
class EvaluationAdmin(admin.ModelAdmin):
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


class IndentedJson(forms.Textarea):
    """JSON with room to read it."""

    def format_value(self, value: Any) -> str:
        """One key a line; what is no JSON, as it was typed."""
        try:
            return json.dumps(json.loads(value), indent=2, ensure_ascii=False)
        except (TypeError, ValueError):
            return str(value)


class PromptForm(forms.ModelForm):
    """A prompt with room to write, and the line ends that models get whatever the browser sends."""

    class Meta:
        model = Prompt
        fields = ["evaluation", "system_text", "output_format"]
        widgets = {
            "system_text": forms.Textarea(attrs={"rows": 20, "cols": 100}),
            "output_format": IndentedJson(attrs={"rows": 20, "cols": 100, "spellcheck": "false"}),
        }

    def clean_system_text(self) -> str:
        """The text with plain line feeds; browsers send two characters for each."""
        return str(self.cleaned_data["system_text"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Refuse a new version that is the stored one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk and all(
            cleaned.get(name) == self.initial[name] for name in ("system_text", "output_format")
        ):
            raise forms.ValidationError("Nothing was changed, so there is no new version.")
        return cleaned


@admin.register(Prompt)
class PromptAdmin(admin.ModelAdmin):
    """Versions of the prompts: saving the newest makes the next one; older ones are history."""

    form = PromptForm
    list_display = ["__str__", "evaluation", "version", "created_at", "used_in"]
    list_filter = ["evaluation"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prompt]:
        """With the number of runs that used the version."""
        prompts: QuerySet[Prompt] = super().get_queryset(request)
        return prompts.select_related("evaluation").annotate(run_count=Count("runs"))

    def get_fields(self, request: HttpRequest, obj: Prompt | None = None) -> Any:
        """A stored version also shows what models get."""
        fields = ["evaluation", "system_text", "output_format"]
        return [*fields, "version", "created_at", "system_message"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Prompt | None = None) -> list[str]:
        """The next version belongs to the same evaluation."""
        return ["evaluation", "version", "created_at", "system_message"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Prompt | None = None) -> bool:
        """Only the newest version can be edited, into the next."""
        newest = obj is None or obj == obj.evaluation.prompt
        return newest and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Prompt, form: forms.ModelForm, change: bool) -> None:
        """Save the next version and leave the stored one as it was."""
        # Two editors who save at once get two versions, one after the other.
        Evaluation.objects.select_for_update().get(pk=obj.evaluation_id)
        obj.pk = None
        obj._state.adding = True
        obj.save()

    @admin.display(description="runs")
    def used_in(self, prompt: Any) -> int:
        """How many runs used this version."""
        return int(prompt.run_count)

    @admin.display(description="What models get as system message")
    def system_message(self, prompt: Prompt) -> SafeString:
        """The system text with the instructions of the output format."""
        return format_html("<pre>{}</pre>", prompt.text)


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    """Endpoints. Keys stay in the environment; only the name of their variable is kept here."""

    list_display = ["name", "kind", "base_url", "api_key_variable"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(ModelConfig)
class ModelConfigAdmin(admin.ModelAdmin):
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


# What happened


class QueryAnswerInline(ReadOnlyInline):
    """What each query brought back."""

    model = QueryAnswer
    fields = ["position", "query", "state", "failure", "seconds", "answered_at"]


class PageInline(ReadOnlyInline):
    """The pages behind the results."""

    model = Page
    fields = ["url", "failure", "seconds"]


class RunEntryInline(ReadOnlyInline):
    """The models as they took part."""

    model = RunEntry
    fields = ["position", "name", "provider_slug", "model_id", "parameters"]


class BudgetInline(ReadOnlyInline):
    """The run's money."""

    model = Budget
    fields = ["reserved_usd", "spent_usd"]
    show_change_link = False


RUN_SNAPSHOT: list[Any] = [
    "context",
    "prompt",
    "prompt_sha256",
    "system_message",
    "search_options",
    "samples",
    ("max_usd_per_call", "max_usd_per_run", "max_usd_per_day", "call_deadline_seconds"),
]


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """Runs, whole: entries, reports, material and money."""

    list_display = ["__str__", "kind", "state", "partial", "created_at", "published_at", "spent"]
    list_filter = ["evaluation", "state", "kind", "partial"]
    list_select_related = ["evaluation", "budget"]
    date_hierarchy = "created_at"
    actions = ["publish", "withdraw", "bring_back", "cancel"]
    inlines = [BudgetInline, RunEntryInline, QueryAnswerInline, PageInline]
    readonly_fields = ["progress", "reports", "created_at", "provenance"]
    fieldsets = [
        (None, {"fields": ["evaluation", "kind", "slot", "state", "partial", "failure", "progress", "reports"]}),
        (
            "When",
            {
                "fields": [
                    ("created_at", "locked_at", "paused_until", "finished_at"),
                    ("published_at", "withdrawn_at"),
                    ("voting_opens_at", "voting_closes_at"),
                    ("fetch_seconds", "work_seconds"),
                ]
            },
        ),
        ("Frozen at its start", {"fields": RUN_SNAPSHOT}),
        ("Its worker", {"fields": [("lease_token", "lease_expires_at")]}),
        ("Imported from another installation", {"fields": ["imported_at", "provenance", "imported_sha256"]}),
    ]

    @admin.display(description="spent, USD")
    def spent(self, run: Run) -> str:
        """Real cost so far."""
        return f"{run.budget.spent_usd:.4f}" if hasattr(run, "budget") else ""

    @admin.display
    def progress(self, run: Run) -> SafeString:
        """Where it can be watched while it fills in."""
        return format_html('<a href="{}">model by model</a>', reverse("progress", args=[run.pk]))

    @admin.display
    def reports(self, run: Run) -> SafeString | str:
        """A line for each report, which links to its text, scores and attempts."""
        reports = Report.objects.filter(entry__run=run).select_related("entry").prefetch_related("attempts")
        lines = [
            (
                link_to(report, report.entry.name if report.sample == 1 else f"{report.entry.name}, {report.sample}"),
                report.get_state_display(),
                report.error or "no error",
                f"{len(report.attempts.all())} attempts",
                "cost unknown" if report.cost_usd is None else f"{report.cost_usd:.6f} USD",
            )
            for report in reports
        ]
        return format_html_join("", "<div>{}: {}, {}, {}, {}</div>", lines) or "none"

    @admin.action(description="Publish after review", permissions=["decide"])
    def publish(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        """Show runs that wait for it."""
        self._decide(request, chosen, decisions.publish_reviewed, "published")

    @admin.action(description="Withdraw from the public", permissions=["decide"])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        """Take published runs back."""
        self._decide(request, chosen, decisions.withdraw, "withdrawn")

    @admin.action(description="Show again what was withdrawn", permissions=["decide"])
    def bring_back(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        """Show withdrawn runs."""
        self._decide(request, chosen, decisions.bring_back, "shown again")

    @admin.action(description="Cancel for good what is unfinished", permissions=["decide"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        """End unfinished runs."""
        self._decide(request, chosen, runs.cancel, "cancelled")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whoever may change runs; nobody edits their fields."""
        return request.user.has_perm("evaluations.change_run")

    def _decide(self, request: HttpRequest, chosen: QuerySet[Run], decide: Callable[[Run], None], done: str) -> None:
        """Do it to each run, and say of each what became of it."""
        for run in chosen:
            try:
                decide(run)
            except FutbolReportError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.log_change(request, run, f"{done.capitalize()}.")
                self.message_user(request, f"{run} is {done}.", messages.SUCCESS)


class ReportInline(ReadOnlyInline):
    """What one entry wrote."""

    model = Report
    fields = ["sample", "state", "error", "cost_usd", "latency_seconds", "answered_at"]


@admin.register(RunEntry)
class RunEntryAdmin(ReadOnlyAdmin):
    """One model in one run: the snapshot of its configuration."""

    list_display = ["__str__", "run", "model_id", "provider_slug"]
    list_select_related = ["run"]
    inlines = [ReportInline]


class AttemptInline(ReadOnlyInline):
    """Every request made for the report."""

    model = Attempt
    fields = ["number", "state", "status_code", "error", "reserved_usd", "cost_usd", "written_at", "settled_at"]


class ScoreInline(ReadOnlyInline):
    """Its scores."""

    model = Score
    fields = ["metric", "value", "scorer_version", "computed_at"]
    show_change_link = False


WITHHOLDS = (
    "A note here withholds the report: it is gone from pages, feed, downloads and JSON at once, and the note stands in "
    "its place for everybody to read. Without a note the report is shown."
)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Reports with their attempts and scores; of all that stands there, only the note that withholds one is written."""

    list_display = ["__str__", "sample", "state", "error", "withheld_at", "served_model", "cost_usd", "latency_seconds"]
    list_filter = ["state", ("withheld_at", admin.EmptyFieldListFilter), "entry__run__evaluation"]
    list_select_related = ["entry"]
    inlines = [AttemptInline, ScoreInline]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change reports, and only the note."""
        return request.user.has_perm("evaluations.change_report")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The note first: it is all that can be written."""
        wrote = self.get_readonly_fields(request, obj)
        return [("Withhold", {"fields": ["withheld_note"], "description": WITHHOLDS}), (None, {"fields": wrote})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All but the note."""
        return [field.name for field in Report._meta.fields if field.name not in ("id", "html", "withheld_note")]

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        """A note withholds the report, none shows it again."""
        if obj.withheld_note.strip():
            decisions.withhold(obj, obj.withheld_note)
        elif obj.withheld_at is not None:
            decisions.show_again(obj)


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    """The ledger."""

    list_display = ["__str__", "state", "status_code", "error", "cost_usd", "written_at", "settled_at"]
    list_filter = ["state", "day"]
    list_select_related = ["report__entry"]
    exclude = ["body"]


@admin.register(Budget)
class BudgetAdmin(ReadOnlyAdmin):
    """Money reserved and spent, by day and by run."""

    list_display = ["__str__", "sandbox", "reserved_usd", "spent_usd"]
    list_filter = ["sandbox"]


class SourceInline(ReadOnlyInline):
    """The results in the context."""

    model = Source
    fields = ["rank", "title", "publisher", "published", "url", "has_text", "text_failure"]
    show_change_link = False


@admin.register(LockedContext)
class LockedContextAdmin(ReadOnlyAdmin):
    """The frozen material."""

    list_display = ["__str__", "created_at", "purged_at"]
    inlines = [SourceInline]


@admin.register(Slot)
class SlotAdmin(ReadOnlyAdmin):
    """The schedule as it went: which slots ran, which were skipped and why."""

    list_display = ["__str__", "run", "skipped_because"]
    list_filter = ["evaluation"]
    list_select_related = ["evaluation", "run"]


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """What people asked for, and what came of it."""

    list_display = ["__str__", "evaluation", "run", "asked_by", "asked_at", "finished_at", "outcome"]
    list_filter = ["kind", "state"]
    list_select_related = ["evaluation", "run__evaluation", "asked_by"]
