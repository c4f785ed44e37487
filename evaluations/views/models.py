"""The pages of findings: what the models did, in a table, in charts, and one by one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from evaluations.models import ModelConfig
from evaluations.presentation import findings
from evaluations.presentation.drawing.charts import chart
from evaluations.presentation.drawing.scatter import scatter
from evaluations.presentation.stories.telling_apart import separation_of
from evaluations.presentation.tables.models import models_table

from .access import chosen_evaluation, public_page
from .api import as_csv, as_file, as_json

FIELDS = ("model", "name", "runs", "reports", "behaviour", "mean", "low", "high", "standard_deviation", "count")


@public_page
def models(request: HttpRequest) -> HttpResponse:
    """All models side by side over the last runs."""
    evaluation = chosen_evaluation(request)
    found = findings.models(evaluation)
    facts = {
        "evaluation": evaluation,
        "models": found,
        "runs": len({result.run for model in found for result in model.results}),
        "table": models_table(found, request.GET.get("sort", "")),
        "apart": separation_of(found),
        "scatter": scatter(found),
        "numbered": scatter(found, numbered=True),
    }
    return render(request, "evaluations/models.html", facts)


@public_page
def model(request: HttpRequest, slug: str) -> HttpResponse:
    """One model over the last runs whose voting has closed."""
    evaluation = chosen_evaluation(request)
    config = ModelConfig.objects.filter(evaluation=evaluation, slug=slug).first()
    found = findings.models(evaluation, slug)
    page, results = findings.history(evaluation, slug, request.GET.get("page"))
    if not results and not found and config is None:
        raise Http404
    shown = found[0] if found else None
    facts = {
        "evaluation": evaluation,
        "config": config,
        "name": config.name if config else (found[0].name if found else results[0].name),
        "model": shown,
        "page": page,
        "results": results,
        "most": findings.RUNS,
        "scorers": shown.scorers if shown else [],
        "charts": series(shown) if shown else [],
    }
    return render(request, "evaluations/model.html", facts)


@public_page
def findings_csv(request: HttpRequest) -> HttpResponse:
    """The findings as a table."""
    return as_file(as_csv(FIELDS, findings.table(findings.models(chosen_evaluation(request)))), "findings.csv")


@public_page
def findings_json(request: HttpRequest) -> HttpResponse:
    """The findings as a document."""
    rows = findings.table(findings.models(chosen_evaluation(request)))
    return as_file(as_json({"runs_at_most": findings.RUNS, "findings": rows}), "findings.json")


def series(model: findings.Model) -> list[dict[str, Any]]:
    """Scores and cost over time, oldest first, each in a chart of its own."""
    shown = (
        ("groundedness", _("Grounded, in percent"), 100, "percent"),
        ("context_utilization", _("Sources used, in percent"), 100, "percent"),
        ("format_compliance", _("Format kept, in percent"), 100, "percent"),
        ("cost_usd", _("Cost of a report, in US dollars"), 1, "usd"),
    )
    charts = []
    for metric, title, factor, form in shown:
        results = [result for result in reversed(model.reports) if metric in result.metrics]
        if len(results) < 2:
            continue
        values = [("", float(place), factor * result.metrics[metric]) for place, result in enumerate(results)]
        top = 100.0 if factor == 100 else max(y for _, _, y in values)
        drawn = chart(values, x_range=(0, len(values) - 1), y_range=(0, top))
        charts.append({"title": title, "chart": drawn, "results": results, "metric": metric, "form": form})
    return charts
