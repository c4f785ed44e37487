"""How blind a vote was: a rule that has read the other runs names authors as often as they can be told apart."""

import random

import pytest

from evaluations.presentation.masking.authorship import Sample, measure

WORDS = [
    "rovers", "city", "goal", "match", "sunday", "keeper", "striker", "coach", "league", "points", "table", "won",
    "lost",
    "drew", "penalty",
]  # fmt: skip
HABITS = {"flowery": "## News\n\n{} – a veritable triumph, moreover!", "dry": "1. {}.\n2. End.", "plain": "{}"}


def story(seed: str) -> str:
    drawn = random.Random(seed)
    return " ".join(drawn.choice(WORDS) for _ in range(120))


def samples(runs: int, habits: dict[str, str]) -> list[Sample]:
    return [
        Sample(run, author, habit.format(story(f"{run} {author}")))
        for run in range(runs)
        for author, habit in habits.items()
    ]


def test_authors_with_habits_of_their_own_are_named() -> None:
    found = measure(samples(8, HABITS))
    assert found is not None
    assert (found.reports, found.runs, found.chance) == (24, 8, pytest.approx(1 / 3))
    assert found.share == 1


def test_the_control_authors_without_any_are_named_by_chance() -> None:
    found = measure(samples(60, dict.fromkeys("abcd", "{}")))
    assert found is not None
    assert found.chance == pytest.approx(1 / 4)
    assert abs(found.share - found.chance) < 0.1


def test_names_that_are_masked_for_voters_are_no_help() -> None:
    signed = samples(40, {author: f"{author} {{}}" for author in ("alpha", "beta", "gamma", "delta")})
    seen, hidden = measure(signed), measure(signed, {"alpha", "beta", "gamma", "delta"})
    assert seen is not None
    assert hidden is not None
    assert seen.share > 0.9
    assert abs(hidden.share - hidden.chance) < 0.12


def test_a_run_is_not_told_by_itself() -> None:
    """What only one run has says nothing, or the rule would name everybody by the news of the day."""
    once = [Sample(run, author, f"secret{run}{author} " * 30) for run in range(6) for author in "abc"]
    found = measure(once)
    assert found is not None
    assert found.share == pytest.approx(found.chance)


def test_under_two_runs_nothing_can_be_said() -> None:
    assert measure([]) is None
    assert measure(samples(1, HABITS)) is None
    assert measure([Sample(1, "a", "x"), Sample(2, "b", "y")]) is None, "nobody wrote twice"


def test_the_order_of_the_samples_changes_nothing() -> None:
    ordered = samples(6, HABITS)
    assert measure(ordered) == measure(sorted(ordered, key=lambda sample: sample.text))
