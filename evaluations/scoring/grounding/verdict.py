"""From signs and findings to one number: how far a sentence is from being supported."""

import math
from typing import NamedTuple

from evaluations.scoring.grounding.signs.signs import Signs
from evaluations.scoring.grounding.signs.weights import BIAS, BOUND_LONE, BOUND_LOOSE, BOUND_REACH, WEIGHTS

PARTLY, NOT_FOUND = 0.5, 0.9
# What a missing fact, a doubt and a contradiction leave of a sentence's own distance: their band is theirs.
MISSING_SPREAD, DOUBT_SPREAD, CONTRADICTED_SPREAD = 0.1, 0.4, 0.1
# Few shared words alone do not push a sentence over PARTLY whose names and numbers stand together: this is the end of
# the band that such sentences share, behind those that are near in their words.
BOUND_FROM, BOUND_TO = 0.49, 0.499
# The part of a sentence's verdict in the mean of its report; the rest is its distance.
VERDICT = 0.2
# A sentence whose words are nearer than this is no free wording: what else speaks against it stands.
FREE_TO = 0.6


class Bounds(NamedTuple):
    """When bound names and numbers lift a sentence: the share of its other words that must stand beside one alone
    (half of it beside two, none beside more), the risk up to which it counts (beyond that hardly anything of the
    sentence is there), and how many of its other words may stand elsewhere: the more a sentence says beside its names,
    the less they vouch for."""

    lone: float = BOUND_LONE
    reach: float = BOUND_REACH
    loose: int = BOUND_LOOSE


KEPT = Bounds()


class Case(NamedTuple):
    """All that decides of a sentence: its signs; how many names and numbers it has, how many of them stand apart and
    the share of its other words beside them, and how many are not; whether a source contradicts it, or may; and how far
    it is from the sources' words."""

    signs: Signs
    named: int
    apart: int
    words: float
    loose: int
    contradicted: bool
    doubted: bool
    distance: float = 0.0

    def is_bound(self, bounds: Bounds) -> bool:
        """Whether its names and numbers stand in one place of a source, and nothing speaks against it."""
        clean = not (self.signs.missing or self.signs.returning or self.contradicted or self.doubted)
        free = self.signs.similarity < FREE_TO
        enough = (1.0, bounds.lone, bounds.lone / 2, 0.0)[min(self.named, 3)]
        return (
            clean
            and free
            and self.named > 0
            and self.apart <= 0
            and self.words >= enough
            and self.loose <= bounds.loose
        )


def risk_of(signs: Signs, weights: Signs = WEIGHTS, bias: float = BIAS) -> float:
    """The weighted sum of the signs; 0 is where the band `grounded` ends."""
    return bias + math.fsum(weight * sign for weight, sign in zip(weights, signs, strict=True))


def unsupported(case: Case, weights: Signs = WEIGHTS, bias: float = BIAS, bounds: Bounds = KEPT) -> float:
    """From 0 to 1: the sigmoid of the risk, kept in the band that facts and findings demand."""
    risk = risk_of(case.signs, weights, bias)
    value = 1 / (1 + math.exp(-risk))
    if case.signs.missing:
        value = max(value, PARTLY + MISSING_SPREAD * value)
    elif value >= PARTLY and risk <= bounds.reach and case.is_bound(bounds):
        value = BOUND_FROM + (BOUND_TO - BOUND_FROM) * (value - PARTLY) / (1 - PARTLY)
    if case.contradicted:
        value = max(value, NOT_FOUND + CONTRADICTED_SPREAD * value)
    elif case.doubted:
        value = max(value, PARTLY + DOUBT_SPREAD * value)
    return round(value, 4)


def loss(case: Case) -> float:
    """What a sentence takes from its report, 0 to 1: a fifth of its verdict and four of its distance from the
    sources' words; all of its verdict where it is not found or contradicted."""
    verdict = unsupported(case)
    return verdict if verdict >= NOT_FOUND else VERDICT * verdict + (1 - VERDICT) * case.distance
