"""One report as a row of its run's page: how it stands, its scores, its money, and every request behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.models import Attempt, Report, RunEntry, Score
from evaluations.wire.failures import words

from .signs import BAD, CLOCK, GOOD, HIDDEN, OPEN, WARNING, dollars, number_of, percent

METRICS = {
    "groundedness": gettext_lazy("Grounded"),
    "context_utilization": gettext_lazy("Uses sources"),
    "format_compliance": gettext_lazy("Format"),
    "quote_accuracy": gettext_lazy("Quotes"),
    "citation_accuracy": gettext_lazy("Citations"),
}
REPORT_ICONS = {
    Report.State.WAITING: OPEN,
    Report.State.ANSWERING: CLOCK,
    Report.State.SUCCEEDED: GOOD,
    Report.State.FAILED: BAD,
    Report.State.UNKNOWN_OUTCOME: WARNING,
}


@dataclass(frozen=True)
class AttemptRow:
    """One request, as a row."""

    attempt: Attempt
    outcome: str
    error: str
    cost: str


@dataclass(frozen=True)
class ReportRow:
    """One report, as a row of the run's page."""

    report: Report
    name: str
    icon: str
    words: str
    metrics: Sequence[str]
    cost: str
    attempts: Sequence[AttemptRow]
    actions: Sequence[Any] = ()

    @property
    def remarks(self) -> str:
        """In a line: why there is no report, how much was read and written, who served it, what was noticed."""
        report, told = self.report, []
        if report.error:
            told.append(_(words(report.error)))
        if report.output_tokens is not None:
            tokens = {"read": report.input_tokens, "wrote": report.output_tokens}
            told.append(_("%(read)s tokens read, %(wrote)s written") % tokens)
        if report.served_provider:
            told.append(_("served by %s") % report.served_provider)
        return " · ".join([*told, *(flag.replace("_", " ") for flag in report.flags)])


def behind_reports() -> list[Prefetch]:
    """What a report's row shows besides the report, without what is large: scores and requests."""
    attempts = Attempt.objects.defer("body").prefetch_related("ordered_by")
    return [Prefetch("scores", Score.objects.defer("evidence")), Prefetch("attempts", attempts)]


def report_row(report: Report, actions: Sequence[Any] = ()) -> ReportRow:
    """A report with its scores and requests, as a row."""
    metrics = report.metrics()
    return ReportRow(
        report=report,
        name=name_of(report.entry, report),
        icon=HIDDEN if report.withheld_at else REPORT_ICONS[Report.State(report.state)],
        words=words_of(report),
        metrics=[percent(metrics.get(metric)) for metric in METRICS],
        cost=cost_words(report),
        attempts=[attempt_row(attempt) for attempt in report.attempts.all()],
        actions=actions,
    )


def name_of(entry: RunEntry, report: Report) -> str:
    """The model's name, with the number of a further sample."""
    return entry.name if report.sample == 1 else f"{entry.name}, {report.sample}"


def words_of(report: Report) -> str:
    """How a report stands."""
    return _("withheld") if report.withheld_at else report.get_state_display().lower()


def cost_words(report: Report) -> str:
    """What all requests for a report have cost in USD, and what is not known."""
    attempts = list(report.attempts.all())
    if not attempts:
        return "–"
    known = sum((attempt.cost_usd or Decimal(0) for attempt in attempts), Decimal(0))
    held = sum((attempt.reserved_usd for attempt in attempts if attempt.holds_money), Decimal(0))
    if not held:
        return number_of(known)
    if not known:
        return _("at most %s") % number_of(held)
    return _("%(known)s + at most %(held)s") % {"known": number_of(known), "held": number_of(held)}


def attempt_row(attempt: Attempt) -> AttemptRow:
    """One request as a row."""
    held = _("at most %s") % dollars(attempt.reserved_usd)
    cost = held if attempt.holds_money else dollars(attempt.cost_usd or Decimal(0))
    return AttemptRow(attempt, attempt.get_state_display(), _(words(attempt.error)) if attempt.error else "", cost)
