"""In five more languages too: what speaks of the writing or its sources claims nothing, what tells something does."""

import re

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.format.preamble import is_preamble
from evaluations.scoring.languages.packs import pack_for
from evaluations.scoring.phrasing.phrasing import Phrasing
from evaluations.scoring.phrasing.phrasings import Phrases, phrases_in, phrases_of
from evaluations.scoring.report import read_report
from evaluations.scoring.scores import score_report
from tests.scoring.asides import ASIDES, CLAIMS, REPORTS

CODES = ("de", "es", "fr", "it", "pt")
# A report of one sentence that tells which language is spoken, and claims something.
TELLING = {
    "es": "Ada Brook marcó los dos goles.",
    "fr": "Ada Brook a marqué les deux buts.",
    "de": "In der Pause hatte Ada Brook zwei Tore erzielt.",
    "it": "Ada Brook ha segnato due gol alla fine.",
    "pt": "Ada Brook marcou dois golos ao Marsh End.",
}
SOURCING = {
    "es": [
        "Según los pasajes proporcionados, {}", "De acuerdo con el pasaje 2, {}",
        "El pasaje 2 también señala que {}", "Como se indica en los artículos, {}", "Como afirma el pasaje 1, {}",
        "{} (véase el pasaje 2)", "En el pasaje 2 se explica que {}",
        "Con base en la información proporcionada en los textos, {}", "{}, según el artículo",
        "{}, indica el pasaje 3", "Según lo indicado en el pasaje 2, {}", "Tal y como recoge el texto, {}",
        "De acuerdo a los documentos proporcionados, {}", "Los artículos proporcionados indican que {}",
        "El texto también explica que {}", "Basándonos en los pasajes 1 y 3, {}", "{} (pasaje 2)",
        "{} (pasajes 1 y 2)",
    ],
    "fr": [
        "D'après les passages fournis, {}", "Selon le passage 2, {}", "Le passage 2 souligne également que {}",
        "Comme l'indique le passage 1, {}", "Comme indiqué dans les articles, {}", "{} (voir le passage 2)",
        "Dans le passage 2, il est expliqué que {}", "Sur la base des informations fournies dans les textes, {}",
        "{}, selon l'article", "{}, indique le passage 3", "Comme mentionné dans le passage 2, {}",
        "Ainsi que le rapporte l'article, {}", "Selon les documents fournis, {}",
        "Les articles fournis indiquent que {}", "Le texte explique aussi que {}",
        "En se basant sur les passages 1 et 3, {}", "{} (passage 2)", "{} (passages 1 et 2)",
        "Il est mentionné dans le passage 2 que {}",
    ],
    "de": [
        "Auf Grundlage der bereitgestellten Textstellen: {}", "Laut Textstelle 2: {}",
        "Textstelle 2 betont auch, dass {}", "Wie der Artikel berichtet, {}", "Wie in Textstelle 1 beschrieben, {}",
        "{} (siehe Textstelle 2)", "In Textstelle 2 heißt es, dass {}", "Laut den Informationen in den Texten: {}",
        "{}, so der Artikel", "{}, heißt es in Textstelle 3", "Wie in Textstelle 2 erwähnt, {}",
        "Dem Artikel zufolge: {}", "Laut den bereitgestellten Dokumenten: {}",
        "Die bereitgestellten Artikel geben an, dass {}", "Der Text erklärt auch, dass {}",
        "Im Artikel wird erwähnt, dass {}", "{} (Textstelle 2)", "{} (Textstellen 1 und 2)",
        "Aus Textstelle 2 geht hervor, dass {}",
    ],
    "it": [
        "In base ai passaggi forniti, {}", "Secondo il passaggio 2, {}", "Il passaggio 2 sottolinea anche che {}",
        "Come indicato negli articoli, {}", "Come afferma il passaggio 1, {}", "{} (vedi passaggio 2)",
        "Nel passaggio 2 si legge che {}", "Sulla base delle informazioni fornite nei testi, {}",
        "{}, secondo l'articolo", "{}, riporta il passaggio 3", "Come indicato nel passaggio 2, {}",
        "Come riporta il testo, {}", "Secondo i documenti forniti, {}", "Gli articoli forniti indicano che {}",
        "Il testo spiega anche che {}", "Basandosi sui passaggi 1 e 3, {}", "{} (passaggio 2)",
        "{} (passaggi 1 e 2)",
    ],
    "pt": [
        "Com base nas passagens fornecidas, {}", "De acordo com a passagem 2, {}",
        "A passagem 2 também destaca que {}", "Como indicado nos artigos, {}", "Como afirma a passagem 1, {}",
        "{} (ver passagem 2)", "Na passagem 2 é explicado que {}",
        "Com base nas informações fornecidas nos textos, {}", "{}, segundo o artigo", "{}, indica a passagem 3",
        "Conforme mencionado na passagem 2, {}", "Tal como relata o artigo, {}",
        "Segundo os documentos fornecidos, {}", "Os artigos fornecidos indicam que {}",
        "O texto explica também que {}", "Com base nas passagens 1 e 3, {}", "{} (passagem 2)",
        "{} (passagens 1 e 2)",
    ],
}  # fmt: skip
LEAD_INS = {
    "es": ["Aquí tienes un resumen del artículo en 87 palabras: {}", "Según los textos, esta es mi respuesta: {}"],
    "fr": ["Voici un résumé de l'article en 87 mots : {}", "D'après les textes, voici ma réponse : {}"],
    "de": ["Hier ist eine Zusammenfassung des Artikels in 87 Wörtern: {}", "Kurze Antwort: {}"],
    "it": ["Ecco un riassunto dell'articolo in 87 parole: {}", "Secondo i testi, ecco la mia risposta: {}"],
    "pt": ["Aqui está um resumo do artigo em 87 palavras: {}", "Segundo os textos, esta é a minha resposta: {}"],
}
NUMBERED = {
    "es": ["Repite los pasos 4 a 6 con Brook.", "Véanse los pasajes 2 y 3 sobre Brook."],
    "fr": ["Répétez les étapes 4 à 6 avec Brook.", "Les passages 2 et 3 parlent de Brook."],
    "de": ["Wiederholen Sie die Schritte 4 bis 6 mit Brook.", "Von Brook handeln die Textstellen 2 und 3."],
    "it": ["Ripeti i passi 4 e 6 con Brook.", "Di Brook parlano i passaggi 2 e 3."],
    "pt": ["Repita os passos 4 a 6 com Brook.", "De Brook falam as passagens 2 e 3."],
}
TWO = {
    "es": ("Los dos equipos celebraron.", "Marcó dos goles."),
    "fr": ("Les deux équipes ont fêté.", "Elle a marqué deux buts."),
    "de": ("Die zwei Mannschaften feierten.", "Sie erzielte zwei Tore."),
    "it": ("Le due squadre hanno festeggiato.", "Ha segnato due gol."),
    "pt": ("As duas equipas festejaram.", "Marcou dois golos."),
}


def pairs(table):
    return [(code, sentence) for code in CODES for sentence in table[code]]


@pytest.mark.parametrize(("code", "sentence"), pairs(ASIDES))
def test_what_speaks_of_the_writing_its_sources_or_to_the_reader_claims_nothing(code, sentence):
    sentences = read_report(f"{TELLING[code]}\n\n{sentence}", pack_for(code))
    assert [one.claim for one in sentences] == [True, *[False] * (len(sentences) - 1)]


@pytest.mark.parametrize(("code", "sentence"), pairs(CLAIMS))
def test_what_only_begins_alike_is_a_claim(code, sentence):
    assert all(one.claim for one in read_report(f"{TELLING[code]}\n\n{sentence}", pack_for(code)))


@pytest.mark.parametrize(
    ("code", "title", "headline"),
    [
        ("es", "Resultados de la última jornada", "El club despide al técnico tras la derrota"),
        ("fr", "Résultats de la dernière journée", "Le club remporte le derby de la ville"),
        ("de", "die wichtigsten Ergebnisse der letzten Woche", "der Klub verliert das Spiel der Woche"),
        ("it", "Risultati dell'ultima giornata di campionato", "Il club vince il derby della città"),
        ("pt", "Resultados da última jornada do campeonato", "O clube vence o jogo da jornada"),
    ],
)
def test_a_title_that_tells_nothing_claims_nothing_though_it_has_no_capitals(code, title, headline):
    for line, claims in ((f"## {title}", False), (f"**{title}**", False), (title, True), (f"## {headline}", True)):
        report = f"{line}\n\n{TELLING[code]}"
        assert [one.claim for one in read_report(report, pack_for(code))] == [claims, True], line


@pytest.mark.parametrize(("code", "frame"), pairs(SOURCING))
def test_where_a_sentence_has_it_from_is_neither_looked_for_nor_weighed(code, frame):
    claim = TELLING[code]
    framed, alone = (read_report(text, pack_for(code)) for text in (frame.format(claim.rstrip(".")) + ".", claim))
    assert [(one.words, one.claim) for one in framed] == [(one.words, one.claim) for one in alone]


@pytest.mark.parametrize("code", CODES)
def test_of_a_whole_report_only_what_it_reports_is_judged(code):
    claims = [one for one in read_report(REPORTS[code], pack_for(code)) if one.claim]
    assert len(claims) == 4
    for claim, told in zip(claims, ("ada brook", "ruben oakes", "korvela", "hollin"), strict=True):
        assert told in " ".join(claim.words)
    assert {fact.key for claim in claims for fact in claim.facts if fact.kind == "number"} <= {
        ("2", ""), ("3", ""), ("45500000", ""),
    }  # fmt: skip


@pytest.mark.parametrize(("code", "frame"), pairs(LEAD_INS))
def test_a_preamble_before_a_claim_is_left_out_and_the_claim_is_judged(code, frame):
    index = index_context(TELLING[code], code)
    framed, wrong = frame.format(TELLING[code]), frame.format("Rolf Steen 99.")
    assert [row.band for row in score_report(index, framed).groundedness.sentences] == ["grounded"]
    assert [row.band for row in score_report(index, wrong).groundedness.sentences] == ["not_found"]


@pytest.mark.parametrize(("code", "sentence"), pairs(NUMBERED))
def test_numbers_that_only_name_a_step_or_a_source_are_no_facts(code, sentence):
    assert [fact for one in read_report(sentence, pack_for(code)) for fact in one.facts if fact.kind != "name"] == []


@pytest.mark.parametrize("code", CODES)
def test_a_two_that_only_points_back_is_not_looked_for(code):
    index = index_context("Hollin 3-1 Marsh End. Ada Brook.", code)
    points, counts = TWO[code]
    assert [fact.kind for row in score_report(index, points).groundedness.sentences for fact in row.missing] == []
    assert "number" in {fact.kind for row in score_report(index, counts).groundedness.sentences for fact in row.missing}


@pytest.mark.parametrize(
    "line",
    [
        "¡Claro! Aquí tienes el informe:", "Bien sûr, voici le rapport :", "Gerne! Hier ist der Bericht:",
        "Ecco il riassunto della settimana:", "Aqui está o resumo da semana:",
    ],
)  # fmt: skip
def test_a_first_line_that_shows_the_answer_is_a_preamble(line):
    assert is_preamble(line)


@pytest.mark.parametrize("line", ["Hollin gana la copa.", "Klare Sache: Hollin siegt.", "Hollin a gagné la coupe."])
def test_a_first_line_of_the_report_is_none(line):
    assert not is_preamble(line)


def test_phrases_are_those_of_the_languages_that_a_text_is_in():
    assert [one.phrasing.code for one in phrases_in("El club ganó la copa porque marcó más.")][:1] == ["es"]
    assert phrases_in("The club won the cup with a late goal.") == ()
    assert [one.phrasing.code for one in phrases_in("Merci !")] == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_phrase_is_a_pattern_in_small_letters(code):
    phrases = phrases_of(code)
    assert phrases is not None
    for name, field in Phrasing.__dataclass_fields__.items():
        rows = getattr(phrases.phrasing, name)
        if field.type is str or field.type == "str":
            assert re.sub(r"\\[A-Z]", "", rows) == re.sub(r"\\[A-Z]", "", rows).lower(), name
            assert re.compile(phrases.phrasing.pattern(rows)), name
    for name, value in vars(Phrases).items():
        if hasattr(value, "func"):
            assert getattr(phrases, name), name
