"""The list of runs: how each stands, and what can be decided of several at once."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.errors import FutbolReportError
from evaluations.models import Run

from .base import RunBase
from .decisions import DECISIONS, Decision
from .signs import Standing, counts_of, number_of, percent, seconds


class RunList(ChangeList):
    """The list with what its rows count: the rows of one page alone are counted."""

    def get_results(self, request: HttpRequest) -> None:
        """The page's runs, each with its counts."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        counts = counts_of(self.result_list)
        for run in self.result_list:
            run.counts_of_reports = counts.get(run.pk)


def action_for(name: str, description: Any) -> Any:
    """The action that takes a decision on each chosen run, and says of each what became of it."""

    @admin.action(description=description, permissions=["decide"])
    def decide_all(page: "RunListAdmin", request: HttpRequest, chosen: QuerySet[Run]) -> None:
        for run in chosen:
            page.decide_one(request, run, DECISIONS[name])

    return decide_all


class RunListAdmin(RunBase):
    """The list, with its columns and actions."""

    purpose = gettext_lazy("Every run, newest first: how it stands, what it cost and what went wrong.")
    first_step = gettext_lazy("There is none yet: open an evaluation and press “Run now…”.")
    list_display = ["standing", "number", "progress", "grounded", "cost", "failures", "begun", "took"]
    list_display_links = ["standing", "number"]
    list_filter = ["evaluation", "state", "kind"]
    list_select_related = ["evaluation", "budget"]
    list_per_page = 50
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ["publish", "withdraw", "bring_back", "cancel"]

    class Media:
        css: ClassVar = {"all": ["evaluations/admin/runs.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """With counts."""
        return RunList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        """Without what is frozen and long."""
        runs: QuerySet[Run] = super().get_queryset(request)
        return runs.defer("system_message", "search_options", "origin")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def standing(self, run: Run) -> SafeString:
        """How it stands."""
        return str(Standing.of(run))  # type: ignore[return-value]

    @admin.display(description=gettext_lazy("run"), ordering="pk")
    def number(self, run: Run) -> str:
        """Its number and evaluation, and what it is where it is not an ordinary one."""
        kind = "" if run.counts else f" ({(_('imported') if run.imported_at else run.get_kind_display()).lower()})"
        return f"{run}{kind}"

    @admin.display(description=gettext_lazy("reports"))
    def progress(self, run: Any) -> SafeString | str:
        """How many reports are there, as a bar while it goes on."""
        if (counts := run.counts_of_reports) is None:
            return "–"
        if run.state not in Run.LIVE:
            return _("%(there)s of %(all)s") % {"there": counts.succeeded, "all": counts.reports}
        bar = '<progress max="{}" value="{}">{}</progress> {}'
        done = _("%(done)s of %(all)s done") % {"done": counts.settled, "all": counts.reports}
        return format_html(bar, counts.reports, counts.settled, "", done)

    @admin.display(description=gettext_lazy("grounded"))
    def grounded(self, run: Any) -> str:
        """The mean groundedness of its reports."""
        return percent(run.counts_of_reports and run.counts_of_reports.grounded)

    @admin.display(description=gettext_lazy("cost, USD"), ordering="budget__spent_usd")
    def cost(self, run: Run) -> str:
        """What is spent, and what unknown outcomes hold."""
        if not hasattr(run, "budget"):
            return _("unknown") if run.imported_at else "–"
        spent, held = number_of(run.budget.spent_usd), run.budget.reserved_usd
        return _("%(spent)s, %(held)s held") % {"spent": spent, "held": number_of(held)} if held else spent

    @admin.display(description=gettext_lazy("failures"))
    def failures(self, run: Any) -> str:
        """What went wrong, or why there is nothing."""
        counted = run.counts_of_reports.failures if run.counts_of_reports else ""
        return counted or Truncator(run.failure).chars(40)

    @admin.display(description=gettext_lazy("begun, UTC"), ordering="created_at")
    def begun(self, run: Run) -> str:
        """When it began."""
        return f"{run.created_at:%Y-%m-%d %H:%M}"

    @admin.display(description=gettext_lazy("took"), ordering="work_seconds")
    def took(self, run: Run) -> str:
        """How long it was worked on."""
        return seconds(run.work_seconds)

    publish = action_for("publish", gettext_lazy("Publish after review"))
    withdraw = action_for("withdraw", gettext_lazy("Withdraw from the public"))
    bring_back = action_for("bring-back", gettext_lazy("Show again what was withdrawn"))
    cancel = action_for("cancel", gettext_lazy("Cancel for good what is unfinished"))

    def decide_one(self, request: HttpRequest, run: Run, decision: Decision, note: str = "") -> None:
        """Do it to one run; what is refused says why."""
        try:
            decision.act(run, request.user, note)
        except FutbolReportError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.log_change(request, run, f"{str(decision.done).capitalize()}.")
            told = _("%(run)s is %(done)s.") % {"run": run, "done": decision.done}
            self.message_user(request, told, messages.SUCCESS)
