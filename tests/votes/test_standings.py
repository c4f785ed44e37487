"""The standings page shows what was computed, and says what it cannot say."""

import pytest
from django.utils import timezone

from tests.factories import make_evaluation, make_run
from votes.models import Standing

pytestmark = pytest.mark.django_db


def test_before_any_computation_it_says_so_and_leads_to_the_ballot(client):
    run = make_run(open_for_voting=True)
    text = client.get("/standings/").content.decode()
    assert "No standings have been computed yet" in text
    assert f'href="/runs/{run.pk}/ballot/"' in text


def test_it_shows_rank_share_interval_and_what_was_left_out(client):
    make_run()
    for quarantine in (False, True):
        Standing.objects.create(
            evaluation=make_evaluation(), model_slug="claude", model_name="Claude", with_quarantine=quarantine,
            rank=1, strength=0.41, low=0.3, high=0.52, votes=37, excluded=4, runs=3, computed_at=timezone.now(),
        )  # fmt: skip
    text = client.get("/standings/").content.decode()
    for expected in ("41 %", "30 % to 52 %", ">37<", ">4<", "Preliminary", "With the votes in quarantine"):
        assert expected in text
