"""A run beside its replay, which read the same material again: each model's figures then, now, and the difference."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluations.models import Run
from evaluations.presentation.columns import with_sign
from evaluations.presentation.findings import Result, results_in
from evaluations.presentation.tables.runs import FORMS, KINDS
from evaluations.presentation.tables.table import Kind
from evaluations.presentation.wording.numbers import number_as, without_unit


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure then and now; `delta` is signed, and None where one of the two is not known."""

    kind: Kind
    text: str
    delta: str | None
    difference: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One model in both runs; what it gave in only one of them has no difference."""

    slug: str
    name: str
    old: Result | None
    new: Result | None
    pairs: Sequence[Pair]

    @property
    def texts(self) -> bool:
        """Whether both reports can be read."""
        return bool(self.old and self.new and self.old.readable and self.new.readable)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All models of both runs, and over those of both the mean difference of each figure."""

    kinds: Sequence[Kind]
    rows: Sequence[Row]
    means: Sequence[tuple[Kind, str]]
    same_scorer: bool


def comparison(run: Run, replay: Run) -> Comparison:
    """The figures of both runs, whose authors everybody may know, in three questions."""
    by_run: dict[int, dict[str, Result]] = {run.pk: {}, replay.pk: {}}
    for result in results_in({run.pk: run, replay.pk: replay}, None):
        by_run[result.run][result.slug] = result
    old, new = by_run[run.pk], by_run[replay.pk]
    versions = {result.scorer_version for result in (*old.values(), *new.values())} - {""}
    same = len(versions) < 2
    kinds = [kind for kind in KINDS if any(kind.key in one.metrics for one in (*old.values(), *new.values()))]
    rows = [row(slug, old.get(slug), new.get(slug), kinds, same) for slug in {**new, **old}]
    return Comparison(kinds, rows, [(kind, mean_of(kind, rows)) for kind in kinds], same)


def row(slug: str, old: Result | None, new: Result | None, kinds: Iterable[Kind], same_scorer: bool) -> Row:
    """One model's row."""
    known = new or old
    assert known
    before, after = (one.metrics if one else {} for one in (old, new))
    return Row(slug, known.name, old, new, [pair(kind, before, after, same_scorer) for kind in kinds])


def pair(kind: Kind, old: Mapping[str, float], new: Mapping[str, float], same_scorer: bool) -> Pair:
    """One figure then and now; scores of different scorers are not subtracted."""
    form, factor, digits = FORMS[kind.key]
    before, after = old.get(kind.key), new.get(kind.key)
    comparable = before is not None and after is not None and (same_scorer or not is_score(kind))
    difference = factor * (after - before) if comparable and before is not None and after is not None else None
    delta = None if difference is None else with_sign(difference, digits)
    return Pair(kind, then_and_now(number_as(before, form), number_as(after, form)), delta, difference)


def then_and_now(old: str, new: str) -> str:
    """Two written numbers with their unit once: "93 → 91 %"; one dash where neither is known."""
    if old == new == "–":
        return old
    return f"{old if new == '–' else without_unit(old)} → {new}"


def is_score(kind: Kind) -> bool:
    """Whether a scorer made it; else it was measured."""
    return kind.key not in ("latency_seconds", "cost_usd")


def mean_of(kind: Kind, rows: Iterable[Row]) -> str:
    """The mean difference over the models that have the figure in both runs; "–" where none has."""
    found = [pair.difference for row in rows for pair in row.pairs if pair.kind is kind and pair.difference is not None]
    return with_sign(statistics.fmean(found), FORMS[kind.key][2]) if found else "–"


def texts_of(row: Row, texts: Mapping[int, str]) -> tuple[str, str] | None:
    """Both reports of a model; None where one cannot be read."""
    reports: list[Any] = [texts.get(one.report) if one else None for one in (row.old, row.new)]
    return (reports[0], reports[1]) if None not in reports else None
