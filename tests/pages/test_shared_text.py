"""How much of a report stands word for word in texts that were shown before."""

import random

import pytest

from evaluations.presentation.shared_text import BOUND, most_shared, runs_of_words, shared_part

WORDS = [f"word{number}" for number in range(400)]


def text(seed: int, words: int = 300) -> str:
    drawn = random.Random(seed)
    return " ".join(drawn.choice(WORDS) for _ in range(words))


def test_the_same_text_is_shared_whole_however_it_is_written() -> None:
    report = text(1)
    written = "## **" + report.upper().replace(" ", "  ").replace("WORD7", "wörd7") + "**"
    assert most_shared([report], [text(2), written]) == 1


def test_two_texts_of_the_same_words_share_next_to_nothing() -> None:
    assert most_shared([text(1)], [text(2), text(3)]) < 0.01


@pytest.mark.parametrize("kept", [0.25, 0.5, 0.75])
def test_a_text_of_which_a_part_is_new_shares_the_rest(kept: float) -> None:
    words = text(1).split()
    part = words[: int(len(words) * kept)] + text(2, len(words)).split()[int(len(words) * kept) :]
    assert most_shared([" ".join(part)], [text(1)]) == pytest.approx(kept, abs=0.05)


def test_a_quotation_of_the_sources_stays_under_the_bound() -> None:
    quoted = text(9, 60)
    assert most_shared([f"{text(1)} {quoted}"], [f"{quoted} {text(2)}"]) < BOUND


def test_the_report_counts_that_shares_most() -> None:
    assert most_shared([text(1), text(2), text(3)], [text(2)]) == 1


def test_a_short_text_is_known_again_and_an_empty_one_is_like_no_other() -> None:
    assert most_shared(["No report."], ["no report"]) == 1
    assert most_shared(["", text(1)], ["", "…"]) == 0
    assert most_shared([], [text(1)]) == most_shared([text(1)], []) == 0


def test_a_script_without_spaces_has_words_too() -> None:
    report = "周日流浪者队凭借伊利奇的两个进球以二比一战胜城市队"
    assert len(runs_of_words(report)) == len(report) - 7
    assert shared_part(runs_of_words(report), runs_of_words("新闻：" + report)) == 1
