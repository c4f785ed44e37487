"""What in the votes of one run may be no reader's doing: bursts, one network, reading times, places. Pure.

Signals for people to look at, never a verdict: an editor decides what is set apart. Each has the probability with which
honest votes would look as odd or odder, for as many windows or places as were looked at (Bonferroni).
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

WINDOW = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Cast:
    """One vote. `moment`: seconds since some beginning; `reading`: since its ballot was issued; `place`: from 0."""

    moment: float
    reading: float
    network: str
    choice: str
    place: int | None
    offered: int


@dataclass(frozen=True, slots=True)
class Burst:
    """The window with most votes, of how many there would be by chance, and what most of them chose."""

    begins: float
    votes: int
    expected: float
    probability: float
    choice: str
    agreeing: int


@dataclass(frozen=True, slots=True)
class Anomalies:
    """The signals of a run.

    networks: how many votes the busiest networks sent. reading: the median of seconds. alike: how many votes took the
    most frequent whole second. places: how often each place was chosen.
    """

    votes: int
    burst: Burst
    networks: tuple[int, ...]
    reading: float
    alike: int
    places: tuple[int, ...]
    place_probability: float


def anomalies(votes: Sequence[Cast]) -> Anomalies | None:
    """The signals; None without any vote."""
    if not votes:
        return None
    chosen = [vote for vote in votes if vote.place is not None]
    places = Counter(vote.place for vote in chosen)
    seconds = Counter(math.floor(vote.reading) for vote in votes)
    return Anomalies(
        votes=len(votes),
        burst=burst(votes),
        networks=tuple(count for _, count in Counter(vote.network for vote in votes).most_common(5)),
        reading=median(vote.reading for vote in votes),
        alike=max(seconds.values()),
        places=tuple(places[place] for place in range(max((vote.offered for vote in chosen), default=0))),
        place_probability=place_probability(chosen),
    )


def burst(votes: Sequence[Cast]) -> Burst:
    """The busiest window; expected is the mean of the windows between the first vote and the last."""
    windows = Counter(math.floor(vote.moment / WINDOW) for vote in votes)
    busiest, count = max(windows.items(), key=lambda window: (window[1], -window[0]))
    number = max(windows) - min(windows) + 1
    within = Counter(vote.choice for vote in votes if math.floor(vote.moment / WINDOW) == busiest)
    choice, agreeing = within.most_common(1)[0]
    expected = len(votes) / number
    probability = 1.0 if number == 1 else min(1.0, number * poisson_tail(count, expected))
    return Burst(busiest * WINDOW, count, expected, probability, choice, agreeing)


def poisson_tail(count: int, mean: float) -> float:
    """The probability of so many or more where `mean` are expected."""
    below = math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count))
    return max(0.0, 1 - below)


def place_probability(chosen: Sequence[Cast]) -> float:
    """The probability that chance alone makes some place as frequent, or as rare, as the oddest one is."""
    least, size = 1.0, max((vote.offered for vote in chosen), default=0)
    for place in range(size):
        offered = [vote for vote in chosen if vote.offered > place]
        expected = math.fsum(1 / vote.offered for vote in offered)
        variance = math.fsum((1 - 1 / vote.offered) / vote.offered for vote in offered)
        found = sum(vote.place == place for vote in offered)
        if variance:
            least = min(least, math.erfc(abs(found - expected) / math.sqrt(2 * variance)))
    return min(1.0, max(size, 1) * least)
