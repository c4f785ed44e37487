"""How much each sign of a sentence says, as fitted on sentences that people marked.

Written by `python -m benchmarks.scores.fit --write`; what the same fit reaches on documents that it has not seen is
printed by `make bench-scores`.
"""

from evaluations.scoring.grounding.signs.signs import Signs

WEIGHTS = Signs(
    similarity=-4.7746,
    one_sentence=-0.9839,
    two_sentences=-0.4421,
    missing=2.746,
    scattered=0.6914,
    everyday=-0.2765,
    weakest=-0.6192,
    tail=1.4371,
    unattributed=1.0222,
    unsure=1.0159,
    returning=1.0947,
)
BIAS = 3.1617
# Bound names and numbers lift a sentence: one from this share of its other words on, up to this risk, and where no
# more of its other words than these stand elsewhere.
BOUND_LONE, BOUND_REACH, BOUND_LOOSE = 0.3, 2.25, 4
