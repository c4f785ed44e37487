"""A sample of the kills among several workers at one run; `make test-crash` has 2,000 models and 200 kills."""

import subprocess
import sys

import pytest

from tests.environment import ROOT

pytestmark = pytest.mark.slow


def kill_workers(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.crash.shares", "--models", "60", "--workers", "4", "--kills", "8"]
    command += ["--share", "10", "--answer-seconds", "0.3", "--lease", "2", "--times", "100", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)


@pytest.mark.usefixtures("postgresql_url")
def test_workers_of_one_run_are_killed_and_no_report_is_missing_lost_or_paid_twice() -> None:
    done = kill_workers()
    assert done.returncode == 0, done.stdout + done.stderr


def test_who_takes_a_killed_worker_s_share_and_forgets_what_it_had_sent_pays_twice() -> None:
    """The negative control."""
    done = kill_workers("--sqlite", "--sabotage")
    assert done.returncode == 1
    assert "BROKEN killed: a request was paid twice" in done.stdout
