"""`manage.py score`: one line in, one line out, in the forms of DESIGN.md."""

import json
from pathlib import Path

import pytest

from evaluations.management.commands import score
from evaluations.scoring.lines import score_lines

ROW = {"id": "a", "context": "Northport won 2-1.", "report": "Northport won 2-1.", "format": {"title": True}}


def run(*rows):
    return [json.loads(line) for line in score_lines(row if isinstance(row, str) else json.dumps(row) for row in rows)]


def test_a_line_has_exactly_the_keys_of_the_interface():
    (result,) = run(ROW)
    assert list(result) == ["id", "scores"]
    scores = result["scores"]
    assert list(scores) == [
        "groundedness", "quote_accuracy", "citation_accuracy", "context_utilization", "format_compliance", "words",
        "language", "flags",
    ]  # fmt: skip
    assert list(scores["groundedness"]) == ["value", "verbatim", "sentences", "quotes", "citations"]
    assert list(scores["groundedness"]["sentences"][0]) == [
        "start",
        "end",
        "unsupported",
        "band",
        "passage",
        "missing",
        "contradicted",
    ]
    assert list(scores["groundedness"]["sentences"][0]["passage"]) == ["source", "start", "end"]
    assert list(scores["context_utilization"]) == ["value", "sources"]
    assert list(scores["context_utilization"]["sources"][0]) == ["index", "used", "score"]
    assert list(scores["format_compliance"]) == ["value", "checks"]
    assert list(scores["format_compliance"]["checks"][0]) == ["name", "passed", "detail"]
    assert list(scores["words"]) == ["value"]


def test_a_quotation_and_a_citation_have_the_keys_of_the_interface():
    (result,) = run(ROW | {"report": "“Northport won,” said Ana Belk, according to https://news.example/."})
    grounded = result["scores"]["groundedness"]
    assert list(grounded["quotes"][0])[:5] == ["start", "end", "verdict", "speaker", "passage"]
    assert list(grounded["citations"][0]) == ["start", "end", "target", "verdict", "passage"]


@pytest.mark.parametrize(("language", "known"), [("en", True), ("es", True), ("pt-BR", True), ("nl", False)])
def test_a_line_says_whether_its_language_is_known(language, known):
    (result,) = run(ROW | {"language": language})
    assert result["scores"]["language"] == {"code": language[:2], "known": known}


def test_a_language_that_is_no_text_is_an_error_of_its_line():
    (result,) = run(ROW | {"language": 5})
    assert result == {"line": 1, "error": '"language" is no text'}


@pytest.mark.parametrize("wanted", [None, {}])
def test_without_a_format_there_is_no_compliance(wanted):
    (result,) = run(ROW | {"format": wanted})
    assert result["scores"]["format_compliance"] is None


@pytest.mark.parametrize(
    "context",
    [
        "Northport won 2-1.",
        [{"title": "News", "text": "Northport won 2-1."}],
        {"sources": [{"rank": 1, "title": "News", "url": "https://news.example/", "text": "Northport won 2-1."}]},
        {"sources": [{"rank": 1, "title": "News", "text": None, "description": "Northport won 2-1."}]},
    ],
)
def test_every_form_of_context_is_read(context):
    (result,) = run(ROW | {"context": context})
    passage = result["scores"]["groundedness"]["sentences"][0]["passage"]
    assert passage == {"source": 0, "start": 0, "end": 18}


def test_a_line_that_cannot_be_read_is_named_and_the_rest_goes_on():
    bad = [
        "{",
        "[]",
        json.dumps({"id": 1}),
        json.dumps(ROW | {"report": 7}),
        json.dumps(ROW | {"context": 7}),
        json.dumps(ROW | {"context": [7]}),
        json.dumps(ROW | {"context": {"sources": [{"title": 7}]}}),
        json.dumps(ROW | {"format": {"tittle": True}}),
        "[" * 100_000,
        '{"id": NaN, "context": "a", "report": "b"}',
    ]
    results = run(*bad, "", ROW)
    assert [result.get("line") for result in results[:-1]] == list(range(1, len(bad) + 1))
    assert all(set(result) == {"line", "error"} and result["error"] for result in results[:-1])
    assert results[-1]["id"] == "a"


def test_the_output_is_one_line_of_text_for_any_input():
    (line,) = score_lines([json.dumps(ROW | {"report": "A\u2028b\nc é. We met Mr \ud800x 9\ud800 at \u20289."})])
    assert "\n" not in line
    line.encode()


def test_the_command_is_a_door_to_it(capsys, monkeypatch):
    source = Path("evaluations/management/commands/score.py").read_text()
    assert "score_lines(sys.stdin)" in source
    assert not score.Command.requires_system_checks
