"""Runs and reports, and what editors decide of them: published after review, withdrawn, cancelled, withheld."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from evaluations.errors import FutbolReportError
from evaluations.models import Attempt, Budget, Page, QueryAnswer, Report, Run, RunEntry, Score
from evaluations.pipeline import publish, runs

from .readonly import ReadOnlyAdmin, ReadOnlyInline, link_to


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
                    ("voting_opens_at", "voting_closes_at", "no_vote_because"),
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
        self._decide(request, chosen, publish.publish_reviewed, "published")

    @admin.action(description="Withdraw from the public", permissions=["decide"])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        """Take published runs back."""
        self._decide(request, chosen, publish.withdraw, "withdrawn")

    @admin.action(description="Show again what was withdrawn", permissions=["decide"])
    def bring_back(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        """Show withdrawn runs."""
        self._decide(request, chosen, publish.bring_back, "shown again")

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
            publish.withhold(obj, obj.withheld_note)
        elif obj.withheld_at is not None:
            publish.show_again(obj)
