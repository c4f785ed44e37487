"""Strips: the groundedness of a run's reports as dots on one line, so that runs can be compared below each other."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from evaluations.presentation.stories.stories import Story

WIDTH, MARGIN, STEP = 240, 6, 10  # of the drawing; and of the axis in percent


class Strip(NamedTuple):
    """A run's dots, and in words what they show."""

    dots: list[float]
    low: int
    high: int
    begins: int  # what the left end of all strips means, in percent
    width: int = WIDTH


def strips_of(stories: Sequence[Story]) -> list[Strip | None]:
    """A strip for each run, all on the same axis; None for a run without scores."""
    shares = [[result.metrics["groundedness"] for result in story.ranking_of("groundedness")] for story in stories]
    lowest = min((100 * share for of_run in shares for share in of_run), default=0.0)
    begins = max(0, STEP * math.floor((lowest - 1) / STEP))
    return [strip(of_run, begins) if of_run else None for of_run in shares]


def strip(shares: Sequence[float], begins: int) -> Strip:
    """One run's strip on an axis that ends at 100 percent."""
    room = WIDTH - 2 * MARGIN
    dots = [round(MARGIN + room * (100 * share - begins) / (100 - begins), 1) for share in shares]
    return Strip(dots, round(100 * min(shares)), round(100 * max(shares)), begins)
