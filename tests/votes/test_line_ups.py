"""The design behind the ballots: every report as often as the others, in every place as often."""

import string
from collections import Counter
from itertools import combinations

import pytest

from votes.line_ups import AT_MOST, line_up

VOTERS = 2_000


def ballots(of: int, first: int = 0, run: int = 7) -> list[tuple[str, ...]]:
    labels = string.ascii_uppercase[:of]
    return [line_up(run, first + number, labels, set(labels)) for number in range(VOTERS)]


@pytest.mark.parametrize("of", [1, 2, 3, 4, 5, 7, 12, 25])
@pytest.mark.parametrize("first", [0, 5, 987_654])
def test_over_two_thousand_voters_reports_and_places_come_out_even(of: int, first: int) -> None:
    drawn = ballots(of, first)
    places = min(of, AT_MOST)
    assert all(len(set(labels)) == places for labels in drawn)
    shown = Counter(label for labels in drawn for label in labels)
    fair = VOTERS * places / of
    assert all(abs(count / fair - 1) <= 0.05 for count in shown.values()), "every report equally often within 5 %"
    for place in range(places):
        there = Counter(labels[place] for labels in drawn)
        for label, count in shown.items():
            assert abs(there[label] / count - 1 / places) <= 0.03, "every place within 3 points"


def test_reports_meet_all_others() -> None:
    met = Counter(pair for labels in ballots(12) for pair in combinations(sorted(labels), 2))
    fair = VOTERS * 6 / 66
    assert len(met) == 66
    assert all(abs(count / fair - 1) < 0.35 for count in met.values())


def test_the_control_without_the_design_chance_misses_what_it_keeps() -> None:
    labels = string.ascii_uppercase[:12]
    by_chance = [line_up(7, 12 * number, labels, set(labels)) for number in range(VOTERS)]  # one of each cycle only
    assert unevenness(by_chance) > 5 * unevenness(ballots(12))


def unevenness(drawn: list[tuple[str, ...]]) -> float:
    """How far the report that was shown most, or least, is from its fair share."""
    shown = Counter(label for labels in drawn for label in labels)
    fair = sum(shown.values()) / len(shown)
    return max(abs(count / fair - 1) for count in shown.values())


def test_a_ballot_is_the_same_whenever_it_is_drawn_and_another_in_another_run() -> None:
    assert ballots(12) == ballots(12)
    assert ballots(12, run=8) != ballots(12)
