"""Signs that hang on a language: its conditionals, its word order, and what its articles point at."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.grounding.groundedness import read_cases
from evaluations.scoring.grounding.matching import match_sentences
from evaluations.scoring.report import read_report

GERMAN = index_context(
    "Der Stürmer Sami Korvela verließ den Verein im Juni. Die Halle in Marbruck bekam vom Verband einen neuen Boden.",
    "de",
)
SPANISH = index_context("El anuncio del club gustó mucho en Marbella. Oakes argumentó que el campo es pequeño.", "es")


def reading(sentence, index):
    (found,) = read_cases(index, match_sentences(index, read_report(sentence, index.pack)))
    return found


def signs(sentence, index=GERMAN):
    return reading(sentence, index).case.signs


@pytest.mark.parametrize("doubt", ["würde", "könnte", "dürfte"])
def test_a_german_conditional_adds_doubt(doubt):
    assert signs(f"Der Stürmer Korvela {doubt} den Verein im Juni verlassen.").unsure == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Stürmer Korvela wurde im Juni vom Verein verabschiedet.",
        "Der Stürmer Korvela konnte den Verein im Juni verlassen.",
        "Im Juni waren der Stürmer Korvela und der Verein getrennt.",
    ],
)
def test_a_past_that_only_lacks_the_dots_of_a_conditional_adds_none(sentence):
    assert signs(sentence).unsure == 0


def test_a_spanish_announcement_makes_nobody_the_source_of_a_fact_and_an_argued_claim_does():
    assert signs("El club gustó mucho en Marbella.", SPANISH).unattributed == 0
    assert signs("El campo es pequeño.", SPANISH).unattributed == 1


def test_a_german_verb_that_closes_a_sentence_is_no_addition_and_a_noun_is():
    assert signs("Die Halle in Marbruck hat einen neuen Boden gekriegt.").tail == 0
    assert signs("Die Halle in Marbruck hat einen neuen Boden samt Tribüne.").tail > 0


@pytest.mark.parametrize(
    ("language", "pointing", "counting"),
    [
        ("de", "Die zwei lobten den Platz.", "Dort lobten zwei den Platz."),
        ("es", "Los dos elogiaron el campo.", "Ayer dos elogiaron el campo."),
        ("fr", "Les deux saluent le terrain.", "Hier deux saluent le terrain."),
        ("pt", "Os dois elogiam o campo.", "Ontem dois elogiam o campo."),
        ("it", "I due lodano il campo.", "Ieri due lodano il campo."),
    ],
)
def test_two_behind_an_article_only_refers(language, pointing, counting):
    index = index_context("Korvela. Oakes. Platz, campo, terrain.", language)
    assert [fact.key for fact in reading(pointing, index).missing] == []
    assert [fact.key[0] for fact in reading(counting, index).missing] == ["2"]
