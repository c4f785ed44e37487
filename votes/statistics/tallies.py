"""Ballots counted: by run, by the reports that stood on them, and by the place of the chosen one. Pure.

A million votes become some ten thousand whole numbers here, in one pass over an iterator; everything else in this
room works on those. The same ballots in any order give the same tally.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class RunTally:
    """One run's votes: for each line-up (numbers of models, ascending) how often each of them was chosen."""

    wins: dict[LineUp, list[int]] = field(default_factory=dict)
    places: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def votes(self) -> int:
        """How many voters chose."""
        return sum(map(sum, self.wins.values()))

    @property
    def weight(self) -> float:
        """What one vote weighs: every run weighs the same, but one of few votes no more than those."""
        return 1 / max(self.votes, LEAST_VOTES)

    @property
    def models(self) -> set[int]:
        """Those that stood on a ballot."""
        return {model for line_up in self.wins for model in line_up}


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
            for line_up, wins in run.wins.items():
                sizes[len(line_up)] += sum(wins)
        return max(sizes, key=lambda size: (sizes[size], size))


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
    """The tallies of the runs, in ascending order."""
    runs: dict[int, RunTally] = {run: RunTally() for run in sorted({run for run, _, _ in answers})}
    for (run, shown, choice), count in answers.items():
        if choice not in shown or len(set(shown)) < len(shown):
            raise ValueError(f"A ballot of run {run} offered {', '.join(shown)}; nobody can have chosen {choice}.")
        line_up = tuple(sorted(numbers[model] for model in shown))
        wins = runs[run].wins.setdefault(line_up, [0] * len(line_up))
        wins[line_up.index(numbers[choice])] += count
        runs[run].places[len(shown)][shown.index(choice)] += count
    return {run: RunTally(dict(sorted(found.wins.items())), found.places) for run, found in runs.items()}


def without_reports(ballots: Iterable[Ballot], withheld: set[tuple[int, str]]) -> Iterable[Ballot]:
    """The ballots as if some reports, given as (run, model), had not been offered.

    Votes for them do not count; a vote for another report counts among those that are left, which is what the
    model of first choices implies (independence of irrelevant alternatives).
    """
    for ballot in ballots:
        left = tuple(model for model in ballot.line_up if (ballot.run, model) not in withheld)
        if ballot.choice in left:
            yield Ballot(ballot.run, left, ballot.choice, ballot.count)
