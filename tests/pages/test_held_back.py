"""Which run holds back the exhibits on its material, and the small print of the conditions behind it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from evaluations.models import Run, blindness
from evaluations.models.blindness import Part, Stage
from tests.factories import make_evaluation, make_run

pytestmark = pytest.mark.django_db


def run(**fields: Any) -> Run:
    """A run with one model; hours from now on for its vote."""
    for name in ("opens", "closes"):
        if name in fields:
            moment = fields.pop(name)
            fields[f"voting_{name}_at"] = None if moment is None else timezone.now() + timedelta(hours=moment)
    return make_run(models=("claude",), **fields)


OPEN, OVER = {"opens": -1, "closes": 1}, {"opens": -2, "closes": -1}
REVIEW = {"state": "awaiting_review", "published_at": None, "opens": None, "closes": None}


@pytest.mark.parametrize(
    ("other", "voting_hours", "holds"),
    [
        (OPEN, 72, True),
        ({"opens": 1, "closes": 2}, 72, True),
        (OVER, 72, False),
        ({"opens": None, "closes": None}, 72, False),
        ({**OPEN, "withdrawn_at": timezone.now()}, 72, True),
        ({**OVER, "withdrawn_at": timezone.now()}, 72, False),
        (REVIEW, 72, True),
        (REVIEW, 1, True),
        (REVIEW, 0, False),
        ({**OPEN, "state": "failed"}, 72, False),
        ({**OPEN, "state": "cancelled"}, 72, False),
        ({**OPEN, "kind": "replay"}, 72, False),
        ({**REVIEW, "kind": "trial"}, 72, False),
        ({**OPEN, "imported_at": timezone.now()}, 72, False),
    ],
)
def test_an_exhibit_waits_for_a_vote_that_is_open_or_still_to_come(
    other: dict[str, Any], voting_hours: int, holds: bool
) -> None:
    exhibit = run(kind="replay", opens=None, closes=None)
    holder = run(evaluation=make_evaluation(voting_hours=voting_hours), context=exhibit.context, **other)
    assert exhibit.hidden_by == (holder if holds else None)
    assert Run.objects.seen(Part.PAGE).filter(pk=exhibit.pk).exists() is not holds
    assert exhibit.shows(Part.PAGE) is not holds


def test_a_run_that_counts_is_held_back_by_nobody() -> None:
    first = run(**OPEN)
    second = run(context=first.context, **OPEN)
    assert (first.hidden_by, second.hidden_by) == (None, None)
    assert set(Run.objects.seen(Part.PAGE)) == {first, second}


def test_a_run_without_material_is_held_back_by_nobody() -> None:
    replay = run(kind="replay")
    replay.context = None
    run(**OPEN)
    assert replay.hidden_by is None


def test_only_a_published_run_is_withdrawn() -> None:
    run(state="failed", withdrawn_at=timezone.now())
    withdrawn = run(withdrawn_at=timezone.now())
    assert list(Run.objects.filter(blindness.conditions(timezone.now())[Stage.WITHDRAWN])) == [withdrawn]


def test_those_that_are_held_back_are_exhibits_by_themselves_or_pages_by_link() -> None:
    made = [run(**OPEN), run(kind="replay"), run(kind="replay", listed=True), run(imported_at=timezone.now())]

    def within(stage: Stage) -> set[Run]:
        return set(Run.objects.filter(blindness.conditions(timezone.now())[stage]))

    assert within(Stage.HELD_BACK) == within(Stage.EXHIBIT) | within(Stage.BY_LINK) == set(made[1:])
    assert within(Stage.BY_LINK) == {made[1]}


def test_where_no_condition_is_left_no_run_is_meant() -> None:
    there = run()
    assert not Run.objects.filter(blindness.any_of([])).exists()
    assert list(Run.objects.filter(blindness.any_of([Q(pk=there.pk)]))) == [there]


def test_a_condition_means_the_same_through_a_relation() -> None:
    condition = Q(a=1) | ~Q(b=2, c__gt=3)
    assert blindness.through("runs", condition) == Q(runs__a=1) | ~Q(runs__b=2, runs__c__gt=3)
