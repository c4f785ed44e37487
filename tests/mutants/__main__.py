"""How many small changes of the program make a test fail: `python -m tests.mutants [ROOM…] [--sample N]`.

A change that no test notices survives; 90 % of a room's have to be noticed. Survivors are printed, and those that
change no behaviour are judged in `rooms`.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.mutants.rooms import ROOMS

ROOT = Path(__file__).resolve().parents[2]
PYTEST = (sys.executable, "-m", "pytest", "-q", "-s", "-n", "0", "-p", "no:cacheprovider", "-p", "tests.mutants.plugin")


def examine(name: str, sample: int, seed: int) -> bool:
    """Print the room's score and survivors; whether enough were noticed."""
    environment = os.environ | {"MUTANTS": name, "MUTANTS_SAMPLE": str(sample), "MUTANTS_SEED": str(seed)}
    done = subprocess.run([*PYTEST, *ROOMS[name].tests], cwd=ROOT, env=environment, check=False)
    return done.returncode == 0


def main() -> int:
    """Examine the rooms asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}; all without any")
    parser.add_argument("--sample", type=int, default=60, help="changes a room; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    verdicts = [examine(name, given.sample, given.seed) for name in given.rooms or ROOMS]
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
