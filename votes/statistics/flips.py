"""How much first place hangs on: the fewest votes that, given to others, put another model first. Pure.

For a challenger, hold the two models equally strong and ask which of them the votes then pull up. The pull is what has
to be turned around. A vote that goes from the leader to the challenger changes it by exactly twice its weight,
because nothing else in that fit depends on which of the two has it; others count by their slope. So the votes that
weigh most (those of small runs) are taken first, and the result is checked by a new fit.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import sub

from votes.statistics.algebra import Vector
from votes.statistics.strengths import Strengths, add_pseudo_votes, average_weight, fit, moments, pool, solve_tied
from votes.statistics.tallies import LineUp, RunTally, Tally

MARGIN = 1e-9

Change = tuple[int, int, int]  # run, from which model, to which model


@dataclass(frozen=True, slots=True)
class Flips:
    """The votes that would have to go to another model for `challenger` to be first instead of `leader`.

    changes: how many votes of a run from one model to another, as ((run, from, to), votes) in the order of their runs.
    """

    leader: str
    challenger: str
    changes: tuple[tuple[tuple[int, str, str], int], ...]

    @property
    def votes(self) -> int:
        """How many votes that are."""
        return sum(votes for _, votes in self.changes)

    @property
    def runs(self) -> dict[int, int]:
        """How many of them are in which run."""
        found: Counter[int] = Counter()
        for (run, _, _), votes in self.changes:
            found[run] += votes
        return dict(found)


def flips(tally: Tally, found: Strengths) -> Flips | None:
    """The fewest changes that put another model first; None where no change of votes could."""
    order = sorted(range(len(tally.models)), key=lambda model: (-found.values[model], tally.models[model]))
    pooled, won = pool(tally)
    prior = average_weight(tally.runs.values())
    best: tuple[int, Counter[Change]] | None = None
    for challenger in order[1:]:
        contest = Contest(pooled, won, prior, order[0], challenger)
        changes = contest.fewest(tally.runs, best[1].total() - 1 if best else tally.votes)
        if changes is not None:
            best = challenger, changes
    return best and with_names(tally.models, order[0], *best)


def with_names(models: Sequence[str], leader: int, challenger: int, changes: Counter[Change]) -> Flips:
    """The changes with the models' names."""
    told = (((run, models[loser], models[winner]), votes) for (run, loser, winner), votes in sorted(changes.items()))
    return Flips(models[leader], models[challenger], tuple(told))


@dataclass(frozen=True, slots=True)
class Contest:
    """A leader and a challenger, with everything that is known of the votes."""

    pooled: Mapping[LineUp, float]
    won: Sequence[float]
    prior: float
    leader: int
    challenger: int

    @property
    def pair(self) -> tuple[int, int]:
        """Both, in the order in which `fit` wants them."""
        return min(self.leader, self.challenger), max(self.leader, self.challenger)

    def pull(self, won: Sequence[float]) -> tuple[float, Vector]:
        """By how much votes pull the leader above the challenger, and how that changes with each model's votes."""
        values, information = fit(self.pooled, won, self.prior, self.pair)
        expected, slopes = moments(self.pooled, [math.exp(value) for value in values])
        score = list(map(sub, won, expected))
        add_pseudo_votes(score, information, values, 0)
        slope = solve_tied(information, list(map(sub, slopes[self.challenger], slopes[self.leader])), *self.pair)
        slope[self.leader] += 1
        slope[self.challenger] -= 1
        return score[self.leader] - score[self.challenger], slope

    def fewest(self, runs: Mapping[int, RunTally], most: int) -> Counter[Change] | None:
        """The fewest changes; None where more than `most` would be needed."""
        pull, slope = self.pull(self.won)
        changes: Counter[Change] = Counter()
        if pull > (most + 1) * (max(slope) - min(slope)) * max(run.weight for run in runs.values()):
            return None
        for gain, change, available in self.options(runs, slope):
            while available and pull >= -MARGIN and changes.total() < most:
                wanted = min(available, most - changes.total(), math.floor((pull + MARGIN) / gain) + 1)
                changes[change] += wanted
                available -= wanted
                pull -= gain * wanted
                if pull < 2 * gain:
                    pull = self.pull_after(runs, changes)
        return self.without_needless(runs, changes) if pull < -MARGIN else None

    def pull_after(self, runs: Mapping[int, RunTally], changes: Counter[Change]) -> float:
        """The pull when votes have changed, by a new fit."""
        won = list(self.won)
        for (run, loser, winner), votes in changes.items():
            won[loser] -= runs[run].weight * votes
            won[winner] += runs[run].weight * votes
        return self.pull(won)[0]

    def without_needless(self, runs: Mapping[int, RunTally], changes: Counter[Change]) -> Counter[Change]:
        """The changes without those at the end that are not needed."""
        while any(change[1:] != (self.leader, self.challenger) for change in changes):
            fewer = changes - Counter([next(reversed(changes))])
            if not fewer or self.pull_after(runs, fewer) >= -MARGIN:
                break
            changes = fewer
        return changes

    def options(self, runs: Mapping[int, RunTally], slope: Vector) -> Iterator[tuple[float, Change, int]]:
        """What votes could do for the challenger at best: the gain of each, the change, and how many there are."""
        found: Counter[Change] = Counter()
        for run, tally in runs.items():
            for line_up, wins in tally.wins.items():
                to = min(line_up, key=slope.__getitem__)
                for model, count in zip(line_up, wins, strict=True):
                    if count and slope[model] > slope[to]:
                        found[run, model, to] += count
        gains = [((slope[c[1]] - slope[c[2]]) * runs[c[0]].weight, c, count) for c, count in found.items()]
        yield from sorted(gains, key=lambda gain: (-gain[0], gain[1]))
