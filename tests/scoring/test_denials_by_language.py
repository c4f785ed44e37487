"""A near copy that denies what a source tells, or tells what it denies, is contradicted in every language."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.languages.denials import denial_words
from evaluations.scoring.languages.packs import PACKS
from evaluations.scoring.scores import score_report

PAIRS = [
    (
        "de",
        "Sami Korvela unterschrieb am Montag beim SV Marbruck.",
        "Sami Korvela unterschrieb am Montag nicht beim SV Marbruck.",
    ),
    (
        "de",
        "Der Verein sucht einen neuen Trainer für die Frauen.",
        "Der Verein sucht keinen neuen Trainer für die Frauen.",
    ),
    ("de", "Korvela spielt im Sommer für Marbruck.", "Korvela spielt im Sommer nicht mehr für Marbruck."),
    ("es", "El club fichó el lunes al delantero Sami Korvela.", "El club no fichó el lunes al delantero Sami Korvela."),
    ("es", "Korvela jugará en verano en el Marbella.", "Korvela nunca jugará en verano en el Marbella."),
    (
        "fr",
        "Le club a recruté l'attaquant Sami Korvela lundi.",
        "Le club n'a pas recruté l'attaquant Sami Korvela lundi.",
    ),
    ("pt", "O clube contratou na segunda o avançado Korvela.", "O clube não contratou na segunda o avançado Korvela."),
    (
        "it",
        "Il club ha ingaggiato lunedì l'attaccante Korvela.",
        "Il club non ha ingaggiato lunedì l'attaccante Korvela.",
    ),
]


def row(language, context, sentence):
    return score_report(index_context(context, language), sentence).groundedness.sentences[0]


@pytest.mark.parametrize(("language", "told", "denied"), PAIRS)
def test_a_denial_of_what_a_source_tells_is_contradicted_and_the_other_way_round(language, told, denied):
    for context, sentence in ((told, denied), (denied, told)):
        found = row(language, context, sentence)
        assert found.band == "contradicted", sentence
        assert [one.kind for one in found.contradicted] == ["negation"]


@pytest.mark.parametrize(("language", "told", "denied"), PAIRS)
def test_what_is_said_as_the_source_says_it_is_not(language, told, denied):
    assert row(language, told, told).contradicted == ()
    assert row(language, denied, denied).contradicted == ()
    assert row(language, f"{told} {denied}", told).contradicted == ()


@pytest.mark.parametrize(
    ("language", "context", "sentence"),
    [
        (
            "de",
            "Korvela traf nicht nur gegen Tilsee, er legte auch auf.",
            "Korvela traf gegen Tilsee, er legte auch auf.",
        ),
        ("de", "Korvela unterschreibt nicht, wenn Tilsee absteigt.", "Korvela unterschreibt, wenn Tilsee absteigt."),
        ("de", "Das nicht ausverkaufte Spiel gegen Tilsee endete spät.", "Das Spiel gegen Tilsee endete spät."),
        ("es", "Korvela no solo marcó contra el Tilcombe.", "Korvela marcó contra el Tilcombe."),
        ("es", "El Marbella subió de categoría, el Tilcombe no.El Marbella jugará.", "El Marbella jugará."),
        ("fr", "Korvela n'a pas seulement marqué contre Tilcombe.", "Korvela a marqué contre Tilcombe."),
    ],
)
def test_what_only_looks_like_a_denial_is_none(language, context, sentence):
    assert row(language, context, sentence).contradicted == ()


@pytest.mark.parametrize("language", sorted(PACKS))
def test_every_language_but_english_has_denying_words_that_its_pack_knows(language):
    words = denial_words(language)
    assert bool(words.denying) == (language != "en")
    assert words.closing <= words.denying <= PACKS[language].negations
