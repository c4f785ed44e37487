"""How much each sign of a sentence says, as fitted on sentences that people marked.

Written by `python -m benchmarks.scores.fit --write`; what the same fit reaches on documents that it has not seen is
printed by `make bench-scores`.
"""

from evaluations.scoring.grounding.signs.signs import Signs

WEIGHTS = Signs(
    similarity=-4.8615,
    one_sentence=-1.0715,
    two_sentences=-0.2299,
    missing=2.7286,
    scattered=0.667,
    everyday=-0.2501,
    weakest=-0.6941,
    tail=1.4193,
    returning=1.197,
)
BIAS = 3.4733
# Bound names and numbers lift a sentence: one from this share of its other words on, up to this risk, and where no
# more of its other words than these stand elsewhere.
BOUND_LONE, BOUND_REACH, BOUND_LOOSE = 0.3, 2.25, 4
