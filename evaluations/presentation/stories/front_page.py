"""What the front page tells of an open vote and of the runs before it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evaluations.models import Run
from evaluations.presentation import cache
from evaluations.presentation.columns import blind_columns
from evaluations.presentation.drawing.strips import Strip, strips_of

from .inventions import invention_of
from .stories import News, Story, news_of, tell

OPENINGS = 4


def facts_of(voted_on: Run | None, closed: Sequence[Run]) -> Mapping[str, Any]:
    """All that the page says of the run that is voted on, where there is one, and of the last closed ones."""
    news = news_of([*([voted_on] if voted_on else []), *closed])
    stories = list(tell({run.pk: run for run in closed}, news).values())
    return (facts_of_vote(voted_on, news[voted_on.pk]) if voted_on else {}) | facts_of_findings(stories)


def facts_of_vote(run: Run, news: News) -> dict[str, Any]:
    """What is told of an open vote: its news, how many reports there are, and how some of them begin."""
    columns = blind_columns(cache.reports(run))
    told = columns[:OPENINGS]
    return {"voted_on": run, "news": news, "readable": len(columns), "openings": told, "more": len(columns) - len(told)}


def facts_of_findings(stories: Iterable[Story]) -> dict[str, Any]:
    """The story of the last decided run, and a line for each of the last ones."""
    stories = list(stories)
    if not stories:
        return {}
    drawn: list[tuple[Story, Strip | None]] = list(zip(stories, strips_of(stories), strict=True))
    return {"card": stories[0].run.pk, "story": stories[0], "invention": invention_of(stories[0]), "trend": drawn}
