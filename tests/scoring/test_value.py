"""What a thousand grounded words cost."""

from decimal import Decimal

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report
from evaluations.scoring.value import cost_per_1000_grounded_words

INDEX = index_context("Northport won 2-1 against Westmere on Sunday. Erik Dahl scored twice in the second half.")
SENTENCE = "Northport won 2-1 against Westmere on Sunday."


def cost(report, usd="0.004"):
    return cost_per_1000_grounded_words(score_report(INDEX, report), Decimal(usd))


def test_the_price_is_that_of_the_words_in_grounded_sentences():
    assert score_report(INDEX, SENTENCE).grounded_words == 8
    assert cost(SENTENCE) == Decimal("0.500000")


def test_an_unknown_cost_or_no_grounded_word_has_no_price():
    assert cost_per_1000_grounded_words(score_report(INDEX, SENTENCE), None) is None
    assert cost("Zyx qwv plok brunt.") is None


def test_repeating_a_sentence_or_inventing_one_buys_nothing():
    assert cost(f"{SENTENCE} {SENTENCE}") == cost(SENTENCE)
    assert cost(f"{SENTENCE} Luca Brandt broke his ankle in Harrowgate.") == cost(SENTENCE)
