"""The archive: every published run, newest first, and what is said where there is none yet."""

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.models import Evaluation, Report, Run, Source
from evaluations.models.blindness import Part
from evaluations.models.folding import fold
from evaluations.models.runs import RunQuerySet
from evaluations.presentation.stories.excerpts import excerpts
from evaluations.presentation.stories.stories import news_of, stories_of

from .access import chosen_evaluation, public_page, public_runs

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
