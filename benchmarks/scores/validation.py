"""Figures of models that have not seen what they are measured on: fitted without a group, measured on that group."""

import random
from collections.abc import Iterator, Sequence
from functools import lru_cache

from benchmarks.scores.fit import Model, fit
from benchmarks.scores.labelled import Labelled, labelled_sentences
from benchmarks.scores.minimal import PairCase, pair_cases
from evaluations.scoring.grounding.signs.weights import BIAS, WEIGHTS
from evaluations.scoring.grounding.verdict import KEPT

FOLDS = 5
STORED = Model(WEIGHTS, BIAS, KEPT)


def folds(groups: Sequence[str]) -> list[set[str]]:
    """The groups dealt out into folds, the same on every machine."""
    dealt = sorted(set(groups))
    random.Random(17).shuffle(dealt)
    return [set(dealt[number::FOLDS]) for number in range(FOLDS)]


@lru_cache(maxsize=1)
def unseen() -> tuple[tuple[tuple[Labelled, Model], ...], tuple[tuple[PairCase, Model], ...]]:
    """Every labelled sentence and every minimal pair with a model that was fitted without its document, question or
    context."""
    sentences, pairs = labelled_sentences(), pair_cases()
    judged: list[tuple[Labelled, Model]] = []
    held: list[tuple[PairCase, Model]] = []
    groups = folds([one.group for one in sentences])
    for out, contexts in zip(groups, folds([pair.context for pair in pairs]), strict=True):
        model = fit(
            [one for one in sentences if one.group not in out], [pair for pair in pairs if pair.context not in contexts]
        )
        judged += [(one, model) for one in sentences if one.group in out]
        held += [(pair, model) for pair in pairs if pair.context in contexts]
    return tuple(judged), tuple(held)


def stored_scores(task: str) -> Iterator[tuple[Labelled, float, bool]]:
    """The sentences of a task with the score of the weights that are kept, and whether each is found."""
    for one in labelled_sentences():
        if one.task == task:
            yield one, STORED.score(one.case), STORED.finds(one.case)


def unseen_scores(task: str) -> Iterator[tuple[Labelled, float, bool]]:
    """The same with the scores of models that have not seen the sentence's document."""
    for one, model in unseen()[0]:
        if one.task == task:
            yield one, model.score(one.case), model.finds(one.case)
