"""What speaks against a sentence beside its distance: that the report goes back for it, a part of it, its end, its
manner, and a source that it names and that does not say it."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.grounding.groundedness import read_cases
from evaluations.scoring.grounding.matching import match_sentences
from evaluations.scoring.report import read_report
from evaluations.scoring.scores import score_report

NEWS = (
    "Harbour Rovers opened the week with a quiet draw at home to Vestby. On Tuesday the club signed the striker Erik"
    " Dahl for six million pounds. On Wednesday manager Luca Brandt praised the academy and its young coaches. On"
    " Thursday a storm closed the training ground until the weekend. On Friday the supporters' trust asked for cheaper"
    " season tickets. The council will vote on the new stand in March."
)
INDEX = index_context(NEWS)
DAHL = "The striker Erik Dahl came to the club on Tuesday for six million pounds."
STORM = "A storm shut the training ground on Thursday."
STAND = "The council votes on the new stand in March."
NOWHERE = "Zebras in Oslo elected a mayor who sells pianos to the new stand council."


def unsupported(*sentences, index=INDEX):
    return [row.unsupported for row in score_report(index, " ".join(sentences)).groundedness.sentences]


def signs(sentence, index=INDEX):
    matches = match_sentences(index, read_report(sentence))
    (reading,) = read_cases(index, matches)
    return reading.case.signs


def test_a_sentence_for_which_the_report_goes_back_in_its_source_is_held_to_more():
    in_order, backwards = unsupported(DAHL, STORM, STAND), unsupported(STAND, STORM, DAHL)
    assert in_order == [unsupported(sentence)[0] for sentence in (DAHL, STORM, STAND)]
    assert backwards[0] == in_order[2]
    assert backwards[1] > in_order[1]
    assert backwards[2] > in_order[0]


def test_sources_are_gone_through_each_by_itself():
    index = index_context(
        [{"title": "", "text": NEWS}, {"title": "", "text": "Vestby sold their bus. Nobody bought it."}]
    )
    told = unsupported(STAND, "Vestby sold their old bus.", index=index)
    assert told[1] == unsupported("Vestby sold their old bus.", index=index)[0]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_not_found_moves_a_report_on_nowhere(place):
    report = [DAHL, STORM]
    before = unsupported(*report)
    report.insert(place, NOWHERE)
    after = unsupported(*report)
    assert after.pop(place) >= 0.5
    assert after == before


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_sentence_said_again_anywhere_lets_no_other_pass(place):
    report = [STAND, DAHL]
    before = dict(zip(report, unsupported(*report), strict=True))
    longer = list(report)
    longer.insert(place, DAHL)
    assert all(risk >= before[sentence] for sentence, risk in zip(longer, unsupported(*longer), strict=True))


def test_a_part_that_no_source_sentence_holds_is_seen_in_a_sentence_that_is_held():
    whole = signs("On Tuesday the club signed the striker Erik Dahl.")
    partly = signs("On Tuesday the club signed the striker Erik Dahl, while pensioners cheered in vain.")
    assert (whole.weakest, partly.weakest) == (1, 0)


def test_words_of_its_own_weigh_more_at_the_end_of_a_sentence():
    end = "On Friday the trust asked for cheaper tickets, thrilling pensioners everywhere."
    beginning = "Thrilling pensioners everywhere, on Friday the trust asked for cheaper tickets."
    assert signs(end).tail > signs(beginning).tail == 0
    assert unsupported(end) > unsupported(beginning)


def test_short_forms_of_names_are_no_words_of_their_own():
    index = index_context("Paris Saint-Germain (PSG) won the cup against Lyon. They celebrated in the streets.")
    short, full = (signs(f"Against Lyon the cup was won by {name}.", index) for name in ("PSG", "Paris Saint-Germain"))
    assert short == full
    assert (short.weakest, short.tail) == (1, 0)


def test_what_a_source_has_from_somebody_is_held_to_more_where_it_is_told_as_a_fact():
    index = index_context("The manager said that the new stand was too small. The club sold the old one to Vestby.")
    fact, saying = (
        signs(text, index) for text in ("The new stand was too small.", "The manager said it was too small.")
    )
    assert (fact.unattributed, saying.unattributed) == (1, 0)
    assert signs("The club sold the old stand to Vestby.", index).unattributed == 0


def test_a_doubt_that_no_source_has_is_the_reports_own():
    index = index_context("The club may sell the striker in June. The stand opens in autumn. Tickets are sold out.")
    assert signs("The striker might leave the club in June.", index).unsure == 0
    index = index_context("The club sold the striker in June. The stand opens in autumn. Tickets are sold out.")
    assert signs("The striker might leave the club in June.", index).unsure == 1
    assert signs("The club sold the striker in June.", index).unsure == 0


@pytest.mark.parametrize("text", ["The shop opens in May, after the thaw.", "In late May the shop opens its doors."])
def test_the_month_of_may_is_no_doubt(text):
    index = index_context("The shop of the club opens its doors after the thaw. Tickets are sold out.")
    assert signs(text, index).unsure == 0
    assert signs("The shop may open its doors after the thaw.", index).unsure == 1


@pytest.mark.parametrize(
    ("language", "told", "fact", "saying", "doubt"),
    [
        (
            "es",
            "El entrenador dijo que la nueva grada era demasiado pequeña.",
            "La nueva grada era demasiado pequeña.",
            "El entrenador afirmó que la nueva grada era demasiado pequeña.",
            "La nueva grada probablemente era demasiado pequeña.",
        ),
        (
            "de",
            "Der Trainer sagte, die neue Tribüne sei zu klein.",
            "Die neue Tribüne ist zu klein.",
            "Der Trainer erklärte, die neue Tribüne sei zu klein.",
            "Die neue Tribüne ist vermutlich zu klein.",
        ),
        (
            "fr",
            "L'entraîneur a déclaré que la nouvelle tribune était trop petite.",
            "La nouvelle tribune était trop petite.",
            "L'entraîneur a expliqué que la nouvelle tribune était trop petite.",
            "La nouvelle tribune était probablement trop petite.",
        ),
        (
            "pt",
            "O treinador disse que a nova bancada era pequena demais.",
            "A nova bancada era pequena demais.",
            "O treinador explicou que a nova bancada era pequena demais.",
            "A nova bancada talvez fosse pequena demais.",
        ),
        (
            "it",
            "L'allenatore ha detto che la nuova tribuna era troppo piccola.",
            "La nuova tribuna era troppo piccola.",
            "L'allenatore ha spiegato che la nuova tribuna era troppo piccola.",
            "La nuova tribuna era probabilmente troppo piccola.",
        ),
    ],
)
def test_how_a_sentence_says_it_is_read_in_each_language(language, told, fact, saying, doubt):
    index = index_context(told, language)
    assert [signs(text, index).unattributed for text in (fact, saying, doubt)] == [1, 0, 1]
    assert [signs(text, index).unsure for text in (fact, saying, doubt)] == [0, 0, 1]
    unknown = index_context(told, "sv")
    assert signs(fact, unknown).unattributed == signs(doubt, unknown).unsure == 0


PASSAGES = [
    {"title": "", "text": "Dahlias like full sun and well drained soil. Plant the tubers in late spring."},
    {"title": "", "text": "Tulips are planted in autumn, before the first frost. They need cold to flower."},
]


@pytest.mark.parametrize(
    ("sentence", "band"),
    [
        ("Plant the dahlia tubers in late spring (passage 1).", "grounded"),
        ("Plant the dahlia tubers in late spring (passage 2).", "partly"),
        ("Plant the dahlia tubers in late spring (passages 1 and 2).", "grounded"),
        ("Plant the dahlia tubers in late spring (passage 7).", "partly"),
        ("Passage 2 says that tulips are planted in autumn before the first frost.", "grounded"),
        ("Passage 1 says that tulips are planted in autumn before the first frost.", "partly"),
        ("In step 2, plant the dahlia tubers in late spring.", "grounded"),
    ],
)
def test_a_source_named_by_its_number_has_to_be_one_that_says_it(sentence, band):
    (row,) = score_report(index_context(PASSAGES), sentence).groundedness.sentences
    assert row.band == band


def test_the_number_of_a_source_is_the_one_that_it_bears_in_the_lock():
    ranked = [source | {"rank": 7 - place} for place, source in enumerate(PASSAGES)]
    (row,) = score_report(
        index_context(ranked), "Plant the dahlia tubers in late spring (source 7)."
    ).groundedness.sentences
    assert row.band == "grounded"


def test_where_all_is_in_one_source_the_numbers_are_of_its_own_parts():
    index = index_context("\n".join(source["text"] for source in PASSAGES))
    (row,) = score_report(index, "Plant the dahlia tubers in late spring (passage 2).").groundedness.sentences
    assert row.band == "grounded"
