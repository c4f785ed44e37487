"""Ballots counted: by run, by the reports that stood on them, and by the place of the chosen one. Pure.

A million votes become some ten thousand whole numbers here, in one pass over an iterator; everything else in this
room works on those. The same ballots in any order give the same tally.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

LEAST_VOTES = 30

LineUp = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ballot:
    """What `count` voters of a run answered to one line-up, given in the order in which they saw it.

    `line_up` and `choice` are names of models; the choice stands in the line-up (else ValueError when counted).
    """

    run: int
    line_up: tuple[str, ...]
    choice: str
    count: int = 1


@dataclass(frozen=True)
class RunTally:
    """One run's votes, all of them for a report.

    wins: for each line-up (numbers of models, ascending) how often each of them was chosen. places: for each size of
    ballot how often each place, from 0, was chosen.
    """

    wins: Mapping[LineUp, Sequence[int]]
    places: Mapping[int, Mapping[int, int]]

    @cached_property
    def ballots(self) -> dict[LineUp, int]:
        """How many voters chose from each line-up."""
        return {line_up: sum(wins) for line_up, wins in self.wins.items()}

    @cached_property
    def votes(self) -> int:
        """How many voters chose."""
        return sum(self.ballots.values())

    @cached_property
    def weight(self) -> float:
        """What one vote weighs: every run weighs the same, but one of few votes no more than those."""
        return 1 / max(self.votes, LEAST_VOTES)

    @cached_property
    def models(self) -> set[int]:
        """Those that stood on a ballot."""
        return {model for line_up in self.wins for model in line_up}

    def won(self, models: int) -> list[int]:
        """How often each of so many models was chosen."""
        counts = [0] * models
        for line_up, wins in self.wins.items():
            for model, count in zip(line_up, wins, strict=True):
                counts[model] += count
        return counts

    def offered(self, models: int) -> list[int]:
        """On how many ballots each of so many models stood."""
        counts = [0] * models
        for line_up, votes in self.ballots.items():
            for model in line_up:
                counts[model] += votes
        return counts


@dataclass(frozen=True, slots=True)
class Tally:
    """All runs' votes. `models` in alphabetical order: their places are the numbers used in the runs' tallies."""

    models: tuple[str, ...]
    runs: Mapping[int, RunTally]

    @property
    def votes(self) -> int:
        """How many voters chose, in all runs."""
        return sum(run.votes for run in self.runs.values())

    @property
    def chosen(self) -> list[int]:
        """How often each model was chosen."""
        return totals(run.won(len(self.models)) for run in self.runs.values())

    @property
    def offered(self) -> list[int]:
        """On how many ballots each model stood."""
        return totals(run.offered(len(self.models)) for run in self.runs.values())

    @property
    def line_ups(self) -> set[LineUp]:
        """Every line-up that somebody chose from."""
        return {line_up for run in self.runs.values() for line_up in run.wins}

    @property
    def equal_line_ups(self) -> bool:
        """Whether every ballot offered every model."""
        return self.line_ups == {tuple(range(len(self.models)))}

    @property
    def usual_size(self) -> int:
        """How many reports most ballots offered; the larger one where two sizes are as frequent."""
        sizes: Counter[int] = Counter()
        for run in self.runs.values():
            for line_up, votes in run.ballots.items():
                sizes[len(line_up)] += votes
        return max(sizes, key=lambda size: (sizes[size], size))


def totals(rows: Iterable[Sequence[int]]) -> list[int]:
    """The sums of columns."""
    return [sum(column) for column in zip(*rows, strict=True)]


Answers = dict[tuple[int, tuple[str, ...], str], int]


def tally(ballots: Iterable[Ballot]) -> Tally:
    """Count ballots. Those of one report alone say nothing and are left out, and so is a count of nought."""
    answers: Answers = defaultdict(int)
    for ballot in ballots:
        answers[ballot.run, ballot.line_up, ballot.choice] += ballot.count
    said = {answer: count for answer, count in answers.items() if count and len(answer[1]) > 1}
    models = tuple(sorted({model for _, line_up, _ in said for model in line_up}))
    return Tally(models, by_run(said, {model: number for number, model in enumerate(models)}))


def by_run(answers: Answers, numbers: Mapping[str, int]) -> dict[int, RunTally]:
    """The tallies of the runs, in ascending order, as are the line-ups within."""
    wins: dict[int, dict[LineUp, list[int]]] = defaultdict(dict)
    places: dict[int, dict[int, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for (run, shown, choice), count in answers.items():
        if choice not in shown or len(set(shown)) < len(shown):
            raise ValueError(f"A ballot of run {run} offered {', '.join(shown)}; nobody can have chosen {choice}.")
        line_up = tuple(sorted(numbers[model] for model in shown))
        wins[run].setdefault(line_up, [0] * len(line_up))[line_up.index(numbers[choice])] += count
        places[run][len(shown)][shown.index(choice)] += count
    return {run: RunTally(dict(sorted(wins[run].items())), dict(places[run])) for run in sorted(wins)}


def without_reports(ballots: Iterable[Ballot], withheld: set[tuple[int, str]]) -> Iterable[Ballot]:
    """The ballots as if some reports, given as (run, model), had not been offered.

    Votes for them do not count; a vote for another report counts among those that are left, which is what the
    model of first choices implies (independence of irrelevant alternatives).
    """
    for ballot in ballots:
        left = tuple(model for model in ballot.line_up if (ballot.run, model) not in withheld)
        if ballot.choice in left:
            yield Ballot(ballot.run, left, ballot.choice, ballot.count)
