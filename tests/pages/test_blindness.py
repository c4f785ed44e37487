"""Who may see what of a run: one table, asked by every page, list, feed and rule."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evaluations.models import Run, blindness
from evaluations.models.blindness import TABLE, Audience, Part, Stage
from tests.factories import make_evaluation, make_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memory_cache")]

ANYBODY, VOTER, STAFF = Audience

# What a run is made of, by the stage that it is in; hours from now on.
STAGES: dict[Stage, dict[str, Any]] = {
    Stage.UNFINISHED: {"state": "inferring", "published_at": None, "opens": None, "closes": None},
    Stage.IN_REVIEW: {"state": "awaiting_review", "published_at": None, "opens": None, "closes": None},
    Stage.WITHDRAWN: {"withdrawn_at": timezone.now(), "opens": -100, "closes": -28},
    Stage.HELD_BACK: {"kind": "replay", "opens": None, "closes": None},
    Stage.TRIAL: {"kind": "trial", "opens": None, "closes": None},
    Stage.EXHIBIT: {"kind": "replay", "listed": True, "opens": None, "closes": None},
    Stage.BY_LINK: {"kind": "replay", "opens": None, "closes": None},
    Stage.BEFORE_VOTE: {"opens": 1, "closes": 73},
    Stage.VOTING: {"opens": -1, "closes": 71},
    Stage.CLOSED: {"opens": -100, "closes": -28},
}

# The table once more, from DESIGN.md and not from the code: for whom each part is there.
EXPECTED: dict[Stage, dict[Part, Audience]] = {
    Stage.UNFINISHED: {Part.NAMES: STAFF, Part.SCORES: STAFF},
    Stage.IN_REVIEW: {Part.NAMES: STAFF, Part.SCORES: STAFF},
    Stage.WITHDRAWN: {Part.NAMES: STAFF, Part.SCORES: STAFF},
    Stage.HELD_BACK: {Part.NAMES: STAFF, Part.SCORES: STAFF},
    Stage.TRIAL: {Part.NAMES: STAFF, Part.SCORES: STAFF},
    Stage.EXHIBIT: dict.fromkeys((Part.LISTS, Part.FEED, Part.PAGE, Part.NAMES, Part.SCORES), ANYBODY),
    Stage.BY_LINK: dict.fromkeys((Part.PAGE, Part.NAMES, Part.SCORES), ANYBODY),
    Stage.BEFORE_VOTE: {
        **dict.fromkeys((Part.LISTS, Part.FEED, Part.PAGE, Part.FRONT_PAGE), ANYBODY),
        Part.NAMES: STAFF,
        Part.SCORES: STAFF,
    },
    Stage.VOTING: {
        **dict.fromkeys((Part.LISTS, Part.FEED, Part.PAGE, Part.FRONT_PAGE, Part.VOTE), ANYBODY),
        Part.NAMES: VOTER,
        Part.SCORES: VOTER,
    },
    Stage.CLOSED: dict.fromkeys(set(Part) - {Part.VOTE}, ANYBODY),
}


def hours(number: float | None) -> datetime | None:
    return None if number is None else timezone.now() + timedelta(hours=number)


def run_in(opens: float | None, closes: float | None, **fields: Any) -> Run:
    return make_run(models=("claude", "kimi"), voting_opens_at=hours(opens), voting_closes_at=hours(closes), **fields)


def run_at(stage: Stage) -> Run:
    """A run at this stage; one that is held back by another on the same material."""
    run = run_in(**STAGES[stage])
    if stage is Stage.HELD_BACK:
        run_in(opens=-1, closes=71, context=run.context)
    return run


@pytest.mark.parametrize("stage", Stage)
def test_each_stage_shows_its_row_of_the_table(stage):
    run = run_at(stage)
    for part, audience in product(Part, Audience):
        least = EXPECTED[stage].get(part)
        there = least is not None and audience >= least
        assert run.shows(part, audience) is there, (part, audience)
        assert Run.objects.seen(part, audience).filter(pk=run.pk).exists() is there, (part, audience)


@pytest.mark.parametrize("stage", Stage)
def test_the_public_meets_a_run_where_its_row_says(stage):
    run, client = run_at(stage), Client()
    link = f"/runs/{run.pk}/"

    def linked(address: str) -> bool:
        return link in client.get(address).content.decode()

    page = client.get(link)
    text = page.content.decode()
    shown = {
        Part.PAGE: page.status_code == 200,
        Part.LISTS: linked("/runs/") and linked("/api/runs/"),
        Part.FEED: linked("/feed/"),
        Part.FRONT_PAGE: linked("/"),
        Part.NAMES: "Claude" in text,
        Part.SCORES: "87 %" in text,
        Part.VOTE: client.get(f"{link}ballot/").status_code == 200,
        Part.FINDINGS: linked("/models/claude/"),
    }
    expected = {part for part, audience in EXPECTED[stage].items() if audience is ANYBODY}
    assert {part for part, seen in shown.items() if seen} == expected


def every_run() -> Iterator[Run]:
    """Runs of every kind, state and moment, also such as never come to be."""
    kinds = [{"kind": kind} for kind in Run.Kind.values] + [{"imported_at": timezone.now()}]
    states = [{"state": state} for state in ("failed", "awaiting_review", "published")]
    states.append({"withdrawn_at": timezone.now()})
    for kind, state, opens, closes in product(kinds, states, (None, -1, 1), (None, -1, 1)):
        yield run_in(opens, closes, **kind, **state)


def test_a_list_of_runs_and_a_run_by_itself_never_disagree_and_every_run_is_in_one_stage():
    runs = list(every_run())
    for part, audience in product(Part, Audience):
        listed = set(Run.objects.seen(part, audience).values_list("pk", flat=True))
        assert listed == {run.pk for run in runs if run.shows(part, audience)}, (part, audience)
    now, ids = timezone.now(), [run.pk for run in runs]
    stages = [stage for stage in Stage if stage is not Stage.HELD_BACK]
    found = [
        pk
        for stage in stages
        for pk in Run.objects.filter(blindness.conditions(now)[stage]).values_list("pk", flat=True)
    ]
    assert sorted(found) == sorted(ids)


def test_what_heads_the_front_page_or_counts_has_a_page():
    for stage, row in TABLE.items():
        seen = dict(zip(blindness.PARTS, row, strict=True))
        if seen[Part.PAGE] is None:
            assert not any(seen[part] for part in (Part.LISTS, Part.FEED, Part.FRONT_PAGE, Part.VOTE, Part.FINDINGS)), (
                stage
            )
        assert (seen[Part.NAMES] is ANYBODY) is (seen[Part.SCORES] is ANYBODY), stage


def test_an_imported_run_heads_nothing_counts_in_no_finding_and_says_what_it_is():
    evaluation, client = make_evaluation(), Client()
    own = make_run(evaluation)
    imported = make_run(
        evaluation,
        published_at=timezone.now() + timedelta(days=365),
        imported_at=timezone.now(),
        origin={"run": 7, "site": "https://elsewhere.example"},
        models=("stranger",),
    )
    assert f"/runs/{own.pk}/" in client.get("/").content.decode()
    assert "Stranger" not in client.get("/models/").content.decode()
    assert client.get("/models/stranger/").status_code == 404
    assert "run 7 of https://elsewhere.example" in client.get(f"/runs/{imported.pk}/").content.decode()
    assert "Imported" in client.get("/runs/").content.decode()
    assert "Imported run, never voted on." in client.get("/feed/").content.decode()


def test_where_only_imported_runs_are_the_front_page_leads_to_the_archive():
    make_run(imported_at=timezone.now(), origin={"run": 7, "site": "https://elsewhere.example"})
    text = Client().get("/").content.decode()
    assert "No run of this evaluation has been made here yet" in text
    assert 'href="/runs/"' in text
