"""Tables that can be sorted: a row for each model, a figure in each cell, the best of each column said in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

BEST, MOST, FASTEST, CHEAPEST = _("best"), _("most"), _("fastest"), _("cheapest")
NAME = "name"


@dataclass(frozen=True, slots=True)
class Kind:
    """A column: what it is called and says, and whether more of it is better (1), less (-1), or neither (0)."""

    key: str
    label: Any
    meaning: Any = ""
    better: int = 0
    best: Any = ""


MODEL = Kind(NAME, _("Model"), better=-1)


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands in a cell: a value to sort by, how it is written, and what is added in small."""

    value: float | None
    text: str
    notes: Sequence[Any] = ()


MISSING = Figure(None, "–")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one model, before it becomes a row."""

    slug: str
    name: str
    figures: Mapping[str, Figure]
    more: Any = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in its column; `best` says in a word that no other is better."""

    kind: Kind
    figure: Figure
    best: Any = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A model's row."""

    entry: Entry
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: how the rows are ordered by it now, and what `sort` in an address orders them next."""

    kind: Kind
    order: str  # as aria-sort says it; "" where the rows are ordered by another column
    link: str


@dataclass(frozen=True, slots=True)
class Table:
    """Everything that a template writes down."""

    headings: Sequence[Heading]
    rows: Sequence[Row]

    @property
    def meanings(self) -> list[Kind]:
        """The columns that need a word of explanation."""
        return [heading.kind for heading in self.headings if heading.kind.meaning]


def make_table(kinds: Iterable[Kind], entries: Sequence[Entry], sort: str = "") -> Table:
    """The table, without the columns that nobody has a figure for.

    `sort` is the key of a column, with a hyphen before it for the highest first; without one, or with another, the
    rows are ordered by the first column, the best first. Who has no figure stands last either way.
    """
    shown = [kind for kind in kinds if any(has(entry, kind) for entry in entries)]
    key, falling = read_sort(sort, shown)
    best = {kind.key: best_figure(kind, entries) for kind in shown}
    rows = [
        Row(entry, [cell(kind, entry, best[kind.key]) for kind in shown]) for entry in in_order(entries, key, falling)
    ]
    return Table([heading(kind, key, falling) for kind in (MODEL, *shown)], rows)


def heading(kind: Kind, key: str, falling: bool) -> Heading:
    """The head of a column; its link puts the best first, and the other way round where it is so already."""
    order, rising = "", kind.better < 0
    if kind.key == key:
        order, rising = ("descending", True) if falling else ("ascending", False)
    return Heading(kind, order, kind.key if rising else f"-{kind.key}")


def has(entry: Entry, kind: Kind) -> bool:
    """Whether this model has a figure of this kind."""
    return entry.figures.get(kind.key, MISSING).value is not None


def read_sort(sort: str, kinds: Sequence[Kind]) -> tuple[str, bool]:
    """By which column, and whether the highest stands first."""
    key = sort.removeprefix("-")
    if key in {NAME, *(kind.key for kind in kinds)}:
        return key, sort.startswith("-")
    return (kinds[0].key, kinds[0].better >= 0) if kinds else (NAME, False)


def in_order(entries: Sequence[Entry], key: str, falling: bool) -> list[Entry]:
    """The entries by one column; those without a figure last, and equal ones as they came."""
    if key == NAME:
        return sorted(entries, key=lambda entry: entry.name.casefold(), reverse=falling)

    def place(entry: Entry) -> tuple[bool, float]:
        value = entry.figures.get(key, MISSING).value
        return value is None, 0 if value is None else -value if falling else value

    return sorted(entries, key=place)


def best_figure(kind: Kind, entries: Sequence[Entry]) -> Figure:
    """The best figure of a column; none where none is best, because all are written alike or more is not better."""
    figures = [entry.figures[kind.key] for entry in entries if has(entry, kind)]
    if not kind.better or len({figure.text for figure in figures}) < 2:
        return MISSING
    return max(figures, key=lambda figure: kind.better * (figure.value or 0))


def cell(kind: Kind, entry: Entry, best: Figure) -> Cell:
    """One cell; the best one says so, and so does another that is as high, or is written the same."""
    figure = entry.figures.get(kind.key, MISSING)
    known = figure is not MISSING and best is not MISSING
    return Cell(kind, figure, kind.best if known and (figure.text == best.text or figure.value == best.value) else "")
