"""The page that tells voters the rules, beside the code that has them."""

from datetime import timedelta

import pytest
from django.test import Client

from evaluations.models import blindness
from evaluations.presentation import cache
from tests.factories import make_evaluation, make_run
from votes import ballots, line_ups, seats, voters

pytestmark = pytest.mark.django_db

RULES = [
    (ballots, "BALLOTS_A_MINUTE", 77, "and 77 ballots a minute"),
    (blindness, "LEAST_REPORTS", 3, "offers 3 to 4 reports"),
    (ballots, "LONGEST_MINIMUM", 31.0, "or 31 seconds for a long ballot"),
    (ballots, "VALID_FOR", timedelta(hours=17), "is valid for 17 hours"),
    (ballots, "WORDS_A_SECOND", 41, "(41 words a second"),
    (cache, "KEEP_NUMBERS", 13 * 86_400, "for 13 days which ballot"),
    (line_ups, "AT_MOST", 7, "offers 2 to 7 reports"),
    (seats, "COUNTED_PER_SITE", 21, "of an IPv6 /48 the first 21;"),
    (seats, "LOOKS_PER_NETWORK", 444, "a network has 444 of them in a run"),
    (seats, "QUARANTINED_PER_NETWORK", 49, "; 49 more are kept apart"),
    (voters, "COOKIE_DAYS", 60, "a signed one for 60 days"),
]
# How a cookie is read, how often a statement is repeated, how a number is signed: no limit of a voter's.
NO_RULES = {"LONGEST_COOKIE", "TRIES", "LONGEST_PAUSE"}


def about() -> str:
    return " ".join(Client().get("/about/").content.decode().split())


@pytest.mark.parametrize(("module", "name", "value", "said"), RULES, ids=[rule[1] for rule in RULES])
def test_every_limit_is_told_as_the_code_has_it(monkeypatch, module, name, value, said):
    assert said not in about()
    monkeypatch.setattr(module, name, value)
    assert said in about()


def test_the_evaluation_says_how_long_is_voted_and_how_many_votes_of_a_network_count():
    make_run(make_evaluation(voting_hours=48, votes_per_network=3))
    assert "for 48 hours from its publishing" in about()
    assert "the first 3 votes in a run count" in about()


def test_how_long_the_second_cookie_is_kept_is_the_settings(settings):
    settings.CSRF_COOKIE_AGE = 5 * 86_400
    assert "and one for 5 days" in about()


def test_no_limit_is_left_out():
    found = {
        name
        for module in (ballots, seats, voters, line_ups)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int | float | timedelta)
    }
    assert found - NO_RULES == {name for module, name, _, _ in RULES if module is not cache}
