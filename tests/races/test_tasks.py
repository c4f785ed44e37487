"""A sample of the races of tasks; `make test-race` has 200 slots and measures how much more workers do."""

import subprocess
import sys

import pytest

from tests.environment import ROOT

pytestmark = pytest.mark.slow


def test_every_slot_is_begun_once_however_often_ticks_and_tasks_come() -> None:
    command = [sys.executable, "-m", "tests.races.tasks", "--sqlite", "--wakings", "0", "--evaluations", "0"]
    done = subprocess.run([*command, "--due", "4"], cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 slots, 3 ticks, 4 tasks, each carried out 2 times: 4 runs" in done.stdout
