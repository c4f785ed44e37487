"""Recorded real material goes through the same wires."""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluations.sandbox.articles import Article
from evaluations.sandbox.recordings import RecordingsError, load_recordings, read_recordings, split_text
from tests.recordings import recordings_from, write_recordings
from tests.sandbox.conftest import ask, chat, chat_body, locked, quick, search

MTRAG = Path(__file__).resolve().parents[3] / "shared" / "data" / "mtrag_train.jsonl.gz"

LONG = "The cup was won in the ninth minute. " * 60
DOCUMENT = {
    "questions": [
        {
            "query": "Who won the cup?",
            "sources": [
                {
                    "title": "Cup & saucer",
                    "url": "https://a.example/1",
                    "text": LONG,
                    "publisher": "A Paper",
                    "published": "2026-11-20T09:00:00",
                },
                {"title": "", "url": "https://a.example/2", "text": 'Short "text" with <b>marks</b> & signs.'},
            ],
        },
        {"query": 'Who "lost" the cup?', "sources": [{"title": "T", "url": "https://b.example/", "text": "Many."}]},
        {"query": "Who won the cup? And why?", "sources": []},
    ],
    "answers": [
        {"model": "recorded/one", "query": "Who won the cup?", "text": "The Owls."},
        {"model": "recorded/one", "query": 'Who "lost" the cup?', "text": "All others."},
        {"model": "recorded/two", "query": "Who won the cup?", "text": "Nobody knows."},
        {"model": "recorded/two", "query": "Who won the cup? And why?", "text": "Nobody knows why."},
    ],
}


def recorded() -> Any:
    """A sandbox with the small document."""
    return quick(recordings=read_recordings(DOCUMENT))


def asking(*queries: str) -> str:
    """A locked context that names these queries and holds one source."""
    return locked((Article("T", "https://a.example/", ("Text of the source.",)),), queries)


def answer_to(app: Any, model: str, user: str) -> str:
    """What a recorded model says."""
    return chat(app, chat_body(model, user)).json()["choices"][0]["message"]["content"]


def test_a_recorded_question_finds_its_sources_in_order() -> None:
    body = search(recorded(), "Who won the cup?").json()
    first, second = body["web"]["results"]
    assert "news" not in body
    assert first["title"] == "Cup &amp; saucer"
    assert (first["page_age"], first["profile"]["name"]) == ("2026-11-20T09:00:00", "A Paper")
    assert "page_age" not in second
    assert second["description"] == "Short &quot;text&quot; with &lt;b&gt;marks&lt;/b&gt; &amp; signs."
    assert html.unescape(second["title"]).startswith('Short "text"')


def test_the_text_is_split_without_loss() -> None:
    first, _ = search(recorded(), "Who won the cup?").json()["web"]["results"]
    pieces = [first["description"], *first["extra_snippets"]]
    assert 2 <= len(pieces) <= 6
    assert html.unescape("".join(pieces)) == LONG


@pytest.mark.parametrize(
    "text", ["", "a", "word " * 1000, "x" * 5000, "\n\nLines\n" * 300, "a" * 200 + " b", "é’“" * 700 + " end"]
)
def test_any_text_is_split_without_loss(text: str) -> None:
    pieces = split_text(text)
    assert "".join(pieces) == text
    assert len(pieces) <= 6
    assert all(pieces)


def test_an_unknown_question_finds_nothing() -> None:
    body = search(recorded(), "Who won the league?").json()
    assert "web" not in body
    assert search(recorded(), "Who won the cup? And why?").status_code == 200


def test_the_models_are_those_of_the_answers() -> None:
    listed = ask(recorded(), "GET", "/api/v1/models").json()["data"]
    assert [one["id"] for one in listed] == ["recorded/one", "recorded/two"]
    assert chat(recorded(), chat_body("sandbox/thorough", "x")).status_code == 400
    assert chat(recorded(), chat_body("recorded/one-1", "x")).status_code == 400


def test_a_model_answers_all_recorded_questions_of_the_document_in_its_order() -> None:
    app = recorded()
    both = asking('Who "lost" the cup?', "Something else?", "Who won the cup?")
    assert answer_to(app, "recorded/one", both) == "All others.\n\nThe Owls."
    assert answer_to(app, "recorded/two", both) == "Nobody knows."
    assert answer_to(app, "recorded/one", asking("Who won the cup?")) == "The Owls."


def test_a_question_inside_a_longer_one_is_not_taken_for_it() -> None:
    app = recorded()
    assert answer_to(app, "recorded/two", asking("Who won the cup? And why?")) == "Nobody knows why."
    plain = "Please tell: Who won the cup? And why?"
    assert answer_to(app, "recorded/two", plain) == "Nobody knows why."


def test_spacing_and_control_characters_make_no_difference() -> None:
    assert "web" in search(recorded(), " Who  won\tthe cup? ").json()
    assert answer_to(recorded(), "recorded/one", asking("Who  won the cup?\x07")) == "The Owls."


def test_without_a_recorded_answer_there_are_no_endpoints() -> None:
    for model, query in (("recorded/two", 'Who "lost" the cup?'), ("recorded/one", "Something else?")):
        refused = chat(recorded(), chat_body(model, asking(query)))
        assert refused.status_code == 404
        assert refused.json()["error"]["message"] == f"No endpoints found for {model}."


def broken(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """The small document with something wrong."""
    document = json.loads(json.dumps(DOCUMENT))
    change(document)
    return document


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.pop("questions"), "the document needs a list named 'questions'"),
        (lambda d: d.update(answers={}), "the document needs a list named 'answers'"),
        (lambda d: d["questions"].append(7), "questions[3] must be an object"),
        (lambda d: d["questions"][0].pop("query"), "questions[0] needs a text named 'query'"),
        (lambda d: d["questions"][0].update(query=" "), "questions[0] has an empty 'query'"),
        (lambda d: d["questions"][1].update(query="Who won  the cup?"), "questions[1] repeats the query"),
        (lambda d: d["questions"][0].update(query="a " * 51), "more than 400 characters or 50 words"),
        (lambda d: d["questions"][0].pop("sources"), "questions[0] needs a list named 'sources'"),
        (lambda d: d["questions"][0]["sources"][1].pop("text"), "questions[0].sources[1] needs a text named 'text'"),
        (lambda d: d["questions"][0]["sources"][0].update(url="ftp://x"), "URL that is not http or https: 'ftp://x'"),
        (lambda d: d["questions"][0]["sources"][0].update(url="http://[x"), "URL that is not http or https"),
        (lambda d: d["questions"][0]["sources"][0].update(published="Friday"), "not ISO 8601: 'Friday'"),
        (lambda d: d["answers"][0].update(query="Else?"), "answers[0] answers a query that is not among"),
        (lambda d: d["answers"].append(d["answers"][0]), "answers[4] is a second answer of recorded/one"),
        (lambda d: d["answers"][0].update(text=None), "answers[0] needs a text named 'text'"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(
    change: Callable[[dict[str, Any]], Any], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "recordings.json"
    path.write_text(json.dumps(broken(change)), encoding="utf-8")
    with pytest.raises(RecordingsError, match=re.escape(message)) as caught:
        load_recordings(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_and_a_file_that_is_no_json_are_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingsError, match="No such file"):
        load_recordings(tmp_path / "none.json")
    (tmp_path / "bad.json").write_bytes(b"\xff{")
    with pytest.raises(RecordingsError, match="not JSON"):
        load_recordings(tmp_path / "bad.json")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    with pytest.raises(RecordingsError, match="the document needs a list named 'questions'"):
        load_recordings(tmp_path / "list.json")


def test_rows_of_the_data_become_recordings() -> None:
    row = {
        "question": " Who won? ",
        "model": "Llama 3.1",
        "response": "The Owls.",
        "context": [{"doc_id": "abc-1-2", "title": "Cup", "text": "The Owls won."}],
    }
    document = recordings_from([row, {**row, "model": "gpt-4o", "response": "Owls."}])
    assert document == {
        "questions": [
            {
                "query": "Who won?",
                "sources": [{"title": "Cup", "url": "https://passages.example/abc-1-2", "text": "The Owls won."}],
            }
        ],
        "answers": [
            {"model": "recorded/llama-3.1", "query": "Who won?", "text": "The Owls."},
            {"model": "recorded/gpt-4o", "query": "Who won?", "text": "Owls."},
        ],
    }
    assert read_recordings(document)


@pytest.mark.skipif(not MTRAG.exists(), reason=f"MISSING PART: {MTRAG}")
def test_what_real_models_wrote_comes_back_word_for_word(tmp_path: Path) -> None:
    path = write_recordings(MTRAG, tmp_path / "recordings.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    app = quick(recordings=load_recordings(path))
    assert len(document["questions"]) == 79
    assert len({one["model"] for one in document["answers"]}) == 3
    for question in document["questions"][:20]:
        body = search(app, question["query"]).json()
        found = body.get("web", {}).get("results", [])
        assert [one["url"] for one in found] == [one["url"] for one in question["sources"]]
        for one, source in zip(found, question["sources"], strict=True):
            pieces = [one["description"], *one.get("extra_snippets", [])]
            assert html.unescape("".join(pieces)) == source["text"]
    for answer in document["answers"]:
        assert answer_to(app, answer["model"], asking(answer["query"])) == answer["text"]
