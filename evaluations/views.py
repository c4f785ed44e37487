"""The public pages. They only read: none spends money, and none sets a cookie."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations import cache, comparison, example
from evaluations.models import Evaluation, ModelConfig, Report, Run, RunEntry, Score
from evaluations.public import chosen_evaluation, public_page, public_run, public_runs
from evaluations.rendering import host_of
from evaluations.scoring import SCORER_VERSION

COLUMNS_A_PAGE = 12
RUNS_A_PAGE = 20
# Measured by `make bench-scores`, kept by `make agreement`.
AGREEMENT = json.loads(Path(__file__).with_name("agreement.json").read_text())


@public_page
def latest(request: HttpRequest) -> HttpResponse:
    """The comparison of the newest published run; a welcome where there is none yet."""
    evaluation = chosen_evaluation(request)
    newest = public_runs().votable().filter(evaluation=evaluation).first()
    return compare(request, newest) if newest else start(request, evaluation)


def start(request: HttpRequest, evaluation: Evaluation | None) -> HttpResponse:
    """What to do where nothing has been published; the sandbox is offered, not announced."""
    named = evaluation if evaluation and not evaluation.sandbox else None
    return render(request, "evaluations/start.html", {"evaluation": named})


@public_page
def archive(request: HttpRequest) -> HttpResponse:
    """All published runs of an evaluation, newest first."""
    evaluation = chosen_evaluation(request)
    if evaluation is None:
        return start(request, None)
    runs = Run.objects.for_archive(evaluation)
    page = Paginator(runs, RUNS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "evaluations/archive.html", {"evaluation": evaluation, "page": page})


@public_page
def run(request: HttpRequest, run: int) -> HttpResponse:
    """One run side by side: blind while voting is open, with everything known afterwards."""
    return compare(request, public_run(run))


@public_page
def context(request: HttpRequest, run: int) -> HttpResponse:
    """What every model of a run was given to read."""
    shown_run = public_run(run)
    # A replay reads the context of the run that fetched it.
    fetched = shown_run.replay_of or shown_run
    queries = {answer.position: answer for answer in fetched.answers.defer("results")}
    full_text = fetched.search_options.get("full_text", Evaluation.FullText.NONE) != Evaluation.FullText.NONE
    sources = [
        {
            "source": source,
            "linked": host_of(source.url),
            "queries": [queries[position].query for position in source.queries if position in queries],
            "snippet_only": full_text and not source.has_text,
        }
        for source in (shown_run.context.sources.all() if shown_run.context else ())
    ]
    facts = {"evaluation": shown_run.evaluation, "run": shown_run, "fetched": fetched}
    return render(request, "evaluations/context.html", facts | {"queries": queries, "sources": sources})


@public_page
def model(request: HttpRequest, slug: str) -> HttpResponse:
    """How one model did in the last runs whose voting has closed."""
    evaluation = chosen_evaluation(request)
    page = Paginator(entries_of(evaluation, slug), RUNS_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"run": entry.run, "column": comparison.Column(cache.as_shown(entry, report))}
        for entry in page
        if not entry.run.voting_is_open
        for report in entry.reports.all()[:1]
    ]
    config = ModelConfig.objects.filter(evaluation=evaluation, slug=slug).first()
    name = config.name if config else page[0].name if page else None
    if name is None:
        raise Http404
    scorers = scorer_versions(row["column"] for row in rows)
    facts = {"evaluation": evaluation, "name": name, "config": config, "page": page, "rows": rows, "scorers": scorers}
    return render(request, "evaluations/model.html", facts)


@public_page
def about(request: HttpRequest) -> HttpResponse:
    """What this is, and how far to trust it."""
    return render(request, "evaluations/about.html", {"evaluation": chosen_evaluation(request)})


@public_page
def about_scores(request: HttpRequest) -> HttpResponse:
    """What each score says, by a worked example; how far people agree with it; what it cannot see."""
    facts = {
        "evaluation": chosen_evaluation(request),
        "example": example.example(),
        "demands": example.demands(),
        "report": example.REPORT,
        "sources": example.SOURCES,
        "cost_usd": example.COST_USD,
        "agreement": AGREEMENT,
        "scorer_version": SCORER_VERSION,
    }
    return render(request, "evaluations/about_scores.html", facts)


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may look at: nothing, until an evaluation allows it."""
    indexable = Evaluation.objects.for_the_public().filter(indexable=True).exists()
    return render(request, "robots.txt", {"indexable": indexable}, content_type="text/plain")


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve: the database answers and has the tables that this code expects."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        answer, status = {"status": "unavailable", "reason": "the database does not answer"}, 503
    else:
        answer, status = ({"status": "ok"}, 200) if not waiting else ({"status": "unavailable"}, 503)
        if waiting:
            answer["reason"] = f"{len(waiting)} migrations are not applied"
    response = JsonResponse(answer, status=status)
    response["Cache-Control"] = "no-store"
    return response


def entries_of(evaluation: Evaluation | None, slug: str) -> Any:
    """The published runs that a model took part in, newest first, with first samples and scores."""
    scores = Prefetch("scores", Score.objects.defer("evidence"))
    firsts = Report.objects.filter(sample=1).prefetch_related(scores)
    return (
        RunEntry.objects.filter(run__in=Run.objects.published().order_by())
        .filter(run__evaluation=evaluation, slug=slug)
        .select_related("run")
        .prefetch_related(Prefetch("reports", firsts))
        .order_by("-run__published_at", "-run_id")
    )


# The comparison


def compare(request: HttpRequest, run: Run) -> HttpResponse:
    """The side-by-side page of a run."""
    facts = {"evaluation": run.evaluation, "run": run, "sources": source_count(run)}
    if run.voting_is_open:
        return render(request, "evaluations/run_blind.html", facts | blind_facts(request, run))
    return render(request, "evaluations/run.html", facts | open_facts(request, run))


def scorer_versions(columns: Iterable[comparison.Column]) -> list[str]:
    """The versions of the scorers behind these columns; a page with more than one says so."""
    return sorted({column.shown["scorer_version"] for column in columns} - {""})


def source_count(run: Run) -> int:
    """How many sources the models were given."""
    return run.context.sources.count() if run.context else 0


def blind_facts(request: HttpRequest, run: Run) -> dict[str, Any]:
    """The readable reports in the run's blind order, and only the number of the others."""
    reports = [shown for shown in cache.reports(run) if shown["sample"] == 1]
    columns = comparison.blind_columns(reports)
    page = Paginator(columns, COLUMNS_A_PAGE).get_page(request.GET.get("page"))
    return {"models": len(reports), "missing": len(reports) - len(columns), "page": page}


def open_facts(request: HttpRequest, run: Run) -> dict[str, Any]:
    """The models that the address asks for (`models=a,b`), else all, by pages of twelve."""
    columns = comparison.columns(cache.reports(run))
    asked = [slug for value in request.GET.getlist("models") for slug in value.split(",") if slug]
    chosen = [column for column in columns if column.shown["model"] in asked] or columns
    page = Paginator(chosen, COLUMNS_A_PAGE).get_page(request.GET.get("page"))
    costs = [float(column.shown["cost_usd"]) for column in columns if column.shown["cost_usd"]]
    return {
        "columns": columns,
        "page": page,
        "chosen": [column.shown["model"] for column in chosen] if len(chosen) < len(columns) else [],
        "unread": sum(not column.shown["readable"] for column in columns),
        "scorers": scorer_versions(columns),
        "cost_usd": sum(costs) if costs else None,
    }
