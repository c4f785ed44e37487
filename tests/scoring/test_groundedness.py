"""What is in the sources comes out as grounded, with its evidence; what is not does not."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

SOURCES = [
    {
        "title": "Northport sign Dahl",
        "text": "Northport have signed the striker Erik Dahl from Vestby for £12m. Dahl, 24, scored 19"
        " goals last season. His contract runs until June 2029."
        " Manager Ana Ruiz called him a complete forward.",
    },
    {
        "title": "Table",
        "text": "Westmere lead the league with 41 points after 19 matches. Northport are second, two"
        " points behind. Kilbride have sacked their manager, Tom Frayne, after six defeats in a row.",
    },
]


@pytest.fixture(scope="module")
def index():
    return index_context(SOURCES)


def rows(index, report):
    return score_report(index, report).as_dict()["groundedness"]["sentences"]


def test_a_sentence_taken_from_a_source_is_grounded_and_points_to_it(index):
    (row,) = rows(index, "Erik Dahl joined Northport from Vestby for £12m.")
    assert row["band"] == "grounded"
    passage = row["passage"]
    assert passage["source"] == 0
    assert "Erik Dahl from Vestby" in SOURCES[0]["text"][passage["start"] : passage["end"]]


def test_an_invented_sentence_is_not_found(index):
    (row,) = rows(index, "Luca Brandt broke his ankle during a friendly against Harrowgate.")
    assert row["band"] == "not_found"
    assert [fact["text"] for fact in row["missing"]] == ["Brandt", "Harrowgate"]
    assert row["passage"] is None


def test_the_bands_are_those_of_the_interface(index):
    for row in rows(index, "Westmere lead the league. Dahl likes jazz. Zyx qwv plok brunt."):
        expected = "grounded" if row["unsupported"] < 0.5 else "partly" if row["unsupported"] < 0.9 else "not_found"
        assert row["band"] == expected


def test_offsets_are_characters_of_the_report_as_given(index):
    report = "# News\n\n- **Westmere** lead the league with 41 points.\n- Kilbride sacked Tom Frayne."
    assert [report[row["start"] : row["end"]] for row in rows(index, report)] == [
        "News",
        "Westmere** lead the league with 41 points.",
        "Kilbride sacked Tom Frayne.",
    ]


@pytest.mark.parametrize(
    "report",
    [
        "| Club | Points |\n|---|---|\n| Westmere | 41 |",
        "[Westmere lead the league](https://example.org/a)",
        "> Westmere lead the league",
    ],
)
def test_words_in_tables_links_and_quotes_are_scored_and_marks_are_not(index, report):
    scores = score_report(index, report)
    assert scores.groundedness.sentences
    words = {word for row in scores.groundedness.sentences for word in report[row.start : row.end].split()}
    assert "Westmere" in " ".join(words)
    assert all("example" not in report[row.start : row.end] for row in scores.groundedness.sentences)


def test_copying_is_shown_beside_groundedness(index):
    copied = score_report(index, SOURCES[1]["text"])
    reworded = score_report(index, "After 19 games Westmere have 41 points and lead; Northport trail by two.")
    assert copied.groundedness.verbatim == 1
    assert reworded.groundedness.verbatim == 0
    assert copied.groundedness.value > reworded.groundedness.value


def test_an_empty_report_and_an_empty_context_have_scores(index):
    empty = score_report(index, "").as_dict()["groundedness"]
    assert (empty["value"], empty["verbatim"], empty["sentences"]) == (None, 0.0, [])
    nothing = score_report(index_context([]), "Westmere lead the league.").as_dict()
    assert nothing["groundedness"]["sentences"][0]["passage"] is None
    assert nothing["groundedness"]["sentences"][0]["band"] == "not_found"
    assert nothing["context_utilization"] == {"value": 0.0, "sources": []}


def test_a_swapped_number_lowers_the_score(index):
    right = score_report(index, "Erik Dahl, 24, scored 19 goals last season.")
    wrong = score_report(index, "Erik Dahl, 24, scored 29 goals last season.")
    assert right.groundedness.value > wrong.groundedness.value


def test_a_negated_sentence_scores_no_higher_than_its_source(index):
    right = score_report(index, "Northport have signed the striker Erik Dahl.")
    wrong = score_report(index, "Northport have not signed the striker Erik Dahl.")
    assert right.groundedness.value > wrong.groundedness.value


def test_headings_that_the_format_dictates_are_not_the_writers_words(index):
    report = "## What was never mentioned by any desk\n\nWestmere lead the league with 41 points."
    wanted = {"sections": [{"heading": "What was never mentioned by any desk"}]}
    free, dictated = score_report(index, report), score_report(index, report, wanted)
    assert len(dictated.groundedness.sentences) == len(free.groundedness.sentences) - 1
    assert dictated.groundedness.value > free.groundedness.value
    assert dictated.words == free.words


def test_of_two_reports_that_are_found_the_one_with_a_pronoun_of_somebody_else_stands_lower():
    index = index_context(
        "Coach Ruth Oduya praised her players after the match. She said that they had run themselves into the ground."
    )
    right, wrong = (
        score_report(index, f"Coach Ruth Oduya praised {whose} players after the match.").groundedness
        for whose in ("her", "his")
    )
    assert {row.band for report in (right, wrong) for row in report.sentences} == {"grounded"}
    assert right.value > wrong.value


def test_what_is_contradicted_or_not_found_takes_nearly_all_of_its_words_from_the_report(index):
    for said in (
        "Northport have not signed the striker Erik Dahl.",
        "Purple elephants dance on frozen volcanoes nightly.",
    ):
        found = score_report(index, said).groundedness
        assert found.sentences[0].band in ("contradicted", "not_found")
        assert found.value <= 0.1, said
