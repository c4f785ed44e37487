"""The front page: what was found and what to do, in that order, and nothing of who wrote what in an open vote."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from evaluations.models import Report, Run
from evaluations.pipeline import publish
from evaluations.presentation.stories import inventions
from evaluations.presentation.wording.name_lists import name_list
from tests.elections import store_votes
from tests.factories import make_context, make_evaluation, make_run, score_run
from tests.pages.conftest import as_read
from votes import closing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memory_cache")]

TRUE = "Harbour Rovers signed the striker Ada Lund from Northgate for a fee of 12.5 million pounds on Friday."
MADE_UP = "The supporters of Eastpool Albion paid 98.7 million ducats for their captain Zoltan Quux last night."


def front() -> str:
    response = Client().get("/")
    assert response.status_code == 200
    return as_read(response.content.decode())


def headline(text: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", text)
    assert found
    return found[1].strip()


def decided(votes: dict[str, int], **fields: object) -> Run:
    """A run whose vote has closed, with the votes counted."""
    texts = (TRUE, MADE_UP, TRUE + " " + MADE_UP)
    run = score_run(make_run(make_evaluation(), models=("claude", "kimi", "qwen"), texts=texts, **fields))
    store_votes(run, votes)
    closing.close(run)
    return run


def test_the_headline_says_who_was_preferred_and_who_kept_to_the_sources():
    decided({"kimi": 9, "claude": 3})
    assert headline(front()) == "Readers preferred Kimi K3; Claude Sonnet 5.5 kept closest to the sources"


def test_one_model_may_be_both():
    decided({"claude": 9, "kimi": 3})
    assert headline(front()) == "Readers preferred Claude Sonnet 5.5, which kept closest to the sources"


def test_readers_may_be_divided():
    decided({"claude": 3, "kimi": 3})
    assert headline(front()).startswith("Readers were divided between Claude Sonnet 5.5 and Kimi K3; ")


def test_without_votes_the_headline_says_who_kept_to_the_sources():
    decided({})
    assert headline(front()) == "Claude Sonnet 5.5 kept closest to the sources"


def test_the_story_tells_votes_and_cost_and_quotes_what_is_in_no_source():
    decided({"kimi": 9, "claude": 3})
    text = front()
    assert "chosen on 9 of the 12 ballots that offered it" in text
    assert "$0.0369 for three reports" in text
    assert "paid <mark>98.7" in text
    assert re.search("“98.7[^”]*” is in no source.", text)


def test_what_every_source_says_is_never_quoted_as_invented():
    score_run(make_run(make_evaluation(), models=("claude", "kimi"), texts=(TRUE,)))
    assert "is in no source" not in front()


def test_a_withheld_report_is_neither_preferred_nor_quoted():
    run = decided({"kimi": 9, "claude": 3})
    publish.withhold(Report.objects.get(entry__run=run, entry__slug="kimi"), "Names somebody.")
    text = front()
    assert headline(text) == "Claude Sonnet 5.5 kept closest to the sources"
    assert "Kimi" not in text


def test_the_open_vote_stands_beside_the_finding_and_tells_nothing_of_its_authors():
    decided({"claude": 9})
    voted_on = make_run(make_evaluation(), models=("nightjar", "curlew"), open_for_voting=True,
                        published_at=timezone.now(), texts=("I am Nightjar. Rovers won.", "Rovers lost."))  # fmt: skip
    text = front()
    assert f'href="/runs/{voted_on.pk}/ballot/"' in text
    assert "Which report on “Rovers break their record for Lund” would you print?" in text
    assert "Here are two reports on the same four sources, without names." in text
    assert not re.search("(?i)nightjar|curlew", text)
    Run.objects.filter(pk=voted_on.pk).update(voting_closes_at=timezone.now() - timedelta(seconds=1))
    assert "Nightjar" in front()  # the control: it is told when the vote has closed


def test_reports_on_the_ballot_begin_with_their_first_statement_that_can_be_read_alone():
    texts = (f"# Rovers\n\nSure.\n\n- **{TRUE}**\n\n{MADE_UP}", "Rovers lost.", f"{'word ' * 40}end.")
    make_run(make_evaluation(), models=("claude", "kimi", "qwen"), open_for_voting=True, texts=texts)
    for _ in ("built", "read from the cache"):
        assert set(re.findall(r"<q>(.*?)</q>", front())) == {TRUE, "Rovers lost.", f"{'word ' * 32}…"}


def test_a_replay_of_the_open_run_tells_nothing_either():
    voted_on = make_run(make_evaluation(), models=("claude", "kimi"), open_for_voting=True, published_at=timezone.now())
    replay = make_run(make_evaluation(), models=("nightjar",), kind="replay", context=voted_on.context,
                      replay_of=voted_on, voting_opens_at=None, voting_closes_at=None)  # fmt: skip
    text = front()
    assert f"/runs/{replay.pk}/" not in text
    assert not re.search("(?i)nightjar|grounded|\\$", text.partition("<main")[2].partition("</main>")[0])


def test_before_any_vote_has_closed_the_news_is_the_headline():
    make_run(make_evaluation(), open_for_voting=True)
    assert headline(front()) == "“Rovers break their record for Lund”, told in four reports"


def test_a_source_without_a_title_gives_the_next_ones_headline():
    context = make_context()
    context.sources.filter(rank=1).update(title="")
    make_run(make_evaluation(), open_for_voting=True, context=context)
    assert "Table after matchday 19" in headline(front())


def test_before_the_first_run_the_archive_is_named_where_it_shows_something():
    assert 'in the <a href="/runs/">archive</a>' not in front()
    replay = make_run(make_evaluation(), kind="replay")
    assert 'in the <a href="/runs/">archive</a>' not in front()  # it is reached by its link alone
    Run.objects.filter(pk=replay.pk).update(listed=True)
    assert 'in the <a href="/runs/">archive</a>' in front()


def test_the_last_runs_are_each_a_link_with_what_they_found():
    newest = decided({"kimi": 9, "claude": 3})
    older = decided({"claude": 5, "kimi": 1}, published_at=timezone.now() - timedelta(days=9))
    trend = front().partition('id="trend"')[2]
    assert f'<a href="/runs/{newest.pk}/">Readers preferred Kimi K3; ' in trend
    assert f'<a href="/runs/{older.pk}/">Readers preferred Claude Sonnet 5.5, which' in trend


def test_the_longest_figure_is_the_fact_that_is_quoted():
    facts = [{"text": text} for text in ("Quux", "9", "Eastpool Albion", "98.7", "")]
    assert inventions.plainest_fact(facts, MADE_UP) == "98.7"
    assert inventions.plainest_fact([{"text": "elsewhere"}], MADE_UP) == ""


def test_what_is_cut_is_cut_at_a_word():
    assert inventions.shorten("one two three", 9) == "one two …"
    assert inventions.shorten("one two", 9) == "one two"


def test_names_in_a_sentence():
    assert [name_list(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]
