"""The weights of the signs, fitted on sentences that people marked: `python -m benchmarks.scores.fit [--write]`.

A logistic regression with a small penalty over eleven signs. Where the band `grounded` ends, and when names that stand
together lift a sentence into it, is chosen from a small grid by errors on the same sentences and on the minimal pairs.
What it reaches on documents that it has not seen stands beside each figure of `make bench-scores`.
"""

import math
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from benchmarks.scores.data import ROOT
from benchmarks.scores.labelled import TASKS, Labelled, labelled_sentences
from benchmarks.scores.minimal import PairCase, pair_cases, true_share
from evaluations.scoring.grounding.signs.signs import Signs
from evaluations.scoring.grounding.verdict import PARTLY, Bounds, Case, unsupported

MODULE = ROOT / "evaluations" / "scoring" / "grounding" / "signs" / "weights.py"
# How steeply the sigmoid rises beside the fit's own, so that copies come near 0 and inventions near 1.
SLOPE, PENALTY = 1.5, 2.0
CUTS = (-2.9, -2.85, -2.8, -2.75, -2.7, -2.65, -2.6, -2.55, -2.5)
LONES, REACHES, LOOSES, APARTS, SHORTS = (0.2, 0.3), (4.0, 3.0), (4,), (1, 0), (7, 5)
# Of what is found no more may carry an error, of summaries and of answers no fewer sentences be found (who calls
# nothing grounded makes no errors), and of the true sentences no more be called anything else.
MOST_ERRORS = 0.0245
LEAST_FOUND = {"summary": 0.655, "qa": 0.55}
MOST_ALARMS = 0.028


class Model(NamedTuple):
    """All that is fitted: weights and bias, and the bounds within which bound names and numbers lift a sentence."""

    weights: Signs
    bias: float
    bounds: Bounds

    def score(self, case: Case | None) -> float:
        """`unsupported` of a case; 0 for a sentence that claims nothing."""
        return 0.0 if case is None else unsupported(case, self.weights, self.bias, self.bounds)

    def finds(self, case: Case | None) -> bool:
        """Whether a sentence that claims something is called grounded."""
        return case is not None and self.score(case) < PARTLY


def fit_weights(sentences: Sequence[Labelled]) -> tuple[Signs, float]:
    """Weights and bias of a logistic regression over standardised signs, in the signs' own units."""
    rows = [(one.case.signs, one.wrong) for one in sentences if one.case is not None]
    signs, wrong = np.array([sign for sign, _ in rows]), np.array([label for _, label in rows], dtype=float)
    mean, spread = signs.mean(axis=0), np.maximum(signs.std(axis=0), 1e-9)
    scaled = np.column_stack([(signs - mean) / spread, np.ones(len(rows))])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        risk = scaled @ weights
        slope = scaled.T @ (1 / (1 + np.exp(-risk)) - wrong)
        kept = np.append(weights[:-1], 0.0)
        return float(np.logaddexp(0, risk).sum() - wrong @ risk + PENALTY * kept @ kept / 2), slope + PENALTY * kept

    found = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B").x
    weights = found[:-1] / spread
    return Signs(*map(float, weights)), float(found[-1] - weights @ mean)


def fit(sentences: Sequence[Labelled], pairs: Sequence[PairCase]) -> Model:
    """Of the models that make few errors among what they find and alarm few true sentences, the one that tells false
    sentences best from free wordings of the truth; the one with the fewest errors where none is so careful."""
    plain, bias = fit_weights(sentences)
    weights = Signs(*(SLOPE * weight for weight in plain))
    models = [
        Model(weights, SLOPE * (bias - cut), Bounds(*bounds))
        for cut, *bounds in product(CUTS, LONES, REACHES, LOOSES, APARTS, SHORTS)
    ]
    judged = {model: _found(model, sentences) for model in models}
    careful = [model for model, found in judged.items() if _is_careful(found)]
    calm = [model for model in careful if _share(model, pairs, "true") <= MOST_ALARMS]
    if not calm:
        return min(careful or models, key=lambda model: math.fsum(judged[model][task].errors for task in TASKS))
    return min(calm, key=lambda model: _share(model, pairs, "paraphrases") - _share(model, pairs, "false"))


def _share(model: Model, pairs: Sequence[PairCase], part: str) -> float:
    """The share of one part of the minimal pairs that a model calls anything but grounded."""
    return true_share(model.score, [one for one in pairs if one.part == part])


def _is_careful(found: "dict[str, Found]") -> bool:
    """Whether enough is found, and with few errors."""
    return all(found[task].share >= LEAST_FOUND[task] and found[task].errors <= MOST_ERRORS for task in TASKS)


class Found(NamedTuple):
    """The share of sentences that a model finds, and the share of errors among those."""

    share: float
    errors: float


def _found(model: Model, sentences: Sequence[Labelled]) -> dict[str, Found]:
    """What a model finds of summaries and of answers."""
    result = {}
    for task in TASKS:
        rows = [one for one in sentences if one.task == task]
        found = [one.wrong for one in rows if model.finds(one.case)]
        result[task] = Found(len(found) / max(1, len(rows)), sum(found) / max(1, len(found)))
    return result


def write(model: Model, path: Path = MODULE) -> None:
    """Keep a model as a module."""
    weights = "".join(f"\n    {name}={round(value, 4)}," for name, value in model.weights._asdict().items())
    path.write_text(
        f'''"""How much each sign of a sentence says, as fitted on sentences that people marked.

Written by `python -m benchmarks.scores.fit --write`; what the same fit reaches on documents that it has not seen is
printed by `make bench-scores`.
"""

from evaluations.scoring.grounding.signs.signs import Signs

WEIGHTS = Signs({weights}
)
BIAS = {round(model.bias, 4)}
# Bound names and numbers lift a sentence: one from this share of its other words on, up to this risk, where no more of
# its other words than these stand elsewhere, and of two or more names and numbers no more than these; of a sentence of
# no more than BOUND_SHORT other words all but one.
BOUND_LONE, BOUND_REACH, BOUND_LOOSE, BOUND_APART, BOUND_SHORT = {", ".join(map(str, model.bounds))}
'''
    )


if __name__ == "__main__":
    fitted = fit(labelled_sentences(), pair_cases())
    print(fitted)
    if "--write" in sys.argv:
        write(fitted)
