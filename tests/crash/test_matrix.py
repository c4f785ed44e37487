"""Samples of the crash matrix; `make test-crash` runs all of it."""

import subprocess
import sys

import pytest

from tests.environment import ROOT

pytestmark = pytest.mark.slow


def matrix(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.crash.matrix", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)


@pytest.mark.usefixtures("postgresql_url")
def test_a_run_killed_twice_loses_nothing_and_pays_nothing_twice_on_postgresql() -> None:
    done = matrix("--sample", "3", "--seed", "4")
    assert done.returncode == 0, done.stdout + done.stderr


def test_with_all_models_asked_at_once_it_is_the_same_on_sqlite() -> None:
    done = matrix("--sqlite", "--sample", "2", "--at-once", "0", "--seed", "7")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_matrix_sees_a_second_payment_where_unknown_outcomes_are_forgotten() -> None:
    """The negative control: without the recovery, a resume asks again what was perhaps paid."""
    done = matrix("--sqlite", "--sample", "6", "--sabotage")
    assert done.returncode == 1
    assert "paid twice: maker/" in done.stdout
