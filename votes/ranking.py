"""From ballots to standings. Pure: names of models and counts in, frozen records out.

**What is estimated.** The *marginal* strength: what a reader of a further run prefers, averaged over all that differs
between runs (their topic, their readers, how the models wrote that day). It is what the share of votes on a ballot
with random others converges to as runs are added, not the mean of the runs' own log strengths, which is larger by
a tenth. The run is the unit: a thousand votes in one run say no more about the next run than that run can.

**What no interval here sees**: the same people in every run (fingerprints differ by run, by design), and an electorate
that differs from one's own readers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evaluations.statistics.intervals import Interval
from votes.statistics.flips import Flips, flips
from votes.statistics.lengths import Effect, Forms, at_equal_length
from votes.statistics.places import PlaceEffect, place_effect
from votes.statistics.shares import Share, logistic, shares
from votes.statistics.strengths import Strengths, strengths
from votes.statistics.tallies import Ballot, Tally, tally

METHOD = "plackett-luce-cv3l-2"
PRELIMINARY_UNDER = 10


@dataclass(frozen=True, slots=True)
class Place:
    """One model's place.

    rank: 1 + number of models whose interval lies wholly above; None without an interval, that is under two runs.
    strength: log strength, 0 is the average model.
    """

    model: str
    rank: int | None
    strength: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Row(Place):
    """One model's place with its votes.

    share: of ballots of the usual size with random others. votes: how often it was chosen, offered: on how many ballots
    it stood, runs: in how many runs.
    """

    share: Share
    votes: int
    offered: int
    runs: int

    @property
    def preliminary(self) -> bool:
        """Whether the runs are too few for more than a first impression."""
        return self.runs < PRELIMINARY_UNDER


@dataclass(frozen=True, slots=True)
class Preference:
    """How probably a reader of a further run who chooses one of two models chooses the first of them."""

    model: str
    other: str
    probability: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Table:
    """The models, strongest first, and how each compares with the next one."""

    rows: tuple[Row, ...]
    preferences: tuple[Preference, ...]
    votes: int
    runs: int
    ballot_size: int
    equal_line_ups: bool

    @property
    def leaders(self) -> tuple[str, ...]:
        """The models that nothing shows to be behind another."""
        return tuple(row.model for row in self.rows if row.rank == 1)

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The largest groups of models, strongest first, of which no two can be told apart."""
        return indistinct_groups([(row.model, row.interval) for row in self.rows if row.interval])


@dataclass(frozen=True, slots=True)
class EqualTable:
    """The models' places when the reports of a run are alike in words, headings and lists, and what each feature does.

    Strongest first.
    """

    rows: tuple[Place, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Standings:
    """All that ballots say. `flips`: what first place hangs on; `equal`: None without forms that differ."""

    table: Table
    flips: Flips | None
    places: PlaceEffect
    equal: EqualTable | None


def standings(ballots: Iterable[Ballot], forms: Forms | None = None) -> Standings | None:
    """All that ballots say; None where nobody chose anything. `forms`: of every report that stood on a ballot."""
    counted = tally(ballots)
    if not counted.runs:
        return None
    found = strengths(counted)
    return Standings(
        table(counted, found), flips(counted, found), place_effect(counted), equal_table(counted, forms or {})
    )


def rank(ballots: Iterable[Ballot]) -> Table | None:
    """The table alone."""
    counted = tally(ballots)
    return table(counted, strengths(counted)) if counted.runs else None


def equal_table(counted: Tally, forms: Forms) -> EqualTable | None:
    """The table at equal length."""
    found = at_equal_length(counted, forms) if forms else None
    if found is None:
        return None
    intervals = [found.strengths.interval(model) for model in range(len(counted.models))]
    columns = zip(counted.models, ranks(intervals), found.strengths.values, intervals, strict=True)
    rows = sorted((Place(*column) for column in columns), key=lambda row: (-row.strength, row.model))
    return EqualTable(tuple(rows), found.effects)


def table(counted: Tally, found: Strengths) -> Table:
    """The table of a tally."""
    rows = sorted(rows_of(counted, found), key=lambda row: (-row.strength, row.model))
    return Table(
        tuple(rows),
        preferences(counted, found, [row.model for row in rows]),
        counted.votes,
        len(counted.runs),
        counted.usual_size,
        counted.equal_line_ups,
    )


def rows_of(counted: Tally, found: Strengths) -> list[Row]:
    """One row a model, in the tally's order."""
    numbers = range(len(counted.models))
    intervals = [found.interval(model) for model in numbers]
    placed, shared = ranks(intervals), shares(counted, found)
    chosen, offered = counted.chosen, counted.offered
    return [
        Row(
            model=counted.models[model],
            rank=placed[model],
            strength=found.values[model],
            interval=intervals[model],
            share=shared[model],
            votes=chosen[model],
            offered=offered[model],
            runs=found.runs[model],
        )
        for model in numbers
    ]


def ranks(intervals: Sequence[Interval | None]) -> list[int | None]:
    """1 + number of intervals that lie wholly above; models that cannot be told apart may share a rank."""
    known = [interval for interval in intervals if interval]
    return [1 + sum(other.above(interval) for other in known) if interval else None for interval in intervals]


def indistinct_groups(intervals: Sequence[tuple[str, Interval]]) -> tuple[tuple[str, ...], ...]:
    """The largest groups whose intervals all overlap, of two and more; each holds the lower end of one of its own."""
    groups = [tuple(name for name, interval in intervals if interval.contains(bound.low)) for _, bound in intervals]
    largest = [group for group in groups if len(group) > 1 and not any(set(group) < set(other) for other in groups)]
    return tuple(dict.fromkeys(largest))


def preferences(counted: Tally, found: Strengths, order: Sequence[str]) -> tuple[Preference, ...]:
    """Each model against the next one in the order given."""
    number = {name: place for place, name in enumerate(counted.models)}
    return tuple(preference(found, (one, number[one]), (other, number[other])) for one, other in pairwise(order))


def preference(found: Strengths, one: tuple[str, int], other: tuple[str, int]) -> Preference:
    """One model against another, each as name and number."""
    value, interval = found.difference(one[1], other[1])
    bounds = interval and Interval(logistic(interval.low), logistic(interval.high))
    return Preference(one[0], other[0], logistic(value), bounds)
