"""The front page: what is voted on now, what the last decided run found, and how the last runs went."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.models import Evaluation, Run
from evaluations.models.blindness import Part
from evaluations.presentation import cache
from evaluations.presentation.columns import BlindColumn, blind_columns
from evaluations.presentation.drawing.strips import Strip, strips_of
from evaluations.presentation.stories.inventions import invention_of, shorten
from evaluations.presentation.stories.stories import Story, news_of, tell

from .access import chosen_evaluation, public_page
from .archive import being_made, start

RUNS_TOLD = 8
LOOKED_THROUGH = 5  # newest runs among which the open vote is
OPENINGS = 4
READ_FOR_OPENING = 1_500  # characters
SHORTEST_OPENING, LONGEST_OPENING = 60, 160


@public_page
def latest(request: HttpRequest) -> HttpResponse:
    """The open vote beside the last finding; a welcome where nothing has been published yet."""
    evaluation = chosen_evaluation(request)
    voted_on, closed = open_run(evaluation), closed_runs(evaluation)
    if voted_on is None and not closed:
        return start(request, evaluation)
    news = news_of([*filter(None, [voted_on]), *closed])
    stories = list(tell({run.pk: run for run in closed}, news).values())
    facts = {"evaluation": evaluation, "being_made": being_made(evaluation)}
    if voted_on:
        facts |= facts_of_vote(voted_on) | {"news": news[voted_on.pk]}
    return render(request, "evaluations/front.html", facts | facts_of_findings(stories))


def open_run(evaluation: Evaluation | None) -> Run | None:
    """The newest run whose vote is open, or about to open."""
    runs = Run.objects.seen(Part.FRONT_PAGE).filter(evaluation=evaluation).select_related("evaluation", "context")
    newest = runs.defer("system_message", "context__payload")[:LOOKED_THROUGH]
    return next((run for run in newest if run.is_blind), None)


def closed_runs(evaluation: Evaluation | None) -> list[Run]:
    """The last runs whose vote has closed, newest first."""
    runs = Run.objects.seen(Part.FINDINGS).filter(evaluation=evaluation).select_related("closing")
    return list(runs.defer("system_message")[:RUNS_TOLD])


def facts_of_vote(run: Run) -> dict[str, Any]:
    """What is told of an open vote: how many reports there are, and how some of them begin."""
    columns = blind_columns(cache.reports(run))
    openings = [(column, opening(column)) for column in columns[:OPENINGS]]
    return {"voted_on": run, "readable": len(columns), "openings": openings, "more": len(columns) - len(openings)}


def opening(column: BlindColumn) -> str:
    """The first statement of a report as everybody reads it while nobody is told who wrote it."""
    from evaluations.presentation.differences import statements  # late: without an open vote nothing is parsed

    found = [statement.words for statement in statements(column.text[:READ_FOR_OPENING])]
    first = next((words for words in found if len(words) >= SHORTEST_OPENING), next(iter(found), ""))
    return shorten(first, LONGEST_OPENING)


def facts_of_findings(stories: list[Story]) -> dict[str, Any]:
    """The story of the last decided run, and a line for each of the last ones."""
    if not stories:
        return {}
    drawn: list[tuple[Story, Strip | None]] = list(zip(stories, strips_of(stories), strict=True))
    return {"card": stories[0].run.pk, "story": stories[0], "invention": invention_of(stories[0]), "trend": drawn}
