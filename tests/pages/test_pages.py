"""The public pages: what they say, and to whom they say nothing."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluations.models import Evaluation, Report, Run, Score, Source
from evaluations.views import about, archive, health
from tests.factories import TEXT, make_evaluation, make_report, make_run, score_run
from tests.pages.conftest import as_read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache(memory_cache):
    """Every test with a cache of its own."""


@pytest.fixture
def evaluation() -> Evaluation:
    return make_evaluation()


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return as_read(response.content.decode())


def sandbox_run(**fields) -> Run:
    return make_run(Evaluation.objects.get(slug="sandbox"), models=("thorough", "brief"), **fields)


def addresses(run: Run) -> list[str]:
    """Every page that shows something of a run."""
    return [
        "/", "/runs/", f"/runs/{run.pk}/", f"/runs/{run.pk}/context/",
        reverse("model", args=[run.entries.first().slug]), "/standings/", "/about/",
    ]  # fmt: skip


# What is there


def test_a_new_installation_says_which_command_makes_the_first_run(client):
    text = page(client, "/")
    assert "python manage.py run_evaluation --sandbox" in text
    assert "No real model wrote this" not in text
    for address in ("/runs/", "/standings/", "/about/"):
        page(client, address)


def test_the_front_page_tells_of_the_last_run_first(client, evaluation):
    now = timezone.now()
    newest = make_run(evaluation, published_at=now, open_for_voting=False)
    older = make_run(evaluation, published_at=now - timedelta(days=3))
    text = page(client, "/")
    assert 0 < text.index(f'href="/runs/{newest.pk}/"') < text.index(f'href="/runs/{older.pk}/"')


def test_a_closed_run_shows_name_served_model_scores_words_seconds_and_cost(client):
    run = make_run()
    text = page(client, f"/runs/{run.pk}/")
    for expected in (
        "Claude Sonnet 5.5", "anthropic/claude-sonnet-5.5-20261001", "87 %", "42 %", "90 %", "61 words", "8.4 s",
        "$0.0123", "Rovers sign a striker", "Four models on the same four sources", run.context.sha256[:12],
    ):  # fmt: skip
        assert expected in text, expected
    assert text.count("Machine-written, unverified") == 4


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("failed", "This model gave no report: fewer requests were asked for."),
        ("unknown_outcome", "The request left, but no answer came back"),
        ("waiting", "This model was not asked in this run"),
    ],
)
def test_a_missing_report_is_a_cell_that_says_why(client, state, reason):
    run = make_run(states=[state])
    text = page(client, f"/runs/{run.pk}/")
    assert reason in text
    assert "Gemma 4 31B" in text
    assert "One model of this run has no report to read" in text


def test_a_withheld_report_is_gone_everywhere_with_its_note(client):
    run = make_run(models=("claude", "kimi"), texts=("Secret words.", "Other words."))
    assert "Secret words" in page(client, f"/runs/{run.pk}/")
    Report.objects.filter(entry__run=run, entry__slug="claude").update(
        withheld_at=timezone.now(), withheld_note="It names a private person."
    )
    for address in addresses(run):
        assert "Secret words" not in page(client, address)
    text = page(client, f"/runs/{run.pk}/")
    assert "It names a private person." in text
    assert "Other words" in text
    assert text.count("<dt>Grounded</dt>") == 1  # its scores are gone with it


def test_a_run_of_many_models_has_pages_of_twelve_columns(client):
    run = make_run(models=[f"model-{number}" for number in range(1, 15)])
    first, second = page(client, f"/runs/{run.pk}/"), page(client, f"/runs/{run.pk}/?page=2")
    assert (first.count("<article"), second.count("<article")) == (12, 2)
    assert 'href="?page=2"' in first


def test_the_address_chooses_the_models(client):
    run = make_run()
    for address in ("?models=claude,qwen", "?models=claude&models=qwen"):
        text = page(client, f"/runs/{run.pk}/{address}")
        assert re.findall(r'<article class="column" id="report-(\w+)"', text) == ["claude", "qwen"]
    assert page(client, f"/runs/{run.pk}/?models=nobody").count("<article") == 4


@pytest.mark.parametrize("letter", ["x", "&", "é̃ "])
def test_reports_larger_than_a_page_leave_room_for_the_others(client, letter):
    models = [f"model{number}" for number in range(12)]
    run = make_run(models=models, texts=[letter * 600_000] * 11 + [TEXT])
    text = page(client, f"/runs/{run.pk}/")
    assert len(text.encode()) < 4_000_000
    assert text.count(letter * 1_000 if letter != "&" else "&amp;" * 1_000) >= 11
    more = f"{len(letter) * 600_000 - 60_000:,}".replace(",", "\u2009")
    assert text.count(f"The report goes on for {more} characters: more than a page can hold.") == 11
    assert "signed the striker Ada Lund" in text
    assert Report.objects.filter(text=letter * 600_000).count() == 11


def test_many_samples_share_the_room_of_their_column(client):
    run = make_run(models=("claude", "kimi"), texts=["x" * 200_000])
    for sample in range(2, 22):
        make_report(run.entries.get(slug="claude"), "x" * 200_000, sample=sample)
    text = page(client, f"/runs/{run.pk}/")
    assert text.count("x" * 200_000) == 1  # the whole one of the other model
    assert text.count("x" * 6_000 + "<") == 22


def test_a_long_report_that_a_page_can_hold_is_there_whole(client):
    run = make_run(models=("claude",), texts=["Rovers won. " * 16_000])
    text = page(client, f"/runs/{run.pk}/")
    assert text.count("Rovers won.") == 16_000
    assert "more than a page can hold" not in text


def test_the_cost_of_a_run_is_that_of_all_its_samples(client):
    run = make_run(models=("claude", "kimi"))
    for entry in run.entries.all():
        make_report(entry, sample=2)
    assert "$0.0492" in page(client, f"/runs/{run.pk}/")


def test_a_run_of_one_model_can_be_taken_away_too(client):
    run = make_run(models=("claude",))
    assert f'href="/runs/{run.pk}/reports.csv"' in page(client, f"/runs/{run.pk}/")


def test_best_and_worst_lead_to_a_page_that_has_the_report(client, evaluation):
    models = [f"m{number}" for number in range(14)]
    for share in (0.4, 0.9):
        run = make_run(evaluation, models=models)
        Score.objects.filter(report__entry__run=run, metric="groundedness").update(value=share)
    best = re.findall(r'href="(/runs/[^"]*)#(report-m13)"', page(client, "/models/m13/"))
    assert best
    for address, anchor in best:
        assert f'id="{anchor}"' in page(client, address)


def test_further_samples_stand_in_the_column_of_their_model(client):
    run = make_run()
    make_report(run.entries.get(slug="kimi"), "The second try.", sample=2)
    text = page(client, f"/runs/{run.pk}/")
    assert text.count("<article") == 4
    assert "The second try." in text


def test_the_sources_page_shows_titles_and_queries_but_no_text(client):
    run = make_run()
    text = page(client, f"/runs/{run.pk}/context/")
    for expected in (
        "Table after matchday 19", 'href="https://league.example/articles/2"', "league.example", "2026-11-21",
        "Found by “transfer market updates”", run.context.sha256,
    ):  # fmt: skip
        assert expected in text, expected


def test_the_sources_page_of_a_purged_run_says_so(client):
    run = make_run()
    run.context.__class__.objects.filter(pk=run.context_id).update(payload=b"", purged_at=timezone.now())
    text = page(client, f"/runs/{run.pk}/context/")
    assert "Sources purged on" in text
    assert "Table after matchday 19" in text


def test_a_model_has_its_runs_but_not_those_still_voted_on(client, evaluation):
    closed, still_open = make_run(evaluation), make_run(evaluation, open_for_voting=True)
    text = page(client, "/models/claude/")
    assert f'href="/runs/{closed.pk}/"' in text
    assert f'href="/runs/{still_open.pk}/"' not in text
    page(client, "/models/nobody/", 404)


def test_the_archive_has_every_published_run_by_pages(client, evaluation, monkeypatch):
    monkeypatch.setattr(archive, "RUNS_A_PAGE", 2)
    runs = [make_run(evaluation, published_at=timezone.now() - timedelta(days=10 - n)) for n in range(3)]
    first, second = page(client, "/runs/"), page(client, "/runs/?page=2")
    assert re.findall(r'<a href="(/runs/\d+/)">', first) == [f"/runs/{run.pk}/" for run in (runs[2], runs[1])]
    assert f'href="/runs/{runs[0].pk}/"' in second
    assert page(client, "/runs/?page=nonsense") == first


# Blind

SECRETS = (
    *("Claude", "Kimi", "Qwen", "Gemma", "claude", "kimi", "qwen", "gemma"),
    *("%", "0.0123", "61 words", "fewer requests were asked for"),
)


def test_an_open_run_tells_nothing_about_who_wrote_what(client):
    run = make_run(open_for_voting=True, states=["failed"])
    text = page(client, f"/runs/{run.pk}/")
    for secret in (*SECRETS, "8.4", "temperature"):
        assert secret not in text, secret
    assert re.findall(r"<h2 [^>]*>([^<]+)</h2>", text) == ["Report A", "Report B", "Report C"]
    assert "One model gave no report." in text
    assert f'href="/runs/{run.pk}/ballot/"' in text


def test_the_control_a_closed_run_tells_all_of_it(client):
    text = page(client, f"/runs/{make_run(states=['failed']).pk}/")
    for secret in (*SECRETS, "9.4"):
        assert secret in text, secret


def test_reports_of_an_open_run_stand_in_its_blind_order(client):
    run = make_run(open_for_voting=True, models=("claude", "kimi"), texts=("By the first.", "By the second."))
    text = page(client, f"/runs/{run.pk}/")
    assert text.index("By the second.") < text.index("By the first.")


@pytest.mark.parametrize("seconds", [5, -5])
def test_a_run_is_blind_from_its_publication_even_by_a_clock_that_is_behind(client, seconds):
    opens = timezone.now() + timedelta(seconds=seconds)
    run = make_run(published_at=opens, voting_opens_at=opens, voting_closes_at=opens + timedelta(hours=72))
    for address in ("/", f"/runs/{run.pk}/", f"/api/runs/{run.pk}/", f"/runs/{run.pk}/reports.csv", "/models/claude/"):
        text = page(client, address)
        assert "0.0123" not in text
        assert "claude-sonnet" not in text or address == "/models/claude/"
    page(client, f"/runs/{run.pk}/difference/?a=claude&b=kimi", 404)
    page(client, "/feed/")
    assert (f'href="/runs/{run.pk}/ballot/"' in page(client, f"/runs/{run.pk}/")) is (seconds < 0)


def test_an_open_run_is_the_same_bytes_for_everybody(client, admin_client):
    run = make_run(open_for_voting=True)
    plain = client.get(f"/runs/{run.pk}/").content
    client.get(f"/runs/{run.pk}/ballot/")
    assert client.get(f"/runs/{run.pk}/").content == plain
    assert admin_client.get(f"/runs/{run.pk}/?models=claude").content == plain


def test_a_report_that_names_its_own_model_is_masked_while_votes_are_open(client):
    run = make_run(open_for_voting=True, models=("claude", "kimi"), texts=("I am Claude, by Anthropic.", "Claude."))
    text = page(client, f"/runs/{run.pk}/")
    assert "I am ▒▒▒, by ▒▒▒." in text
    assert "<p>Claude.</p>" in text, "another's report may speak of somebody of that name"


def test_names_stay_where_no_report_gives_its_model_away(client):
    run = make_run(open_for_voting=True, models=("ada", "kimi"), texts=("The striker Ada Lund won.", "Also Ada."))
    text = page(client, f"/runs/{run.pk}/")
    assert "The striker Ada Lund won." in text, "the sources tell of her"
    assert "Also Ada." in text


# Who may see what


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "awaiting_review"},
        {"state": "inferring", "published_at": None},
        {"state": "cancelled"},
        {"withdrawn_at": timezone.now()},
    ],
)
def test_a_run_that_is_not_published_is_not_there(client, evaluation, fields):
    shown = make_run(evaluation)
    hidden = make_run(evaluation, **fields)
    for address in ("", "context/", "ballot/"):
        page(client, f"/runs/{hidden.pk}/{address}", 404)
    for address in ("/", "/runs/", "/models/claude/"):
        text = page(client, address)
        assert f"/runs/{hidden.pk}/" not in text
        assert f"/runs/{shown.pk}/" in text


def test_runs_of_a_private_evaluation_are_not_there(client):
    run = make_run(make_evaluation("house", public=False))
    page(client, f"/runs/{run.pk}/", 404)
    page(client, "/?evaluation=house", 404)


def test_the_sandbox_is_public_until_a_real_run_is(client, evaluation):
    run = sandbox_run()
    page(client, f"/runs/{run.pk}/")
    make_run(evaluation)
    page(client, f"/runs/{run.pk}/", 404)
    page(client, "/?evaluation=sandbox", 404)


def test_the_address_chooses_the_evaluation(client, evaluation):
    make_run(evaluation)
    other = make_run(make_evaluation("women", name="Women’s football"), models=("claude",), texts=("Their report.",))
    text = page(client, "/?evaluation=women")
    assert f'href="/runs/{other.pk}/"' in text
    assert 'href="/runs/?evaluation=women"' in text
    assert f"/runs/{other.pk}/" not in page(client, "/runs/")


def test_every_link_of_a_run_stays_with_its_evaluation(client, evaluation):
    make_run(evaluation)
    other = make_run(make_evaluation("women"), models=("claude", "own"))
    for address in (f"/runs/{other.pk}/", f"/runs/{other.pk}/context/", "/models/own/?evaluation=women"):
        text = page(client, address)
        links = set(re.findall(r'href="(/(?!runs/|api/runs/|static/)[^"#]*)', text))
        assert links
        assert [link for link in links if not link.endswith("?evaluation=women")] == []
        for link in links:
            page(client, link)
    links = set(re.findall(r'href="(/(?!runs/|api/runs/|static/)[^"#]*)', page(client, "/")))
    assert [link for link in links if "evaluation=" in link] == []  # the default needs no name


@pytest.mark.parametrize("open_for_voting", [True, False])
def test_every_page_of_a_sandbox_run_says_that_no_real_model_wrote_it(client, open_for_voting):
    run = sandbox_run(open_for_voting=open_for_voting)
    for address in addresses(run) + ([f"/runs/{run.pk}/ballot/"] if open_for_voting else []):
        assert "No real model wrote this" in page(client, address), address


def test_no_page_of_a_real_run_says_so(client, evaluation):
    for address in addresses(make_run(evaluation)):
        assert "No real model wrote this" not in page(client, address)


def test_search_engines_stay_out_until_an_editor_lets_them_in(client, evaluation):
    run = make_run(evaluation)
    for address in addresses(run):
        assert '<meta name="robots" content="noindex">' in page(client, address)
    assert page(client, "/robots.txt").strip() == "User-agent: * Disallow: /"
    make_evaluation(indexable=True)
    for address in addresses(run):
        assert "noindex" not in page(client, address)
    assert "Disallow: /admin/" in page(client, "/robots.txt")


# Headers and bytes


def test_public_pages_set_no_cookie_and_vary_on_none(client):
    run = make_run(open_for_voting=True)
    for address in [*addresses(run), "/robots.txt", "/healthz", "/nowhere/"]:
        response = client.get(address)
        assert not response.cookies, address
        assert "Cookie" not in response.get("Vary", ""), address


def test_pages_are_fresh_for_a_minute_and_have_an_etag(client):
    response = client.get(f"/runs/{make_run().pk}/")
    assert response["Cache-Control"] == "public, max-age=60, stale-while-revalidate=180"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    again = client.get(response.wsgi_request.path, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client):
    run = make_run(open_for_voting=True)
    for address in [*addresses(run), f"/runs/{run.pk}/ballot/", "/nowhere/"]:
        text = client.get(address).content.decode()
        # JSON-LD is data: no browser runs it.
        assert not re.search(
            r"<style|\sstyle=|\son\w+=|<script(?! type=\"application/ld\+json\")(?![^>]*\ssrc=\"/static/)", text
        ), address
        assert all(
            url.startswith("/static/")
            for url in re.findall(r'(?:src|<link rel="(?:icon|stylesheet)" href)="([^"]*)"', text)
        )
    assert "default-src 'none'" in client.get("/")["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_public_pages_only_answer_questions(client, method):
    assert getattr(client, method)("/").status_code == 405


@pytest.mark.parametrize(
    "address",
    ["/runs/0/", "/runs/99999999999999999999999/", "/runs/-1/", "/runs/٣/", "/runs/1%00/", "/runs/1/context/x",
     "/?evaluation=%00", "/?evaluation='--", "/?evaluation=", "/models/%00/", "/runs/?evaluation=nobody"],
)  # fmt: skip
def test_odd_addresses_are_not_found(client, address):
    make_run()
    said = "There is nothing at this address|Run \\d+ has no such page|No model is called"
    assert re.search(said, page(client, address, 404))


def test_what_search_results_say_stays_text(client):
    run = make_run()
    Source.objects.filter(context=run.context, rank=1).update(
        title="<img src=x onerror=a()>{{ 7|add:7 }}", url="javascript:a()", publisher="<b>", published="\u202e2026"
    )
    text = page(client, f"/runs/{run.pk}/context/")
    assert "&lt;img src=x onerror=a()&gt;{{ 7|add:7 }}" in text
    assert 'href="javascript' not in text
    assert "<bdi>\u202e2026</bdi>" in text


def test_what_providers_say_stays_text(client):
    run = make_run()
    Report.objects.filter(entry__run=run).update(served_model="<script>a()</script>", flags=["<b>x</b>"], error="<i>")
    text = page(client, f"/runs/{run.pk}/") + page(client, "/models/claude/")
    assert "<script>a()" not in text
    assert "<b>x</b>" not in text.lower()


# Cost


def test_a_comparison_in_the_cache_needs_no_report_from_the_database(client, django_assert_max_num_queries):
    run = make_run()
    client.get(f"/runs/{run.pk}/")
    with django_assert_max_num_queries(7) as captured:  # the last one asks for its replays
        client.get(f"/runs/{run.pk}/")
    assert not [query for query in captured if "evaluations_score" in query["sql"] or '"text"' in query["sql"]]


# In trouble


def test_the_health_check_is_well_and_kept_by_nobody(client):
    response = client.get("/healthz")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    quiet = {"workers": 0, "under_way": [], "waiting": 0, "waiting_seconds": 0}
    well = {"status": "ok", "database": "ok", "cache": "none", "last_run": None, "stuck_runs": 0}
    assert response.json() == well | quiet


def test_the_health_check_fails_without_a_database_and_before_its_migrations(client, monkeypatch):
    def broken(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(health, "MigrationExecutor", broken)
    assert client.get("/healthz").status_code == 503
    waiting = type("Executor", (), {"migration_plan": lambda *_: ["one"], "loader": None})
    waiting.loader = type("", (), {"graph": type("", (), {"leaf_nodes": staticmethod(list)})})
    monkeypatch.setattr(health, "MigrationExecutor", lambda _: waiting())
    answer = client.get("/healthz").json()
    assert (answer["status"], answer["reason"]) == ("unavailable", "the database lacks 1 migrations")


def test_an_error_page_needs_nothing_that_may_be_broken(monkeypatch):
    def broken(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(about, "chosen_evaluation", broken)
    response = Client(raise_request_exception=False).get("/about/")
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


NESTED = {
    "quotations": ">" * 100 + " Rovers signed the deepest striker.",
    "lists": "".join("  " * n + f"- Rovers signed level{n} for £{n}m.\n" for n in range(100)),
    "both": "".join("> " * n + f"- Rovers lost to level{n}.\n>\n" for n in range(60)),
}


@pytest.mark.parametrize("text", [TEXT, *NESTED.values()], ids=["plain", *NESTED])
def test_every_word_of_a_scored_report_is_on_the_page(client, text):
    run = score_run(make_run(models=("claude",), texts=[text]))
    report = page(client, f"/runs/{run.pk}/").split('<div class="report">')[1].split('<details class="evidence">')[0]
    assert "<sup>" in report
    shown = re.sub(r"<sup>.*?</sup>|<[^>]+>", "", report)
    assert [word for word in re.findall(r"\w+", text) if word not in shown] == []
