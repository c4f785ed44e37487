"""A run of five letters has one number, whatever stands around it, and no other run has it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.scoring.text.letters import LETTERS, letter_runs

WORDS = st.lists(st.text(alphabet="ab9.'_?éß球\u2060\ud800", min_size=0, max_size=6), max_size=8)


def spelled(words):
    text = " ".join(words)
    return [text[start : start + LETTERS] for start in range(len(text) - LETTERS + 1)]


@given(WORDS, WORDS)
@settings(deadline=None, max_examples=300)
def test_runs_agree_exactly_where_their_letters_do(first, second):
    one, two = letter_runs(first), letter_runs(second)
    assert len(set(zip(spelled(first) + spelled(second), one + two, strict=True))) == len(set(one + two))
    assert len(set(one + two)) == len(set(spelled(first) + spelled(second)))


def test_a_text_of_fewer_letters_has_no_runs():
    assert letter_runs(["goal"]) == []
    assert len(letter_runs(["goals"])) == 1
