"""The evaluations: their queries, cadence and ceilings. Values are refused by the models themselves."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.errors import FutbolReportError
from evaluations.models import Evaluation, ModelConfig, Run, SearchQuery
from evaluations.sources.search import Hits

from .changes import ChangesInValues
from .next_run import facts_of as next_run_of
from .next_run import next_slots
from .orders import order_standings
from .pages import link_to, row_of_key
from .queries import results_of
from .readonly import ReadOnlyInline


class SearchQueryForm(forms.ModelForm):
    """A row of the table: its columns' headings are no labels for those who cannot see them."""

    class Meta:
        model = SearchQuery
        fields = ["position", "text"]
        widgets = {
            "position": forms.NumberInput(attrs={"aria-label": gettext_lazy("Position"), "class": "vIntegerField"}),
            "text": forms.TextInput(attrs={"aria-label": gettext_lazy("Query"), "size": 60}),
        }


class SearchQueryRows(forms.BaseInlineFormSet):
    """The table's rows."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """The box that deletes a row says so."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Delete")


class SearchQueryInline(admin.TabularInline):
    """The queries, in the order in which they are asked."""

    model = SearchQuery
    form = SearchQueryForm
    formset = SearchQueryRows
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
    readonly_fields = ["current_prompt", "due"]
    purpose = gettext_lazy(
        "The standing assignment: what is searched, who writes, how often, and for how much at most."
    )
    inlines = [SearchQueryInline, RosterInline]
    actions = ["compute_standings"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "description", "current_prompt"]}),
        (gettext_lazy("Who sees it"), {"fields": ["public", "indexable", "review_before_publishing", "sandbox"]}),
        (gettext_lazy("When it runs"), {"fields": ["scheduled", "schedule_start", "every_hours", "due"]}),
        (
            gettext_lazy("What it reads"),
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
            gettext_lazy("What it may cost"),
            {
                "fields": ["max_usd_per_call", "max_usd_per_run", "max_usd_per_day", "call_deadline_seconds"],
                "description": gettext_lazy("A run stops before it would pass a ceiling."),
            },
        ),
        (gettext_lazy("Voting"), {"fields": ["voting_hours", "votes_per_network"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evaluation]:
        """With the number of models that take part."""
        evaluations: QuerySet[Evaluation] = super().get_queryset(request)
        newest = Run.objects.filter(evaluation=OuterRef("pk")).order_by("-pk")
        return evaluations.annotate(
            enabled=Count("roster", filter=Q(roster__enabled=True)),
            newest_run=Subquery(newest.values("pk")[:1]),
            newest_state=Subquery(newest.values("state")[:1]),
        )

    @admin.action(description=gettext_lazy("Compute standings from the votes as they are now"), permissions=["change"])
    def compute_standings(self, request: HttpRequest, chosen: QuerySet[Evaluation]) -> None:
        """Order it for each that was chosen; the tick does the same when votes have closed."""
        for evaluation in chosen:
            job = link_to(order_standings(evaluation, request.user))
            told = format_html(_("{job}: the standings of {evaluation}."), job=job, evaluation=evaluation)
            self.message_user(request, told, messages.SUCCESS)

    @admin.display(description=gettext_lazy("models"))
    def enabled_models(self, evaluation: Any) -> int:
        """How many models take part."""
        return int(evaluation.enabled)

    @admin.display(description=gettext_lazy("latest run"))
    def latest_run(self, evaluation: Any) -> str:
        """The newest run and its state."""
        if evaluation.newest_run is None:
            return _("none yet")
        state = Run.State(evaluation.newest_state).label
        return link_to(
            Run(pk=evaluation.newest_run),
            _("run %(number)s: %(state)s") % {"number": evaluation.newest_run, "state": state},
        )

    @admin.display(description=gettext_lazy("next three slots"))
    def due(self, evaluation: Evaluation) -> str:
        """When it is due, as it is stored now."""
        slots = next_slots(evaluation, 3) if evaluation.pk else []
        return ", ".join(f"{slot:%a %Y-%m-%d %H:%M} UTC" for slot in slots) or _("Not scheduled.")

    def get_urls(self) -> list[URLPattern]:
        """The pages around one evaluation."""
        wrap, name = self.admin_site.admin_view, "evaluations_evaluation_{}".format
        return [
            path("<int:pk>/next/", wrap(self.show_next_run), name=name("next")),
            path("<int:pk>/queries/", wrap(self.try_queries), name=name("queries")),
            *super().get_urls(),
        ]

    def show_next_run(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the next run does, price included."""
        evaluation = self.seen_evaluation(request, pk)
        title = _("What the next run does")
        return self.page(request, "evaluation/next", title=title, original=evaluation, **next_run_of(evaluation))

    def try_queries(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The queries, and what one of them brings back now: one search in a request, and only when it is asked for."""
        evaluation = self.seen_evaluation(request, pk)
        queries, may_try = list(evaluation.queries.all()), self.has_change_permission(request)
        facts: dict[str, Any] = {"original": evaluation, "queries": queries, "may_try": may_try}
        if request.method == "POST":
            if not may_try:
                raise PermissionDenied
            asked = row_of_key(evaluation.queries.all(), request.POST.get("query"))
            facts |= {"asked": asked, **what_came(evaluation, asked.text)}
        return self.page(request, "evaluation/queries", title=_("Try the queries"), **facts)

    def seen_evaluation(self, request: HttpRequest, pk: int) -> Evaluation:
        """The evaluation of an address, for somebody who may see it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Evaluation, pk=pk)

    @admin.display(description=gettext_lazy("prompt"))
    def current_prompt(self, evaluation: Evaluation) -> str:
        """The version that the next run will use."""
        return link_to(evaluation.prompt) if evaluation.pk else _("Save first, then write its prompt.")


def what_came(evaluation: Evaluation, text: str) -> dict[str, Any]:
    """The results of one query, or why there are none."""
    try:
        found = results_of(evaluation, text)
    except FutbolReportError as error:
        return {"refusal": str(error)}
    return {"hits": found} if isinstance(found, Hits) else {"refusal": str(found)}
