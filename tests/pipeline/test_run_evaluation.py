"""The command as its user meets it: a process with output, an exit code, and Ctrl-C."""

import json
import os
import pty
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.environment import ROOT
from tests.pipeline.conftest import Serve

COMMAND = [sys.executable, "manage.py", "run_evaluation"]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as `manage.py migrate` leaves it."""
    path = tmp_path_factory.mktemp("database") / "seeded.sqlite3"
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment(path), cwd=ROOT, check=True)
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Path:
    """A database of this test's own."""
    return Path(shutil.copy(migrated, tmp_path / "own.sqlite3"))


def environment(database: Path, **variables: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": f"sqlite:///{database}"} | variables


def run(database: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *options],
        env=environment(database, **variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_sandbox_run_ends_with_a_table_of_five_models_and_where_to_read_it(database: Path) -> None:
    done = run(database, "--sandbox")
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split()[0] for line in done.stdout.splitlines() if "%" in line]
    assert rows == ["thorough", "brief", "freeform", "inventor", "slow"]
    assert "no real model wrote" in done.stdout
    assert "Read it: http://127.0.0.1:8000/runs/1/" in done.stdout
    assert "Next:" in done.stdout


def test_json_is_one_document_and_nothing_else_on_stdout(database: Path) -> None:
    done = run(database, "--sandbox", "--json", "--models", "thorough,brief")
    document: dict[str, Any] = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert (done.returncode, document["status"], document["partial"]) == (0, "published", False)
    assert [report["model"] for report in document["reports"]] == ["thorough", "brief"]
    assert len(document["context_sha256"]) == len(document["prompt_sha256"]) == 64
    assert "Scoring" in done.stderr


def test_without_progress_nothing_but_the_document_is_said(database: Path) -> None:
    done = run(database, "--sandbox", "--json", "--no-progress", "--models", "brief")
    assert (done.returncode, done.stderr) == (0, "")
    json.loads(done.stdout)


def test_a_partial_run_ends_with_2(database: Path, serve_sandbox: Serve) -> None:
    """OpenRouter's own roster at the sandbox: it knows none of these models but one."""
    keys = {"BRAVE_API_KEY": "test-search", "OPENROUTER_API_KEY": "test-models"}
    point_a_model_at(database, "sandbox/brief")
    done = run(database, "--json", **serve_sandbox().variables, **keys)
    document = json.loads(done.stdout)
    assert (done.returncode, document["partial"]) == (2, True)
    assert {report["model"]: report["error"] for report in document["reports"]} == {
        "claude": None,
        "kimi": "unknown_model",
        "qwen": "unknown_model",
        "gemma": "unknown_model",
    }


def point_a_model_at(database: Path, model_id: str) -> None:
    program = (
        "import django; django.setup(); from evaluations.models import ModelConfig; "
        f"ModelConfig.objects.filter(slug='claude').update(model_id={model_id!r})"
    )
    variables = environment(database, DJANGO_SETTINGS_MODULE="futbolreport.settings")
    subprocess.run([sys.executable, "-c", program], env=variables, cwd=ROOT, check=True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], ["BRAVE_API_KEY", "OPENROUTER_API_KEY", "--sandbox"]),
        (["nowhere"], ["no evaluation nowhere", "futbol-report", "sandbox"]),
        (["futbol-report", "--sandbox"], ["no sandbox evaluation futbol-report", "sandbox"]),
        (["--sandbox", "--models", "brief,nobody"], ["no model nobody", "thorough"]),
        (["--resume", "99"], ["no run 99"]),
        (["--sandbox", "--replay", "last:3"], ["no run with material"]),
        (["--sandbox", "--replay", "yesterday"], ["last:N", "yesterday"]),
        (["--sandbox", "--repeats", "0"], ["--repeats"]),
        (["--sandbox", "--max-cost", "0"], ["over 0"]),
        (["--sandbox", "--prompt", "7"], ["prompt version 7", "it has: 1"]),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_ends_with_1(
    database: Path, options: list[str], words: list[str]
) -> None:
    done = run(database, *options)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert all(word in done.stderr for word in words)


def test_without_tables_the_command_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path / "empty.sqlite3", "--sandbox")
    assert done.returncode == 1
    assert "manage.py migrate" in done.stderr


def test_a_dry_run_says_what_would_be_sent_to_whom_at_what_price_and_why_it_would_be_refused(database: Path) -> None:
    done = run(database, "--dry-run")
    assert done.returncode == 1
    assert "claude: POST https://openrouter.ai/api/v1/chat/completions, at most $" in done.stdout
    assert "Nothing was sent." in done.stdout
    assert "OPENROUTER_API_KEY is not set." in done.stderr


def test_a_dry_run_asks_the_provider_what_it_offers_and_no_model_anything(database: Path, serve_sandbox: Serve) -> None:
    keys = {"BRAVE_API_KEY": "test-search", "OPENROUTER_API_KEY": "test-models"}
    sandbox = serve_sandbox()
    point_a_model_at(database, "sandbox/brief")
    done = run(database, "--dry-run", "--json", "--models", "claude", **sandbox.variables, **keys)
    plan = json.loads(done.stdout)
    assert (done.returncode, plan["obstacles"], len(plan["calls"])) == (0, [], 1)
    assert plan["worst_usd"] == pytest.approx(sum(call["worst_usd"] for call in plan["calls"]))
    assert sandbox.requests() == []
    unknown = run(database, "--dry-run", "--models", "kimi", **sandbox.variables, **keys)
    assert unknown.returncode == 1
    assert "kimi: unknown_model" in unknown.stderr


def test_a_replay_says_so_and_repeats_show_their_spread(database: Path) -> None:
    assert run(database, "--sandbox", "--no-progress", "--models", "brief,inventor").returncode == 0
    replay = run(database, "--replay", "last:1", "--sandbox", "--models", "brief,inventor", "--repeats", "2")
    assert replay.returncode == 0
    assert "Replay of run 1: these models may have read the news since." in replay.stdout
    [spread] = [line for line in replay.stdout.splitlines() if "2 of 2" in line and "inventor" in line]
    assert "%" in spread
    assert "Before → now, on the same material (1 → 2)" in replay.stdout
    assert "Its page is public when the vote on run 1 has closed, 20" in replay.stdout
    assert "Read it" not in replay.stdout
    assert "Fetching" not in replay.stdout
    dry = run(database, "--sandbox", "--dry-run", "--replay", "1", "--models", "brief", "--repeats", "3")
    assert "would search nothing" in dry.stdout
    assert "the locked context of run 1" in dry.stdout
    assert (dry.stdout.count("  brief: POST"), "3 times" in dry.stdout) == (1, True)


def test_a_second_start_while_one_is_live_ends_with_75(database: Path) -> None:
    with started(database, "Asking") as first:
        stop_between_writes(first, database)
        assert run(database, "--sandbox").returncode == 75
        first.send_signal(signal.SIGKILL)


def stop_between_writes(process: subprocess.Popen[str], database: Path) -> None:
    """Let it stand still, alive, for as long as this takes, where it holds no lock on the database."""
    while True:
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        with closing(sqlite3.connect(database, timeout=0, autocommit=True)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                process.send_signal(signal.SIGCONT)
            else:
                other.execute("ROLLBACK")
                return


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_saves_what_arrives_and_prints_the_command_that_resumes(
    database: Path, how: signal.Signals
) -> None:
    with started(database, "Fetching") as first:
        first.send_signal(how)
        out, error = first.communicate(timeout=30)
    assert first.returncode == 130
    assert "Stopp" in error
    assert "run_evaluation --resume 1" in out
    done = run(database, "--resume", "1", "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "published")


class started:  # noqa: N801 - reads as a phrase
    """A sandbox run in another process that has printed a line with `word`."""

    def __init__(self, database: Path, word: str, **variables: str) -> None:
        self.word = word
        self.process = subprocess.Popen(
            [*COMMAND, "--sandbox"],
            env=environment(database, **variables),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> subprocess.Popen[str]:
        assert self.process.stdout is not None
        while self.word not in self.process.stdout.readline():
            assert self.process.poll() is None
        return self.process

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.communicate()


def test_a_person_at_a_terminal_sees_every_model_move(database: Path) -> None:
    """A pseudo-terminal: the live view shows models answering before it shows them done."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "--sandbox"], env=environment(database, TERM="xterm", COLUMNS="110"), cwd=ROOT, stdout=theirs
    )
    os.close(theirs)
    screen = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            screen += os.read(ours, 65_536) if select.select([ours], [], [], 1)[0] else b""
        except OSError:  # the other side has closed its terminal
            break
    os.close(ours)
    assert process.wait(60) == 0
    text = screen.decode()
    assert text.index("answering") < text.index("done")
    assert "Grounded" in text


def test_a_second_interrupt_ends_at_once_and_says_how_to_go_on(database: Path) -> None:
    patient = "tests.pipeline.patient_settings"
    with started(database, "answering", DJANGO_SETTINGS_MODULE=patient) as first:
        # Both at once: between them a run that has not yet sent a request would end by itself.
        first.send_signal(signal.SIGINT)
        first.send_signal(signal.SIGTERM)
        _, error = first.communicate(timeout=60)
    assert first.returncode == 130
    assert error.startswith("Stopping")
    assert "run_evaluation --resume 1" in error
    at_once = run(database, "--resume", "1")
    assert (at_once.returncode, "If it was killed" in at_once.stderr) == (75, True)


def test_what_was_lost_is_asked_for_again_after_its_price_was_said(database: Path) -> None:
    run(database, "--sandbox", "--no-progress", "--models", "brief,inventor")
    with closing(sqlite3.connect(database)) as line, line:
        line.execute("UPDATE evaluations_attempt SET state = 'unknown', cost_usd = NULL WHERE id = 1")
        line.execute("UPDATE evaluations_report SET state = 'unknown_outcome', text = '', cost_usd = NULL WHERE id = 1")
        line.execute("DELETE FROM evaluations_score WHERE report_id = 1")
        line.execute("UPDATE evaluations_run SET partial = 1")
    asked = run(database, "--retry", "1", "--dry-run")
    assert (asked.returncode, "brief: asking again may cost $0.0" in asked.stdout) == (0, True)
    assert "Nothing was sent" in asked.stdout
    done = run(database, "--retry", "1", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["partial"], document["reports"][0]["attempts"]) == (0, False, 2)
    assert "asking again may cost" in done.stderr
