"""Charts as numbers for SVG templates: places of points, ticks and labels. Pure; colours are the style sheet's."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .labels import Box, Label, place_labels

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 16, 44
LABEL_HEIGHT = 16

NO_LABEL = Label(Box(0, 0, 0, 0))

Value = tuple[str, float, float]  # label, x, y


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    value: float


@dataclass(frozen=True)
class Point:
    """A labelled point; no two labels cover each other, and where `led`, a line leads from the point to its label."""

    x: float
    y: float
    label: str
    label_x: float
    label_y: float
    anchor: str
    led: bool = False

    @property
    def line_end(self) -> tuple[float, float]:
        """Where the line from the point to its label ends."""
        return self.label_x - 4, self.label_y - 5


@dataclass(frozen=True)
class Chart:
    """Everything that a template draws."""

    points: list[Point]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def line(self) -> str:
        """The points as one line."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def chart(values: Sequence[Value], *, x_range: tuple[float, float], y_range: tuple[float, float]) -> Chart:
    """Points within the given ranges, with four or five ticks on each axis."""
    x_ticks, y_ticks = ticks(*x_range), ticks(*y_range)
    x_low, x_high, y_low, y_high = x_ticks[0], x_ticks[-1], y_ticks[0], y_ticks[-1]

    def x_of(value: float) -> float:
        return round(LEFT + (value - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT), 1)

    def y_of(value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM), 1)

    placed = [(x_of(x), y_of(y), label) for label, x, y in values]
    named = any(label for label, _, _ in values)
    labels = place_labels(placed, Box(LEFT, 0, WIDTH, HEIGHT - BOTTOM)) if named else [NO_LABEL] * len(placed)
    points = [
        Point(x, y, text, label.x, label.y, label.anchor, label.led)
        for (x, y, text), label in zip(placed, labels, strict=True)
    ]
    return Chart(
        points,
        [Tick(x_of(tick), tick) for tick in x_ticks],
        [Tick(y_of(tick), tick) for tick in y_ticks],
        width=max([WIDTH, *(math.ceil(label.box.right) for label in labels)]),
        height=max([HEIGHT, *(math.ceil(label.box.bottom) for label in labels)]),
    )


def ticks(low: float, high: float) -> list[float]:
    """Round numbers that enclose a range."""
    span = high - low or abs(high) or 1.0
    step = 10 ** math.floor(math.log10(span / 4))
    step *= next(factor for factor in (1, 2, 2.5, 5, 10) if span / (factor * step) <= 4.5)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


def spread_heights(boxes: Sequence[tuple[float, float, float]]) -> list[float]:
    """The heights of labels, given as left, right and height, moved down where they would cover each other."""
    moved = [height for _, _, height in boxes]
    done: list[int] = []
    for place in sorted(range(len(boxes)), key=moved.__getitem__):
        left, right, _ = boxes[place]
        for other in sorted(done, key=moved.__getitem__):
            beside = left < boxes[other][1] and boxes[other][0] < right
            if beside and abs(moved[place] - moved[other]) < LABEL_HEIGHT:
                moved[place] = moved[other] + LABEL_HEIGHT
        done.append(place)
    return moved
