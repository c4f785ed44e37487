"""How a stem is spread over the sources, by BM25."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# The usual constants.
K1, B = 1.2, 0.75


class Spread(NamedTuple):
    """What a stem is worth by BM25: at most, and to each source that has it."""

    most: float
    shares: tuple[tuple[int, float], ...]


def spread_of(often: Mapping[int, int], lengths: Sequence[int]) -> Spread:
    """BM25 of a stem over the sources: `often` says how often it stands in each, `lengths` how many stems each has."""
    count = len(lengths)
    mean = sum(lengths) / count if sum(lengths) else 1.0
    weight = math.log(1 + (count - len(often) + 0.5) / (len(often) + 0.5))
    shares = []
    for source in sorted(often):
        length = 1 - B + B * lengths[source] / mean
        shares.append((source, weight * often[source] * (K1 + 1) / (often[source] + K1 * length)))
    return Spread(weight * (K1 + 1), tuple(shares))
