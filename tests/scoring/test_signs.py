"""What speaks against a sentence beside its distance: the report goes back for it, one of its parts, its end."""

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
