"""A sample of the kills in the middle of a job; `make test-crash` does 25 on each database."""

import subprocess
import sys

import pytest

from tests.environment import ROOT

pytestmark = pytest.mark.slow


def kill_workers(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.crash.jobs", "--sqlite", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)


def test_a_job_whose_worker_is_killed_anywhere_ends_with_its_run() -> None:
    done = kill_workers("--points", "2")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_job_that_nobody_settles_stays_open() -> None:
    """The negative control."""
    done = kill_workers("--points", "3", "--sabotage")
    assert done.returncode == 1
    assert "the job is running" in done.stdout
