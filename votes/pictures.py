"""The pictures of the standings as numbers for SVG templates. Pure; colours are the style sheet's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from evaluations.presentation.drawing.charts import Chart, Tick, chart, spread_heights, ticks

WIDTH = 640
LABELS = 170  # room for names on the left
RIGHT = 24
ROW = 34
AXIS = 40

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Whisker:
    """A model's share as a dot, its interval as a line from `low` to `high`, which are None without one."""

    name: str
    y: int
    dot: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Whiskers:
    """The dot-and-whisker picture: one row a model, shares across, and where chance alone would put everybody."""

    rows: list[Whisker]
    ticks: list[Tick]
    chance: float
    height: int
    width: int = WIDTH
    left: int = LABELS
    right: int = WIDTH - RIGHT

    @property
    def bottom(self) -> int:
        """Where the axis lies."""
        return self.height - AXIS


def whiskers(rows: Sequence[Row], ballot_size: int) -> Whiskers:
    """The shares of the models, in the order given; `rows` as in votes.outcomes.figures."""
    largest = max(row["share_high"] or row["share"] for row in rows)
    marks = ticks(0, max(largest, 1 / ballot_size))

    def x_of(share: float) -> float:
        return round(LABELS + share / marks[-1] * (WIDTH - LABELS - RIGHT), 1)

    drawn = [
        Whisker(
            name=row["name"],
            y=ROW * number + ROW // 2,
            dot=x_of(row["share"]),
            low=None if row["share_low"] is None else x_of(row["share_low"]),
            high=None if row["share_high"] is None else x_of(row["share_high"]),
        )
        for number, row in enumerate(rows)
    ]
    places = [Tick(x_of(mark), 100 * mark) for mark in marks]
    return Whiskers(drawn, places, x_of(1 / ballot_size), ROW * len(rows) + AXIS)


@dataclass(frozen=True, slots=True)
class Corners:
    """Preferred against grounded: the picture, and the models of each of its four corners by name."""

    chart: Chart
    both: list[str]
    preferred: list[str]
    grounded: list[str]
    neither: list[str]


def corners(rows: Sequence[Row], ballot_size: int) -> Corners | None:
    """Groundedness across, share up. Preferred: more than chance; grounded: no less than the median model."""
    known = [row for row in rows if row["groundedness"] is not None]
    if len(known) < 2:
        return None
    middle = median(row["groundedness"] for row in known)
    names: dict[tuple[bool, bool], list[str]] = {(one, two): [] for one in (True, False) for two in (True, False)}
    for row in known:
        names[row["share"] > 1 / ballot_size, row["groundedness"] >= middle].append(row["name"])
    values = [(row["name"], 100 * row["groundedness"], 100 * row["share"]) for row in known]
    low, high = min(x for _, x, _ in values), max(x for _, x, _ in values)
    drawn = chart(values, x_range=(max(0, low - 2), min(100, high + 2)), y_range=(0, max(y for _, _, y in values)))
    return Corners(drawn, names[True, True], names[True, False], names[False, True], names[False, False])


@dataclass(frozen=True, slots=True)
class Course:
    """One model's shares over time, as a line with its name where it ends."""

    name: str
    points: str
    x: float
    y: float
    label_y: float


@dataclass(frozen=True, slots=True)
class History:
    """The shares of all models over the computations, oldest first."""

    courses: list[Course]
    ticks: list[Tick]
    height: int = 320
    width: int = WIDTH
    left: int = 48
    right: int = WIDTH - LABELS
    bottom: int = 290


def history(shares: Mapping[str, Sequence[tuple[int, float]]], computations: int) -> History | None:
    """By name, each model's shares as (number of the computation, share); None under two computations."""
    if computations < 2:
        return None
    marks = ticks(0, max(share for course in shares.values() for _, share in course))
    frame = History([], [])

    def point(number: int, share: float) -> tuple[float, float]:
        across = frame.left + number / (computations - 1) * (frame.right - frame.left)
        return round(across, 1), round(frame.bottom - share / marks[-1] * (frame.bottom - 10), 1)

    ends = {name: point(*course[-1]) for name, course in shares.items()}
    heights = spread_heights([(frame.right, WIDTH, y) for _, y in ends.values()])
    courses = [
        Course(name, " ".join("{},{}".format(*point(*at)) for at in course), *ends[name], height + 4)
        for (name, course), height in zip(shares.items(), heights, strict=True)
    ]
    return History(courses, [Tick(point(0, mark)[1], 100 * mark) for mark in marks])
