"""An evaluation from a file or from the line: two texts and a server of one's own are enough, and no admin."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command

from evaluations.errors import BadInputError
from evaluations.management.config_files import ConfigFile, read_config
from evaluations.management.config_rows import store_evaluation
from evaluations.models import Evaluation, ModelConfig, Prompt, Provider, Run
from tests.environment import ROOT
from tests.pipeline.conftest import Sandbox

pytestmark = pytest.mark.django_db
EXAMPLES = ROOT / "examples"
REPORT = """\
# Tea

## Harvest

- Growers in the Ellhaven valley picked 412 tonnes of tea in the first flush.

## Prices

Prices at the Port Merrow auction rose to £9.40 a kilogram on Tuesday.\
"""


class LocalServer(BaseHTTPRequestHandler):
    """An OpenAI-compatible server without keys and prices, as people run one on their own machine."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        self.answer({"object": "list", "data": [{"id": "llama3.2"}, {"id": "qwen3:8b"}, {"id": "third"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": REPORT}}
        usage = {"prompt_tokens": 400, "completion_tokens": 60}
        self.answer({"id": "x", "model": body["model"], "choices": [choice], "usage": usage})

    def answer(self, document: dict[str, Any]) -> None:
        """One JSON document."""
        content = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture(scope="module")
def local_server() -> Iterator[str]:
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), LocalServer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.fixture
def tea(tmp_path: Path, local_server: str) -> Path:
    """The example, with the address of the server that is here."""
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    return rewrite(tmp_path / "tea.toml", "http://127.0.0.1:11434/v1", local_server)


def rewrite(path: Path, old: str, new: str) -> Path:
    """The file with other words in it."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


def run(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("run_evaluation", "--no-progress", *options, stdout=out, stderr=err)
    except SystemExit as end:
        code = int(str(end.code))
    straight = capsys.readouterr()
    return code, out.getvalue() + straight.out, err.getvalue() + straight.err


# The examples


def test_two_texts_and_a_server_of_ones_own_are_enough(tea: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--config", str(tea))
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines() if "100%" in line]
    assert [row[0] for row in rows] == ["llama3-2", "qwen"]
    assert all(row[-1] == "$0.0000" for row in rows)
    made = Run.objects.get()
    assert [source.title for source in made.context.sources.all()] == [
        "Frost halves the tea harvest in Ellhaven",
        "prices.txt",
    ]
    assert made.evaluation.public is False
    assert "--texts` prints the reports" in out


def test_the_example_with_a_search_runs_against_services_of_its_wire(
    over_tcp: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, local_server: str, capsys: Any
) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", "test-key")
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    news = rewrite(tmp_path / "news.toml", "https://api.mistral.ai/v1", local_server)
    for old, new in (("google/gemma-4-31b-it", "sandbox/brief"), ("anthropic/claude-sonnet-5.5", "sandbox/freeform"),
                     ("mistral-large-latest", "third"), ("tea harvest news", "transfer market updates"),
                     ("tea auction prices", "league standings"), ('["anthropic"]', '["Sandbox"]')):  # fmt: skip
        rewrite(news, old, new)
    code, out, err = run(capsys, "--config", str(news), "--json")
    document = json.loads(out)
    assert (code, err, document["status"]) == (0, "", "published")
    assert [report["model"] for report in document["reports"]] == ["gemma-4-31b", "claude-sonnet-5-5", "mistral-large"]
    [mistral] = ModelConfig.objects.filter(slug="mistral-large")
    assert (mistral.extra_parameters, mistral.provider.api_key_variable) == ({"random_seed": 7}, "MISTRAL_API_KEY")
    assert ModelConfig.objects.get(evaluation__slug="tea-news", slug="claude-sonnet-5-5").temperature is None


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.toml")))
def test_every_example_is_as_the_models_want_it(name: str) -> None:
    evaluation = store_evaluation(read_config(str(EXAMPLES / name)))
    assert evaluation.roster.count() >= 2
    assert evaluation.prompt
    assert evaluation.queries.exists()


# The same file again


def test_the_same_file_again_is_the_same_evaluation(tea: Path) -> None:
    first = store_evaluation(read_config(str(tea)))
    counts = (Evaluation.objects.count(), Prompt.objects.count(), ModelConfig.objects.count(), Provider.objects.count())
    assert store_evaluation(read_config(str(tea))) == first
    now = (Evaluation.objects.count(), Prompt.objects.count(), ModelConfig.objects.count(), Provider.objects.count())
    assert now == counts


def test_a_changed_file_changes_the_evaluation_and_keeps_what_older_runs_were_made_from(tea: Path) -> None:
    store_evaluation(read_config(str(tea)))
    rewrite(tea, "trade journalist", "tea merchant")
    rewrite(tea, 'queries = ["tea harvest", "tea prices"]', 'queries = ["frost"]')
    tea.write_text(tea.read_text().partition('[[models]]\nname = "Qwen"')[0])
    evaluation = store_evaluation(read_config(str(tea)))
    assert [prompt.version for prompt in evaluation.prompts.order_by("version")] == [1, 2]
    assert [query.text for query in evaluation.queries.all()] == ["frost"]
    assert {model.slug: model.enabled for model in evaluation.roster.all()} == {"llama3-2": True, "qwen": False}


def test_without_queries_the_titles_are_asked_for(tea: Path) -> None:
    rewrite(tea, "queries = [", "# queries = [")
    evaluation = store_evaluation(read_config(str(tea)))
    assert {query.text for query in evaluation.queries.all()} == {
        "Frost halves the tea harvest in Ellhaven",
        "prices.txt",
    }


def test_an_evaluation_of_the_admin_is_never_overwritten(tea: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = Evaluation.objects.filter(slug="futbol-report").values().get()
    rewrite(tea, 'name = "Tea"', 'name = "Tea"\nslug = "futbol-report"')
    code, _, err = run(capsys, "--config", str(tea))
    assert (code, "kept in the admin" in err) == (1, True)
    assert Evaluation.objects.filter(slug="futbol-report").values().get() == before


# What is wrong is named by line and field

WRONG = [
    ('name = "Tea"', 'name = "Tea', "line 9"),
    ('name = "Tea"', "name = 7", r"line 9: name: must be a text, not 7"),
    ('name = "Tea"', 'nam = "Tea"', r"line 9: nam: there is no such key; there are: name, slug"),
    ('name = "Tea"', 'name = ""', "line 9: name: is missing"),
    ('name = "Tea"', 'name = "Tea"\nslug = "a b"', r"line 10: slug: "),
    ('name = "Tea"', 'name = "Tea"\nresults_per_query = 50', r"line 10: results_per_query: .*20"),
    ('name = "Tea"', 'name = "Tea"\nvoting_hours = true', r"line 10: voting_hours: must be a whole number"),
    ('name = "Tea"', 'name = "Tea"\nfull_text = "some"', r"line 10: full_text: "),
    ('files = "tea"', 'files = "coffee"', r"no folder or file .*coffee"),
    ('queries = ["tea harvest", "tea prices"]', "queries = [1]", r"line 11: queries: must be a list of texts"),
    ('queries = ["tea harvest", "tea prices"]', f"queries = ['{'a ' * 60}']", r"line 11: queries: .*50 words"),
    ("[prompt]\ntext", "[prompt]\nwords", r"line 14: prompt.words: there is no such key; there are: text, file"),
    ("[prompt]\ntext", '[prompt]\nfile = "x"\ntext', r"line 13: prompt: has either `text` or `file`"),
    ("max_words = 250", 'max_words = "many"', r"line 18: format: "),
    ("title = true", "titel = true", r"line 18: format: Unknown key \"titel\""),
    ("usd_per_call = 0.10", "usd_per_call = -1", r"line 29: ceilings.usd_per_call: "),
    ("usd_per_call = 0.10", "usd_per_call = nan", r"line 29: ceilings.usd_per_call: must be a number"),
    ("temperature = 0.2", "temperature = 2.5", r"line 36: models\[1\].temperature: .*2"),
    ("temperature = 0.2", 'temperature = "hot"', r"line 36: models\[1\].temperature: must be a number"),
    ("max_tokens = 1024", "max_tokens = 3", r"line 37: models\[1\].max_tokens: .*16"),
    ('model = "qwen3:8b"', "", r"line 39: models\[2\]: `model` is missing"),
    ('name = "Qwen"', 'name = "llama3.2"', r"line 39: models\[2\]: llama3-2 is there already"),
    ('name = "Qwen"', 'provider = "openrouter"', r"line 39: models\[2\]: `url` of"),
    ('name = "Qwen"', 'key = "sk-secret-0123"', r"line 40: models\[2\].key: .*never the key"),
    ("temperature = 0.2", "parameters = { a = [nan] }", r"line 36: models\[1\].parameters: holds what cannot be kept"),
    ("temperature = 0.2", "parameters = { a = 1979-05-27 }", r"line 36: models\[1\].parameters: holds what cannot"),
    ('name = "Tea"', 'name = "Tea\\u0000"', r"line 9: name: holds what cannot be kept"),
    ('queries = ["tea harvest", "tea prices"]', 'queries = ["\\u0000"]', r"line 11: queries: holds what cannot"),
    ("temperature = 0.2", "parameters = { messages = [] }", r"line 36: models\[1\].parameters: .*messages"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), WRONG, ids=[f"{new[:40]}" for _, new, _ in WRONG])
def test_what_is_wrong_is_named_by_line_and_field_and_nothing_is_stored(
    old: str, new: str, words: str, tea: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tea.read_text()
    assert old in text
    tea.write_text(text.replace(old, new, 1))
    code, out, err = run(capsys, "--config", str(tea))
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "tea.toml" in err or "coffee" in err
    assert re.search(words, err), err
    assert not Evaluation.objects.filter(slug="tea").exists()
    assert not ModelConfig.objects.filter(model_id="llama3.2").exists()


def test_a_server_elsewhere_needs_its_prices(tea: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = re.sub(r'name = "Qwen"\n(.*\n)url = .*', r'name = "Qwen"\n\1url = "https://api.example/v1"', tea.read_text())
    tea.write_text(text)
    code, _, err = run(capsys, "--config", str(tea))
    assert code == 1
    assert re.search(r"models\[2\].usd_per_million_input: .*price", err)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b"a = 1979-05-27", b"[[prompt]]", b"models = 3"])
def test_rubbish_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rubbish.toml"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=r"rubbish\.toml"):
        store_evaluation(read_config(str(path)))


def test_the_lines_of_values_are_found_behind_long_texts_and_tables(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    lines = ('name = "x"', 'queries = ["q"]', "[prompt]", 'text = """', "models = 3", "[format]", '"""', "[ceilings]")
    path.write_text("\n".join([*lines, "usd_per_call = 1"]))
    found: ConfigFile = read_config(str(path))
    assert found.lines == {
        "name": 1, "queries": 2, "prompt": 3, "prompt.text": 4, "ceilings": 8, "ceilings.usd_per_call": 9,
    }  # fmt: skip


@pytest.mark.parametrize("options", [["sandbox"], ["--sandbox"], ["--replay", "1", "--source", "files:x"]])
def test_a_file_goes_with_no_other_evaluation(
    options: list[str], tea: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "--config", str(tea), *options)
    assert (code, err.count("\n")) == (1, 1)


# One more model


def test_one_more_model_takes_part_in_this_run_alone(
    tea: Path, local_server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "--config", str(tea), "--model", f"third@{local_server}", "--json")
    assert [report["model"] for report in json.loads(out)["reports"]] == ["llama3-2", "qwen", "third"]
    _, out, _ = run(capsys, "--config", str(tea), "--json")
    assert [report["model"] for report in json.loads(out)["reports"]] == ["llama3-2", "qwen"]
    _, out, _ = run(capsys, "--config", str(tea), "--model", f"third@{local_server}", "--models", "qwen", "--json")
    assert [report["model"] for report in json.loads(out)["reports"]] == ["qwen", "third"]
    assert ModelConfig.objects.filter(model_id="third").count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("third", "NAME@URL"),
        ("@http://127.0.0.1/v1", "NAME@URL"),
        ("third@http://", "NAME@URL|elsewhere"),
        ("third@https://api.example/v1", "--config"),
        ("third@http://127.0.0.1:99999/v1", "third@"),
        ("third@http://user:word@127.0.0.1/v1", "no user"),
        ("x" * 300 + "@http://127.0.0.1/v1", "200"),
    ],
)
def test_a_model_that_cannot_be_asked_is_refused(
    text: str, words: str, tea: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "--config", str(tea), "--model", text)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert re.search(words, err)


def test_no_real_model_joins_the_sandbox(local_server: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--sandbox", "--model", f"third@{local_server}")
    assert (code, "sandbox" in err) == (1, True)


# Files that it leaves


def test_a_folder_gets_every_report_and_the_material(
    tea: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out" / "tea"
    assert run(capsys, "--config", str(tea), "--output", str(folder), "--repeats", "2")[0] == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "context.json", "llama3-2-2.md", "llama3-2.md", "qwen-2.md", "qwen.md", "run.csv", "run.json",
    ]  # fmt: skip
    assert (folder / "qwen.md").read_text() == REPORT
    document = json.loads((folder / "run.json").read_text())
    assert [report["text"] for report in document["reports"]] == [REPORT] * 4
    rows = list(csv.DictReader((folder / "run.csv").read_text().splitlines()))
    assert [(row["model"], row["sample"], row["groundedness"] != "") for row in rows] == [
        ("llama3-2", "1", True), ("llama3-2", "2", True), ("qwen", "1", True), ("qwen", "2", True),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["results.json", "results.csv"])
def test_a_file_gets_what_its_name_says(
    name: str, tea: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "--config", str(tea), "--output", str(tmp_path / name))[0] == 0
    text = (tmp_path / name).read_text()
    assert text.startswith("{" if name.endswith("json") else "model,sample,status")


@pytest.mark.parametrize("name", ["", "results.xlsx", "/proc/nothing/here", "\0"])
def test_an_output_that_cannot_be_written_is_refused_before_anything_is_asked(
    name: str, tea: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "--config", str(tea), "--output", name)
    assert (code, err.count("\n")) == (1, 1)
    assert not Run.objects.exists()


def test_a_server_that_is_not_there_is_named_and_asking_again_offered(
    tea: Path, local_server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write_text(tea.read_text().replace(local_server, "http://127.0.0.1:9/v1"))
    code, out, _ = run(capsys, "--config", str(tea))
    assert code == 1
    assert "qwen: no report: no connection could be made (connect)." in out
    assert f"run_evaluation --replay {Run.objects.get().pk}` asks again" in out
