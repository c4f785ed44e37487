"""Every language with a pack is scored by its own words; without one the scores say so."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.languages.packs import PACKS, is_known, pack_for
from evaluations.scoring.scores import score_report
from evaluations.scoring.text.sentences import sentence_spans

TEXTS = {
    "de": (
        (
            "Der SV Marbruck hat am Samstag 2:1 gegen den FC Tilsee gewonnen. Sami Korvela glich vor der Pause aus. "
            "Der Verein zahlte 45,5 Millionen Euro für den Stürmer. Ruben Oakes wird drei Spiele fehlen."
        ),
        [
            "Für den Stürmer zahlte der Verein 45,5 Mio. Euro.",
            "Vor der Pause glich Korvela aus.",
            "Ruben Oakes wird 3 Spiele fehlen.",
        ],
        ["Der Verein zahlte 54,5 Mio. Euro.", "Oakes fehlt fünf Spiele.", "Das Stadion wird im Sommer umgebaut."],
    ),
    "es": (
        (
            "El Marbella venció 2-1 al Tilcombe el sábado. Sami Korvela empató antes del descanso. El club pagó 45,5 "
            "millones de euros por el delantero. Ruben Oakes se perderá tres partidos."
        ),
        [
            "Por el delantero el club pagó 45,5 millones.",
            "Korvela empató antes del descanso.",
            "Oakes se pierde 3 partidos.",
        ],
        [
            "El club pagó 54,5 millones de euros.",
            "Oakes se pierde cinco partidos.",
            "El estadio se renovará en verano.",
        ],
    ),
    "fr": (
        (
            "Marbourg a battu Tilcombe 2-1 samedi. Sami Korvela a égalisé avant la pause. Le club a payé 45,5 millions "
            "d'euros pour l'attaquant. Ruben Oakes manquera trois matchs."
        ),
        [
            "Pour l'attaquant, le club a payé 45,5 millions d'euros.",
            "Avant la pause, Korvela a égalisé.",
            "Oakes manque 3 matchs.",
        ],
        ["Le club a payé 54,5 millions d'euros.", "Oakes manque cinq matchs.", "Le stade sera rénové cet été."],
    ),
    "pt": (
        (
            "O Marburgo venceu o Tilcombe por 2-1 no sábado. Sami Korvela empatou antes do intervalo. O clube pagou "
            "45,5 milhões de euros pelo avançado. Ruben Oakes falhará três jogos."
        ),
        [
            "Pelo avançado o clube pagou 45,5 milhões de euros.",
            "Antes do intervalo empatou Korvela.",
            "Oakes falha 3 jogos.",
        ],
        ["O clube pagou 54,5 milhões de euros.", "Oakes falha cinco jogos.", "O estádio será renovado no verão."],
    ),
    "it": (
        (
            "Il Marburgo ha battuto il Tilcombe 2-1 sabato. Sami Korvela ha pareggiato prima dell'intervallo. Il club "
            "ha pagato 45,5 milioni di euro per l'attaccante. Ruben Oakes salterà tre partite."
        ),
        [
            "Per l'attaccante il club ha pagato 45,5 milioni.",
            "Prima dell'intervallo ha pareggiato Korvela.",
            "Oakes salta 3 partite.",
        ],
        [
            "Il club ha pagato 54,5 milioni di euro.",
            "Oakes salta cinque partite.",
            "Lo stadio sarà rinnovato in estate.",
        ],
    ),
}


@pytest.mark.parametrize("language", TEXTS)
def test_true_sentences_are_grounded_and_false_ones_are_not(language):
    context, true, false = TEXTS[language]
    index = index_context(context, language)
    for report in true:
        assert score_report(index, report).groundedness.sentences[0].band == "grounded", report
    for report in false:
        assert score_report(index, report).groundedness.sentences[0].band != "grounded", report


@pytest.mark.parametrize("language", TEXTS)
def test_its_own_words_tell_more_than_english_ones(language):
    context, true, _ = TEXTS[language]
    own, english = index_context(context, language), index_context(context)
    value = sum(score_report(own, report).groundedness.value for report in true)
    assert value >= sum(score_report(english, report).groundedness.value for report in true)


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.code)
def test_a_pack_has_all_that_scoring_goes_by(pack):
    assert sorted(set(pack.months.values())) == list(range(1, 13))
    assert set(range(1, 100)) <= set(pack.numbers.values()) | {100}
    for words in (pack.stopwords, pack.negations, pack.speech, pack.reporting, pack.according, pack.papers, pack.roles):
        assert len(words) > 5
    assert all(pack.stem(word) == "" for word in pack.stopwords)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "spielern", "spieler"),
        ("es", "jugaron", "jugar"),
        ("fr", "l'attaquant", "attaquants"),
        ("it", "l'allenatore", "allenatori"),
        ("pt", "jogadores", "jogador"),
    ],
)
def test_forms_of_a_word_have_one_stem(language, one, other):
    stem = pack_for(language).stem
    assert stem(one) == stem(other) != ""


def test_a_language_without_a_pack_is_named_and_still_scored():
    assert not is_known("nl")
    index = index_context("Rovers wonnen zondag met 2-1 van City.", "nl")
    scores = score_report(index, "Rovers wonnen zondag met 2-1 van City.").as_dict()
    assert scores["language"] == {"code": "nl", "known": False}
    assert scores["groundedness"]["value"] > 0.9


@pytest.mark.parametrize(
    ("language", "everyday", "rare"),
    [
        ("en", "important", "tremendous"),
        ("es", "importante", "formidable"),
        ("de", "wichtig", "gewaltig"),
        ("fr", "important", "formidable"),
        ("pt", "importante", "tremendo"),
        ("it", "importante", "tremendo"),
    ],
)
def test_an_everyday_word_that_no_source_has_says_less_than_a_rare_one(language, everyday, rare):
    index = index_context("Northport 2-1 Westmere. Dahl 19.", language)
    stem = index.pack.stem
    assert stem(everyday) not in index.stems
    assert 0 < index.rarity(stem(everyday)) < index.rarity(stem(rare))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Bosz flog in der 70. Minute vom Platz. Danach stand es 2:1.", 2),
        ("Am 14. November siegte Ajax mit seinem 25. Tor im 3. Spiel.", 1),
        ("Berlin, 14. November: Ajax siegt.", 1),
        ("Er trug die 10. Das war neu.", 2),  # the controls: numbers that end a sentence
        ("Er ist 25. Danach kam er.", 2),
        ("Sie gewannen 2:1. November wird hart.", 2),
        ("He scored 14. August was hot. I am 14. Then he left.", 4),
    ],
)
def test_a_german_number_that_says_which_one_ends_no_sentence(text: str, sentences: int) -> None:
    assert len(list(sentence_spans(text))) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("El club de EE. UU. pagó 3 millones.", 1),
        ("Ganó en los JJ. OO. de París.", 1),
        ("Las FF. AA. y las CC. AA. apoyan al club, p. ej. Madrid.", 1),
        ("M. Dupont et Mme. Durand ont signé l'art. 3 du contrat.", 1),
        ("« Est-il parti ? » est la question.", 1),
        ("Er spielt z. B. im Zentrum, d. h. hinter der Spitze, u. a. gegen Tilsee.", 1),
        ("Am 17. und 18. Mai ruht der Ball, am Samstag 24. Mai nicht.", 1),
        ("Der 1100. Sieg kam im XIX. Jahrhundert.", 1),
        ("Il sig. Rossi e la sig.ra Bianchi lodano l'avv. Verdi, ad es. Totti no.", 1),
        ("O Sr. Silva e a Sra. Costa saíram, p. ex. Figo ficou.", 1),
        ("Ganó en los JJ. OO. El club lo celebró.", 2),  # the controls: marks that end a sentence
        ("« Est-il parti ? » Il a dit non.", 2),
        ("Seit 2019. Klopp kam später.", 2),
        ("He joined the AA. Then CC. left.", 2),
    ],
)
def test_an_abbreviation_of_its_language_ends_no_sentence(text: str, sentences: int) -> None:
    assert len(list(sentence_spans(text))) == sentences
