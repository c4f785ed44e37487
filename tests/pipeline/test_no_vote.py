"""A run whose texts were shown under names before, or of one report only, has no vote, and its page says why."""

import random
from collections.abc import Sequence

import pytest
from django.test import Client
from django.utils import timezone

from evaluations.models import Report, Run
from evaluations.pipeline.publish import publish_reviewed
from tests.factories import make_run

pytestmark = pytest.mark.django_db

WORDS = [f"word{number}" for number in range(400)]


def text(seed: int) -> str:
    drawn = random.Random(seed)
    return " ".join(drawn.choice(WORDS) for _ in range(200))


def publish(texts: Sequence[str], **fields: object) -> Run:
    """A run that waited for review, published."""
    models = [f"model-{number}" for number in range(len(texts))]
    unpublished = {"state": Run.State.AWAITING_REVIEW, "published_at": None, "voting_opens_at": None}
    run = make_run(models=models, texts=texts, **unpublished, voting_closes_at=None, **fields)
    publish_reviewed(run)
    run.refresh_from_db()
    return run


def page(run: Run) -> str:
    return Client().get(f"/runs/{run.pk}/").content.decode()


def test_texts_that_were_shown_under_names_are_not_voted_on_again():
    make_run(models=("claude", "kimi"), texts=(text(1), text(2)))
    run = publish([text(3), f"{text(2)} and more"])
    assert (run.no_vote_because, run.voting_closes_at) == ("shown_before", None)
    assert "No vote was opened on this run: one of its reports was shown under its author’s name before" in page(run)
    assert Client().get(f"/api/runs/{run.pk}/").json()["no_vote_because"] == "shown_before"
    assert Client().get(f"/runs/{run.pk}/ballot/").status_code == 302
    assert "Model-1" in page(run), "who wrote what is known, so it is said"


def test_the_control_new_texts_are_voted_on():
    make_run(models=("claude", "kimi"), texts=(text(1), text(2)))
    run = publish([text(3), text(4)])
    assert run.no_vote_because == ""
    assert run.voting_is_open
    assert "Model-1" not in page(run)


def test_texts_that_nobody_has_seen_under_names_yet_do_not_count():
    make_run(models=("claude", "kimi"), texts=(text(1), text(2)), open_for_voting=True)
    assert publish([text(1), text(2)]).voting_is_open


def test_a_replay_that_everybody_can_read_counts():
    make_run(models=("claude",), texts=(text(1),), kind=Run.Kind.REPLAY, voting_opens_at=None, voting_closes_at=None)
    assert publish([text(1), text(2)]).no_vote_because == "shown_before"


@pytest.mark.parametrize("states", [["succeeded"], ["succeeded", "failed"]])
def test_one_report_alone_is_no_choice(states: list[str]):
    run = publish([text(1)] * len(states), states=states)
    assert run.no_vote_because == "too_few"
    assert "No vote was opened on this run: fewer than two of its reports can be read." in page(run)


def test_a_report_withheld_during_the_review_cannot_be_chosen():
    unpublished = {"state": Run.State.AWAITING_REVIEW, "published_at": None, "voting_opens_at": None}
    run = make_run(models=("claude", "kimi"), texts=(text(1), text(2)), **unpublished, voting_closes_at=None)
    Report.objects.filter(entry__run=run, entry__slug="kimi").update(withheld_at=timezone.now())
    publish_reviewed(run)
    run.refresh_from_db()
    assert run.no_vote_because == "too_few"


def test_an_evaluation_without_votes_needs_no_reason():
    run = make_run(models=("claude",), state=Run.State.AWAITING_REVIEW, voting_closes_at=None)
    run.evaluation.voting_hours = 0
    run.evaluation.save()
    publish_reviewed(run)
    run.refresh_from_db()
    assert run.no_vote_because == ""
    assert "No vote was opened" not in page(run)


def test_the_sandbox_shows_a_vote_though_its_models_write_the_same_of_the_same_library():
    make_run(models=("claude", "kimi"), texts=(text(1), text(2)))
    evaluation = make_run().evaluation
    type(evaluation).objects.filter(pk=evaluation.pk).update(sandbox=True)
    evaluation.refresh_from_db()
    run = publish([text(3), text(2)], evaluation=evaluation)
    assert run.voting_opens_at
    assert not run.no_vote_because
