"""Do the intervals of the standings hold what they promise? Votes of made-up worlds whose truth is known.

`make bench-standings` prints, for six worlds and 5, 10, 30 and 100 runs, how often the 95 % intervals hold the truth,
how wide they are, and in how many worlds some pair of models that they tell apart is in the wrong order. The truth is
the marginal one: what a reader of a further run prefers, averaged over what differs between runs (`marginal`).
"""

import argparse
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, qmc

from votes import ranking
from votes.statistics.lengths import Form
from votes.statistics.tallies import Ballot

ON_A_BALLOT = 4
RUNS = (5, 10, 30, 100)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """A kind of electorate. `spread` and `between_runs`: standard deviations of log strengths; `votes`: per run."""

    name: str
    models: int = 8
    spread: float = 0.8
    between_runs: float = 0.7
    presence: float = 1.0
    votes: tuple[int, int] = (100, 100)


WORLDS = (
    World("8 models"),
    World("4 models, equal line-ups", models=4),
    World("12 models", models=12),
    World("models come and go", presence=0.6),
    World("runs of 3 to 300 votes", votes=(3, 300)),
    World("giants and dwarfs", spread=1.6),
)


@dataclass
class Coverage:
    """What was found in one world at one number of runs."""

    held: int = 0
    held_shares: int = 0
    intervals: int = 0
    worlds: int = 0
    wrong_order: int = 0
    widths: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """How many intervals hold the truth."""
        return self.held / self.intervals

    def add(self, other: "Coverage") -> None:
        """Count another part of the worlds."""
        for name in ("held", "held_shares", "intervals", "worlds", "wrong_order"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.widths += other.widths


def coverage(
    world: World, runs: int, seeds: range, read: Callable[[Iterator[Ballot]], Iterator[Ballot]] = iter
) -> Coverage:
    """Draw worlds, rank their votes as they are `read`, and look for the truth in the intervals."""
    found = Coverage()
    for seed in seeds:
        drawn = np.random.default_rng([seed, runs, WORLDS.index(world)])
        strengths = drawn.normal(0, world.spread, world.models)
        truth, shares = marginal(strengths, world.between_runs)
        look(found, ranking.rank(read(ballots(world, runs, strengths, drawn))), truth, shares)
    return found


def look(found: Coverage, table: ranking.Table | None, truth: Array, shares: Array) -> None:
    """Count one world's intervals."""
    assert table
    found.worlds += 1
    truth = truth - np.mean([truth[int(row.model)] for row in table.rows])
    placed = [row for row in table.rows if row.interval]
    for row in placed:
        assert row.interval
        assert row.share.interval
        found.intervals += 1
        found.held += row.interval.contains(truth[int(row.model)])
        found.held_shares += row.share.interval.contains(shares[int(row.model)])
        found.widths.append(row.interval.high - row.interval.low)
    found.wrong_order += any(
        one.interval.above(other.interval) and truth[int(one.model)] < truth[int(other.model)]
        for one, other in itertools.combinations(placed, 2)
        if one.interval and other.interval
    )


def ballots(world: World, runs: int, strengths: Array, drawn: np.random.Generator) -> Iterator[Ballot]:
    """The votes of a world. Models are named by their numbers."""
    for run in range(runs):
        present = np.flatnonzero(drawn.random(world.models) < world.presence)
        if len(present) < 2:
            continue
        effects = strengths + drawn.normal(0, world.between_runs, world.models)
        yield from votes_of_run(run, effects, present, int(drawn.integers(*world.votes, endpoint=True)), drawn)


def votes_of_run(
    run: int, effects: Array, present: NDArray[np.intp], count: int, drawn: np.random.Generator
) -> Iterator[Ballot]:
    """The votes of one run: four of the present models at random on each ballot, chosen by their strengths there."""
    order = np.argsort(drawn.random((count, len(present))), axis=1)[:, :ON_A_BALLOT]
    shown = np.sort(present[order], axis=1)
    best = np.argmax(effects[shown] + drawn.gumbel(size=shown.shape), axis=1)
    chosen = shown[np.arange(count), best]
    answers = Counter(zip(map(tuple, shown.tolist()), chosen.tolist(), strict=True))
    for (line_up, choice), times in answers.items():
        yield Ballot(run, tuple(map(str, line_up)), str(choice), times)


# The truth


def marginal(strengths: Array, between_runs: float) -> tuple[Array, Array]:
    """What readers of further runs prefer: the Plackett–Luce strengths nearest to their choices, and their shares.

    Both over ballots of four random models, averaged over what differs between runs. The strengths are those of which
    the votes of ever more runs leave no other (Kullback and Leibler); the shares are what each model can expect of
    a ballot on which it stands.
    """
    line_ups = np.array(list(itertools.combinations(range(len(strengths)), min(ON_A_BALLOT, len(strengths)))))
    effects = strengths + between_runs * normal_points(len(strengths))
    chances = choice_probabilities(effects[:, line_ups]).mean(axis=0)
    won = np.bincount(line_ups.ravel(), chances.ravel(), len(strengths))
    stood = np.bincount(line_ups.ravel(), minlength=len(strengths))
    return nearest(line_ups, won), won / stood


def choice_probabilities(utilities: Array) -> Array:
    """The conditional logit over the last axis."""
    weights = np.exp(utilities - utilities.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


@lru_cache(maxsize=8)
def normal_points(dimensions: int, exponent: int = 10) -> Array:
    """Points that fill a normal distribution evenly, with their mirror images."""
    points = norm.ppf(qmc.Sobol(dimensions, seed=11).random_base2(exponent))
    return np.concatenate([points, -points])


def nearest(line_ups: NDArray[np.intp], won: Array) -> Array:
    """The strengths under which each model is chosen as often as it was, one vote a line-up; Newton's method."""
    values = np.zeros(len(won))
    members = np.zeros((len(line_ups), len(won)))
    np.put_along_axis(members, line_ups, 1.0, axis=1)
    for _ in range(100):
        weights = members * np.exp(values)
        chances = weights / weights.sum(axis=1, keepdims=True)
        information = np.diag(chances.sum(axis=0)) - chances.T @ chances + 1e-12
        step = np.linalg.lstsq(information, won - chances.sum(axis=0), rcond=None)[0]
        values = values + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-10:
            break
    return values - values.mean()


# The table


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000, help="how many of each kind")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--runs", type=int, nargs="*", default=RUNS)
    parser.add_argument("--only", nargs="*", default=[world.name for world in WORLDS], help="worlds, by name")
    options = parser.parse_args()
    print(
        f"{'coverage of the marginal truth, %':34}"
        + "".join(f"{runs:>5} runs (width) [order]" for runs in options.runs)
    )
    with ProcessPoolExecutor(options.processes) as pool:
        for world in (world for world in WORLDS if world.name in options.only):
            cells = [cell(measure_cell(pool, world, runs, options)) for runs in options.runs]
            print(f"{world.name:34}" + "".join(f"{text:>26}" for text in cells), flush=True)
    print_cost()


def print_cost() -> None:
    """Print what everything computed from votes costs."""
    for votes in (5_000, 1_000_000):
        world = World("", models=12, votes=(votes // 60, votes // 60))
        drawn = np.random.default_rng(votes)
        cast = list(ballots(world, 60, drawn.normal(0, world.spread, 12), drawn))
        apart = [Ballot(ballot.run, ballot.line_up, ballot.choice) for ballot in cast for _ in range(ballot.count)]
        forms = {(run, str(model)): drawn_form(drawn) for run in range(60) for model in range(12)}
        started = time.process_time()
        ranking.standings(apart, forms)
        seconds = time.process_time() - started
        print(f"all of the standings of 12 models, 60 runs, {len(apart):>7} votes: {seconds:.2f} s of one core")


def drawn_form(drawn: np.random.Generator) -> Form:
    """The outward form of some report."""
    return Form(int(drawn.integers(150, 900)), int(drawn.integers(6)), int(drawn.integers(12)))


def measure_cell(pool: ProcessPoolExecutor, world: World, runs: int, options: argparse.Namespace) -> Coverage:
    """One cell of the table, its worlds shared out over the processes."""
    bounds = [options.worlds * part // options.processes for part in range(options.processes + 1)]
    parts = pool.map(partial(coverage, world, runs), itertools.starmap(range, itertools.pairwise(bounds)))
    found = Coverage()
    for part in parts:
        found.add(part)
    return found


def cell(found: Coverage) -> str:
    """Coverage of strengths and shares, the mean width, and worlds with a pair in the wrong order."""
    shares, wrong = 100 * found.held_shares / found.intervals, 100 * found.wrong_order / found.worlds
    return f"{100 * found.share:.1f} {shares:.1f} ({np.mean(found.widths):.2f}) [{wrong:.1f}]"


if __name__ == "__main__":
    main()
