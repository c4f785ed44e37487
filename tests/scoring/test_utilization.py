"""A source is used when a sentence of the report stands in it, and not because it is there."""

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report
from tests.scoring.test_groundedness import SOURCES

DISTRACTOR = {"title": "Tides", "text": "The harbour's tide tables were printed on Monday. Ferries sail at noon."}


def use(report, sources=SOURCES):
    return score_report(index_context(sources), report).context_utilization


def test_each_used_source_is_named_with_the_sentences_that_used_it():
    result = use("Westmere lead the league with 41 points. Erik Dahl joined Northport from Vestby for £12m.")
    assert result.value == 1
    assert [source.sentences for source in result.sources] == [(1,), (0,)]


def test_a_source_that_no_sentence_uses_is_not_counted():
    result = use("Westmere lead the league with 41 points after 19 matches.", [*SOURCES, DISTRACTOR])
    assert [source.used for source in result.sources] == [False, True, False]
    assert result.value == round(1 / 3, 4)


def test_a_sentence_of_one_word_uses_no_source():
    assert use("Westmere.").value == 0


def test_the_order_of_sources_with_equal_rank_changes_no_score():
    twin = {"title": "Copy", "text": SOURCES[0]["text"]}
    report = "Erik Dahl joined Northport from Vestby for £12m. Westmere lead the league."
    sources = [*SOURCES, twin]
    forward = score_report(index_context(sources), report).as_dict()
    backward = score_report(index_context(sources[::-1]), report).as_dict()
    for result, order in ((forward, sources), (backward, sources[::-1])):
        for row in result["groundedness"]["sentences"]:
            row["passage"]["source"] = order[row["passage"]["source"]]["title"]
        for source in result["context_utilization"]["sources"]:
            source["index"] = order[source["index"]]["title"]
        result["context_utilization"]["sources"].sort(key=lambda source: source["index"])
    assert forward == backward
