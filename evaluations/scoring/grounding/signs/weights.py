"""How much each sign of a sentence says, as fitted on sentences that people marked.

Written by `python -m benchmarks.scores.fit --write`; what the same fit reaches on documents that it has not seen is
printed by `make bench-scores`.
"""

from evaluations.scoring.grounding.signs.signs import Signs

WEIGHTS = Signs(
    similarity=-4.8487,
    one_sentence=-1.0205,
    two_sentences=-0.3527,
    missing=2.7584,
    scattered=0.6505,
    everyday=-0.2638,
    weakest=-0.617,
    tail=1.4064,
    unattributed=1.0573,
    unsure=0.8144,
    returning=1.1982,
)
BIAS = 3.4128
# Bound names and numbers lift a sentence: one from this share of its other words on, up to this risk, where no more of
# its other words than these stand elsewhere, and of two or more names and numbers no more than these; of a sentence of
# no more than BOUND_SHORT other words all but one.
BOUND_LONE, BOUND_REACH, BOUND_LOOSE, BOUND_APART, BOUND_SHORT = 0.2, 4.0, 4, 1, 7
