"""What claims nothing has no verdict; what claims something has one, whatever it begins with."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.report import read_report
from evaluations.scoring.scores import score_report

SOURCE = "Hollin Town beat Marsh End 3-1 on Friday. Ada Brook scored twice. The league starts again in August."
INDEX = index_context(SOURCE)


def bands(report):
    return [row.band for row in score_report(INDEX, report).groundedness.sentences]


@pytest.mark.parametrize(
    "sentence",
    [
        "Here is a summary of the articles in 80 words:",
        "Here's the report you asked for.",
        "Sure!",
        "Sure, I can help you with that!",
        "Below is a brief overview of the week:",
        "Based on the given sources, here is the report:",
        "Based on the given passages, here is how Hollin Town won on 3 May:",
        "Based on the provided sources, the goals of Ada Brook are:",
        "To follow Hollin Town, take these steps:",
        "Now to the transfers.",
        "In other news:",
        "Let me know if you have any further questions.",
        "I hope this helps!",
        "Thank you for reading.",
        "What do you make of it?",
        "Unable to answer based on the given passages.",
        "The sources do not provide information about injuries.",
        "Transfer news",
        "(Source: Passage 2)",
        "Hier ist eine Zusammenfassung der Artikel:",
        "Ich hoffe, das hilft!",
        "Aquí tiene un resumen de los artículos:",
        "Espero que esto ayude.",
        "Voici un résumé des articles :",
        "N'hésitez pas à poser des questions.",
        "Aqui está um resumo dos artigos:",
        "Espero que ajude.",
        "Ecco un riassunto degli articoli:",
        "Spero che sia utile.",
    ],
)
def test_preambles_transitions_sign_offs_and_questions_claim_nothing(sentence):
    assert bands(sentence) == ["no_claim"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Overall, Hollin Town had a good week.",
        "Finally, Ada Brook scored twice.",
        "Great Barr won the cup.",
        "Sure of promotion, Hollin Town rested six players.",
        "Did Hollin Town beat Marsh End 3-1?",
        "According to the article, Ada Brook scored twice.",
        "Here is Ada Brook: she scored twice.",
        "Hollin Town won because of these two goals:",
        "Meanwhile, the league starts again in August.",
        "The manager could not say when Brook will return to training with the squad.",
    ],
)
def test_what_claims_something_has_a_verdict(sentence):
    assert "no_claim" not in bands(sentence)


def test_what_claims_nothing_counts_in_no_mean():
    alone = score_report(INDEX, "Ada Brook scored twice.").groundedness
    framed = score_report(INDEX, "Here is the report:\n\nAda Brook scored twice.\n\nI hope this helps!").groundedness
    assert framed.value == alone.value
    assert [row.unsupported for row in framed.sentences if row.band == "no_claim"] == [0.0, 0.0]


def test_a_report_that_claims_nothing_has_no_value():
    assert score_report(INDEX, "Here is the report:").groundedness.value is None


@pytest.mark.parametrize(
    "remark",
    [
        "Good question.", "That's a very interesting question!", "This is the gist of it.",
        "So that's the bottom line.",
        "That sums up the week.", "And that's a wrap.", "Those are the main stories.", "Happy to help.",
        "Without further ado, here is the report.", "As an AI language model, I have summarised the sources.",
        "Das ist eine gute Frage.", "Buena pregunta.", "C'est une bonne question.", "É uma boa pergunta.",
        "Questo è l'essenziale.",
    ],
)  # fmt: skip
def test_a_remark_on_the_writing_or_to_the_reader_claims_nothing(remark):
    assert [sentence.claim for sentence in read_report(remark)] == [False]


@pytest.mark.parametrize(
    "claim",
    [
        "Good question marks hung over the manager.", "That was a good win.", "That is the third defeat in a row.",
        "This is the worst run since 1999.", "Thanks to Korvela, Rovers won.", "More players left.",
        "That is all that Vance said about the card.", "This sums up a bad month for Tilcombe.",
        "Happy to help his side, Oakes stayed.", "The gist of the ruling was that Oakes is banned.",
    ],
)  # fmt: skip
def test_what_only_begins_like_a_remark_is_a_claim(claim):
    assert [sentence.claim for sentence in read_report(claim)] == [True]


@pytest.mark.parametrize(
    "sentence",
    [
        "Based on the given passages, {}",
        "According to source 2, {}",
        "The article also mentions that {}",
        "Ada Brook scored twice (source 1).",
        "Ada Brook scored twice, as stated in the second passage.",
        "Laut den Quellen {}",
        "Según las fuentes, {}",
        "D'après les sources, {}",
        "Segundo as fontes, {}",
        "Secondo le fonti, {}",
    ],
)
def test_where_a_sentence_has_it_from_is_neither_looked_for_nor_weighed(sentence):
    plain = "Ada Brook scored twice."
    said, alone = (
        score_report(INDEX, text).groundedness.sentences[0] for text in (sentence.format(plain[:-1]) + ".", plain)
    )
    assert said.words == alone.words
    assert said.unsupported == pytest.approx(alone.unsupported, abs=0.05)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sources say Ada Brook scored twice.",
        "According to reports, Ada Brook scored twice.",
        "According to the documents that he signed, Ada Brook scored twice.",
        "The text message went to Ada Brook.",
    ],
)
def test_sources_of_the_story_are_part_of_the_claim(sentence):
    assert score_report(INDEX, sentence).groundedness.sentences[0].words == len(sentence.split())


def test_a_preamble_before_a_claim_on_its_line_is_neither_looked_up_nor_hides_the_claim():
    index = index_context("Ajax beat PSV 2-1 on Saturday.")
    for said, band in (
        ("Here is a summary of the article in 87 words: Ajax beat PSV 2-1 on Saturday.", "grounded"),
        ("Sure! Here's a report in 60 words: PSV beat Ajax 2-1 on Saturday.", "contradicted"),
        ("Here is the problem: Ajax owe £3m.", "not_found"),
    ):
        rows = score_report(index, said).groundedness.sentences
        assert [row.band for row in rows if row.claim] == [band], said
