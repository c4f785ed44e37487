"""How many small changes of the program make a test fail: `python -m tests.mutants [ROOM…] [--sample N]`.

One pytest a change. A change that no test notices survives; 90 % of a room's have to be noticed.
"""

import argparse
import ast
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.changes import changes
from tests.mutants.rooms import ROOMS, Room

ROOT = Path(__file__).resolve().parents[2]
ENOUGH = 0.9
SLOWER = 4  # times the unchanged tests' time, after which a change counts as noticed: something hangs
PYTEST = (sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", "-p", "tests.mutants.plugin")


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    module: str
    number: int
    line: int
    what: str
    code: str

    def __str__(self) -> str:
        return f"{self.module}: {self.what}, in: {self.code}"


def mutants_of(module: str) -> Iterator[Mutant]:
    """Every change of a module; none where there is no such module (yet)."""
    path = ROOT / (module.replace(".", "/") + ".py")
    if path.exists():
        source = path.read_text()
        lines = source.splitlines()
        for number, change in enumerate(changes(ast.parse(source))):
            yield Mutant(module, number, change.line, change.what, lines[change.line - 1].strip())


def passes(room: Room, mutant: Mutant | None = None, seconds: float | None = None) -> bool:
    """Whether the room's tests pass with this change."""
    environment = os.environ | {"MUTANT": f"{mutant.module}:{mutant.number}" if mutant else ""}
    command = [*PYTEST, *room.tests]
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def examine(name: str, room: Room, sample: int, jobs: int, seed: int) -> bool:
    """Print the room's score and survivors; whether enough were noticed."""
    everything = [mutant for module in room.modules for mutant in mutants_of(module)]
    if not everything:
        print(f"{name}: there is no such room yet", flush=True)
        return True
    chosen = random.Random(seed).sample(everything, min(sample or len(everything), len(everything)))
    chosen = [mutant for mutant in chosen if str(mutant) not in room.judged]
    started = time.monotonic()
    if not passes(room):
        print(f"{name}: its tests fail as they are", flush=True)
        return False
    seconds = 30 + SLOWER * jobs * (time.monotonic() - started)
    with ThreadPoolExecutor(jobs) as pool:
        verdicts = pool.map(lambda mutant: passes(room, mutant, seconds), chosen)
        survived = [mutant for mutant, passed in zip(chosen, verdicts, strict=True) if passed]
    noticed = len(chosen) - len(survived)
    print(f"{name}: {noticed} of {len(chosen)} changes noticed, {noticed / len(chosen):.0%}", flush=True)
    for mutant in sorted(survived, key=lambda mutant: (mutant.module, mutant.line)):
        print(f"  survived  {mutant.module}:{mutant.line}  {mutant.what}  |  {mutant.code}", flush=True)
    return noticed >= ENOUGH * len(chosen)


def main() -> int:
    """Examine the rooms asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", default=list(ROOMS), choices=[*ROOMS, []], metavar="ROOM")
    parser.add_argument("--sample", type=int, default=40, help="changes a room; 0: all")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = [examine(name, ROOMS[name], given.sample, given.jobs, given.seed) for name in given.rooms]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
