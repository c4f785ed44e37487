"""A sample of the voters who all come at once; `make test-race` lets 500 come, and 200 rounds."""

import subprocess
import sys

import pytest

from tests.environment import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("postgresql_url", "own_redis")]


@pytest.mark.parametrize("database", [[], ["--sqlite"]], ids=["postgresql", "sqlite"])
def test_everybody_who_votes_at_once_has_one_row_and_the_tally_is_a_recount(database: list[str]) -> None:
    command = [sys.executable, "-m", "tests.races.bursts", "--voters", "12", "--rounds", "1", "--no-bare", *database]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "'rows': 12, 'voters': 12, 'counted': 12" in done.stdout
