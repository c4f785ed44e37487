"""The page of a run: how it stands, what can be done next, report by report; it follows along by itself."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from evaluations.errors import FutbolReportError
from evaluations.manifests.documents import to_bytes
from evaluations.manifests.exports import manifest
from evaluations.models import Page, QueryAnswer, Run, RunEntry

from .base import PartInline
from .buttons import askable_again, buttons_for, row_buttons
from .decisions import DECISIONS
from .list import RunListAdmin
from .order_pages import OrderPages
from .rows import METRICS, report_row
from .signs import Standing, dollars, icon, seconds
from .summaries import RunSummary


class QueryAnswerInline(PartInline):
    """What each query brought back."""

    model = QueryAnswer
    fields = ["position", "query", "state", "failure", "seconds", "answered_at"]


class PageInline(PartInline):
    """The pages behind the results."""

    model = Page
    fields = ["url", "failure", "seconds"]


class RunEntryInline(PartInline):
    """The models as they took part."""

    model = RunEntry
    fields = ["position", "name", "provider_slug", "model_id", "parameters"]


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
class RunAdmin(OrderPages, RunListAdmin):
    """Runs, whole: how they stand, entries, reports, material and money."""

    view_on_site = False  # the page itself says whether there is a public one
    change_form_template = "admin/evaluations/run/change_form.html"
    inlines = [RunEntryInline, QueryAnswerInline, PageInline]
    readonly_fields = ["created_at", "provenance"]
    fieldsets = [
        (gettext_lazy("Frozen at its start"), {"fields": RUN_SNAPSHOT, "classes": ["collapse"]}),
        (
            gettext_lazy("Every time, and its worker"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("kind", "slot", "state", "partial"),
                    ("created_at", "locked_at", "paused_until", "finished_at"),
                    ("published_at", "withdrawn_at"),
                    ("voting_opens_at", "voting_closes_at", "no_vote_because"),
                    ("fetch_seconds", "work_seconds"),
                    ("lease_token", "lease_expires_at"),
                ],
            },
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Run | None = None) -> Any:
        """Of an imported run, also where it comes from."""
        if obj is None or obj.imported_at is None:
            return self.fieldsets
        imported = {"fields": ["imported_at", "provenance", "imported_sha256"], "classes": ["collapse"]}
        return [*self.fieldsets, (_("Imported from another installation"), imported)]

    def get_urls(self) -> list[URLPattern]:
        """The run's own pages, before Django's, which take everything."""
        wrap = self.admin_site.admin_view
        own = [
            path("<int:run>/now/", wrap(never_cache(self.now)), name="evaluations_run_now"),
            path("<int:run>/export/", wrap(self.export), name="evaluations_run_export"),
            path("<int:run>/decide/<slug:name>/", wrap(self.decide), name="evaluations_run_decide"),
        ]
        return [*own, *self.order_urls(), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page: how it stands first, what is frozen last."""
        if request.method == "POST":
            raise PermissionDenied
        if self.has_view_permission(request) and self.get_object(request, object_id):
            shown = self.facts(request, self.find(request, int(object_id)))
            extra_context = (extra_context or {}) | shown | {"title": capfirst(str(shown["run"])), "subtitle": None}
        return super().change_view(request, object_id, form_url, extra_context)

    def facts(self, request: HttpRequest, run: Run) -> dict[str, Any]:
        """What the page and its parts show."""
        summary = RunSummary.of(run)
        may = self.has_decide_permission(request)
        lost = askable_again(summary) if may else []
        return {
            "run": run,
            "summary": summary,
            "steps": [(step, icon(step.icon)) for step in summary.steps()],
            "buttons": buttons_for(summary) if may else [],
            "metric_names": list(METRICS.values()),
            "rows": [
                (row := report_row(one, row_buttons(one, lost) if may else ()), icon(row.icon))
                for one in summary.reports
            ],
            "cost": dollars(summary.cost),
            "held": dollars(summary.held) if summary.held else "",
            "worked": seconds(run.work_seconds),
            "public": run.get_absolute_url() if run.published_at and not run.withdrawn_at else "",
            "follow": reverse("admin:evaluations_run_now", args=[run.pk]),
        }

    def now(self, request: HttpRequest, run: int) -> HttpResponse:
        """The parts of the page that change, for its script; nothing but that they are the same where they are."""
        shown = self.facts(request, self.find(request, run))
        summary: RunSummary = shown["summary"]
        answer: dict[str, Any] = {"seen": summary.seen, "goes_on": summary.goes_on}
        if request.GET.get("seen") != summary.seen:
            parts = ("first", "reports", "jobs")
            answer["parts"] = {
                f"run-{part}": render_to_string(f"admin/evaluations/run/_{part}.html", shown, request) for part in parts
            }
        return JsonResponse(answer)

    def export(self, request: HttpRequest, run: int) -> HttpResponse:
        """The run's manifest as a file."""
        shown = self.find(request, run)
        try:
            document = to_bytes(manifest(shown))
        except FutbolReportError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(self.page_of(shown))
        name = f'attachment; filename="run-{shown.pk}.json"'
        return HttpResponse(document, content_type="application/json", headers={"Content-Disposition": name})

    def decide(self, request: HttpRequest, run: int, name: str) -> HttpResponse:
        """Say what follows of a decision, and take it when it is confirmed."""
        shown, decision = self.find(request, run, to_change=True), DECISIONS.get(name)
        if decision is None:
            raise Http404
        if request.method == "POST":
            self.decide_one(request, shown, decision, request.POST.get("note", ""))
            return HttpResponseRedirect(self.page_of(shown))
        label = str(decision.label).rstrip("…")
        facts = {
            "says": decision.says,
            "consequences": decision.consequences(shown),
            "submit": label,
            "note": decision.note,
        }
        if not decision.can(shown):
            facts["refused"] = _("That cannot be done as the run stands: %s.") % Standing.of(shown).words
        title = _("%(what)s: %(run)s") % {"what": label, "run": shown}
        return self.page(request, "confirm", run=shown, title=title, **facts)
