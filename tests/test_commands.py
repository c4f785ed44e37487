"""What every command does alike: one line for what it could not do, and 1."""

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from evaluations.errors import TickFailedError
from evaluations.management.commands import run_due
from tests.environment import ROOT
from tests.listening import listening_in_a_thread
from tests.servers import free_port
from tests.test_settings import read

ALL = """
import sys
import django
django.setup()
from django.core.management import call_command
for command in (
    ("run_due",), ("export_run", "1"), ("rescore",), ("rescore", "--run", "1"), ("verify_run", "1"),
    ("run_evaluation", "--sandbox"), ("run_evaluation", "--resume", "1"), ("compute_standings",), ("export_votes",),
    ("join_run", "1"), ("runs",), ("runs", "--json"), ("show", "1"), ("show", "1", "--json"),
    ("run_evaluation", "--config", sys.argv[1]),
):
    try:
        call_command(*command)
    except SystemExit as end:
        print(command[0], "ended with", end.code, file=sys.stderr)
"""


def test_each_command_says_in_one_line_that_the_database_is_away() -> None:
    address = f"postgresql://nobody:test-password@127.0.0.1:{free_port()}/nothing"
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "futbolreport.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ALL, "examples/tea.toml"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stderr.splitlines()
    assert (done.returncode, len(lines)) == (0, 30), done.stderr
    for said, ended in zip(lines[::2], lines[1::2], strict=True):
        assert said.startswith("The database is not ready: "), said
        assert "migrate" in said
        assert "test-password" not in said
        assert ended.endswith("ended with 1")


async def say_nothing(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """A server that takes a connection and is never heard again."""
    await reader.read()


def test_a_database_that_takes_a_connection_and_says_nothing_is_away_in_seconds() -> None:
    with listening_in_a_thread(say_nothing) as port:
        address = f"postgresql://nobody@127.0.0.1:{port}/nothing"
        assert read("DATABASES", DATABASE_URL=address)["default"]["OPTIONS"] == {"connect_timeout": 5}
        done = subprocess.run(
            [sys.executable, "manage.py", "runs"],
            cwd=ROOT, env=os.environ | {"DATABASE_URL": f"{address}?connect_timeout=2"}, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "timeout" in done.stderr


class Looks:
    """Looks at what is due, of which the first fail; the last one asks for the end."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.done = 0

    def __call__(self, worker: Any) -> dict[str, Any]:
        self.done += 1
        if self.failures:
            raise self.failures.pop(0)
        worker.stop.ask()
        return {"continued": [], "failures": []}


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Looks:
    settings.TASKS_BACKEND = "immediate"  # no workers beside it
    looks = Looks(
        OperationalError("server closed the connection"),
        ZeroDivisionError("nobody foresaw this"),
        TickFailedError([("run 3", OverflowError("date value out of range"))], {"continued": [], "failures": ["x"]}),
    )
    monkeypatch.setattr(run_due, "do_what_is_due", looks)
    monkeypatch.setattr(run_due, "SECONDS_BETWEEN_LOOKS", 0.01)
    return looks


@pytest.mark.django_db(transaction=True)
def test_watching_outlives_looks_that_fail(looks: Looks, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("run_due", "--watch")
    said = capsys.readouterr().err
    assert looks.done == 4
    assert "The database is not ready: server closed the connection" in said
    assert "run 3: OverflowError: date value out of range" in said


@pytest.mark.django_db(transaction=True)
def test_once_a_failure_ends_with_1_and_what_was_done_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks = Looks(TickFailedError([("run 3", OverflowError("out of range"))], {"continued": [7], "failures": ["x"]}))
    monkeypatch.setattr(run_due, "do_what_is_due", looks)
    with pytest.raises(SystemExit) as end:
        call_command("run_due")
    out, err = capsys.readouterr()
    assert (end.value.code, json.loads(out)["continued"]) == (1, [7])
    assert err.count("\n") == 1


@pytest.mark.parametrize(("lines", "code"), [(1, 0), (2, 1)])
def test_scoring_ends_with_1_where_a_line_could_not_be_scored(lines: int, code: int) -> None:
    good = json.dumps({"id": 1, "context": "Rovers won.", "report": "Rovers won."})
    done = subprocess.run(
        [sys.executable, "manage.py", "score"],
        cwd=ROOT,
        input="\n".join([good, "no JSON"][:lines]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, len(done.stdout.splitlines())) == (code, lines)
