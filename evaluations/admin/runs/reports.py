"""Reports: what one model wrote, every request for it, and what editors decide of it."""

import json
from contextlib import suppress
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from evaluations.admin import orders
from evaluations.admin.readonly import ReadOnlyAdmin
from evaluations.errors import FutbolReportError
from evaluations.models import Attempt, Report, Score
from evaluations.pipeline import publish
from evaluations.pipeline.infer import messages_of
from evaluations.pipeline.retry import lost_reports
from evaluations.wire.secrets import redact

from .base import PartInline
from .quotes import quote_retry
from .rows import METRICS, attempt_row, report_row
from .signs import icon, seconds

LONGEST_ANSWER = 200_000  # characters of a raw answer on a page

WITHHOLDS = gettext_lazy(
    "A note here withholds the report: it is gone from pages, feed, downloads and JSON at once, and the note stands in "
    "its place for everybody to read. Its votes are kept and do not count. Without a note the report is shown."
)


class ScoreInline(PartInline):
    """Its scores."""

    model = Score
    fields = ["metric", "value", "scorer_version", "computed_at"]
    show_change_link = False


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Reports with their attempts and scores; of all that stands there, only the note that withholds one is written."""

    change_form_template = "admin/evaluations/report/change_form.html"
    list_display = ["__str__", "sample", "state", "error", "withheld_at", "served_model", "cost_usd", "latency_seconds"]
    list_filter = ["state", ("withheld_at", admin.EmptyFieldListFilter), "entry__run__evaluation"]
    list_select_related = ["entry"]
    show_full_result_count = False
    inlines = [ScoreInline]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may change reports, and only the note."""
        return request.user.has_perm("evaluations.change_report")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The note first: it is all that can be written."""
        wrote = self.get_readonly_fields(request, obj)
        return [
            (gettext_lazy("Withhold"), {"fields": ["withheld_note"], "description": WITHHOLDS}),
            (gettext_lazy("All that is stored of it"), {"fields": wrote, "classes": ["collapse"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All but the note."""
        return [
            field.name for field in Report._meta.fields if field.name not in ("id", "html", "text", "withheld_note")
        ]

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        """A note withholds the report, none shows it again."""
        if obj.withheld_note.strip():
            publish.withhold(obj, obj.withheld_note)
        elif obj.withheld_at is not None:
            publish.show_again(obj)

    def response_change(self, request: HttpRequest, obj: Report) -> HttpResponse:
        """Back to the run, whose page the decision was taken on."""
        if "_continue" in request.POST:
            return super().response_change(request, obj)
        obj.refresh_from_db(fields=["withheld_at"])
        done = _("The %s is withheld: its note stands in its place.") if obj.withheld_at else _("The %s is shown.")
        self.message_user(request, done % obj, messages.SUCCESS)
        return HttpResponseRedirect(run_page(obj))

    def get_urls(self) -> list[URLPattern]:
        """The report's own pages, before Django's."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:report>/retry/", wrap(self.retry), name="evaluations_report_retry"),
            path("<int:report>/messages/", wrap(self.messages_sent), name="evaluations_report_messages"),
            path("<int:report>/show-again/", wrap(require_POST(self.show_again)), name="evaluations_report_show_again"),
            *super().get_urls(),
        ]

    def find(self, request: HttpRequest, number: int, to_change: bool = False) -> Report:
        """The report of an address. Raises Http404 and PermissionDenied."""
        may = self.has_change_permission(request) if to_change else self.has_view_permission(request)
        if not may:
            raise PermissionDenied
        return get_object_or_404(
            Report.objects.select_related("entry__run__evaluation", "entry__run__context"), pk=number
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What it says, its scores and its requests first."""
        if self.has_view_permission(request) and self.get_object(request, object_id):
            report = self.find(request, int(object_id))
            extra_context = (
                (extra_context or {}) | facts_of(report) | {"title": capfirst(str(report)), "subtitle": None}
            )
        return super().change_view(request, object_id, form_url, extra_context)

    def messages_sent(self, request: HttpRequest, report: int) -> HttpResponse:
        """The messages that every model of the run got, as they were sent."""
        try:
            sent = messages_of(self.find(request, report).entry.run)
        except FutbolReportError as error:
            return HttpResponse(str(error), content_type="text/plain; charset=utf-8", status=410)
        return HttpResponse(redact(sent.serialised.decode()), content_type="application/json")

    def retry(self, request: HttpRequest, report: int) -> HttpResponse:
        """Ask once more for a lost report, after saying at what price."""
        shown = self.find(request, report, to_change=True)
        if request.method == "POST":
            job = orders.order_retry(shown, request.user)
            self.log_change(request, shown, f"Ordered: {job.get_kind_display()}.")
            self.message_user(request, _("The %s is asked for once more.") % shown)
            return HttpResponseRedirect(run_page(shown))
        facts = {
            "run": shown.entry.run,
            "title": _("Ask again for the %s") % shown,
            "says": _("Its answer never came, and may have been billed: what was held for it stays held, and asking "
                      "again may cost as much again."),
            "quote": quote_retry(shown),
            "submit": _("Ask again"),
            "back": run_page(shown),
        }  # fmt: skip
        if shown not in lost_reports(shown.entry.run):
            facts["refused"] = _("It was not lost: it is %s.") % shown.get_state_display().lower()
        return self.page(request, "confirm", **facts)

    def show_again(self, request: HttpRequest, report: int) -> HttpResponse:
        """Take the note of a withheld report away."""
        shown = self.find(request, report, to_change=True)
        if shown.withheld_at is None:
            self.message_user(request, _("The %s was not withheld; nothing was changed.") % shown, messages.WARNING)
        else:
            publish.show_again(shown)
            self.log_change(request, shown, "Shown again.")
            self.message_user(request, _("The %s is shown again.") % shown, messages.SUCCESS)
        return HttpResponseRedirect(run_page(shown))


def run_page(report: Report) -> str:
    """The page of the report's run."""
    return reverse("admin:evaluations_run_change", args=[report.entry.run_id])


def facts_of(report: Report) -> dict[str, Any]:
    """What the head of a report's page shows."""
    row = report_row(report)
    attempts = [
        {
            "row": attempt_row(attempt),
            "told": circumstances_of(attempt),
            "request": request_of(attempt, report),
            "answer": answer_of(attempt),
        }
        for attempt in report.attempts.prefetch_related("ordered_by")
    ]
    return {
        "report": report,
        "run": report.entry.run,
        "row": row,
        "sign": icon(row.icon),
        "figures": f"{row.cost} USD · {seconds(report.latency_seconds)}",
        "metric_rows": list(zip(METRICS.values(), row.metrics, strict=True)),
        "attempts": attempts,
        "text": redact(report.text),
    }


def circumstances_of(attempt: Attempt) -> str:
    """When it was sent, what it cost, what the other side said first, and who wanted it."""
    told = [f"{attempt.written_at:%Y-%m-%d %H:%M:%S} UTC", attempt_row(attempt).cost]
    if attempt.status_code:
        told.append(_("status %s") % attempt.status_code)
    if attempt.ordered_by:
        told.append(_("ordered by %s") % attempt.ordered_by)
    return " · ".join(told)


def request_of(attempt: Attempt, report: Report) -> str:
    """One request as it was sent, but for the messages, which are the same for all."""
    entry = report.entry
    body = {"messages": f"the same for every model, SHA-256 {attempt.messages_sha256}", **entry.parameters}
    told = json.dumps(body, indent=2, ensure_ascii=False)
    return redact(f"POST {entry.base_url}/chat/completions\n\n{told}")


def answer_of(attempt: Attempt) -> str:
    """The raw answer, indented where it is JSON; empty where none came. Never a key, whatever it repeats."""
    if not attempt.body:
        return ""
    text = bytes(attempt.body).decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):  # what is no JSON is shown as it came
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return redact(text[:LONGEST_ANSWER])
