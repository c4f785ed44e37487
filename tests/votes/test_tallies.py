"""The tally in Redis: what the database says, without expiry, and nothing that a page depends on."""

import pytest
from django.core.cache import cache

from evaluations.models import Run
from evaluations.scheduled import run_due
from tests.elections import store_votes
from tests.factories import make_run
from tests.votes.conftest import Voter
from votes.models import Vote
from votes.review import quarantine

pytestmark = pytest.mark.django_db


def tally_of(run: Run) -> dict:
    found = cache.get(f"tally:{run.pk}")
    assert cache.ttl(f"tally:{run.pk}") is None, "without expiry"
    return {name: found[name] for name in ("verdicts", "models")}


def test_a_vote_is_in_the_tally_once_its_voter_sees_it(redis_cache):
    run = make_run(open_for_voting=True, models=("m1", "m2"))
    voter = Voter(run)
    store_votes(run, {"m1": 3})
    answer = voter.vote(run.entries.get(slug="m2").blind_label)
    voter.client.get(answer["Location"], REMOTE_ADDR=voter.address)
    assert tally_of(run) == {"verdicts": {"choice": 4}, "models": {"m1": 3, "m2": 1}}


def test_it_is_the_result_when_the_vote_has_closed_and_follows_what_editors_decide(redis_cache):
    run = make_run(models=("m1", "m2"))
    store_votes(run, {"m1": 3, "m2": 2})
    run_due({}, None)
    assert tally_of(run) == {"verdicts": {"choice": 5}, "models": {"m1": 3, "m2": 2}}
    quarantine(Vote.objects.filter(choice__entry__slug="m1")[:1], "Twice the same.")
    run_due({}, None)
    assert tally_of(run) == {"verdicts": {"choice": 4}, "models": {"m1": 2, "m2": 2}}


def test_what_stands_there_is_never_believed(redis_cache):
    run = make_run(open_for_voting=True, models=("m1", "m2"))
    cache.set(f"tally:{run.pk}", {"verdicts": {"choice": 999}, "models": {"m1": 999}}, timeout=None)
    voter = Voter(run)
    text = voter.client.get(voter.vote()["Location"], REMOTE_ADDR=voter.address).content.decode()
    assert "999" not in text
