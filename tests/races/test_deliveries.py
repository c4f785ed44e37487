"""Samples of the races; `make test-race` runs a thousand deliveries and fifty starts."""

import subprocess
import sys

import pytest

from tests.environment import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("postgresql_url")]


def race(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.races.deliveries", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_the_same_events_many_times_over_make_one_run_a_slot_and_bill_each_model_once() -> None:
    done = race("--deliveries", "10", "--starts", "8")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_reservation_that_looks_before_it_writes_exceeds_the_ceiling() -> None:
    """The negative control."""
    done = race("--deliveries", "0", "--starts", "10", "--sabotage")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "ceiling of 0.06 was exceeded" in done.stdout
