"""Where the labels of a chart's points stand: beside their points, or in a column with lines to them. Pure.

No two labels meet. Their widths are taken wider than any common sans-serif font draws them, because what is drawn
here is shown in fonts that nobody here knows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FONT_SIZE = 16  # the largest that a style sheet of ours gives a label, in the chart's own units
LINE = 20
RADIUS = 5  # of a point
GAP = 4
NARROW, WIDE = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMWQOGDHNU@%&—")
GUTTER = 28  # between the plot and a column of labels


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two have more than an edge in common."""
        beside = self.left < other.right and other.left < self.right
        return beside and self.top < other.bottom and other.top < self.bottom

    def is_within(self, other: "Box") -> bool:
        """Whether this one lies inside the other."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


@dataclass(frozen=True, slots=True)
class Label:
    """A label's text box, where its text is anchored, and whether a line leads to its point."""

    box: Box
    anchor: str = "start"
    led: bool = False

    @property
    def x(self) -> float:
        """Where its text begins, ends or has its middle."""
        ends = {"start": self.box.left, "end": self.box.right}
        return round(ends.get(self.anchor, (self.box.left + self.box.right) / 2), 1)

    @property
    def y(self) -> float:
        """The baseline of its text."""
        return round(self.box.bottom - LINE / 4, 1)


def width_of(text: str) -> float:
    """How wide a text is at most, semi-bold."""
    shares = (0.36 if one in NARROW else 0.95 if one in WIDE or ord(one) > 0x2000 else 0.66 for one in text)
    return FONT_SIZE * sum(shares)


def place_labels(points: Sequence[tuple[float, float, str]], frame: Box) -> list[Label]:
    """A label for each point: all beside their points, or, where one has no room there, all in a column."""
    dots = [Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y, _ in points]
    placed: dict[int, Label] = {}
    for number in sorted(range(len(points)), key=lambda one: (points[one][0], points[one][1])):
        taken = [label.box for label in placed.values()] + [dot for one, dot in enumerate(dots) if one != number]
        fitting = (
            label
            for label in candidates(*points[number])
            if label.box.is_within(frame) and not any(label.box.meets(box) for box in taken)
        )
        found = next(fitting, None)
        if found is None:
            return place_in_column(points, frame)
        placed[number] = found
    return [placed[number] for number in range(len(points))]


def candidates(x: float, y: float, text: str) -> Iterator[Label]:
    """Places around a point, the best first."""
    width, near = width_of(text), RADIUS + GAP
    for top in (y - LINE / 2, y - LINE, y):
        yield Label(Box(x + near, top, x + near + width, top + LINE), "start")
        yield Label(Box(x - near - width, top, x - near, top + LINE), "end")
    for top in (y - near - LINE, y + near):
        yield Label(Box(x - width / 2, top, x + width / 2, top + LINE), "middle")


def place_in_column(points: Sequence[tuple[float, float, str]], frame: Box) -> list[Label]:
    """Labels below each other to the right of the frame, in the order of their points' heights.

    They reach below the frame only where they are too many for its height.
    """
    order = sorted(range(len(points)), key=lambda one: (points[one][1], points[one][0]))
    tops: list[float] = []
    for number in order:
        tops.append(max(points[number][1] - LINE / 2, tops[-1] + LINE if tops else frame.top))
    bottom = max(frame.bottom, frame.top + LINE * len(tops))
    for place in reversed(range(len(tops))):
        tops[place] = min(tops[place], bottom - LINE * (len(tops) - place))
    left = frame.right + GUTTER
    boxes = {
        number: Box(left, top, left + width_of(points[number][2]), top + LINE)
        for number, top in zip(order, tops, strict=True)
    }
    return [Label(boxes[number], "start", led=True) for number in range(len(points))]
