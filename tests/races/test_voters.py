"""A sample of the voters whose database is cut; `make test-race` lets 200 come."""

import subprocess
import sys

import pytest

from tests import servers
from tests.environment import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("postgresql_url")]


# Behind a pooler, where there is one, more goes wrong; `make test-race` cuts voters off with and without.
DOOR = ("--pooler",) if servers.pgbouncer_executable() else ()


def race(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.races.voters", "--voters", "12", "--readers", "6", "--cut-for", "1"]
    return subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=240)


def test_while_the_database_is_cut_nobody_gets_a_500_and_every_accepted_vote_is_a_row() -> None:
    done = race(*DOOR)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "503" in done.stdout


def test_without_the_guard_they_get_a_500() -> None:
    """The negative control."""
    done = race("--sabotage")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "× 500 for a" in done.stdout
