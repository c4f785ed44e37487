"""The public pages. They only read: none spends money, and none sets a cookie."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from evaluations.models import Evaluation, Run
from evaluations.models.blindness import Part
from evaluations.presentation import cache
from evaluations.presentation.columns import blind_columns, columns_of
from evaluations.presentation.hosts import host_of
from evaluations.presentation.stories.linked_data import linked_run
from evaluations.presentation.stories.stories import story_from_cards
from evaluations.presentation.tables.runs import run_table

from .access import asked_models, public_page, public_run
from .page_cache import ready_made

COLUMNS_A_PAGE = 12


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
        "scorers": sorted({column.card.scores.version for column in columns} - {""}),  # a page with several says so
        "cost_usd": sum(costs) if costs else None,
        "cost_is_partly_unknown": any(card.cost_is_unknown for card in samples),
    }
