"""The archive: every published run, newest first."""

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.models import Report, Run, Source
from evaluations.models.blindness import Part
from evaluations.models.folding import fold
from evaluations.models.runs import RunQuerySet
from evaluations.presentation.stories.excerpts import excerpts
from evaluations.presentation.stories.stories import news_of, stories_of

from .access import chosen_evaluation, public_page
from .start import being_made, start

RUNS_A_PAGE = 20
LONGEST_SEARCH = 100  # characters


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
