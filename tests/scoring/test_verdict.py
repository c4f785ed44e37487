"""From signs to the number: what names that stand together vouch for, and what they do not."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.grounding.signs.signs import Signs
from evaluations.scoring.grounding.verdict import PARTLY, Bounds, Case, loss, risk_of, unsupported
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
    [
        {"named": 0},
        {"apart": 2},
        {"named": 1, "apart": 1, "words": 0.7},
        {"words": 0.1},
        {"words": 0.5, "loose": 5},
        {"doubted": True},
        {"contradicted": True},
    ],
    ids=str,
)
def test_what_speaks_against_the_names_leaves_it_over(against):
    assert unsupported(case(**against), bounds=BOUNDS) >= PARTLY


def test_of_what_is_found_a_copy_comes_first_then_a_free_wording_whose_names_stand_together_then_an_edited_copy():
    near = FAR._replace(similarity=0.9, one_sentence=0.9, two_sentences=0.9)
    copy, free, edited = (
        unsupported(one, bounds=BOUNDS)
        for one in (case(signs=near, pairs=0.9), case(pairs=0.1), case(signs=near, pairs=0.3))
    )
    assert copy < free < edited < PARTLY


def test_of_two_names_one_may_stand_elsewhere_in_the_sources():
    assert (
        unsupported(case(apart=1), bounds=BOUNDS)
        < PARTLY
        <= unsupported(case(apart=1), bounds=BOUNDS._replace(apart=0))
    )


def test_of_a_short_sentence_all_its_other_words_but_one_may_stand_elsewhere():
    short, long = case(named=3, words=1 / 7, loose=6), case(named=3, words=2 / 8, loose=6)
    assert unsupported(short, bounds=BOUNDS) < PARTLY <= unsupported(long, bounds=BOUNDS)


def test_two_names_that_stand_together_need_no_words_beside_them_where_there_are_few():
    few, more = case(words=0.0, loose=2), case(words=0.0, loose=3)
    assert unsupported(few, bounds=BOUNDS) < PARTLY <= unsupported(more, bounds=BOUNDS)


def test_a_near_copy_whose_names_stand_together_comes_to_stand_at_the_end_of_the_band():
    near = FAR._replace(similarity=0.7, one_sentence=0.0, two_sentences=0.0, tail=1.0)
    assert unsupported(case(signs=near, named=0), bounds=BOUNDS) >= PARTLY
    assert 0.4 <= unsupported(case(signs=near), bounds=BOUNDS) < PARTLY


def test_no_order_within_the_band_moves_a_sentence_over_its_end():
    far = FAR._replace(similarity=0.7, one_sentence=0.0, two_sentences=0.0, tail=1.0)
    edited, copied = (unsupported(case(signs=far, named=0, pairs=pairs)) for pairs in (0.1, 0.9))
    assert edited == copied >= PARTLY


def test_that_a_copy_was_edited_takes_nothing_from_its_report():
    near = FAR._replace(similarity=0.9)
    assert loss(case(signs=near, pairs=0.3)) == loss(case(signs=near, pairs=0.9))
    assert loss(case(signs=near, distance=0.3)) > loss(case(signs=near, distance=0.1))


def test_a_word_that_begins_like_the_sources_counts_in_part():
    index = index_context("The chairman apologised to the supporters on Sunday. The ground was closed for a month.")
    alike, strange, same = (
        score_report(index, f"The chairman's {word} to the supporters came on Sunday.").groundedness.value
        for word in ("apologetic words", "invoiced words", "apologised words")
    )
    assert strange < alike < same
