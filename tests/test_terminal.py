"""What a person at a terminal sees of runs, at any width; what a program gets; and that no rubbish is a traceback."""

import io
import json
import os
import pty
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.test import override_settings
from rich.console import Console

from evaluations.management import figures, tables
from evaluations.management.terminal import LiveView
from evaluations.models import Evaluation, Run
from evaluations.pipeline.worker import ReportNews, StepNews
from tests.environment import ROOT

WIDTHS = (60, 80, 120)
CHANCE = random.Random(7)


@pytest.fixture(autouse=True)
def open_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command closes the database at its end; the transaction of a test lives on that connection."""
    monkeypatch.setattr(connections, "close_all", lambda: None)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The runs of `manage.py demo`, for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEBUG=True):
            call_command("demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def lived_in(made: None, db: None) -> None:
    """Nine runs of the sandbox: of the newest the vote is open, the seventh is a replay, the third has a failure."""


def numbered(place: int) -> Run:
    """The run at this place, from 1."""
    return Run.objects.order_by("pk")[place - 1]


def typed(capsys: pytest.CaptureFixture[str], command: str, *arguments: str) -> tuple[int, str, str]:
    """What happens when it is typed: exit code, standard output, standard error."""
    door = import_module(f"evaluations.management.commands.{command}").Command(stdout=StringIO(), stderr=StringIO())
    code = 0
    try:
        door.run_from_argv(["manage.py", command, *arguments])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    straight = capsys.readouterr()
    return code, door.stdout._out.getvalue() + straight.out, door.stderr._out.getvalue() + straight.err


# Tables


class Terminal(StringIO):
    """A file that says of itself that somebody reads it; what was written, without its colours."""

    def isatty(self) -> bool:
        return True

    def getvalue(self) -> str:
        return re.sub(r"\x1b\[[0-9;]*m", "", super().getvalue())


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many characters a line of the terminal holds."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", str(request.param))
    return int(request.param)


def report(model: str, sample: int = 1) -> dict[str, Any]:
    """An invented row of a summary."""
    state = CHANCE.choice(["succeeded"] * 6 + ["failed", "unknown_outcome"])
    share = (lambda: CHANCE.random()) if state == "succeeded" else (lambda: None)
    return {
        "model": model,
        "sample": sample,
        "status": state,
        "error": None if state == "succeeded" else CHANCE.choice(["rate_limited", "ceiling_of_run_or_day", "timeout"]),
        "seconds": CHANCE.choice([0.31, 12.7, 299.9, None]),
        "cost_usd": CHANCE.choice([0.0, 0.0004, 0.0217, 3.21, 412.0071, None]),
        "scores": {
            "groundedness": share(),
            "context_utilization": share(),
            "format_compliance": share(),
            "words": CHANCE.choice([7, 421, 12_345]) if state == "succeeded" else None,
        },
    }


def invented_summary(samples: int = 1) -> dict[str, Any]:
    """An invented run of 1 to 12 models with names of 1 to 26 characters."""
    names = {"".join(CHANCE.choices("abcdefgh-", k=CHANCE.randint(1, 26))).strip("-") or "m" for _ in range(12)}
    reports = [report(name, sample) for name in sorted(names) for sample in range(1, samples + 1)]
    return {"run": CHANCE.randint(1, 9_999), "reports": reports}


def test_name_grounded_and_cost_are_whole_at_every_width(width: int) -> None:
    for _ in range(200):
        summary, out = invented_summary(), Terminal()
        tables.print_table(out, summary)
        lines = out.getvalue().splitlines()
        assert max(map(len, lines)) <= width
        assert "…" not in out.getvalue()
        for row in summary["reports"]:
            [line] = [line for line in lines if line.split()[:1] == [row["model"]]]
            words = line.split()
            assert words[-1] == tables.REPORTS[-1].cell(row) or not tables.REPORTS[-1].cell(row)
            assert figures.percent(row["scores"]["groundedness"]) in line


def test_every_figure_of_spreads_and_replays_is_whole_or_its_column_left_out(width: int) -> None:
    for _ in range(100):
        before, now = invented_summary(3), invented_summary(2)
        now["reports"] += [report(row["model"]) for row in before["reports"] if row["sample"] == 1]
        out = Terminal()
        tables.print_spreads(out, before)
        require_whole(out.getvalue(), tables.SPREADS, tables.by_model(before), width)
        out = Terminal()
        tables.print_replays(out, [(before, now)])
        require_whole(out.getvalue(), tables.REPLAYS, joint(before, now), width)


def require_whole(text: str, columns: Sequence[tables.Column], rows: Sequence[dict[str, Any]], width: int) -> None:
    """Each column that is shown has all its figures whole; those that must be there are. Names may take two lines."""
    assert max(map(len, text.splitlines())) <= width
    shown = [column for column in columns if column.title.split("\n")[-1] in text.partition("─")[0]]
    assert {column.title for column in columns if column.rank == 0} <= {column.title for column in shown}
    figures = [column.cell(row) for row in rows for column in shown if not column.text]
    assert [figure for figure in figures if figure not in text] == []
    assert all(set(row["model"]) <= set(text) for row in rows)


def joint(before: dict[str, Any], now: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the joint table."""
    rows = [tables.joint_row(model, [(before, now)]) for model in tables.models_of([(before, now)])]
    return [row for row in rows if row["runs"]]


def test_the_control_a_table_that_gives_no_column_up_is_cut_at_60() -> None:
    summary = {"run": 1, "reports": [report("a-model-with-a-long-name") for _ in range(9)]}
    console = Console(file=StringIO(), width=60, markup=False)
    console.print(tables.rich_table(tables.SPREADS, tables.by_model(summary), console))
    assert not all("Seconds" in line for line in console.file.getvalue().splitlines()[:1])  # type: ignore[attr-defined]


def test_the_live_view_fits_the_terminal(width: int) -> None:
    view, out = LiveView(), StringIO()
    view.watch(StepNews("lock", "17 sources, 38,922 bytes, SHA-256 f9e0aa31b2c4"))
    for place, state in enumerate(("answering", "succeeded", "failed", "unknown_outcome") * 3):
        view.watch(ReportNews(place, f"model-number-{place}", state, 299.87, 16_384, 12.3456, "ceiling_of_run_or_day"))
    Console(file=out, width=width, force_terminal=False).print(view)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert "…" not in out.getvalue().replace("… answering", "")
    assert sum("$12.3456" in line for line in lines) == 12
    assert all(f"model-number-{place}" in out.getvalue() for place in range(12))


def test_in_a_pipe_each_report_is_one_line_with_every_column() -> None:
    summary, out = invented_summary(), StringIO()
    tables.print_table(out, summary)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(summary["reports"]) + 3
    assert all(word in " ".join(lines[:2]) for word in ("Model", "Report", "Seconds", "Words", "Cost"))


def test_many_replays_are_one_table_with_means_and_an_interval() -> None:
    def run(number: int, grounded: float) -> dict[str, Any]:
        scores = {"groundedness": grounded, "words": 100}
        row = {"model": "m", "sample": 1, "status": "succeeded", "cost_usd": 0.01, "scores": scores}
        return {"run": number, "reports": [row]}

    pairs = [(run(place, 0.8), run(place + 10, 0.9 + place / 1_000)) for place in range(1, 9)]
    out = StringIO()
    tables.print_replays(out, pairs)
    [line] = [line for line in out.getvalue().splitlines() if line.startswith("m ")]
    assert re.search(r"m +8 +80% → 90% +\+10 \(\+10 to \+11\)", line)
    assert "1 → 11, 2 → 12" in out.getvalue()


# The commands


def test_runs_lists_the_newest_first_with_their_times_in_utc(
    lived_in: None, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = typed(capsys, "runs")
    rows = [line for line in out.splitlines() if " UTC" in line]
    assert (code, len(rows)) == (0, 9)
    assert rows[0].split()[0] == str(numbered(9).pk)
    assert "4 of 5" in rows[6]
    assert f"replay of {numbered(5).pk}" in rows[2]
    code, out, _ = typed(capsys, "runs", "sandbox", "--limit", "2", "--json")
    listed = json.loads(out)
    assert [row["run"] for row in listed] == [numbered(9).pk, numbered(8).pk]
    assert listed[0]["vote"].startswith("open until 20")
    assert listed[1]["vote"] == "closed"


def test_show_says_what_failed_and_why_and_how_to_ask_again(lived_in: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = typed(capsys, "show", str(numbered(3).pk))
    assert code == 0
    assert ", 1 failed, cost $" in out
    assert "slow: no report: nothing to read was in it (empty)." in out
    assert f"run_evaluation --replay {numbered(3).pk} --models slow`" in out
    assert ", 1 failed" not in typed(capsys, "show", str(numbered(1).pk))[1]


def test_show_of_a_run_with_repeats_has_their_spread(lived_in: None, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = typed(capsys, "show", str(numbered(4).pk))
    assert out.count("3 of 3") == 5
    assert "3 of 3" not in typed(capsys, "show", str(numbered(1).pk))[1]


def test_show_of_a_replay_has_both_beside_each_other(lived_in: None, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = typed(capsys, "show", str(numbered(7).pk))
    assert f"({numbered(5).pk} → {numbered(7).pk})" in out
    assert len(re.findall(r"\d+% → \d+%", out)) >= 10


def test_show_as_json_is_what_run_evaluation_prints(lived_in: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = typed(capsys, "show", str(numbered(4).pk), "--json")
    document = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert list(document) == [
        "run", "status", "partial", "context_sha256", "prompt_sha256", "cost_usd", "seconds", "reports",
    ]  # fmt: skip
    assert len(document["reports"]) == 15


def test_next_says_what_is_sensible_where_it_is_said(
    lived_in: None, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    run = numbered(1)

    def said(**fields: object) -> str:
        Run.objects.filter(pk=run.pk).update(**fields)
        return typed(capsys, "show", str(run.pk))[1]

    settings.DEBUG = True
    assert "make demo" in said()
    settings.DEBUG = False
    assert "make demo" not in said()
    assert f"--resume {run.pk}`" in said(state="paused")
    assert "Next" not in said(state="cancelled")
    assert f"admin/evaluations/run/{run.pk}/change/" in said(state="awaiting_review")
    python = os.path.relpath(sys.executable)
    assert f"`{'python' if python.startswith('..') else python} manage.py run_evaluation" in said(state="failed")


def test_without_any_run_the_list_says_how_to_make_one(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = typed(capsys, "runs", "futbol-report")
    assert (code, "run_evaluation --sandbox" in out) == (0, True)
    assert json.loads(typed(capsys, "runs", "futbol-report", "--json")[1]) == []


# Refusals

RUBBISH = ["", " ", "abc", "-1", "0", "1.5", "NaN", "1e999999", "9" * 30, "٣", "²", "\udcff", "'; --", "[", "é" * 3_000]
OPTIONS = {
    "run_evaluation": [
        ["{}"], ["--sandbox", "--source", "{}"], ["--sandbox", "--source", "files:{}"], ["--models", "{}"],
        ["--replay", "{}"], ["--sandbox", "--replay", "last:{}"], ["--sandbox", "--prompt", "{}", "--dry-run"],
        ["--sandbox", "--repeats", "{}", "--dry-run"], ["--sandbox", "--max-cost", "{}", "--dry-run"],
        ["--resume", "{}"], ["--retry", "{}"], ["--{}"],
    ],
    "runs": [["{}"], ["--limit", "{}"], ["a", "{}"]],
    "show": [["{}"], [], ["1", "{}"]],
    "rescore": [["--run", "{}"], ["{}"]],
    "export_run": [["{}"], ["1", "--output", "/nowhere/{}"]],
    "import_run": [["{}"], ["/"], ["/dev/null"]],
    "verify_run": [["{}"], ["/"], ["/dev/null"]],
    "join_run": [["{}"], []],
    "sandbox": [["--port", "99999{}"], ["--recordings", "{}"], ["--search-rate", "x{}"]],
    "run_due": [["--workers", "x{}"], ["{}"]],
    "score": [["{}"]],
    "demo": [["{}"]],
}  # fmt: skip
TYPED = [(command, options) for command, lines in OPTIONS.items() for options in lines]


@pytest.mark.parametrize(("command", "options"), TYPED, ids=lambda value: " ".join(value) if value else "none")
def test_no_rubbish_is_answered_with_a_traceback(
    command: str, options: list[str], db: None, capsys: pytest.CaptureFixture[str], monkeypatch: Any, settings: Any
) -> None:
    settings.SANDBOX_ANSWER_SECONDS = 0
    for rubbish in RUBBISH:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
        code, out, err = typed(capsys, command, *(option.format(rubbish) for option in options))
        assert code in (0, 1)
        assert "Traceback" not in out + err
        if code:
            assert err.count("\n") >= 1


@pytest.mark.parametrize("rubbish", [one for one in RUBBISH if one != "٣"])  # which is a 3
def test_refusals_are_documents_where_json_is_asked_for(
    rubbish: str, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["show", rubbish], ["runs", f"no{rubbish}"], ["run_evaluation", f"no{rubbish}"]):
        code, out, err = typed(capsys, *command, "--json")
        assert (code, out.count("\n"), err.count("\n")) == (1, 1, 1)
        assert json.loads(out)["error"] == err.strip()


def test_a_second_start_is_refused_as_a_document_too(lived_in: None, capsys: pytest.CaptureFixture[str]) -> None:
    Run.objects.filter(pk=numbered(1).pk).update(state="inferring", lease_expires_at="2100-01-01T00:00:00Z")
    code, out, _ = typed(capsys, "run_evaluation", "--sandbox", "--json")
    assert (code, "is live" in json.loads(out)["error"]) == (75, True)


def test_settings_that_cannot_be_used_are_one_line() -> None:
    environment = os.environ | {"REPORT_TTL_DAYS": "soon"}
    done = subprocess.run(
        [sys.executable, "manage.py", "show", "1", "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "REPORT_TTL_DAYS" in json.loads(done.stdout)["error"]


def test_a_reader_that_leaves_ends_the_command_without_a_word() -> None:
    line = f"yes '{json.dumps({'id': 1, 'context': 'Rovers won.', 'report': 'Rovers won.'})}' | head -3000"
    done = subprocess.run(
        ["bash", "-c", f"{line} | {sys.executable} manage.py score | head -1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


# Scoring


def test_score_has_an_example_in_its_help_that_works() -> None:
    shown = subprocess.run(
        [sys.executable, "manage.py", "score", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    example = shown.split("example:\n")[1].strip().replace("python manage.py", f"{sys.executable} manage.py")
    done = subprocess.run(["bash", "-c", example], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["scores"]["groundedness"]["value"] < 1


def test_a_line_that_is_no_text_fails_alone() -> None:
    good = json.dumps({"id": 1, "context": "Rovers won.", "report": "Rovers won."}).encode()
    done = subprocess.run(
        [sys.executable, "manage.py", "score"],
        cwd=ROOT,
        input=b"\n".join([b'{"id": "\xff"}', good]),
        capture_output=True,
        check=False,
    )
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (done.returncode, done.stderr) == (1, b"")
    assert (first["line"], "UTF-8" in first["error"], second["id"]) == (1, True, 1)


# A real terminal


def test_a_terminal_of_that_width_shows_no_figure_cut(width: int) -> None:
    """`score` needs no database; a program of ours prints an invented run with it."""
    program = (
        "import sys, random; from tests import test_terminal as t; from evaluations.management import tables\n"
        "for _ in range(20): tables.print_table(sys.stdout, t.invented_summary())"
    )
    ours, theirs = pty.openpty()
    environment = os.environ | {
        "COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1", "DJANGO_SETTINGS_MODULE": "futbolreport.settings",
    }  # fmt: skip
    code = f"import django; django.setup()\n{program}"
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=ROOT, stdout=theirs)
    os.close(theirs)
    screen = b"".join(iter(lambda: read_from(ours), b""))
    os.close(ours)
    assert process.wait(60) == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", screen.decode()).splitlines()
    assert lines.count("") < 5
    assert max(map(len, lines)) <= width
    assert "…" not in screen.decode()


def read_from(terminal: int) -> bytes:
    """What was written to a terminal; nothing once the other side has closed it."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


def test_evaluations_are_named_where_one_is_not_there(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = typed(capsys, "runs", "nowhere")
    assert code == 1
    assert all(evaluation.slug in err for evaluation in Evaluation.objects.all())
