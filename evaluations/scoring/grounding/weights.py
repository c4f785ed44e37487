"""How much each sign of a sentence says, as fitted on sentences that people marked.

Written by `python -m benchmarks.scores.fit --write`; what the same fit reaches on documents that it has not seen is
printed by `make bench-scores`.
"""

from evaluations.scoring.grounding.signs import Signs

WEIGHTS = Signs(
    similarity=-4.4544, one_sentence=-1.1654, two_sentences=-1.7316, missing=2.5741, scattered=0.6628, everyday=-0.2672
)
BIAS = 3.6143
# Bound names and numbers lift a sentence: one from this share of its other words on, and up to this risk.
BOUND_LONE, BOUND_REACH = 0.4, 1.5
