"""Made-up electorates, small and seeded, and the enumeration that `flips` is held against."""

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence

from votes.ranking import rank
from votes.statistics.lengths import Form
from votes.statistics.tallies import Ballot

NAMES = "abcdefghijklmnopqrstuvwxyz"

Cell = tuple[int, tuple[str, ...], str]


def electorate(
    seed: int, *, models: int = 4, size: int = 4, runs: Sequence[int] = (60, 60, 60), between_runs: float = 0.7
) -> list[Ballot]:
    """One ballot a vote; `runs` are their numbers of votes."""
    drawn = random.Random(seed)
    strengths = [drawn.gauss(0, 0.8) for _ in range(models)]
    made = []
    for run, votes in enumerate(runs):
        effects = [strength + drawn.gauss(0, between_runs) for strength in strengths]
        for _ in range(votes):
            line_up = drawn.sample(range(models), size)
            choice = drawn.choices(line_up, [math.exp(effects[model]) for model in line_up])[0]
            made.append(Ballot(run, tuple(NAMES[model] for model in line_up), NAMES[choice]))
    return made


def electorate_that_likes_length(
    seed: int, slope: float, *, models: int = 8, runs: int = 40, votes: int = 80, between_runs: float = 0.0
) -> tuple[list[Ballot], dict[tuple[int, str], Form]]:
    """Voters to whom words count: a report's log strength grows by `slope` with their logarithm. Model a is terse.

    `between_runs`: how far the models' strengths differ from run to run for other reasons than their words.
    """
    drawn = random.Random(seed)
    strengths = [drawn.gauss(0, 0.5) for _ in range(models)]
    forms, made = {}, []
    for run in range(runs):
        for model in range(models):
            words = math.exp(drawn.gauss(6 - (model == 0), 0.4))
            forms[run, NAMES[model]] = Form(round(words), drawn.randrange(6), drawn.randrange(12))
        effects = [drawn.gauss(0, between_runs) if between_runs else 0.0 for _ in range(models)]
        for _ in range(votes):
            line_up = drawn.sample(range(models), 4)
            weights = [
                math.exp(strengths[m] + effects[m] + slope * math.log(forms[run, NAMES[m]].words)) for m in line_up
            ]
            choice = drawn.choices(line_up, weights)[0]
            made.append(Ballot(run, tuple(NAMES[model] for model in line_up), NAMES[choice]))
    return made, forms


# What enumeration says of first place


def fewest_by_enumeration(ballots: Iterable[Ballot], leader: str, most: int) -> int | None:
    """How few votes, given to others on their ballots, put another model ahead of the leader."""
    cells: Counter[Cell] = Counter()
    for ballot in ballots:
        cells[ballot.run, tuple(sorted(ballot.line_up)), ballot.choice] += ballot.count
    changes = [(cell, other) for cell in cells for other in cell[1] if other != cell[2]]
    for count in range(1, most + 1):
        for chosen in itertools.combinations_with_replacement(changes, count):
            if possible(cells, chosen) and not leads(changed(cells, chosen), leader):
                return count
    return None


def possible(cells: Counter[Cell], chosen: Sequence[tuple[Cell, str]]) -> bool:
    """Whether there are as many votes as would have to change."""
    return all(cells[cell] >= count for cell, count in Counter(cell for cell, _ in chosen).items())


def changed(cells: Counter[Cell], chosen: Iterable[tuple[Cell, str]]) -> list[Ballot]:
    """The votes after some have changed."""
    after = Counter(cells)
    for cell, other in chosen:
        after[cell] -= 1
        after[cell[0], cell[1], other] += 1
    return [Ballot(*cell, count) for cell, count in after.items() if count]


def leads(ballots: Iterable[Ballot], leader: str) -> bool:
    """Whether no model is ahead of this one."""
    strengths = {row.model: row.strength for row in rank(ballots).rows}
    return max(strengths.values()) <= strengths[leader] + 1e-9
