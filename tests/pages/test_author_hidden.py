"""Every way of ../shared/cases/blindness.json to tell who wrote a report, on page, ballot, JSON, CSV and feed."""

import csv
import hashlib
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from evaluations import contexts
from evaluations.models import LockedContext, Run, RunEntry
from evaluations.presentation.masking.folding import fold
from tests.factories import make_run

CATALOGUE = Path(__file__).parents[3] / "shared" / "cases" / "blindness.json"
KINDS = {
    "signature", "plain words", "maker", "other language", "family not in a list", "markup inside",
    "character reference", "invisible character", "look-alike letters", "spaced letters", "link", "fingerprint",
    "known plaintext", "one representation", "code",
}  # fmt: skip
FIELDS = {"id", "kind", "name", "model_id", "report", "unreadable", "must_stay", "note"}
STORY = "Rovers beat City 2-1 on Sunday through two goals by Ilic."
SURFACES = ("page", "ballot", "JSON", "JSON file", "CSV", "feed")

if CATALOGUE.exists():
    CASES: list[dict[str, Any]] = json.loads(CATALOGUE.read_text())["cases"]
    missing: Any = ()
else:
    CASES = []
    missing = pytest.mark.skip(reason="MISSING PART: the catalogue ../shared/cases/blindness.json")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memory_cache"), *([missing] if missing else [])]


def test_every_case_of_the_catalogue_is_of_a_kind_that_is_driven_here() -> None:
    assert {case["kind"] for case in CASES} <= KINDS
    assert {field for case in CASES for field in case} <= FIELDS
    assert len({case["id"] for case in CASES}) == len(CASES) > 0


def told_by_sources(case: dict[str, Any]) -> str:
    """What the sources say in this case besides the story."""
    note = case.get("note", "")
    if "sources say so" in note:
        return str(case["report"])
    named = re.search(r"the sources tell of ([^;]+);", note)
    return f"{named[1]} scored for Rovers." if named else ""


def open_run(case: dict[str, Any]) -> Run:
    """A run with the report, its author's or, where the case says so, another model's, and its sources."""
    payload = contexts.canonical(
        {"queries": ["q"], "sources": [{"title": "Rovers win", "url": "https://news.example.com/a", "rank": 1,
                                        "text": f"{STORY} {told_by_sources(case)}"}]}
    )  # fmt: skip
    context = LockedContext.objects.create(sha256=hashlib.sha256(payload).hexdigest(), payload=payload)
    texts = (case["report"], STORY, f"{STORY} City lost.")
    if "in the report of another model" in case.get("note", ""):
        texts = (STORY, case["report"], f"{STORY} City lost.")
    run = make_run(models=("author", "kimi", "qwen"), texts=texts, open_for_voting=True, context=context)
    RunEntry.objects.filter(run=run, slug="author").update(name=case["name"], model_id=case["model_id"])
    return run


def readable(markup: str) -> str:
    """What can be read in a page: its text, and where its links lead."""
    links = " ".join(re.findall(r'(?:href|title|alt)="([^"]*)"', markup))
    text = re.sub(r"<(?:script|style).*?</(?:script|style)>", "", markup, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", text) + " " + links)


def surfaces(run: Run) -> dict[str, str]:
    """What everybody can read of an open run, by where."""
    client = Client()
    found = {
        "page": readable(client.get(f"/runs/{run.pk}/").content.decode()),
        "ballot": readable(client.get(f"/runs/{run.pk}/ballot/").content.decode()),
        "feed": readable(client.get("/feed/").content.decode()),
    }
    for name, address in (("JSON", f"/api/runs/{run.pk}/"), ("JSON file", f"/runs/{run.pk}/reports.json")):
        found[name] = "\n".join(row["text"] for row in client.get(address).json()["reports"])
    table = client.get(f"/runs/{run.pk}/reports.csv").content.decode("utf-8-sig")
    found["CSV"] = "\n".join(row["text"] for row in csv.DictReader(io.StringIO(table)))
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_nothing_that_everybody_reads_of_an_open_run_tells_the_author(case: dict[str, Any]) -> None:
    shown = surfaces(open_run(case))
    assert set(shown) == set(SURFACES)
    for surface, text in shown.items():
        for word in case["unreadable"]:
            assert fold(word) not in fold(text), f"{surface} tells {word}"
        for passage in case.get("must_stay", ()):
            assert passage in text or surface == "feed", f"{surface} lost {passage}"
        assert STORY in text or surface == "feed", "the other reports stay as they are"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_control_once_the_vote_has_closed_the_report_is_as_it_was_written(case: dict[str, Any]) -> None:
    run = open_run(case)
    Run.objects.filter(pk=run.pk).update(voting_closes_at=run.voting_opens_at)
    texts = [row["text"] for row in Client().get(f"/api/runs/{run.pk}/").json()["reports"]]
    assert case["report"] in texts


def test_page_ballot_json_and_csv_say_the_same_of_every_report() -> None:
    case = {"name": "Claude Sonnet 4.5", "model_id": "anthropic/claude-sonnet-4.5",
            "report": f"I am Claude. Cl**aude** wrote this. {STORY}"}  # fmt: skip
    shown = surfaces(open_run(case))
    assert shown["JSON"] == shown["JSON file"] == shown["CSV"]
    for text in shown["JSON"].split("\n"):
        assert text in shown["page"]
        assert text in shown["ballot"]


def test_no_letter_is_always_first_on_the_blind_page() -> None:
    run = make_run(open_for_voting=True)
    first = set()
    for number in range(run.pk, run.pk + 12):
        other = run if number == run.pk else make_run(open_for_voting=True)
        labels = [row["label"] for row in Client().get(f"/api/runs/{other.pk}/").json()["reports"]]
        assert sorted(labels) == ["A", "B", "C", "D"]
        page = re.findall(r'id="report-([a-z]+)"', Client().get(f"/runs/{other.pk}/").content.decode())
        assert [label.upper() for label in page] == labels, "the same order for everybody, everywhere"
        first.add(labels[0])
    assert len(first) > 1
