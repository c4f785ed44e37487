"""What else moves votes: the place on the ballot, and the length of reports."""

import math
import random

import pytest

from tests.votes.statistics.electorates import electorate, electorate_that_likes_length
from votes.ranking import standings
from votes.statistics import lengths
from votes.statistics.lengths import Form, at_equal_length
from votes.statistics.places import place_effect
from votes.statistics.tallies import Ballot, tally


def effects_of(ballots, forms):
    return {effect.feature: effect for effect in standings(ballots, forms).equal.effects}


@pytest.mark.parametrize("slope", [-0.8, 0.5, 1.0])
def test_a_liking_for_length_that_was_planted_is_found_within_a_fifth(slope):
    ballots, forms = electorate_that_likes_length(7, slope)
    effects = effects_of(ballots, forms)
    assert effects["words"].value == pytest.approx(slope, rel=0.2)
    assert effects["words"].seen
    assert not effects["headings"].seen
    assert not effects["items"].seen


@pytest.mark.slow
@pytest.mark.parametrize(("slope", "votes", "between_runs"), [(1.0, 80, 0.7), (-0.8, 40, 0.7), (1.0, 80, 0.4)])
def test_it_is_found_where_runs_have_effects_of_their_own(slope, votes, between_runs):
    """Chance moves each by a tenth here, with 100 runs; what is left over many electorates would be a bias."""
    made = (
        electorate_that_likes_length(seed, slope, runs=100, votes=votes, between_runs=between_runs)
        for seed in range(16)
    )
    found = [effects_of(*one)["words"].value for one in made]
    assert sum(value == pytest.approx(slope, rel=0.2) for value in found) >= 13, found
    assert sum(found) / len(found) == pytest.approx(slope, rel=0.08)


def test_the_control_what_ignores_these_effects_finds_too_little(monkeypatch):
    monkeypatch.setattr(lengths, "ATTENUATION", 0.0)
    made = [electorate_that_likes_length(seed, 1.0, runs=100, between_runs=0.7) for seed in range(6)]
    assert sum(effects_of(*one)["words"].value for one in made) / 6 < 0.92


@pytest.mark.parametrize("between_runs", [0.0, 0.4, 0.7])
def test_how_much_runs_differ_is_estimated_from_how_much_their_scores_vary(between_runs):
    seen = []

    def note(variance: float) -> float:
        seen.append(variance)
        return attenuation(variance)

    attenuation, lengths.attenuation = lengths.attenuation, note
    try:
        for seed in range(5):
            effects_of(*electorate_that_likes_length(seed, 0.5, runs=60, between_runs=between_runs))
    finally:
        lengths.attenuation = attenuation
    assert math.sqrt(sum(seen) / 5) == pytest.approx(between_runs, abs=0.12)


def test_none_is_found_where_none_was_planted():
    found = [effects_of(*electorate_that_likes_length(seed, 0, runs=15))["words"].seen for seed in range(20)]
    assert sum(found) <= 4


def test_at_equal_length_the_terse_model_gets_back_what_its_brevity_cost():
    ballots, forms = electorate_that_likes_length(3, 1.0)
    found = standings(ballots, forms)
    plain, equal = ({row.model: row.strength for row in rows}["a"] for rows in (found.table.rows, found.equal.rows))
    assert equal - plain == pytest.approx(7 / 8, abs=0.25)  # one unit of log length, around a mean that moves by 1/8


def test_where_all_reports_are_alike_in_form_there_is_nothing_to_hold_equal():
    ballots = electorate(1)
    alike = {(run, model): Form(300, 2, 5) for run in range(3) for model in "abcd"}
    assert at_equal_length(tally(ballots), alike) is None
    assert standings(ballots).equal is None


def test_a_report_without_a_form_is_not_passed_over():
    with pytest.raises(KeyError):
        at_equal_length(tally(electorate(1)), {(0, "a"): Form(300, 2, 5)})


def forms_by_model(spread):
    """Each model has its own length; from run to run it varies by so much."""
    drawn = random.Random(2)
    return {
        (run, model): Form(round(200 * (1 + "abcd".index(model)) * math.exp(drawn.gauss(0, spread))), 0, 0)
        for run in range(12)
        for model in "abcd"
    }


def test_where_models_always_write_alike_nothing_can_tell_length_from_strength():
    assert at_equal_length(tally(electorate(1, runs=[60] * 12)), forms_by_model(spread=0.01)) is None


def test_where_they_vary_a_little_the_effect_is_uncertain():
    (words,) = at_equal_length(tally(electorate(1, runs=[60] * 12)), forms_by_model(spread=0.1)).effects
    assert words.feature == "words"
    assert not words.seen
    assert words.interval.high - words.interval.low > 2


def test_without_an_effect_of_the_place_all_places_are_chosen_alike():
    effect = place_effect(tally(electorate(6, models=6, runs=[200] * 12)))
    assert effect.chance == 0.25
    assert not effect.seen
    assert sum(share.value for share in effect.shares) == pytest.approx(1)


def test_a_liking_for_the_first_place_is_seen():
    drawn = random.Random(4)
    ballots = []
    for run in range(12):
        for _ in range(100):
            line_up = tuple(drawn.sample("abcdef", 4))
            ballots.append(Ballot(run, line_up, drawn.choices(line_up, [2, 1, 1, 1])[0]))
    effect = place_effect(tally(ballots))
    assert effect.seen
    assert effect.shares[0].value == pytest.approx(0.4, abs=0.05)
