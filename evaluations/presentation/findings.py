"""What the last runs say about each model: means with their spread, and how they went over time."""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext_lazy as _

from evaluations.models import Evaluation, Report, Run, RunEntry, Score
from evaluations.models.blindness import Part
from evaluations.statistics.intervals import Interval, mean_over_runs

from .cards import Scores

RUNS = 20
EXTREMES = 3  # best and worst reports of a model

# Metric, what a column calls it, and how its numbers are written (a filter of templatetags/pages.py).
BEHAVIOURS = (
    ("groundedness", _("Grounded"), "percent"),
    ("context_utilization", _("Sources used"), "percent"),
    ("format_compliance", _("Format kept"), "percent"),
    ("words", _("Words"), "whole"),
    ("latency_seconds", _("Seconds"), "seconds"),
    ("cost_usd", _("Cost"), "usd"),
    ("cost_per_1000_grounded_words", _("Cost per 1,000 grounded words"), "usd"),
)

SHARES = frozenset(metric for metric, _label, form in BEHAVIOURS if form == "percent")


class Result(NamedTuple):
    """One model's first report in one run whose vote has closed."""

    run: int
    report: int
    published_at: datetime
    slug: str
    name: str
    readable: bool
    withheld: bool
    served_model: str
    scorer_version: str
    flags: tuple[str, ...]
    metrics: dict[str, float]


@dataclass(frozen=True)
class Spread:
    """The mean over runs with its 95 % interval, and the standard deviation, from two runs on."""

    form: str
    label: Any
    metric: str
    mean: float | None
    deviation: float | None
    count: int
    interval: Interval | None = None


class Model(NamedTuple):
    """What the last runs say about one model, newest first."""

    slug: str
    name: str
    results: list[Result]

    @property
    def reports(self) -> list[Result]:
        """The runs in which it gave a report that everybody may read."""
        return [result for result in self.results if result.readable]

    @property
    def behaviours(self) -> list[Spread]:
        """Every behaviour with its spread."""
        return [self.spread(metric, label, form) for metric, label, form in BEHAVIOURS]

    def spread(self, metric: str, label: Any = "", form: str = "") -> Spread:
        """One behaviour over the reports that have it."""
        values = [result.metrics[metric] for result in self.reports if metric in result.metrics]
        mean = statistics.fmean(values) if values else None
        deviation = statistics.stdev(values) if len(values) > 1 else None
        return Spread(form, label, metric, mean, deviation, len(values), interval_of(values, metric))

    @property
    def scorers(self) -> list[str]:
        """The versions of the scorers that saw its reports; only the newest one's scores are in the means."""
        return sorted({result.scorer_version for result in self.results} - {""}, key=version_key)

    @property
    def flagged(self) -> int:
        """How many of its reports carry a flag."""
        return sum(bool(result.flags) for result in self.reports)

    @property
    def best(self) -> list[Result]:
        """Its best grounded reports, the best first; never more than half of all, none where all are alike."""
        return self._ranked[: min(EXTREMES, len(self._ranked) // 2)]

    @property
    def worst(self) -> list[Result]:
        """Its worst grounded reports, the worst first."""
        return self._ranked[::-1][: min(EXTREMES, len(self._ranked) // 2)]

    @property
    def _ranked(self) -> list[Result]:
        scored = [result for result in self.reports if "groundedness" in result.metrics]
        alike = len({result.metrics["groundedness"] for result in scored}) == 1
        return [] if alike else sorted(scored, key=lambda result: -result.metrics["groundedness"])

    @property
    def changes(self) -> list[tuple[Result, Result]]:
        """Where another model was served than in the run before: the run before, and the run since."""
        named = [result for result in reversed(self.results) if result.served_model]
        return [(old, new) for old, new in pairwise(named) if old.served_model != new.served_model][::-1]


def interval_of(values: Sequence[float], metric: str) -> Interval | None:
    """Where the mean of further runs may lie, 95 %: no share above all or below nothing, no cost below zero."""
    found = mean_over_runs(values).interval if values else None
    most = 1.0 if metric in SHARES else math.inf
    return found and Interval(max(0.0, found.low), min(most, found.high))


def closed_runs(evaluation: Evaluation | None) -> list[Run]:
    """The newest runs that count and whose vote has closed."""
    runs = Run.objects.seen(Part.FINDINGS).filter(evaluation=evaluation)
    return list(runs.only("pk", "published_at")[:RUNS])


def history(evaluation: Evaluation | None, slug: str, number: str | None) -> tuple[Page[Run], list[Result]]:
    """A page of all closed runs in which the model took part, newest first, and how it did in them."""
    runs = Run.objects.seen(Part.FINDINGS).filter(evaluation=evaluation)
    took_part = RunEntry.objects.filter(run=OuterRef("pk"), slug=slug)
    page = Paginator(runs.filter(Exists(took_part)).only("pk", "published_at"), RUNS).get_page(number)
    return page, list(results_in({run.pk: run for run in page}, slug))


def models(evaluation: Evaluation | None, slug: str | None = None) -> list[Model]:
    """Every model of the last runs, in the order of its mean groundedness; scores of one scorer version only."""
    runs = {run.pk: run for run in closed_runs(evaluation)}
    results = list(results_in(runs, slug))
    newest = max((result.scorer_version for result in results), key=version_key, default="")
    by_slug: dict[str, list[Result]] = {}
    for result in results:
        kept = result if result.scorer_version in ("", newest) else without_scores(result)
        by_slug.setdefault(result.slug, []).append(kept)
    found = [Model(slug, rows[0].name, rows) for slug, rows in by_slug.items()]
    return sorted(found, key=lambda model: (-(model.spread("groundedness").mean or 0), model.slug))


def version_key(version: str) -> tuple[int, str]:
    """Versions in their order: "10" after "9"."""
    return (int(version), "") if version.isdecimal() else (0, version)


def without_scores(result: Result) -> Result:
    """A result of an older scorer: what was measured stays, what was scored goes."""
    measured = {name: value for name, value in result.metrics.items() if name in ("cost_usd", "latency_seconds")}
    return result._replace(metrics=measured)


def results_in(runs: dict[int, Run], slug: str | None) -> Iterable[Result]:
    """The results of these runs, newest run first, in roster order."""
    entries = RunEntry.objects.filter(run__in=runs, **({"slug": slug} if slug else {}))
    scores = Prefetch("scores", Score.objects.defer("evidence"))
    firsts = Report.objects.filter(sample=1).defer("text", "html").prefetch_related(scores)
    rows = sorted(
        entries.prefetch_related(Prefetch("reports", firsts)),
        key=lambda entry: (runs[entry.run_id].published_at, entry.run_id, -entry.position),
        reverse=True,
    )
    return (result_of(runs[entry.run_id], entry, report) for entry in rows for report in entry.reports.all())


def result_of(run: Run, entry: RunEntry, report: Report) -> Result:
    """One report as a result; of a withheld one nothing but that it is."""
    scores = Scores.of(report)
    numbers = {**scores.values, "cost_usd": report.cost_usd, "latency_seconds": report.latency_seconds}
    assert run.published_at
    return Result(
        run=run.pk,
        report=report.pk,
        published_at=run.published_at,
        slug=entry.slug,
        name=entry.name,
        readable=report.readable,
        withheld=report.withheld_at is not None,
        served_model=report.served_model,
        scorer_version=scores.version,
        flags=tuple(report.flags) if report.readable else (),
        metrics={name: float(value) for name, value in numbers.items() if value is not None} if report.readable else {},
    )


def table(found: Sequence[Model]) -> list[dict[str, Any]]:
    """The findings as rows of a file: one for each model and behaviour."""
    return [
        {
            "model": model.slug,
            "name": model.name,
            "runs": len(model.results),
            "reports": len(model.reports),
            "behaviour": spread.metric,
            "mean": spread.mean,
            "low": spread.interval and spread.interval.low,
            "high": spread.interval and spread.interval.high,
            "standard_deviation": spread.deviation,
            "count": spread.count,
        }
        for model in found
        for spread in model.behaviours
    ]
