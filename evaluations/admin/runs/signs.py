"""How runs stand, in pictures and words, and how amounts are written: the same in lists and on pages."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, Count, Max, Q
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.models import Report, Run, Score

GOOD, WARNING, BAD, EYE, CLOCK, HIDDEN, OPEN = "yes", "alert", "no", "viewlink", "clock", "hidelink", "unknown"
STATES = {  # all but those of runs that are done
    Run.State.QUEUED: (CLOCK, gettext_lazy("about to begin")),
    Run.State.FETCHING: (CLOCK, gettext_lazy("searching")),
    Run.State.LOCKED: (CLOCK, gettext_lazy("material locked")),
    Run.State.INFERRING: (CLOCK, gettext_lazy("models are writing")),
    Run.State.SCORING: (CLOCK, gettext_lazy("scoring")),
    Run.State.PAUSED: (WARNING, gettext_lazy("paused")),
    Run.State.FAILED: (BAD, gettext_lazy("failed")),
    Run.State.CANCELLED: (BAD, gettext_lazy("cancelled")),
}


def icon(name: str) -> SafeString:
    """One of Django admin's own pictures; the words beside it say the same."""
    return format_html(
        '<img src="{}" alt="" class="state-icon state-icon-{}">', static(f"admin/img/icon-{name}.svg"), name
    )


def dollars(amount: Decimal | None) -> str:
    """An amount as people read it; what nobody knows is said to be unknown."""
    return _("unknown") if amount is None else f"{number_of(amount)} USD"


def number_of(amount: Decimal) -> str:
    """An amount in USD without its unit: under a dollar, four places."""
    return f"{amount:.2f}" if amount >= 1 or not amount else f"{amount:.4f}"


def seconds(number: float | None) -> str:
    """Seconds, or minutes where there are many; a dash where nothing was measured."""
    if number is None:
        return "–"
    return f"{number:.1f} s" if number < 100 else f"{number / 60:.1f} min"


def percent(value: float | Decimal | None) -> str:
    """A share of one; a dash where there is nothing to judge."""
    return "–" if value is None else f"{100 * value:.0f} %"


@dataclass(frozen=True)
class Standing:
    """How a run stands: a picture, and the same in words."""

    icon: str
    words: str

    @classmethod
    def of(cls, run: Run) -> "Standing":
        """Green: nothing is missing. A warning: something is, or a person has to act. A cross: there is no result."""
        if run.withdrawn_at:
            return cls(HIDDEN, _("withdrawn from the public"))
        if run.state not in Run.FINISHED:
            found, told = STATES[Run.State(run.state)]
            return cls(found, str(told))
        words = _("done, private") if run.kind == Run.Kind.TRIAL else _("published")
        found = WARNING if run.partial else GOOD
        if run.state == Run.State.AWAITING_REVIEW:
            found, words = EYE, _("waits for review")
        return cls(found, _("%s, partial") % words if run.partial else words)

    def __str__(self) -> SafeString:
        return format_html('<span class="state">{} {}</span>', icon(self.icon), capfirst(self.words))


# Many runs, for the list


@dataclass
class Counts:
    """The reports of one run, counted."""

    reports: int = 0
    settled: int = 0
    succeeded: int = 0
    failed: int = 0
    lost: int = 0
    withheld: int = 0
    grounded: float | None = None

    @property
    def failures(self) -> str:
        """What went wrong, in words."""
        told = ((self.failed, _("failed")), (self.lost, _("outcome unknown")), (self.withheld, _("withheld")))
        return ", ".join(f"{number} {what}" for number, what in told if number)


def counts_of(runs: Iterable[Run]) -> Mapping[int, Counts]:
    """The counts of every run, by its number: two queries, however many runs there are."""
    numbers = [run.pk for run in runs]
    reports = Report.objects.filter(entry__run__in=numbers).order_by()
    rows = reports.values_list("entry__run").annotate(
        reports=Count("pk"),
        settled=Count("pk", filter=Q(state__in=Report.SETTLED)),
        succeeded=Count("pk", filter=Q(state=Report.State.SUCCEEDED)),
        failed=Count("pk", filter=Q(state=Report.State.FAILED)),
        lost=Count("pk", filter=Q(state=Report.State.UNKNOWN_OUTCOME)),
        withheld=Count("pk", filter=Q(withheld_at__isnull=False)),
    )
    found = {run: Counts(*counted) for run, *counted in rows}
    scores = Score.objects.filter(report__entry__run__in=numbers, metric="groundedness").order_by()
    versions = scores.values("report__entry__run", "scorer_version").annotate(mean=Avg("value"), at=Max("computed_at"))
    for row in versions.order_by("at"):  # the newest version is the last
        found[row["report__entry__run"]].grounded = row["mean"]
    return found


def count(reports: Iterable[Report]) -> Counts:
    """The same counts of reports that are read already."""
    states, found = Counter(report.state for report in reports), Counts()
    found.reports = sum(states.values())
    found.settled = sum(states[state] for state in Report.SETTLED)
    found.succeeded, found.failed = states[Report.State.SUCCEEDED], states[Report.State.FAILED]
    found.lost = states[Report.State.UNKNOWN_OUTCOME]
    found.withheld = sum(report.withheld_at is not None for report in reports)
    return found
