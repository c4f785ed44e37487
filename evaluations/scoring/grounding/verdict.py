"""From signs and findings to one number: how far a sentence is from being supported."""

import math
from typing import NamedTuple

from evaluations.scoring.grounding.signs.signs import Signs
from evaluations.scoring.grounding.signs.weights import (
    BIAS,
    BOUND_APART,
    BOUND_LONE,
    BOUND_LOOSE,
    BOUND_REACH,
    BOUND_SHORT,
    WEIGHTS,
)

PARTLY, NOT_FOUND = 0.5, 0.9
# What a missing fact, a doubt and a contradiction leave of a sentence's own distance: their band is theirs.
MISSING_SPREAD, DOUBT_SPREAD, CONTRADICTED_SPREAD = 0.1, 0.4, 0.1
# A free wording whose names and numbers stand together is no worse than a little off: few shared words alone say
# nothing against it.
BOUND_FROM, BOUND_TO = 0.1, 0.2
# An edited copy has a source's words and few of its pairs of neighbouring words. Where nothing else speaks against it,
# it comes to stand at the end of its band: a fact that was changed hides there.
COPY_FROM, COPIED_PAIRS = 0.65, 0.6
EDITED_FROM, EDITED_TO = 0.4, 0.5
# The part of a sentence's verdict in the mean of its report; the rest is its distance.
VERDICT = 0.2
# A sentence whose words are nearer than this is no free wording: what else speaks against it stands.
FREE_TO = 0.6
# Beside two names no more words than these need be there.
FEW = 2


class Bounds(NamedTuple):
    """When bound names and numbers lift a sentence: the share of its other words that must stand beside one alone
    (half of it beside two, none beside more), the risk up to which it counts (beyond that hardly anything of the
    sentence is there), how many of its other words may stand elsewhere: the more a sentence says beside its names, the
    less they vouch for; of two or more names and numbers how many may stand elsewhere in the sources; and up to how
    many other words a sentence is short, of which all but one may stand elsewhere."""

    lone: float = BOUND_LONE
    reach: float = BOUND_REACH
    loose: int = BOUND_LOOSE
    apart: int = BOUND_APART
    short: int = BOUND_SHORT


KEPT = Bounds()
# In the mean of a report a name or number that stands elsewhere is no small thing: reports that differ in one are
# compared by it.
WHOLLY = KEPT._replace(apart=0, reach=3.0, short=0)


class Case(NamedTuple):
    """All that decides of a sentence: its signs; how many names and numbers it has, how many of them stand apart and
    the share of its other words beside them, and how many are not; whether a source contradicts it, or may; and how far
    it is from the sources' words, and which share of its pairs of neighbouring words they have."""

    signs: Signs
    named: int
    apart: int
    words: float
    loose: int
    contradicted: bool
    doubted: bool
    distance: float = 0.0
    pairs: float = 1.0

    @property
    def is_edited(self) -> bool:
        """Whether it has the words of the sources and puts them together anew."""
        return self.signs.similarity >= COPY_FROM and self.pairs < COPIED_PAIRS

    @property
    def others(self) -> int:
        """How many words it has beside its names and numbers."""
        return round(self.loose / (1 - self.words)) if self.words < 1 else 0

    def is_bound(self, bounds: Bounds) -> bool:
        """Whether its names and numbers stand in one place of a source, and nothing speaks against it."""
        clean = not (self.signs.missing or self.signs.returning or self.contradicted or self.doubted)
        enough = (1.0, bounds.lone, bounds.lone / 2 if self.others > FEW else 0.0, 0.0)[min(self.named, 3)]
        return (
            clean
            and self.named > 0
            and self.apart <= (bounds.apart if self.named > 1 else 0)
            and self.words >= enough
            and self.loose <= (bounds.short - 1 if self.others <= bounds.short else bounds.loose)
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
    elif case.signs.similarity < FREE_TO and risk <= bounds.reach and case.is_bound(bounds):
        value = min(value, BOUND_FROM + (BOUND_TO - BOUND_FROM) * value)
    elif value >= PARTLY and risk <= bounds.reach and case.is_bound(bounds):
        value = EDITED_FROM + (EDITED_TO - EDITED_FROM) * value
    elif value < PARTLY and case.is_edited:
        value = max(value, EDITED_FROM + (EDITED_TO - EDITED_FROM) * value / PARTLY)
    if case.contradicted:
        value = max(value, NOT_FOUND + CONTRADICTED_SPREAD * value)
    elif case.doubted:
        value = max(value, PARTLY + DOUBT_SPREAD * value)
    return round(value, 4)


def loss(case: Case) -> float:
    """What a sentence takes from its report, 0 to 1: a fifth of its verdict and four of its distance from the
    sources' words; all of its verdict where it is not found or contradicted. That a copy was edited takes nothing: it
    says where to look, not that anything is wrong."""
    verdict = unsupported(case._replace(pairs=1.0), bounds=WHOLLY)
    return verdict if verdict >= NOT_FOUND else VERDICT * verdict + (1 - VERDICT) * case.distance
