"""JSON, CSV, the feed and the map: stable fields, as blind as the pages, harmless where they are opened."""

import csv
import io
import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from evaluations.models import Evaluation, ModelConfig, Provider, Report, RunEntry
from evaluations.views import api
from tests.elections import make_standings
from tests.environment import ROOT
from tests.factories import MODELS, make_evaluation, make_report, make_run
from tests.pages.conftest import as_read

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def empty_cache(memory_cache):
    """Every test with a cache of its own."""


def table(client, address: str) -> list[dict[str, str]]:
    text = client.get(address).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_fields_of_a_run_are_those_of_the_documentation(client):
    run = make_run(states=["failed"])
    document = client.get(f"/api/runs/{run.pk}/").json()
    documentation = (ROOT / "docs" / "api.md").read_text()
    listed = client.get("/api/runs/").json()
    standings = client.get("/api/standings/").json()
    findings = client.get("/models/findings.json").json()
    names = {*document, *document["reports"][0], *listed, *listed["runs"][0], *standings, *findings}
    names |= {*findings["findings"][0], *table(client, f"/runs/{run.pk}/reports.csv")[0]}
    assert [name for name in sorted(names) if f"`{name}`" not in documentation] == []
    assert [report["status"] for report in document["reports"]] == ["failed", *["succeeded"] * 3]
    assert document["reports"][0]["error"] == "rate_limited"
    kimi = document["reports"][1]
    assert kimi["model"] == "kimi"
    assert kimi["text"].startswith("# Rovers sign")
    assert kimi["scores"]["groundedness"] == 0.87
    assert kimi["cost_usd"] == 0.0123


def test_an_open_run_is_blind_in_every_form(client):
    run = make_run(open_for_voting=True)
    Report.objects.filter(entry__run=run, entry__slug="claude").update(flags=["own_identity"], text="I am Claude.")
    answers = [f"/api/runs/{run.pk}/", f"/runs/{run.pk}/reports.json", f"/runs/{run.pk}/reports.csv", "/api/runs/"]
    answers += ["/feed/", "/models/", "/models/findings.csv", "/models/findings.json"]
    for address in answers:
        text = client.get(address).content.decode().lower()
        for secret in (*MODELS, 'groundedness":', "0.0123", "latency", "served", "temperature"):
            if secret in ("latency", "served") and "findings" in address:
                continue
            assert secret not in text, (address, secret)
    reports = client.get(f"/api/runs/{run.pk}/").json()["reports"]
    assert [set(report) for report in reports] == [{"run", "label", "text"}] * 4
    by_label = {report["label"]: report["text"] for report in reports}
    assert sorted(by_label) == ["A", "B", "C", "D"]
    assert by_label["D"] == "I am ▒▒▒."
    assert client.get(f"/runs/{run.pk}/difference/?a=claude&b=kimi").status_code == 404


def test_a_withheld_report_is_gone_with_its_note_in_every_form(client):
    run = make_run(models=("claude", "kimi"), texts=("Secret words.", "Other words."))
    Report.objects.filter(entry__slug="claude").update(withheld_at=timezone.now(), withheld_note="Names somebody.")
    for address in (f"/api/runs/{run.pk}/", f"/runs/{run.pk}/reports.csv", f"/runs/{run.pk}/reports.json", "/feed/"):
        text = client.get(address).content.decode()
        assert "Secret words" not in text
        assert "Names somebody." in text or address == "/feed/"
    assert client.get(f"/runs/{run.pk}/difference/?a=claude&b=kimi").status_code == 404


def test_what_is_not_public_is_not_there(client):
    hidden = make_run(state="awaiting_review")
    private = make_run(make_evaluation("house", public=False))
    for run in (hidden, private):
        for address in (f"/api/runs/{run.pk}/", f"/runs/{run.pk}/reports.csv", f"/runs/{run.pk}/reports.json"):
            assert client.get(address).status_code == 404
    assert client.get("/api/runs/").json()["runs"] == []
    assert client.get("/api/runs/?evaluation=house").status_code == 404


def test_lists_have_pages(client, monkeypatch):
    monkeypatch.setattr(api, "RUNS_A_PAGE", 2)
    monkeypatch.setattr(api, "REPORTS_A_PAGE", 3)
    runs = [make_run(published_at=timezone.now() - timedelta(days=200 + n)) for n in range(3)]
    first = client.get("/api/runs/").json()
    assert [row["run"] for row in first["runs"]] == [runs[0].pk, runs[1].pk]
    assert (first["count"], first["page"], first["pages"], first["previous"]) == (3, 1, 2, None)
    second = client.get(first["next"].removeprefix("http://127.0.0.1:8000")).json()
    assert [row["run"] for row in second["runs"]] == [runs[2].pk]
    assert len(client.get(f"/api/runs/{runs[0].pk}/?page=2").json()["reports"]) == 1


def test_no_answer_is_larger_than_four_megabytes(client):
    run = make_run(models=[f"m{number}" for number in range(6)], texts=['"\\\n"' * 250_000])
    for address in (f"/api/runs/{run.pk}/", f"/runs/{run.pk}/reports.json", f"/runs/{run.pk}/reports.csv"):
        assert len(client.get(address).content) < 4_000_000, address
    reports = client.get(f"/runs/{run.pk}/reports.json").json()["reports"]
    assert [report.get("text_left_out", False) for report in reports] == [False, *[True] * 5]


def test_a_short_text_has_room_behind_one_that_has_none(client):
    texts = ["x" * 2_000_000, "A short one.", "y" * 2_000_000, "Another one."]
    run = make_run(texts=texts)
    found = client.get(f"/runs/{run.pk}/reports.json").json()["reports"]
    assert [report["text"] for report in found] == [texts[0], texts[1], None, texts[3]]
    limit = csv.field_size_limit(10_000_000)
    rows = table(client, f"/runs/{run.pk}/reports.csv")
    csv.field_size_limit(limit)
    assert [row["text_left_out"] for row in rows] == ["", "", "True", ""]
    alone = client.get(f"/api/runs/{run.pk}/?models=qwen,nobody").json()
    assert [report["text"] for report in alone["reports"]] == [texts[2]]
    assert alone["count"] == 1


def test_an_open_run_cannot_be_asked_for_one_model(client):
    run = make_run(open_for_voting=True)
    whole, asked = (client.get(f"/api/runs/{run.pk}/{query}").json() for query in ("", "?models=kimi"))
    assert whole["reports"] == asked["reports"]


def test_every_table_says_that_its_reports_are_unverified(client):
    for open_for_voting in (True, False):
        run = make_run(open_for_voting=open_for_voting)
        rows = table(client, f"/runs/{run.pk}/reports.csv")
        assert {row["notice"] for row in rows} == {"Every report is machine-written and unverified."}


def test_what_is_for_programs_is_not_for_search_engines(client):
    run = make_run(make_evaluation(indexable=True))
    answers = ["/api/runs/", f"/api/runs/{run.pk}/", f"/runs/{run.pk}/reports.csv", f"/runs/{run.pk}/reports.json"]
    for address in [*answers, "/api/standings/", "/models/findings.csv", "/feed/"]:
        assert client.get(address)["X-Robots-Tag"] == "noindex", address
    assert "X-Robots-Tag" not in client.get(f"/runs/{run.pk}/")


def test_what_programs_do_not_find_is_said_in_json(client):
    for address in ("/api/runs/99/", "/api/runs/?evaluation=nobody", "/api/standings/?evaluation=nobody"):
        answer = client.get(address)
        assert (answer.status_code, answer.json()) == (404, {"error": "not_found"}), address
        assert "Cache-Control" not in answer, address  # the run may be published in a moment


def test_an_archive_row_counts_first_samples_that_can_be_read(client):
    run = make_run(models=("claude", "kimi", "qwen"), states=["succeeded", "failed"])
    make_report(run.entries.get(slug="claude"), sample=2)
    assert client.get("/api/runs/").json()["runs"][0]["reports"] == 2
    Report.objects.filter(entry__slug="qwen").update(withheld_at=timezone.now())
    assert client.get("/api/runs/").json()["runs"][0]["reports"] == 1


def test_standings_are_there_in_both_ways_of_counting(client):
    evaluation = make_evaluation()
    make_run(evaluation)
    make_standings(evaluation, {"claude": "Claude", "kimi": "Kimi"})
    rows = client.get("/api/standings/").json()["standings"]
    assert [(row["model_slug"], row["with_quarantine"]) for row in rows] == [
        ("claude", False), ("kimi", False), ("claude", True), ("kimi", True),
    ]  # fmt: skip


# Spreadsheets

FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1", "\r=1", " =1", "＝1", "\ufeff=1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_a_text(client, formula):
    run = make_run(models=("claude",), texts=(formula,))
    RunEntry.objects.filter(run=run).update(name=formula[:90])
    Report.objects.filter(entry__run=run).update(served_model=formula[:90])
    row = table(client, f"/runs/{run.pk}/reports.csv")[0]
    for field in ("text", "name", "served_model"):
        assert row[field].startswith("'"), field
    assert row["cost_usd"] == "0.0123"


def test_findings_can_be_taken_away(client):
    make_run()
    rows = table(client, "/models/findings.csv")
    grounded = next(row for row in rows if row["model"] == "claude" and row["behaviour"] == "groundedness")
    assert (grounded["mean"], grounded["count"], grounded["reports"]) == ("0.87", "1", "1")
    assert len(client.get("/models/findings.json").json()["findings"]) == len(rows)


# Feed and map


def test_the_feed_is_atom_and_its_entries_change_when_names_appear(client):
    evaluation = make_evaluation(name="A <b>bold</b> \x0b]]> name")
    closed, still_open = make_run(evaluation), make_run(evaluation, open_for_voting=True)
    response = client.get("/feed/")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    assert feed.find(f"{ATOM}title").text == "A <b>bold</b> ]]> name"
    entries = feed.findall(f"{ATOM}entry")
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]
    assert links == [f"http://127.0.0.1:8000/runs/{run.pk}/" for run in (still_open, closed)]
    changed = entries[1].find(f"{ATOM}updated").text
    assert changed.startswith(closed.voting_closes_at.strftime("%Y-%m-%dT%H:%M"))


def test_the_feed_stands_a_host_whose_clock_is_ahead(client):
    ahead = timezone.now() + timedelta(minutes=5)
    make_run(published_at=ahead, voting_opens_at=ahead, voting_closes_at=ahead + timedelta(hours=72))
    assert ElementTree.fromstring(client.get("/feed/").content).find(f"{ATOM}entry") is not None


def test_the_map_leads_to_pages_of_their_evaluation(client):
    make_run(make_evaluation())
    make_run(make_evaluation("women", indexable=True), models=("own",))
    ModelConfig.objects.create(
        evaluation=Evaluation.objects.get(slug="women"), provider=Provider.objects.first(), slug="own", model_id="m/own"
    )
    addresses = re.findall(r"<loc>http://127.0.0.1:8000([^<]*)</loc>", client.get("/sitemap.xml").content.decode())
    assert "/models/own/?evaluation=women" in addresses
    assert "/about/" not in addresses  # of the default evaluation, which stays out
    for address in addresses:
        assert 'content="noindex"' not in client.get(address).content.decode(), address


def test_the_map_names_what_may_be_indexed_and_nothing_else(client):
    run = make_run()
    assert b"<loc>" not in client.get("/sitemap.xml").content
    make_evaluation(indexable=True)
    text = client.get("/sitemap.xml").content.decode()
    ElementTree.fromstring(text)
    for address in (f"/runs/{run.pk}/", "/models/claude/", "/standings/"):
        assert f"<loc>http://127.0.0.1:8000{address}</loc>" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_what_is_shared_has_a_title_a_description_and_an_address(client):
    run = make_run()
    text = as_read(client.get(f"/runs/{run.pk}/").content.decode())
    assert '<meta property="og:title" content="4 models kept equally close to the sources">' in text
    assert f'<meta property="og:url" content="http://127.0.0.1:8000/runs/{run.pk}/">' in text
    assert '<meta name="description" property="og:description" content="4 models report on the same news of' in text


def test_a_deep_unicode_text_is_json(client):
    run = make_run(models=("claude",), texts=("\u2028\u2029</script><!--\U0001f600",))
    response = client.get(f"/api/runs/{run.pk}/")
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["reports"][0]["text"] == "\u2028\u2029</script><!--\U0001f600"
