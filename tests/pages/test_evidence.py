"""Evidence: each sentence with its band and its passage, marked without changing a word of the report."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluations.models import LockedContext, Report
from evaluations.presentation import cache, cards
from evaluations.presentation.cards import Note
from evaluations.presentation.evidence import LARGEST_SHARE, LONGEST_PASSAGE, notes_for
from evaluations.presentation.markdown import sanitise, to_html
from evaluations.presentation.marks import without_marks
from evaluations.scoring.context.documents import Document
from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report
from tests.factories import STORY, make_run, score_run
from tests.pages.conftest import as_read
from tests.pages.test_rendering import DOCUMENTS, forbidden

SOURCES = [{"title": "Echo", "url": "https://echo.example/1", "text": STORY}]


def scored(text: str) -> list[dict]:
    return score_report(index_context(SOURCES), text).as_dict()["groundedness"]["sentences"]


def marked(text: str) -> str:
    return to_html(text, scored(text))


# Marks


def test_a_mark_goes_through_emphasis_links_and_escapes():
    """Of whichever band: how near the sentence is to its source is for the scorers to say."""
    text = "Harbour *Rovers* signed [Ada Lund](https://e.example/a) from North\\*gate &amp; more."
    result = to_html(text, [row | {"band": "partly"} for row in scored(text)])
    assert re.sub(r' rel="[^"]*"', "", result) == (
        '<p><span class="partly">Harbour </span><em><span class="partly">Rovers</span></em>'
        '<span class="partly"> signed </span>'
        '<bdi><a href="https://e.example/a"><span class="partly">Ada Lund</span></a>'
        " <small>(<bdi>e.example</bdi>)</small></bdi>"
        '<span class="partly"> from North*gate &amp; more.</span><sup>1</sup></p>\n'
    )


def test_a_fact_that_is_in_no_source_is_marked_within_its_sentence():
    assert "for <mark>£99m</mark>" in marked("Harbour Rovers signed the striker Ada Lund for £99m.")


def test_every_row_of_a_table_is_a_sentence_over_its_cells():
    result = marked("| Club | Points |\n|---|--:|\n| Rovers \\| Harbour | 41 |")
    assert result.count('<td><span class="') == 1
    assert "Rovers | Harbour</span></td>" in result
    assert re.search(r"41</span><sup>2</sup></td>", result)


def test_code_blocks_and_quotations_are_marked_too():
    assert marked("```\nthe first line of it\nthe second line of it\n```").count("<sup>") == 2
    assert "<blockquote>\n<p><span" in marked("> Two players go on loan.")


@given(DOCUMENTS)
@example("```\n\naaa")  # no line break may come first in a preformatted text
@settings(max_examples=200, deadline=None)
def test_marks_change_no_word_and_stay_within_what_a_report_may_contain(document):
    result = marked(document)
    assert without_marks(result) == to_html(document)
    assert sanitise(result) == result
    assert [what for what in forbidden(result) if not what.startswith(("span class=",))] == []


@given(st.text(max_size=200), st.integers(0, 300), st.integers(-5, 300))
@settings(max_examples=100, deadline=None)
def test_offsets_that_do_not_fit_the_text_do_no_harm(text, start, length):
    row = {"start": start, "end": start + length, "band": "<b>", "missing": [{"start": start, "end": start + 2}]}
    assert without_marks(to_html(text, [row])) == to_html(text)


# Passages


def test_passages_keep_their_bounds_however_often_a_source_is_used():
    text = " ".join([*re.findall(r"[^.]+\.", STORY)[:6], "The board called her the best finisher."] * 5)
    documents = (Document("Echo", STORY, "https://echo.example/1"),)
    notes = notes_for([(text, scored(text)), (text, scored(text))], documents)
    passages = {note.passage.removesuffix(" …") for of_report in notes for note in of_report}
    assert all(len(note.passage) <= LONGEST_PASSAGE for of_report in notes for note in of_report)
    assert 0 < sum(map(len, passages)) <= LARGEST_SHARE * len(STORY) + 1
    assert any(not note.passage and note.source is not None for note in notes[0])


def test_what_the_sources_do_not_say_has_no_passage():
    text = "Zorblax quietly vanished in Xanadu yesterday."
    notes = notes_for([(text, scored(text))], (Document("Echo", STORY),))
    assert notes == [[Note("not_found", None, "", ("Xanadu",))]]


# The page


@pytest.fixture
def run(db, memory_cache):
    return score_run(make_run())


def page(run, query: str = "") -> str:
    return as_read(Client().get(f"/runs/{run.pk}/{query}").content.decode())


def test_each_sentence_of_a_closed_run_leads_to_its_passage_and_back(run):
    text = page(run)
    assert re.search(r'id="e1s(\d+)" aria-label="\1: ', text)
    number = re.search(r'<li id="e1n(\d+)"><b>Found in the sources</b> <q>Harbour Rovers signed the striker', text)[1]
    assert f'href="#e1n{number}" id="e1s{number}"' in text
    assert f'href="#e1s{number}"' in text
    assert 'rel="noopener noreferrer nofollow ugc"><bdi>Rovers break their record for Lund</bdi>' in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_marks_can_be_turned_off_in_the_address(run):
    text = page(run, "?marks=off")
    assert 'class="grounded"' not in text.partition("<section")[2]
    assert "evidence.js" not in text
    assert "Mark what the sources support" in text


def test_a_baseline_in_the_address_gives_signed_differences(run):
    report = Report.objects.get(entry__run=run, entry__slug="kimi")
    report.scores.filter(metric="format_compliance").update(value=0.95)
    Report.objects.filter(pk=report.pk).update(latency_seconds=5.4)
    text = page(run, "?baseline=claude")
    assert "95 % <small>+5</small>" in text
    assert "5.4 s <small>−3.0</small>" in text
    assert "<small>±0</small>" in text


def test_no_mark_and_no_passage_is_shown_while_votes_are_open(db, memory_cache):
    run = score_run(make_run(open_for_voting=True))
    for address in ("", "ballot/"):
        text = page(run, address)
        assert "Harbour Rovers" in text
        for telling in ("<sup>", "<mark>", 'class="grounded"', 'class="partly"', "evidence.js", "<q>"):
            assert telling not in text, telling


def test_a_page_from_the_cache_reads_no_payload(run, django_assert_max_num_queries):
    page(run)
    with django_assert_max_num_queries(7) as captured:
        page(run)
    assert not [query for query in captured if '"payload"' in query["sql"] or "evidence" in query["sql"]]


def test_a_withheld_report_takes_its_evidence_with_it(run):
    cache.refresh(run)
    Report.objects.filter(entry__run=run, entry__slug="claude").update(withheld_at=timezone.now(), withheld_note="No.")
    anchors = {entry.slug: f"e{entry.blind_position}n1" for entry in run.entries.all()}
    text = page(run)
    assert [slug for slug, anchor in anchors.items() if f'id="{anchor}"' in text] == ["kimi", "qwen", "gemma"]


def test_models_in_the_same_place_keep_their_own_evidence(run):
    run.entries.update(position=1)
    ids = re.findall(r' id="([^"]+)"', page(run))
    assert len(ids) == len(set(ids))


def test_purged_sources_keep_title_and_link_but_no_word(run):
    page(run)
    LockedContext.objects.filter(pk=run.context_id).update(payload=b"", purged_at=timezone.now())
    text = page(run)
    assert "<q>" not in text
    assert "text of the sources was purged" in text
    assert "Rovers break their record for Lund" in text


def test_html_of_an_older_renderer_is_marked_when_it_is_cached(run):
    Report.objects.filter(entry__run=run).update(html="<p>old</p>", renderer_version="1")
    text = page(run)
    assert "<p>old</p>" not in text
    assert 'id="e1s1"' in text


def test_a_sentence_with_an_invented_fact_is_not_called_found_without_more():
    assert str(cards.verdict("grounded", [])) == "found in the sources"
    assert str(cards.verdict("grounded", ["£25.1m"])) == "found in the sources, but not every fact"
    assert str(cards.verdict("not_found", ["£25.1m"])) == "not found in the sources"
