"""The public pages. They only read: none spends money, and none sets a cookie."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from evaluations.models import Evaluation, Report, Run, Source
from evaluations.models.blindness import Part
from evaluations.models.folding import fold
from evaluations.models.runs import RunQuerySet
from evaluations.presentation import cache
from evaluations.presentation.columns import Column, blind_columns, columns_of
from evaluations.presentation.hosts import host_of
from evaluations.presentation.stories.excerpts import excerpts
from evaluations.presentation.stories.linked_data import linked_run
from evaluations.presentation.stories.stories import news_of, stories_of, story_from_cards
from evaluations.presentation.tables.runs import run_table

from .access import asked_models, chosen_evaluation, public_page, public_run, public_runs
from .page_cache import ready_made

COLUMNS_A_PAGE = 12
RUNS_A_PAGE = 20
LONGEST_SEARCH = 100  # characters


def start(request: HttpRequest, evaluation: Evaluation | None) -> HttpResponse:
    """What to do where nothing has been published; the sandbox is offered, not announced."""
    named = evaluation if evaluation and not evaluation.sandbox else None
    exhibits = evaluation is not None and public_runs().filter(evaluation=evaluation).exists()
    facts = {"evaluation": named, "exhibits": exhibits, "being_made": being_made(evaluation)}
    return render(request, "evaluations/start.html", facts)


@public_page
def archive(request: HttpRequest) -> HttpResponse:
    """All published runs of an evaluation, newest first."""
    evaluation = chosen_evaluation(request)
    if evaluation is None:
        return start(request, None)
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    runs = Run.objects.for_archive(evaluation).defer("context__payload")
    page = Paginator(search(runs, words), RUNS_A_PAGE).get_page(request.GET.get("page"))
    news = news_of(page)
    stories = stories_of(page, news)
    found = excerpts(page, stories, words) if words else {}
    rows = [(run, stories.get(run.pk), news[run.pk], found.get(run.pk)) for run in page]
    facts = {"evaluation": evaluation, "page": page, "rows": rows, "words": words}
    return render(request, "evaluations/archive.html", facts | {"being_made": being_made(evaluation)})


def search(runs: RunQuerySet, words: str) -> RunQuerySet:
    """Of these runs, those whose sources or reports speak of something; of an open run only its sources count."""
    if not words:
        return runs
    folded = fold(words)
    sources = Source.objects.filter(context=OuterRef("context"), title__folded__contains=folded)
    readable = Report.objects.readable().filter(entry__run=OuterRef("pk"))
    told = runs.order_by().seen(Part.NAMES).values("pk")
    reports = readable.filter(Q(text__folded__contains=folded) | Q(entry__name__folded__contains=folded))
    return runs.filter(Q(Exists(sources)) | Q(Exists(reports), pk__in=told))


def being_made(evaluation: Evaluation | None) -> bool:
    """Whether a run of the evaluation is under way: all that the public hears of it.

    Before the first real run is published, the run that will be counts, too.
    """
    evaluations = Q(evaluation=evaluation) if evaluation else Q()
    if evaluation is None or evaluation.sandbox:
        evaluations |= Q(evaluation__public=True, evaluation__sandbox=False)
    return Run.objects.live().filter(evaluations).exists()


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


# The comparison


def compare(request: HttpRequest, run: Run) -> HttpResponse:
    """The side-by-side page of a run."""
    facts = {"evaluation": run.evaluation, "run": run, "sources": source_count(run), "card": run.pk}
    if run.is_blind:
        return render(request, "evaluations/run_blind.html", facts | blind_facts(request, run))
    return ready_made(render(request, "evaluations/run.html", facts | open_facts(request, run)), run.pk)


def original_of(run: Run) -> Run | None:
    """The run that this one replays, where everybody may see it."""
    return Run.objects.seen(Part.NAMES).filter(pk=run.replay_of_id).only("pk").first() if run.replay_of_id else None


def replays_of(run: Run) -> list[Run]:
    """The replays of a run that everybody may see, newest first."""
    return list(Run.objects.seen(Part.NAMES).filter(replay_of=run).only("pk", "published_at"))


def scorer_versions(columns: Iterable[Column]) -> list[str]:
    """The versions of the scorers behind these columns; a page with more than one says so."""
    return sorted({column.card.scores.version for column in columns} - {""})


def source_count(run: Run) -> int:
    """How many sources the models were given."""
    return run.context.sources.count() if run.context else 0


def blind_facts(request: HttpRequest, run: Run) -> dict[str, Any]:
    """The readable reports in the run's blind order, and only the number of the others."""
    cards = [card for card in cache.reports(run) if card.sample == 1]
    columns = blind_columns(cards)
    page = Paginator(columns, COLUMNS_A_PAGE).get_page(request.GET.get("page"))
    named = [(gettext("Report {label}").format(label=column.label), column.anchor) for column in columns]
    linked = linked_run(run, gettext("Which of these reports is best?"), named)
    return {"models": len(cards), "missing": len(cards) - len(columns), "page": page, "linked_data": linked}


def open_facts(request: HttpRequest, run: Run) -> dict[str, Any]:
    """What the address asks for: `models=a,b`, else all by pages; `baseline=a`; `marks=off`; `sort=words`."""
    marks, baseline = request.GET.get("marks") != "off", request.GET.get("baseline", "")
    columns = columns_of(cache.reports(run), marks=marks, baseline=baseline)
    base = next((column for column in columns if column.card.model == baseline), None)
    story = story_from_cards(run, (column.card for column in columns))
    named = [(column.card.name, column.anchor) for column in columns if column.card.readable]
    asked = asked_models(request)
    chosen = [column for column in columns if column.card.model in asked] or columns
    page = Paginator(chosen, COLUMNS_A_PAGE).get_page(request.GET.get("page"))
    samples = [sample.card for column in columns for sample in (column, *column.further)]
    costs = [card.cost_usd for card in samples if card.cost_usd is not None]
    return {
        "columns": columns,
        "page": page,
        "marks": marks,
        "marked": any(column.card.notes for column in page),
        "baseline": base,
        "table": run_table(run, columns, base, request.GET.get("sort", "")),
        "original": original_of(run),
        "replays": replays_of(run),
        "story": story,
        "linked_data": linked_run(run, story.headline, named),
        "chosen": [column.card.model for column in chosen] if len(chosen) < len(columns) else [],
        "readable": [column for column in columns if column.card.readable],
        "unread": sum(not column.card.readable for column in columns),
        "scorers": scorer_versions(columns),
        "cost_usd": sum(costs) if costs else None,
        "cost_is_partly_unknown": any(card.cost_is_unknown for card in samples),
    }
