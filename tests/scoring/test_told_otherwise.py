"""Numbers and days that a sentence tells in another way than its source count as found; the same way of telling with
another number does not."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

DATED = "2041-03-05"  # a Tuesday


def missing(source, sentence):
    index = index_context([{"title": "", "text": source, "date": DATED}])
    rows = score_report(index, sentence).as_dict()["groundedness"]["sentences"]
    return [fact["text"] for row in rows for fact in row["missing"]]


SAME = [
    ("Lund scored in the 78th minute for Rovers.", "Lund scored for Rovers {} minutes from time.", "twelve", "fifteen"),
    (
        "Lund scored in the 48th minute for Rovers.",
        "Lund scored for Rovers {} minutes after the break.",
        "three",
        "nine",
    ),
    ("Rovers paid three quarters of the wages of Lund.", "Rovers paid {} per cent of the wages of Lund.", "75", "85"),
    ("Rovers had 63 per cent of the ball at Colby.", "Albion had {} per cent of the ball at Colby.", "37", "42"),
    ("Six of the 24 players of Rovers are new.", "A {} of the players of Rovers are new.", "quarter", "tenth"),
    ("The fans of Rovers waited for half an hour.", "The fans of Rovers waited for {} minutes.", "thirty", "forty"),
    ("Lund left Rovers a fortnight ago.", "Lund left Rovers {} days ago.", "fourteen", "sixteen"),
    ("Rovers last won the cup in 2034.", "Rovers last won the cup {} years before.", "seven", "nine"),
    ("Rovers sacked Lund on 26 February.", "Rovers sacked Lund {} days before.", "seven", "eleven"),
    ("Rovers had 41 points, Albion 37.", "Albion had {} points fewer than Rovers.", "four", "six"),
    ("The fine of Rovers was cut from £20,000 to £15,000.", "The fine of Rovers was cut by £{}.", "5,000", "8,000"),
    ("The match of Rovers starts at 5.30 p.m.", "The match of Rovers starts at half past {}.", "five", "six"),
    ("Rovers have reached the quarter-finals.", "Rovers are among the last {} of the cup.", "eight", "six"),
    ("Rovers have sold Lund for €31m.", "Rovers wanted 35 million euros for Lund and got {}.", "31", "33"),
]


@pytest.mark.parametrize(("source", "said", "same", "other"), SAME, ids=[case[1] for case in SAME])
def test_a_number_told_otherwise_is_found_and_another_is_not(source, said, same, other):
    source = f"{source} Rovers want 35 million euros." if "35 million" in said else source
    assert missing(source, said.format(same)) == []
    assert missing(source, said.format(other)) != []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Rovers sacked Lund on Monday.", "Rovers sacked Lund on 4 March 2041."),
        ("Rovers sacked Lund yesterday.", "Rovers sacked Lund on 4 March 2041."),
        ("Rovers play Albion on Saturday.", "Rovers play Albion on 9 March 2041."),
    ],
)
def test_a_weekday_is_the_date_that_it_is_in_a_source_of_its_day(source, said):
    assert missing(source, said) == []
    assert missing(source, said.replace(" March", " June")) != []


def test_a_source_without_a_day_gives_its_weekdays_none():
    index = index_context("Rovers sacked Lund on Monday.")
    rows = score_report(index, "Rovers sacked Lund on 4 March 2041.").as_dict()["groundedness"]["sentences"]
    assert [fact["text"] for row in rows for fact in row["missing"]] == ["4 March 2041"]


def test_what_everybody_knows_needs_no_source():
    assert missing("The match of Rovers was abandoned.", "The match of Rovers did not last ninety minutes.") == []
    assert missing("The match of Rovers was abandoned.", "The match of Rovers did not last eighty minutes.") == [
        "eighty"
    ]
