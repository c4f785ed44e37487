"""Whether the place on the ballot matters: how often the first, second … report was chosen. Pure."""

from dataclasses import dataclass

from evaluations.statistics.intervals import LEVEL, Mean, mean_over_runs
from votes.statistics.tallies import Tally


@dataclass(frozen=True, slots=True)
class PlaceEffect:
    """The share of votes for each place, first to last, over the runs; `chance` is what no effect would give each."""

    shares: tuple[Mean, ...]
    chance: float

    @property
    def seen(self) -> bool:
        """Whether some place was chosen more or less often than chance explains."""
        return any(share.interval and not share.interval.contains(self.chance) for share in self.shares)


def place_effect(tally: Tally) -> PlaceEffect:
    """From the ballots of the usual size; every voter's order is drawn anew, so models are spread over the places.

    The intervals hold together at 95 % (Bonferroni): without any effect, 1 in 20 electorates shows one.
    """
    size = tally.usual_size
    runs = [(run.places[size], run.weight) for run in tally.runs.values() if run.places.get(size)]
    weights = [sum(counts.values()) * weight for counts, weight in runs]
    by_place = [[counts.get(place, 0) / sum(counts.values()) for counts, _ in runs] for place in range(size)]
    level = 1 - (1 - LEVEL) / size
    return PlaceEffect(tuple(mean_over_runs(values, weights, level) for values in by_place), 1 / size)
