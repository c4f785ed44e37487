"""How old a ballot may be: people leave a page open over night."""

import time

import pytest

from tests.votes.conftest import stored


@pytest.mark.parametrize(("hours", "status"), [(23.9, 303), (24.1, 400)])
def test_a_ballot_is_good_for_a_day(voter, run, monkeypatch, hours, status):
    voter.ask()
    later = time.time() + hours * 3_600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert voter.cast().status_code == status
    assert stored(run) == (status == 303)
