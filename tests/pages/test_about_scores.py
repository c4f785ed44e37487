"""The page that explains the scores says what the scorers compute and what the benchmark measures."""

import re

import pytest
from django.utils.html import conditional_escape
from django.utils.text import capfirst

from benchmarks import agreement
from evaluations.models.reports import Report
from evaluations.presentation.cards import verdict
from evaluations.presentation.columns import CHIPS
from evaluations.presentation.example import FORMAT, REPORT, SOURCES, example, false_but_grounded
from evaluations.scoring import version
from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report
from evaluations.views import about
from tests.factories import make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(client):
    response = client.get("/about/scores/")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def test_every_score_that_a_report_shows_is_explained(text):
    for heading in ("Grounded", "Sources used", "Format kept", "Quotations", "Citations", "Words, seconds and cost"):
        assert f"<h2>{heading}</h2>" in text
    assert {label.split()[0] for _, label, _ in CHIPS} <= set(re.findall(r"<h2>(\w+)", text))
    assert text.count("cannot see</strong>") == 6


def test_the_example_is_what_the_scorers_compute_now(text, monkeypatch):
    scores = score_report(index_context(SOURCES), REPORT, FORMAT)
    assert example().scores == scores
    assert f"<td>{100 * scores.groundedness.value:.0f} %</td>" in text
    assert f"{scores.words}, {scores.grounded_words} of them in grounded sentences" in text
    for sentence in example().sentences:
        assert str(capfirst(verdict(sentence.band, sentence.missing))) in text
        assert all(fact in text for fact in sentence.missing)


def test_the_example_shows_every_band_a_missing_fact_an_unused_source_and_a_failed_demand():
    shown = example()
    assert {sentence.band for sentence in shown.sentences} == {"grounded", "partly", "not_found", "contradicted"}
    assert any(sentence.missing for sentence in shown.sentences)
    assert len(shown.used) < len(SOURCES)
    assert shown.failed


def test_a_limit_that_the_page_names_is_one():
    """The page says that another verb beside the same names is not seen, and that turned roles are."""
    index = index_context(SOURCES)
    other_verb = "Ada Lund left Harbour Rovers for a club record £12.5m."
    assert score_report(index, other_verb).groundedness.sentences[0].band == "grounded"
    turned = "Northgate have signed the striker Ada Lund from Harbour Rovers for £12.5 million."
    assert score_report(index, turned).groundedness.sentences[0].band == "contradicted"


def test_shares_are_whole_percents_and_counts(text):
    assert not re.search(r"\d\.\d+ %", text)


def test_the_figures_are_of_the_scorers_of_today_and_the_command_is_named(text):
    assert "make bench-scores" in text
    assert "48 of 60" in text or about.AGREEMENT["better_first"]["share"] != 0.8
    assert about.AGREEMENT["scorer_version"] == version.SCORER_VERSION, "run `make agreement`"
    assert set(agreement.TOLD.values()) <= about.AGREEMENT.keys()


def test_another_version_than_the_measured_one_is_said(client, monkeypatch):
    monkeypatch.setattr(about, "SCORER_VERSION", "next")
    assert "today’s is version next" in client.get("/about/scores/").content.decode()


def test_the_about_page_leads_there(client):
    assert 'href="/about/scores/"' in client.get("/about/").content.decode()


def test_newest_scores_of_an_unsaved_report_are_none():
    assert Report().newest_scores() == []


def test_the_page_shows_false_sentences_that_are_still_called_grounded(text):
    unseen = false_but_grounded()
    assert len(unseen) >= 3
    index = index_context(SOURCES)
    for sentence in unseen:
        assert score_report(index, sentence).groundedness.sentences[0].band == "grounded"
        assert conditional_escape(sentence) in text


def test_the_promise_is_told_beside_how_much_was_found_and_how_many_answers_claim_anything(text):
    figures = about.AGREEMENT
    for kind in ("summaries", "answers"):
        assert f"{round(1000 * figures[f'found_{kind}']['share'])} of 1 000, surely" in text
        assert f"{100 * figures[f'found_{kind}_words']['share']:.0f} % of all words" in text
    assert f"{100 * figures['claiming']['share']:.0f} % of the answers claim something" in text


@pytest.mark.parametrize(("language", "said"), [("en", False), ("de", False), ("pt-BR", False), ("fi", True)])
def test_a_run_in_a_language_without_rules_says_so(client, language, said):
    run = make_run()
    type(run.prompt).objects.filter(pk=run.prompt.pk).update(output_format={"language": language})
    page = client.get(f"/runs/{run.pk}/").content.decode()
    assert ("the scorers have no rules for it" in page) is said
    assert ("Finnish" in page) is said
