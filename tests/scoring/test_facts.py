"""Facts agree however they are written, and disagree when they differ."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report


def missing(context, sentence):
    scores = score_report(index_context(context), sentence).as_dict()
    return [fact["text"] for row in scores["groundedness"]["sentences"] for fact in row["missing"]]


@pytest.mark.parametrize(
    ("context", "report"),
    [
        ("Arsenal won 2-1 at home.", "Arsenal won 2–1 at home."),
        ("Arsenal won 2–1 at home.", "Arsenal won by two goals to one at home."),
        ("Arsenal won by two goals to one.", "Arsenal won 2-1."),
        ("Arsenal won 3-0.", "Arsenal won three-nil."),
        ("Chelsea lost 1-2.", "Chelsea were beaten 2-1."),
        ("Result: Arsenal 2 Chelsea 1 after extra time.", "It ended 2-1."),
        ("The fee was £50m.", "The fee was 50 million pounds."),
        ("The fee was 50 million pounds.", "The fee was £50m."),
        ("The fee was £50 million.", "The fee was £50,000,000."),
        ("A fee of €12.5m was paid.", "A fee of 12.5 million euros was paid."),
        ("The fee was 50 million.", "The fee was £50m."),
        ("They meet on 14 July.", "They meet on July 14."),
        ("They meet on July 14, 2024.", "They meet on 14 July 2024."),
        ("They meet on July 14, 2024.", "They meet on 14 July."),
        ("They meet on 2024-07-14.", "They meet on the 14th of July 2024."),
        ("They meet on 14 July. The 2024 final is in Rome.", "They meet on July 14, 2024."),
        ("They finished third.", "They finished 3rd."),
        ("They finished 3rd in the table.", "They finished third."),
        ("In the 2024-25 season.", "In the 2024/25 season."),
        ("He has 1,500 minutes.", "He has 1500 minutes."),
        ("He scored twelve goals.", "He scored 12 goals."),
        ("He scored 25 goals.", "He scored twenty-five goals."),
        ("Petrov scored twice.", "Petrov scored two goals."),
        ("Petrov scored a hat-trick.", "Petrov scored three goals."),
        ("They won **2**-1 on **14** July.", "They won 2-1 on 14 **July**."),
        ("Possession was 45%.", "Possession was 45 per cent."),
        ("The coach praised Martin Ødegaard.", "The coach praised Martin Odegaard."),
        ("They beat Atlético Madrid.", "They beat Atletico Madrid."),
        ("They beat Paris Saint-Germain.", "They beat Paris Saint Germain."),
        ("The coach of Arsenal spoke.", "They met Arsenal’s coach."),
        ('He said: "We were the better side."', "He said “we were the better side”."),
        ("Arsenal won 2:1.", "Arsenal won two goals to one."),
        ("Arsenal won 2-1.", "Arsenal won 2 - 1."),
        ("Arsenal won four nil.", "Arsenal won 4-0."),
        ("The fee was £50m.", "A fifty-million-pound fee was paid: GBP 50m."),
        ("The fee was 50,000 pounds.", "The fee was £50k."),
        ("They meet on 14 July 2024.", "They meet on 14/07/2024."),
        ("They meet on 14/07/2024.", "They meet on July 14th, 2024."),
        ("They meet on 14.07.2024.", "They meet on 14-07-2024."),
        ("They meet on 14 July 2024.", "They meet on 7/14/2024."),
        ("They meet on 5 April 2024.", "They meet on 04/05/2024."),
        ("They meet on 04/05/24.", "They meet on 4 May 2024."),
        ("They meet on 14 JULY 2024.", "They meet on 14 july."),
        ("They finished 21st.", "They finished twenty-first."),
        ("They finished twenty-first.", "They finished 21st."),
        ("In the 2024/25 season.", "In the 24/25 season."),
        ("In the 24-25 season.", "In the 2024/25 season."),
        ("A crowd of 54,000.", "A crowd of fifty-four thousand."),
        ("They praised Smith Rowe.", "They praised Smith-Rowe."),
    ],
)
def test_the_same_fact_in_another_spelling_is_found(context, report):
    assert missing(context, report) == []


@pytest.mark.parametrize(
    ("context", "report", "text"),
    [
        ("Arsenal won 2-1 at home.", "Arsenal won 3-1 at home.", "3-1"),
        ("Arsenal won 2-1 at home.", "Arsenal won by two goals to nil.", "two goals to nil"),
        ("The fee was £50m.", "The fee was £55m.", "£55m"),
        ("The fee was £50m.", "The fee was €50m.", "€50m"),
        ("The fee was £50m.", "The fee was £50.", "£50"),
        ("They meet on 14 July.", "They meet on 15 July.", "15 July"),
        ("They meet on July 14, 2024.", "They meet on July 14, 2023.", "July 14, 2023"),
        ("They finished third.", "They finished 4th.", "4th"),
        ("In the 2024-25 season.", "In the 2022/23 season.", "2022/23"),
        ("He scored twelve goals.", "He scored 13 goals.", "13"),
        ("The fee was £50m.", "The fee was 50 million euros.", "50 million euros"),
        ("They meet on 14 July 2024.", "They meet on 14/08/2024.", "14/08/2024"),
        ("They meet on 5 April 2024.", "They meet on 04/06/2024.", "04/06/2024"),
        ("They finished third.", "They finished fourth.", "fourth"),
        ("They finished 21st.", "They finished twenty-second.", "twenty-second"),
        ("In the 2024/25 season.", "In the 22/23 season.", "22/23"),
        ("The coach praised Saka.", "The coach praised Bukayo Martinelli.", "Bukayo Martinelli"),
        ('He said: "We were the better side."', "He said “it was a disgrace”.", "it was a disgrace"),
    ],
)
def test_a_fact_that_no_source_gives_is_listed_with_its_place(context, report, text):
    assert missing(context, report) == [text]
    row = score_report(index_context(context), report).as_dict()["groundedness"]["sentences"][0]
    (fact,) = row["missing"]
    assert report[fact["start"] : fact["end"]] == text


def test_a_short_form_agrees_with_its_name_where_the_context_shows_the_pair():
    shown = index_context("Manchester United (Man Utd) beat Chelsea in the final on Sunday.")
    not_shown = index_context("Manchester United beat Chelsea in the final on Sunday.")
    report = "In the final on Sunday, Man Utd beat Chelsea."
    with_pair, without = score_report(shown, report), score_report(not_shown, report)
    assert with_pair.groundedness.sentences[0].missing == ()
    assert with_pair.groundedness.value > without.groundedness.value
    assert [fact.key for fact in without.groundedness.sentences[0].missing] == [("Man", "Utd")]


@pytest.mark.parametrize(
    "context",
    [
        "Paris Saint-Germain (PSG) won the cup against Lyon.",
        "PSG celebrate. Paris Saint-Germain won the cup against Lyon.",
        "Paris Saint-Germain, also known as PSG, won the cup against Lyon.",
    ],
)
def test_initials_agree_with_the_name_they_stand_for(context):
    report = "The cup was won by PSG against Lyon."
    full = "The cup was won by Paris Saint-Germain against Lyon."
    index = index_context(context)
    assert score_report(index, report).groundedness.value == score_report(index, full).groundedness.value


def test_a_club_in_brackets_behind_a_player_is_no_short_form_of_him():
    index = index_context("Erling Haaland (Manchester City) scored twice. Manchester City won.")
    assert index.aliases.spell_out(["manchester", "city"]) == ["manchester", "city"]


def test_numbers_of_lists_and_citations_are_no_facts():
    assert missing("Arsenal won at home.", "1. Arsenal won at home [3].\n2. Arsenal won.") == []


def test_a_quote_must_stand_in_a_source_word_for_word():
    context = "Ruiz was pleased. A disgrace, it was not. What a game it was."
    altered = score_report(index_context(context), 'Ruiz said "it was a disgrace".').as_dict()["groundedness"][
        "sentences"
    ][0]
    assert altered["band"] == "contradicted"
    assert [against["kind"] for against in altered["contradicted"]] == ["quotation"]
    assert missing(context, 'Ruiz said "we were robbed by the weather".') == ["we were robbed by the weather"]
    assert missing(context, 'Ruiz said: "What a game it was".') == []
