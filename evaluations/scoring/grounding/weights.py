"""How much each sign of a sentence says, as fitted on sentences that people marked.

Written by `python -m benchmarks.scores.fit --write`; what the same fit reaches on documents that it has not seen is
printed by `make bench-scores`.
"""

from evaluations.scoring.grounding.signs import Signs

WEIGHTS = Signs(
    similarity=-5.2461, one_sentence=-1.1506, two_sentences=-1.2416, missing=2.7461, scattered=0.6306, everyday=-0.2724
)
BIAS = 4.2195
# Bound names and numbers lift a sentence: one from this share of its other words on, up to this risk, and where no
# more of its other words than these stand elsewhere.
BOUND_LONE, BOUND_REACH, BOUND_LOOSE = 0.3, 1.5, 4
