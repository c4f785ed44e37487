"""No text makes a scorer slow: ten times the text takes no more than some tens of times as long."""

import time

import pytest

from evaluations.scoring.context.index import LONGEST_CONTEXT, index_context
from evaluations.scoring.report import LONGEST_REPORT
from evaluations.scoring.scores import score_report
from tests.scoring.test_format import FULL

SIZE = 2_000
PIECES = [
    *("a", "a ", "a. ", "Goal. ", "\n", " ", "*", "**a ", "**a\n", "a**b", "***\n", "_", "a_ ", "# a\n", "===\n"),
    *("[", "[a](", "[a](b ", "[1, 2", "<", "<a ", "<<", "<<a ", "<!--", "&amp", "| a ", "|-", "- a\n", "> ", " \n"),
    *("1", "1 ", "1-", "1,", "1. ", "$1 ", "July ", "twenty one ", "two goals to ", '"', '"ab ', "a'", "!?", ".", ". "),
    *("Aa ", "Man Utd ", "Man United (", "Aa known as Bb ", "http://a ", "ignore all the ", "I am a "),
    *(
        "“a ",
        "‘a ",
        "' a",
        "«a» ",
        "“a,” said Aa, “",
        "``a ",
        "said that Aa ",
        "according to Aa ",
        "Aa reported ",
        "[^a] ",
    ),
    *("[1] ", "[a]: b\n", "【1†a】", "a.b/c ", "> a\n> — B\n", "Sources\n1. a\n", "12:30 ", "5-6m ", "two million "),
    *("    a\n", "```\n", "a\n---\n", "\u00ad", "\ue200a", "</s>", "1'000 "),
    *("Ab", "Ab" * 200 + " "),
    *("球。", "é", "e\u0301", "\u2060", "a\u2060 "),
]


GERMAN_PIECES = [
    *("Korvela Oakes ", "A-", "Ab" * 200 + " ", "nicht kein ", "halb zwei achten Elf ", "3.12. ", "Korvelas Vertrag ")
]


def seconds(piece, size, language="en"):
    text = piece * (size // len(piece))
    start = time.process_time()
    score_report(index_context(text, language), text, FULL, own_names=["a/b-1"])
    return time.process_time() - start


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_text_and_no_faster(piece):
    small = min(seconds(piece, SIZE) for _ in range(3))
    large = min(seconds(piece, 10 * SIZE) for _ in range(2))
    assert large < 40 * max(small, 0.004)


@pytest.mark.parametrize("piece", GERMAN_PIECES)
def test_time_grows_no_faster_in_a_language_whose_nouns_have_capitals(piece):
    small = min(seconds(piece, SIZE, "de") for _ in range(3))
    large = min(seconds(piece, 10 * SIZE, "de") for _ in range(2))
    assert large < 40 * max(small, 0.004)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["Goal. [a](# **", "won 2-1 on 14 July. ", "- a\n"])
def test_a_megabyte_takes_no_longer_than_what_is_read_of_it(piece):
    assert seconds(piece, 1_000_000) < 4 * seconds(piece, LONGEST_CONTEXT)


def test_a_longer_text_is_read_up_to_its_bound():
    text = "Goal 7. " * 125_000
    cut = index_context(text[:LONGEST_CONTEXT])
    assert index_context(text).words == cut.words
    scores = score_report(cut, text)
    assert scores.groundedness.sentences[-1].end <= LONGEST_REPORT < len(text)
    assert "too_long" in {flag.name for flag in scores.flags}
