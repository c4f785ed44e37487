"""Numbers that a sentence computes from those of a source count as found, in every language that is known."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.languages.computing import computing_words
from evaluations.scoring.languages.packs import PACKS
from evaluations.scoring.scores import score_report

TABLES = {
    "de": "Marbruck hat 41 Punkte und Tilsee 37 Punkte in der Tabelle. Beim 5:1 traf Korvela.",
    "es": "El Marbella tiene 41 puntos y el Tilcombe 37 puntos en la tabla. En el 5-1 marcó Korvela.",
    "fr": "Marbourg compte 41 points et Tilcombe 37 points au classement. Korvela a marqué lors du 5-1.",
    "pt": "O Marburgo tem 41 pontos e o Tilcombe 37 pontos na tabela. No 5-1 marcou Korvela.",
    "it": "Il Marburgo ha 41 punti e il Tilcombe 37 punti in classifica. Nel 5-1 ha segnato Korvela.",
}


def missing(language, sentence):
    scores = score_report(index_context(TABLES[language], language), sentence).as_dict()
    return [fact["text"] for row in scores["groundedness"]["sentences"] for fact in row["missing"]]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Marbruck hat in der Tabelle {} Punkte mehr als Tilsee."),
        ("es", "El Marbella tiene {} puntos más que el Tilcombe en la tabla."),
        ("fr", "Marbourg compte {} points de plus que Tilcombe au classement."),
        ("pt", "O Marburgo tem {} pontos a mais do que o Tilcombe na tabela."),
        ("it", "Il Marburgo ha {} punti in più del Tilcombe in classifica."),
    ],
)
def test_a_difference_is_found_and_another_number_is_not(language, sentence):
    assert missing(language, sentence.format(4)) == []
    assert missing(language, sentence.format(6)) == ["6"]


def test_a_sentence_that_does_not_say_that_it_computes_computes_nothing():
    assert missing("de", "Marbruck hat 4 Punkte in der Tabelle.") == ["4"]


def test_goals_of_a_result_add_up():
    assert missing("de", "Es gab insgesamt 6 Tore, auch Korvela traf.") == []
    assert missing("de", "Es gab insgesamt 7 Tore, auch Korvela traf.") == ["7"]


@pytest.mark.parametrize("language", PACKS)
def test_every_language_has_words_for_computing(language):
    assert all(computing_words(language))


def test_a_language_that_is_not_known_has_none():
    assert not any(computing_words("nl"))
