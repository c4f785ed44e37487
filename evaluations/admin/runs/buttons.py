"""What can be done next with a run, as buttons: those alone that would not be refused."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluations.models import Job, Report, Run
from evaluations.pipeline.lease import is_held
from evaluations.pipeline.retry import lost_reports

from .decisions import DECISIONS
from .summaries import RunSummary

MOST_RETRIES = 3  # lost reports that are offered at the head of the page; the rows have all


@dataclass(frozen=True)
class Button:
    """One thing to do. `posts`: pressing it does it; else it leads to a page that says first what follows."""

    label: str
    says: str
    url: str
    posts: bool = False
    look: str = ""  # a class of Django admin's own buttons


def buttons_for(summary: RunSummary) -> list[Button]:
    """What can be done next, the likeliest first, and last what takes something away."""
    run = summary.run
    free = decision_buttons(run)
    harmless = [button for button in free if not button.look]
    found = [*resume_buttons(run), *retry_buttons(summary), *harmless, *material_buttons(run)]
    if found:
        found[0] = replace(found[0], look="default")
    return [*found, *(button for button in free if button.look)]


def resume_buttons(run: Run) -> list[Button]:
    """To finish what is missing, where no worker is at it."""
    if run.imported_at or run.state not in Run.RESUMABLE or is_held(run):
        return []
    return [Button(_("Resume…"), _("Finishes what is missing, after saying at what price."), page(run, "resume"))]


def decision_buttons(run: Run) -> list[Button]:
    """What is decided at no cost."""
    return [
        Button(
            str(decision.label),
            str(decision.says),
            reverse("admin:evaluations_run_decide", args=[run.pk, decision.name]),
            not decision.asks,
            "deletelink" if decision.harms else "",
        )
        for decision in DECISIONS.values()
        if decision.can(run)
    ]


def retry_buttons(summary: RunSummary) -> list[Button]:
    """To ask again for what was lost."""
    return [
        Button(
            _("Ask %s again…") % report.entry.name,
            _("Its answer was lost; asking again may cost as much again."),
            retry_page(report),
        )
        for report in askable_again(summary)[:MOST_RETRIES]
    ]


def material_buttons(run: Run) -> list[Button]:
    """What can be done with the locked material, and the whole as a file."""
    if run.context is None:
        return []
    found = []
    if run.has_material:
        replay = _("The same material, read by other models or with another prompt; shown as a replay.")
        trial = _("The same in private: nobody but you sees it.")
        found += [
            Button(_("Replay…"), replay, page(run, "replay")),
            Button(_("Try in private…"), trial, page(run, "trial")),
        ]
    if run.state not in Run.LIVE:
        found.append(Button(_("Export"), _("Its manifest, to verify or to import elsewhere."), page(run, "export")))
    return found


def page(run: Run, name: str) -> str:
    """The address of one of the run's own pages."""
    return reverse(f"admin:evaluations_run_{name}", args=[run.pk])


def retry_page(report: Report) -> str:
    """Where a lost report is asked for again."""
    return reverse("admin:evaluations_report_retry", args=[report.pk])


def askable_again(summary: RunSummary) -> list[Report]:
    """Lost reports that may be asked for again now: the run is at rest, and nobody has asked yet."""
    run = summary.run
    if not run.is_at_rest or not run.has_material or not can_be_lost(summary.reports):
        return []
    asked = {job.arguments.get("report") for job in summary.jobs if job.kind == Job.Kind.RETRY and job.is_open}
    return [report for report in lost_reports(run) if report.pk not in asked]


def can_be_lost(reports: Iterable[Report]) -> bool:
    """Whether a closer look is worth a query."""
    return any(report.state in (Report.State.UNKNOWN_OUTCOME, Report.State.FAILED) for report in reports)


def row_buttons(report: Report, lost: Iterable[Any]) -> list[Button]:
    """What can be done with one report."""
    found = []
    if report in lost:
        found.append(Button(_("Ask again…"), _("At a price that is said first."), retry_page(report)))
    if report.withheld_at:
        url = reverse("admin:evaluations_report_show_again", args=[report.pk])
        found.append(Button(_("Undo: show it again"), _("Takes the note away."), url, posts=True))
    elif report.state == Report.State.SUCCEEDED:
        url = reverse("admin:evaluations_report_change", args=[report.pk]) + "#withhold"
        found.append(Button(_("Withhold…"), _("Puts a public note in its place."), url))
    return found
