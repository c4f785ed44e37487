"""What a sentence says of a number, a time or somebody else than its nearest source sentence does is doubted."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

SOURCES = (
    "Five people were injured and three died in the past year in the stadium fire, the coroner said on Monday. "
    "Freshman Arlo Winter led Larkfield with 19 points, while captain Jon Oker had 18 points, 10 of which came in the "
    "first half. Captain Ned Kamin led Oxmoor with 20 points and 11 rebounds. "
    "Dana Busby delivered all five girls at the Harbour Hospital in Tarnside on Saturday. "
    "The first clinical trial will focus on torn knee ligaments, with tests expected to begin within five years. "
    "Steen was convicted of one count of fraud but not a misdemeanour charge that he had also faced. "
    "Prime minister Olaf Lee will stay in his official role until president Mia Park accepts his resignation. "
    "Ambush attacks on stewards were the leading cause of deaths in the line of duty at grounds."
)
CONTEXT = index_context(
    [{"title": "Harbour Post", "text": SOURCES}, {"title": "Wayfare", "text": "Wayfare is an app."}]
)


def band(sentence: str) -> str:
    (row,) = score_report(CONTEXT, sentence).groundedness.sentences
    return row.band


@pytest.mark.parametrize(
    ("otherwise", "so"),
    [
        (
            "Five people in the stadium have died in the past year in the fire, the coroner said.",
            "Five people were injured in the past year in the stadium fire, the coroner said.",
        ),
        (
            "Arlo Winter led Larkfield with 19 points, while captain Jon Oker had 18 points and 10 rebounds.",
            "Arlo Winter led Larkfield with 19 points, while captain Jon Oker had 18 points, 10 in the first half.",
        ),
        (
            "Dana Busby delivered her fifth girl at the Harbour Hospital in Tarnside on Saturday.",
            "Dana Busby delivered five girls at the Harbour Hospital in Tarnside on Saturday.",
        ),
        (
            "The first clinical trial focusing on torn knee ligaments is currently underway.",
            "The first clinical trial will focus on torn knee ligaments.",
        ),
        (
            "Steen was convicted of a misdemeanour charge that he had also faced.",
            "Steen was convicted of one count of fraud but not a misdemeanour charge.",
        ),
        (
            "President Mia Park has accepted his resignation and Lee will stay in his official role.",
            "Lee will stay in his official role until president Mia Park accepts his resignation.",
        ),
        (
            "Wayfare is the leading cause of deaths in the line of duty at grounds.",
            "Ambush attacks are the leading cause of deaths in the line of duty at grounds.",
        ),
    ],
)
def test_a_sentence_is_doubted_that_says_it_of_another_number_time_or_subject_and_not_one_that_says_it_as_it_is(
    otherwise, so
):
    assert band(so) == "grounded"
    assert band(otherwise) != "grounded"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "The striker scored 17 goals last season and has nine so far in this one.",
            "The striker, with nine goals so far, had scored 17 last season.",
        ),
        (
            "A talk between Alba and Bern gives the reader clues to rule out nine of the 10 dates.",
            "A talk between Alba and Bern gives clues to rule out nine dates.",
        ),
        (
            "Nine acids are essential, but adults need to obtain eight of them from what they eat.",
            "Adults need to obtain eight essential acids from what they eat.",
        ),
        (
            "Attwick put the visitors ahead after nine minutes against Larkfield.",
            "Attwick put the visitors ahead in the ninth minute against Larkfield.",
        ),
    ],
)
def test_a_number_whose_noun_is_left_out_in_the_source_raises_no_doubt(source, sentence):
    (row,) = score_report(index_context(source), sentence).groundedness.sentences
    assert row.band == "grounded"


def test_what_a_number_counts_may_stand_far_from_the_nearest_sentence():
    near = "Larkfield beat Oxmoor to lead the group after nine matches, with Vestby on 12 points. "
    between = "".join(f"Larkfield met Oxmoor in the group at ground {place}. " for place in "ABCDEF")
    far = "Nobody has more than nine points after the first round."
    said = "Larkfield beat Oxmoor to lead the group with nine points."
    bands = [
        score_report(index_context(near + between + end), said).groundedness.sentences[0].band for end in ("", far)
    ]
    assert bands == ["partly", "grounded"]
