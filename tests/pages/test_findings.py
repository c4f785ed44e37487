"""Findings, differences and search: what they say, and what they leave out."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from evaluations.models import Evaluation, Report, Run
from evaluations.presentation import findings
from evaluations.presentation.differences import MOST_SENTENCES, Pair, Part, differences, statements
from evaluations.presentation.drawing.charts import spread_heights, ticks
from tests.factories import make_evaluation, make_run
from tests.pages.conftest import as_read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache(memory_cache):
    """Every test with a cache of its own."""


def page(address: str, status: int = 200) -> str:
    response = Client().get(address)
    assert response.status_code == status
    return as_read(response.content.decode())


def score(run: Run, slug: str, value: float, version: str = "1") -> None:
    report = Report.objects.get(entry__run=run, entry__slug=slug)
    report.scores.update_or_create(metric="groundedness", scorer_version=version, defaults={"value": value})


def test_means_stand_with_their_spread_and_withheld_and_open_runs_are_left_out():
    evaluation = make_evaluation()
    for days, value in ((9, 0.8), (6, 0.9), (3, 0.1)):
        run = make_run(evaluation, published_at=timezone.now() - timedelta(days=days))
        score(run, "claude", value)
    Report.objects.filter(entry__run=run, entry__slug="claude").update(withheld_at=timezone.now())
    score(make_run(evaluation, open_for_voting=True), "claude", 0.0)
    claude = next(model for model in findings.models(evaluation) if model.slug == "claude")
    spread = claude.spread("groundedness")
    assert (spread.count, round(spread.mean, 3), round(spread.deviation, 3)) == (2, 0.85, 0.071)
    text = page("/models/")
    assert "85 % <small>21–100 %</small>" in text  # two runs tell little: t is 12.7
    assert re.search(r'<svg viewBox="0 0 \d+ \d+" role="img" aria-labelledby="scatter-title">', text)
    assert "style=" not in text
    assert "Withheld by the editors." in page("/models/claude/")


def test_the_page_of_a_model_has_charts_with_their_numbers_best_worst_and_served_changes():
    evaluation = make_evaluation()
    for days, value, served in ((9, 0.8, "claude-1"), (6, 0.95, "claude-2"), (3, 0.6, "claude-2")):
        run = make_run(evaluation, published_at=timezone.now() - timedelta(days=days))
        score(run, "claude", value)
        Report.objects.filter(entry__run=run, entry__slug="claude").update(served_model=served)
    text = page("/models/claude/")
    assert text.count("<polyline") == 4
    for days in (9, 3):  # the axis says from when to when
        assert text.count(f">{timezone.now() - timedelta(days=days):%-d %b %Y}</text>") == 4
    assert len(re.findall(r'role="img" aria-labelledby="\w+-title">\s*<title', text)) == 4
    for title, share in (("Best", "95 %"), ("Worst", "60 %")):
        listed = re.search(rf"{title} grounded</h2> <ol>(.*?)</ol>", text)
        assert listed
        assert re.findall(r"(\d+ %)</li>", listed[1]) == [share]
    assert re.search(r"<code>claude-2</code>, before that <code>claude-1</code>", text)


def test_the_history_of_a_model_has_pages_and_its_figures_the_last_runs_only(monkeypatch):
    monkeypatch.setattr(findings, "RUNS", 2)
    evaluation = make_evaluation()
    runs = [make_run(evaluation, published_at=timezone.now() - timedelta(days=90 - 9 * n)) for n in range(5)]
    make_run(evaluation, models=("kimi",))
    pages = [page(f"/models/claude/?page={number}") for number in (1, 2, 3)]
    listed = [re.findall(r'<th scope="row"><a href="/runs/(\d+)/">', text) for text in pages]
    assert listed == [[str(run.pk) for run in part] for part in (runs[4:2:-1], runs[2:0:-1], runs[:1])]
    assert 'href="?page=2"' in pages[0]
    assert "<small>± " not in pages[0]  # of the last two runs it took part in one


def test_scores_of_an_older_scorer_are_not_mixed_in():
    evaluation = make_evaluation()
    score(make_run(evaluation, published_at=timezone.now() - timedelta(days=6)), "claude", 0.5)
    newer = make_run(evaluation)
    Report.objects.get(entry__run=newer, entry__slug="claude").scores.update(scorer_version="2")
    claude = next(model for model in findings.models(evaluation) if model.slug == "claude")
    assert claude.spread("groundedness").count == 1
    assert claude.spread("cost_usd").count == 2


def test_differences_pair_what_both_say():
    first = "Rovers signed Ada Lund for a record fee. The coach of Northgate resigned on Friday."
    second = "For a record fee, Rovers have signed Ada Lund. Torrential rain postponed the Selwick derby."
    assert differences(first, second) == [
        Pair("Rovers signed Ada Lund for a record fee.", "For a record fee, Rovers have signed Ada Lund."),
        Pair("The coach of Northgate resigned on Friday.", ""),
        Pair("", "Torrential rain postponed the Selwick derby."),
    ]


def test_no_statement_is_too_short_to_be_compared():
    table = "| Club | Points | Won |\n|---|--:|--:|\n| Arsenal | {} | 12 |\n| Harbour Rovers | 38 | 11 |\n"
    first = "# Results\n\nTransfers:\n\nArsenal lost.\n\nKane scored. They did.\n\n" + table.format(41)
    second = "Results\n===\n\nArsenal won.\n\n**Kane** scored. They did not.\n\n" + table.format(44)
    assert differences(first, second) == [
        Pair("Arsenal lost.", ""),
        Pair("Kane scored.", "Kane scored."),
        Pair("They did.", ""),
        Pair("Arsenal, 41, 12", ""),
        Pair("Harbour Rovers, 38, 11", "Harbour Rovers, 38, 11"),
        Pair("", "Arsenal won."),
        Pair("", "They did not."),
        Pair("", "Arsenal, 44, 12"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Arsenal beat Spurs 2-1.", "Arsenal beat Spurs 1-2."),
        ("Harbour Rovers: 38", "Harbour Rovers: 41"),
        ("Lund scored.", "Lund scored twice."),
        ("Rovers paid £45m for Lund.", "Rovers paid £40m for Lund."),
    ],
)
def test_short_statements_with_other_numbers_are_not_the_same(one, other):
    assert differences(one, other) == [Pair(one, ""), Pair("", other)]
    assert differences(one, f"> - {one}") == [Pair(one, one)]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("- See [the report](https://x.example/a?b=c) of **Lund**", "See the report of Lund"),
        ("1. [Lund signed](https://x.example/(a) 'Title')", "Lund signed"),
        ("> 2. Lund [signed](<https://x.example/a b>) &amp; left &#163;5 behind.", "Lund signed & left £5 behind."),
        ("[![Lund smiles](https://x.example/a.png)](https://x.example/) today.", "Lund smiles today."),
        (
            "5*3 is \\*fifteen\\*, 2 * 3 six; see <https://x.example/a>.",
            "5*3 is *fifteen*, 2 * 3 six; see https://x.example/a.",
        ),
        ("Lund scored \u202e14.", "Lund scored \ufffd14."),
        ("| Rovers \\| Harbour | [41](https://x.example/) |", "Rovers | Harbour, 41"),
    ],
)
def test_a_statement_is_shown_without_its_markup(written, words):
    assert [statement.words for statement in statements(written)] == [words]


def test_a_report_of_more_sentences_than_are_compared_says_so():
    run = make_run(texts=["Lund scored.\n" * MOST_SENTENCES, "Lund scored.\n" * (MOST_SENTENCES + 1), "Lund scored."])
    first, second, third, *_ = run.entries.values_list("slug", flat=True)
    assert "is longer than what is compared here" not in page(f"/runs/{run.pk}/difference/?a={first}&b={third}")
    assert "its first 400 sentences" in page(f"/runs/{run.pk}/difference/?a={second}&b={third}")


def test_what_differs_within_a_pair_is_told_apart_and_nothing_else():
    pair = Pair("Rovers signed Ada Lund for £3.1m, it said.", "Rovers signed “Ada Lund” for £25.1m it said!")
    assert pair.parts == (
        [Part("Rovers signed Ada Lund for", False), Part("£3.1m,", True), Part("it said.", False)],
        [Part("Rovers signed “Ada Lund” for", False), Part("£25.1m", True), Part("it said!", False)],
    )
    longer = Pair("Lund scored.", "Lund scored twice.")
    assert longer.parts == ([Part("Lund scored.", False)], [Part("Lund scored", False), Part("twice.", True)])


def test_marks_within_a_sentence_stay_and_those_of_its_line_go():
    told = "Rovers beat Northgate 3 - 2 after extra time > 120 minutes."
    assert [statement.words for statement in statements(f"> - {told}")] == [told]


def test_the_words_of_a_pair_stay_text():
    texts = ["Rovers signed Ada Lund for £3.1m.", "Rovers signed <i>Ada</i> Lund for £3.1m."]
    text = page(f"/runs/{make_run(models=('claude', 'kimi'), texts=texts).pk}/difference/?a=claude&b=kimi")
    assert "Rovers signed <b>&lt;i&gt;Ada&lt;/i&gt;</b> Lund for £3.1m." in text
    assert "Rovers signed <b>Ada</b> Lund for £3.1m." in text


def test_the_difference_page_needs_two_readable_reports_of_a_closed_run():
    run = make_run(states=["failed"])
    text = page(f"/runs/{run.pk}/difference/?a=kimi&b=qwen")
    assert "Both speak of" in text
    for query in ("", "?a=kimi", "?a=claude&b=kimi", "?a=kimi&b=nobody"):
        page(f"/runs/{run.pk}/difference/{query}", 404)


def test_the_archive_finds_runs_by_their_reports_sources_and_models():
    evaluation = make_evaluation()
    about_goats = make_run(evaluation, texts=["A goat ran onto the pitch."])
    make_run(evaluation, published_at=timezone.now() - timedelta(days=3))
    found = page("/runs/?q=GOAT")
    assert re.findall(r'<h2><a href="(/runs/\d+/)">', found) == [f"/runs/{about_goats.pk}/"]
    assert len(re.findall(r"<h2><a", page("/runs/?q=matchday+19"))) == 2
    assert "speak" in page("/runs/?q=%00%27--%3Cb%3E")
    Report.objects.filter(entry__run=about_goats).update(withheld_at=timezone.now())
    assert not re.findall(r"<h2><a", page("/runs/?q=goat"))


def test_a_search_cannot_ask_an_open_run_who_wrote_it():
    make_run(open_for_voting=True, texts=["A goat ran onto the pitch."])
    for words in ("goat", "Claude"):
        assert not re.findall(r"<h2><a", page(f"/runs/?q={words}"))


def test_the_public_hears_that_a_run_is_being_made_and_nothing_else():
    evaluation = make_evaluation()
    make_run(evaluation)
    live = make_run(evaluation, state="inferring", published_at=None)
    for address in ("/", "/runs/"):
        assert "A run is being made right now" in page(address)
    page(f"/runs/{live.pk}/progress/", 404)
    page(f"/runs/{live.pk}/", 404)


def test_the_public_hears_of_the_first_run_of_all_but_not_of_a_private_one():
    run = make_run(make_evaluation(public=False), state="inferring", published_at=None)
    assert "A run is being made" not in page("/")
    make_evaluation(public=True)
    assert "A run is being made right now" in page("/")
    make_run(Evaluation.objects.get(slug="sandbox"), models=("thorough",))
    assert "A run is being made right now" in page("/")
    Run.objects.filter(pk=run.pk).update(state="failed")
    assert "A run is being made" not in page("/")


def test_the_polled_part_is_sent_again_only_when_something_changed(admin_client):
    run = make_run(state="inferring", published_at=None, states=["answering", "waiting"])
    address = f"/runs/{run.pk}/progress/"
    htmx = {"HX-Request": "true"}
    whole = admin_client.get(address).content.decode()
    seen = re.findall(r'name="seen" value="(\w+)"', whole)
    assert len(seen) == 1
    assert admin_client.get(f"{address}?seen={seen[0]}", headers=htmx).status_code == 204
    Report.objects.filter(entry__run=run, state="answering").update(state="succeeded")
    changed = admin_client.get(f"{address}?seen={seen[0]}", headers=htmx)
    assert changed.status_code == 200
    assert "3 of 4 reports" in changed.content.decode()
    Run.objects.filter(pk=run.pk).update(state="published", published_at=timezone.now())
    assert admin_client.get(f"{address}?seen={seen[0]}", headers=htmx).status_code == 286


def test_ticks_are_round_and_enclose_what_they_measure():
    assert ticks(0, 0.0371) == [0, 0.01, 0.02, 0.03, 0.04]
    assert ticks(5, 5)[0] <= 5 <= ticks(5, 5)[-1]
    assert spread_heights([(0, 50, 10), (40, 90, 12), (200, 250, 11)]) == [10, 26, 11]
