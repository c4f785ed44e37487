"""What was taken back or scored anew since it was published: every withdrawal, withholding and rescoring."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _

from evaluations.models import Evaluation, Report, Run, Score
from evaluations.models.blindness import Part

MOST = 100


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision: when, about which run, what, and the note of whoever took it."""

    kind: str  # withdrawn, withheld, rescored
    at: datetime
    run: int
    linked: bool  # whether the run has a page
    what: str
    note: str

    @property
    def key(self) -> str:
        """What names it for ever."""
        return f"{self.kind}-{self.run}-{int(self.at.timestamp())}"


def corrections(evaluation: Evaluation | None) -> list[Correction]:
    """The newest corrections of an evaluation, newest first."""
    runs = Run.objects.filter(evaluation=evaluation)
    public = {run.pk: run for run in runs.seen(Part.PAGE).only("pk", "state", "kind", "published_at")}
    told = set(runs.order_by().seen(Part.NAMES).values_list("pk", flat=True))
    found = [*withdrawals(runs), *withholdings(public, told), *rescorings(set(public) & told)]
    return sorted(found, key=lambda one: (one.at, one.key), reverse=True)[:MOST]


def withdrawals(runs: Any) -> Iterator[Correction]:
    """Runs that were published and taken back."""
    taken_back = runs.filter(state=Run.State.PUBLISHED, withdrawn_at__isnull=False).exclude(kind=Run.Kind.TRIAL)
    for run in taken_back.order_by("-withdrawn_at")[:MOST]:
        yield Correction("withdrawn", run.withdrawn_at, run.pk, False, _("withdrawn as a whole"), run.withdrawn_note)


def withholdings(public: dict[int, Run], told: set[int]) -> Iterator[Correction]:
    """Reports that were withheld; while the vote is open neither whose it is nor why, which could tell who wrote it."""
    reports = Report.objects.filter(entry__run__in=public, withheld_at__isnull=False)
    rows = reports.order_by("-withheld_at").values_list("entry__run", "entry__name", "withheld_at", "withheld_note")
    for run, name, at, note in rows[:MOST]:
        assert at  # the rows are filtered by it
        known = run in told
        what = _("the report of {name} is withheld").format(name=name) if known else _("a report is withheld")
        later = _("Which one and why is told when the vote closes.")
        yield Correction("withheld", at, run, True, what, note if known else later)


def rescorings(runs: set[int]) -> Iterator[Correction]:
    """Runs that a newer scorer scored again."""
    scores = Score.objects.filter(report__entry__run__in=runs, metric="groundedness").order_by()
    by_version = scores.values_list("report__entry__run", "scorer_version").annotate(first=Min("computed_at"))
    before: dict[int, str] = {}
    for run, version, at in by_version.order_by("first"):
        if run in before:
            note = _("By scorer {version}; before that by scorer {old}.").format(version=version, old=before[run])
            yield Correction("rescored", at, run, True, _("scored again"), note)
        before[run] = version
