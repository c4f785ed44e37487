"""What others rely on from outside, against a written list: addresses, keys of JSON, columns of CSV.

Things may be added; what stands here keeps its name.
"""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, resolve

from tests.elections import make_standings
from tests.environment import ROOT
from tests.factories import MODELS, make_evaluation, make_run
from tests.pipeline.test_run_evaluation import environment

ADDRESSES = {
    "/": "latest",
    "/runs/": "archive",
    "/runs/7/": "run",
    "/runs/7/ballot/": "ballot",
    "/runs/7/card.png": "card",
    "/runs/7/context/": "context",
    "/runs/7/difference/": "difference",
    "/runs/7/embed/": "run_embed",
    "/runs/7/prompt/": "prompt",
    "/runs/7/progress/": "progress",
    "/runs/7/replays/9/": "replay",
    "/runs/7/reports.csv": "run_csv",
    "/runs/7/reports.json": "run_json",
    "/standings/": "standings",
    "/standings/standings.csv": "standings_csv",
    "/standings/standings.json": "standings_json",
    "/models/": "models",
    "/models/claude/": "model",
    "/models/chart.csv": "chart_csv",
    "/models/chart.png": "chart_png",
    "/models/chart.svg": "chart_svg",
    "/models/embed/": "models_embed",
    "/models/findings.csv": "findings_csv",
    "/models/findings.json": "findings_json",
    "/about/": "about",
    "/about/scores/": "about_scores",
    "/corrections/": "corrections",
    "/corrections/feed/": "corrections_feed",
    "/feed/": "feed",
    "/api/runs/": "api_runs",
    "/api/runs/7/": "api_run",
    "/api/standings/": "api_standings",
    "/healthz": "healthz",
    "/robots.txt": "robots",
    "/sitemap.xml": "sitemap",
    "/admin/": "index",
}

EVALUATION = {"slug", "name", "sandbox"}
PAGING = {"count", "page", "pages", "next", "previous"}
RUN = {
    "run", "url", "api_url", "kind", "partial", "published_at", "voting_open", "voting_opens_at", "voting_closes_at",
    "context_sha256", "replay_of",
}  # fmt: skip
DOCUMENT = RUN | {"evaluation", "prompt_version", "prompt_sha256", "sources", "vote", "notice", "reports"}
BLIND_REPORT = {"run", "label", "text"}
REPORT = {
    "run", "model", "name", "model_id", "sample", "status", "error", "withheld", "withheld_note", "served_model",
    "served_provider", "finish_reason", "input_tokens", "output_tokens", "cost_usd", "latency_seconds", "answered_at",
    "scores", "scorer_version", "flags", "text", "votes", "offered",
}  # fmt: skip
SCORES = {
    "groundedness", "context_utilization", "format_compliance", "quote_accuracy", "citation_accuracy", "words",
    "cost_per_1000_grounded_words",
}  # fmt: skip
STANDING = {
    "model_slug", "model_name", "with_quarantine", "rank", "strength", "low", "high", "votes", "excluded", "runs",
    "preliminary", "metrics", "computed_at", "share", "share_low", "share_high", "offered", "retired",
}  # fmt: skip
COMPUTATION = {
    "computed_at", "method", "inputs_sha256", "votes", "runs", "ballot_size", "equal_line_ups", "verdicts",
    "exclusions", "leaders", "groups", "preferences", "first_place", "places", "equal_length",
    "ranks_changed_by_withholding",
}  # fmt: skip
FINDING = {"model", "name", "runs", "reports", "behaviour", "mean", "low", "high", "standard_deviation", "count"}
COLUMNS = [
    "run", "model", "name", "model_id", "sample", "status", "error", "withheld", "withheld_note", "served_model",
    "served_provider", "finish_reason", "input_tokens", "output_tokens", "cost_usd", "latency_seconds", "answered_at",
    "groundedness", "context_utilization", "format_compliance", "quote_accuracy", "citation_accuracy", "words",
    "cost_per_1000_grounded_words",
    "scorer_version", "flags", "text", "text_left_out", "notice", "votes", "offered",
]  # fmt: skip
BLIND_COLUMNS = ["run", "label", "text", "text_left_out", "notice"]

RUN_EVALUATION = {
    "run", "status", "partial", "context_sha256", "prompt_sha256", "cost_usd", "seconds", "reports"
}  # fmt: skip
REPORT_OF_RUN_EVALUATION = {
    "model", "sample", "status", "seconds", "cost_usd", "input_tokens", "output_tokens", "served_model",
    "served_provider", "finish_reason", "attempts", "error", "scores",
}  # fmt: skip
SCORED = {"groundedness", "context_utilization", "format_compliance", "words", "flags"}
SENTENCE = {"start", "end", "unsupported", "band", "passage", "missing"}
LINE = {
    "id": "a", "context": [{"title": "Echo", "text": "Rovers signed Ada Lund for £12.5m on Friday."}],
    "report": "Rovers signed Ada Lund for £99m.", "format": {"max_words": 3},
}  # fmt: skip


@pytest.fixture(autouse=True)
def empty_cache(memory_cache: None) -> None:
    """Every test with a cache of its own."""


def test_the_public_addresses_are_these() -> None:
    assert {address: resolve(address).url_name for address in ADDRESSES} == ADDRESSES


def test_the_list_of_addresses_names_them_all() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert names - {*ADDRESSES.values()} == set()


@pytest.mark.django_db
def test_the_json_of_the_api_has_these_keys() -> None:
    evaluation, client = make_evaluation(), Client()
    run, blind = make_run(evaluation), make_run(evaluation, open_for_voting=True)
    make_standings(evaluation, {"claude": "Claude", "kimi": "Kimi"})

    def document(address: str) -> dict[str, Any]:
        answer: dict[str, Any] = client.get(address).json()
        return answer

    runs = document("/api/runs/")
    assert {"evaluation", "runs"} | PAGING <= runs.keys()
    assert runs["evaluation"].keys() >= EVALUATION
    assert runs["runs"][0].keys() >= RUN | {"models", "reports"}
    for address in (f"/api/runs/{run.pk}/", f"/runs/{run.pk}/reports.json"):
        found = document(address)
        assert found.keys() >= DOCUMENT, address
        assert [report["model"] for report in found["reports"]] == [*MODELS]
        assert found["reports"][0].keys() >= REPORT
        assert found["reports"][0]["scores"].keys() >= SCORES
    for address in (f"/api/runs/{blind.pk}/", f"/runs/{blind.pk}/reports.json"):
        assert document(address)["reports"][0].keys() == BLIND_REPORT, address  # one more would tell
    standings = document("/api/standings/")
    assert {"evaluation", "standings"} | PAGING <= standings.keys()
    for rows in (standings, document("/standings/standings.json")):
        assert rows["standings"][0].keys() >= STANDING
        assert rows["computation"].keys() >= COMPUTATION
    findings = document("/models/findings.json")
    assert findings.keys() >= {"runs_at_most", "findings"}
    assert findings["findings"][0].keys() >= FINDING
    assert document("/api/runs/999/").keys() == {"error"}
    assert "status" in document("/healthz")


@pytest.mark.django_db
def test_the_tables_have_these_columns() -> None:
    evaluation, client = make_evaluation(), Client()
    run, blind = make_run(evaluation), make_run(evaluation, open_for_voting=True)

    def columns(address: str) -> list[str]:
        text = client.get(address).content.decode("utf-8-sig")
        return next(csv.reader(io.StringIO(text)))

    assert set(columns(f"/runs/{run.pk}/reports.csv")) >= set(COLUMNS)
    assert columns(f"/runs/{blind.pk}/reports.csv") == BLIND_COLUMNS
    assert set(columns("/models/findings.csv")) >= FINDING
    assert set(columns("/standings/standings.csv")) >= STANDING - {"metrics"}


def answer_of(*command: str, database: Path, given: str = "") -> Any:
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        env=environment(database), cwd=ROOT, input=given, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return json.loads(done.stdout) if done.stdout.startswith("{") else done.stdout


def test_run_evaluation_prints_these_keys(tmp_path: Path) -> None:
    database = tmp_path / "own.sqlite3"
    answer_of("migrate", "-v0", database=database)
    command = ("run_evaluation", "--sandbox", "--json", "--no-progress", "--models", "brief")
    document = answer_of(*command, database=database)
    assert document.keys() >= RUN_EVALUATION
    assert document["reports"][0].keys() >= REPORT_OF_RUN_EVALUATION
    assert document["reports"][0]["scores"].keys() >= SCORES


def test_score_prints_these_keys(tmp_path: Path) -> None:
    result = answer_of("score", database=tmp_path / "none.sqlite3", given=json.dumps(LINE) + "\n")
    assert result.keys() >= {"id", "scores"}
    scores = result["scores"]
    assert scores.keys() >= SCORED
    assert scores["groundedness"].keys() >= {"value", "sentences"}
    sentence = scores["groundedness"]["sentences"][0]
    assert sentence.keys() >= SENTENCE
    assert sentence["passage"].keys() >= {"source", "start", "end"}
    assert sentence["missing"][0].keys() >= {"start", "end", "text"}
    assert scores["context_utilization"]["sources"][0].keys() >= {"index", "used", "score"}
    assert scores["format_compliance"]["checks"][0].keys() >= {"name", "passed", "detail"}
    assert scores["words"].keys() >= {"value"}


@pytest.mark.django_db
def test_a_report_stands_in_redis_under_these_keys(redis_client: Any) -> None:
    run = make_run()
    Client().get(f"/runs/{run.pk}/")
    kept = json.loads(redis_client.get(f"futbolreport:1:report:{run.pk}:claude"))
    assert kept.keys() >= {"run", "model", "sample", "state", "text", "html", "scores", "scorer_version", "cost_usd"}
