"""From signs to the number: what names that stand together vouch for, and what they do not."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.grounding.signs.signs import Signs
from evaluations.scoring.grounding.verdict import PARTLY, Bounds, Case, risk_of, unsupported
from evaluations.scoring.scores import score_report

BOUNDS = Bounds(lone=0.3, reach=1.5, loose=4)
FAR = Signs(similarity=0.5, one_sentence=0.3, two_sentences=0.4, missing=0.0, scattered=0.0, everyday=0.0)


def case(**changes):
    return Case(FAR, named=2, apart=0, words=0.4, loose=3, contradicted=False, doubted=False)._replace(**changes)


def test_few_shared_words_alone_do_not_push_a_sentence_over_whose_names_stand_together():
    assert 0 < risk_of(FAR) <= BOUNDS.reach
    assert unsupported(case(), bounds=BOUNDS) < PARTLY


@pytest.mark.parametrize(
    "against",
    [{"named": 0}, {"apart": 1}, {"words": 0.1}, {"loose": 5}, {"doubted": True}, {"contradicted": True}],
    ids=str,
)
def test_what_speaks_against_the_names_leaves_it_over(against):
    assert unsupported(case(**against), bounds=BOUNDS) >= PARTLY


def test_who_is_near_in_words_stands_before_who_is_lifted_by_names():
    near = FAR._replace(similarity=0.7)
    assert risk_of(near) < 0
    assert unsupported(case(signs=near), bounds=BOUNDS) < unsupported(case(), bounds=BOUNDS)


def test_a_word_that_begins_like_the_sources_counts_in_part():
    index = index_context("The chairman apologised to the supporters on Sunday. The ground was closed for a month.")
    alike, strange, same = (
        score_report(index, f"The chairman's {word} to the supporters came on Sunday.").groundedness.value
        for word in ("apologetic words", "invoiced words", "apologised words")
    )
    assert strange < alike < same
