"""What must hold for any report."""

import json
import random
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluations.scoring.context.index import index_context
from evaluations.scoring.lines import score_lines
from evaluations.scoring.scores import score_report
from evaluations.scoring.text.markup import without_marks
from evaluations.scoring.value import cost_per_1000_grounded_words
from tests.scoring.test_groundedness import SOURCES

INDEX = index_context(SOURCES)
OTHER_WORDS = "zebra Oslo won 2-1 £7m 14 July Brandt not never because piano (maybe)"
WORDS = sorted({word for source in SOURCES for word in source["text"].split()} | set(OTHER_WORDS.split()))
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(
    lambda words: " ".join(word.strip(".,") for word in words).strip() + "."
)
SENTENCES = st.lists(SENTENCE, min_size=1, max_size=6)
COST = Decimal("0.01")


def value(sentences):
    return score_report(INDEX, "\n".join(sentences)).groundedness.value


def grounded_words(sentences):
    return score_report(INDEX, "\n".join(sentences)).grounded_words


def price(sentences):
    return cost_per_1000_grounded_words(score_report(INDEX, "\n".join(sentences)), COST)


@given(SENTENCES, SENTENCE, st.integers(0, 6))
@settings(deadline=None, max_examples=200)
def test_adding_an_unsupported_sentence_never_improves_a_report(sentences, added, where):
    scores = score_report(INDEX, added)
    if any(row.unsupported < 0.9 for row in scores.groundedness.sentences):
        return
    longer = [*sentences[:where], added, *sentences[where:]]
    before, after = value(sentences), value(longer)
    assert after <= before or before < 0.1
    assert price(longer) == price(sentences)


@given(SENTENCES, st.integers(0, 5), st.integers(0, 6))
@settings(deadline=None, max_examples=200)
def test_repeating_a_sentence_never_improves_a_report(sentences, which, where):
    again = list(sentences)
    again.insert(where, sentences[which % len(sentences)])
    # Not always equal: where it is said first, later sentences may go back behind it.
    assert value(again) is None or value(again) <= value(sentences)
    assert grounded_words(again) <= grounded_words(sentences)


@given(SENTENCES, st.data())
@settings(deadline=None, max_examples=200)
def test_markup_around_the_same_words_changes_nothing(sentences, data):
    marks = [
        "# {}",
        "### {} ###",
        "- {}",
        "* {}",
        "+ {}",
        "3. {}",
        "**{}**",
        "_{}_",
        "> {}",
        "`{}`",
        "__{}__",
        "***{}***",
    ]
    marked = [data.draw(st.sampled_from(marks)).format(sentence) for sentence in sentences]
    plain, dressed = score_report(INDEX, "\n".join(sentences)), score_report(INDEX, "\n".join(marked))
    assert dressed.groundedness.value == plain.groundedness.value
    assert dressed.context_utilization == plain.context_utilization
    assert dressed.grounded_words == plain.grounded_words


@given(SENTENCE, st.integers(0, 30))
@example("the 2-1.", 1)
@example("the two sides.", 1)
@settings(deadline=None, max_examples=200)
def test_bold_around_any_words_of_a_sentence_changes_nothing(sentence, place):
    words = sentence.split(" ")
    first = place % len(words)
    last = min(len(words), first + 2)
    bold = " ".join([*words[:first], "**" + " ".join(words[first:last]) + "**", *words[last:]])
    assert value([bold]) == value([sentence])


@given(st.text(max_size=300), st.text(max_size=300))
@settings(deadline=None, max_examples=300)
def test_any_text_can_be_scored(context, report):
    scores = score_report(index_context(context), report).as_dict()
    assert scores["groundedness"]["value"] is None or 0 <= scores["groundedness"]["value"] <= 1
    for row in scores["groundedness"]["sentences"]:
        assert 0 <= row["start"] < row["end"] <= len(report)
        assert 0 <= row["unsupported"] <= 1
        passage = row["passage"]
        assert passage is None or 0 <= passage["start"] < passage["end"] <= len(context)


@given(st.text(alphabet="ab1*_#`>|-[]()<!\n .\"'&~\\=", max_size=200))
@settings(deadline=None, max_examples=500)
def test_blanking_marks_moves_no_character(text):
    assert len(without_marks(text)) == len(text)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_line_gives_one_line(line):
    assert len(list(score_lines([line]))) == (1 if line.strip() else 0)


def by_source(texts, report):
    """All scores, with each source named by its text, not by its place in the list."""
    scores = score_report(index_context([{"title": "", "text": text, "rank": 1} for text in texts]), report).as_dict()
    found = scores["groundedness"]
    rows = [*found["sentences"], *found["quotes"], *found["citations"]]
    rows += [against for row in found["sentences"] for against in row["contradicted"]]
    for row in rows:
        if row["passage"]:
            row["passage"]["source"] = texts[row["passage"]["source"]]
    uses = scores["context_utilization"]["sources"]
    scores["context_utilization"]["sources"] = sorted((texts[use.pop("index")], json.dumps(use)) for use in uses)
    return json.dumps(scores)


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=30)
def test_the_order_of_sources_with_equal_rank_changes_nothing(seed):
    texts = [sentence for source in SOURCES for sentence in source["text"].split(". ")]
    shuffled = random.Random(seed).sample(texts, len(texts))
    report = "Erik Dahl joined from Vestby. Westmere lead the league with 41 points. Luca Brandt is out. Points."
    assert by_source(texts, report) == by_source(shuffled, report)


def test_the_order_of_sources_changes_nothing_where_there_are_more_than_are_looked_at():
    names = [
        f"{first}{second}" for first in ("Ka", "Lo", "Mi", "Nu", "Po") for second in ("rel", "sten", "vick", "dal")
    ]
    dice = random.Random(4)
    texts = [
        "\n".join(f"Points for Town {dice.choice(names)} {dice.choice(names)} on day {day}." for day in range(80))
        for _ in range(40)
    ]
    report = "Points. Points for Karel. Day 7 was for Losten Midal. Points for Town Nudal Posten on day 3."
    assert by_source(texts, report) == by_source(texts[::-1], report) == by_source(sorted(texts), report)
