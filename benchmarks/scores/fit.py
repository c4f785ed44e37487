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
from benchmarks.scores.minimal import PairCase, false_share, pair_cases, true_share
from evaluations.scoring.grounding.signs.signs import Signs
from evaluations.scoring.grounding.verdict import PARTLY, Bounds, Case, unsupported

MODULE = ROOT / "evaluations" / "scoring" / "grounding" / "signs" / "weights.py"
# How steeply the sigmoid rises beside the fit's own, so that copies come near 0 and inventions near 1.
SLOPE, PENALTY = 1.5, 2.0
CUTS = (-2.9, -2.85, -2.8, -2.75, -2.7, -2.65, -2.6, -2.55, -2.5)
LONES, REACHES, LOOSES = (0.3,), (1.5, 2.25), (4,)
# No more of the true sentences and of their free wordings may be called anything but grounded, no more of the false
# ones grounded, and no fewer sentences of summaries and of answers found: who calls nothing grounded makes no errors.
MOST_ALARMS = {"true": 0.028, "paraphrases": 0.34}
MOST_PASSED = 0.2
LEAST_FOUND = {"summary": 0.655, "qa": 0.55}


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
    """Of the models that leave most free wordings of the truth grounded, the one with the fewest errors among what is
    found."""
    plain, bias = fit_weights(sentences)
    weights = Signs(*(SLOPE * weight for weight in plain))
    models = [
        Model(weights, SLOPE * (bias - cut), Bounds(*bounds)) for cut, *bounds in product(CUTS, LONES, REACHES, LOOSES)
    ]
    alarms = {model: _excess(model, pairs) for model in models}
    judged = {model: _found(model, sentences) for model in models if alarms[model] <= 0}
    possible = [
        model for model, found in judged.items() if all(found[task].share >= LEAST_FOUND[task] for task in TASKS)
    ]
    if not possible:
        return min(models, key=alarms.__getitem__)
    return min(possible, key=lambda model: math.fsum(judged[model][task].errors for task in TASKS))


def _excess(model: Model, pairs: Sequence[PairCase]) -> float:
    """By how much a model alarms more true sentences, or lets pass more false ones, than it may."""
    parts = {part: [one for one in pairs if one.part == part] for part in (*MOST_ALARMS, "false")}
    passed = false_share(model.score, parts["false"]) - MOST_PASSED
    return max(passed, *(true_share(model.score, parts[part]) - most for part, most in MOST_ALARMS.items()))


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
# Bound names and numbers lift a sentence: one from this share of its other words on, up to this risk, and where no
# more of its other words than these stand elsewhere.
BOUND_LONE, BOUND_REACH, BOUND_LOOSE = {model.bounds.lone}, {model.bounds.reach}, {model.bounds.loose}
'''
    )


if __name__ == "__main__":
    fitted = fit(labelled_sentences(), pair_cases())
    print(fitted)
    if "--write" in sys.argv:
        write(fitted)
