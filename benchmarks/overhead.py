"""What the machinery costs: the wall time of `run_evaluation` beyond the models' own, beside a bare script.

`make bench` runs it: `manage.py sandbox` in another process answers every model after exactly 1.0 s, under a
search plan of 50 requests a second. Overhead is the wall time of the whole command, start of Python and every
database write included, less that second; scoring and rendering stand in a column of their own. Medians.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ANSWER_SECONDS = 1.0
GOALS = {4: 3.0, 64: 2.0, 512: 1 / 3}

PREPARE = """
import django, sys
django.setup()
from decimal import Decimal
from evaluations.models import Evaluation, Provider
template = Evaluation.objects.get(slug="futbol-report")
provider = Provider.objects.get(slug="openrouter")
STEADY = ("thorough", "brief", "freeform", "inventor")
for count in map(int, sys.argv[1:]):
    evaluation = Evaluation.objects.create(
        name=f"Bench {count}", slug=f"bench-{count}", max_usd_per_run=Decimal(10**6), max_usd_per_day=Decimal(10**6)
    )
    for query in template.queries.all():
        evaluation.queries.create(position=query.position, text=query.text)
    evaluation.prompts.create(system_text=template.prompt.system_text, output_format=template.prompt.output_format)
    for number in range(1, count + 1):
        evaluation.roster.create(
            position=number, slug=f"model-{number}", name=f"Model {number}", provider=provider,
            model_id=f"sandbox/{STEADY[number % 4]}-{number // 4 + 1}",
        )
"""


@dataclass(frozen=True)
class Cost:
    """One command: seconds of wall time, of that in scoring and rendering, of CPU; peak memory in MB."""

    wall: float
    scoring: float
    cpu: float
    memory: float

    @property
    def overhead(self) -> float:
        """Seconds beyond the models' own, scoring and rendering left out."""
        return self.wall - self.scoring - ANSWER_SECONDS


def measure(command: list[str], environment: dict[str, str]) -> Cost:
    """Run one command to its end; a line that begins with `Scoring:` starts the scoring, `Published:` ends it."""
    started = time.monotonic()
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    moments: dict[str, float] = {}
    lines = []
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        moments[line.split(":")[0]] = time.monotonic()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{''.join(lines[-20:])}")
    return Cost(
        wall=time.monotonic() - started,
        scoring=moments["Published"] - moments["Scoring"] if "Published" in moments else 0.0,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=usage.ru_maxrss / 1024,
    )


@contextmanager
def sandbox(roster: int) -> Iterator[dict[str, str]]:
    """The sandbox over TCP; yields the variables that lead to it."""
    command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--answer-seconds", str(ANSWER_SECONDS)]
    command += ["--search-rate", "50", "--roster", str(roster)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield dict(re.findall(r"(\w+_BASE_URL)=(\S+)", process.stdout.readline()))
        finally:
            process.terminate()


def roster_size(count: int) -> int:
    """How many models the sandbox must list so that `count` of its four steady ones are among them."""
    return 5 * (count // 4 + 1)


def median(runs: list[Cost]) -> Cost:
    """The median of every figure."""
    return Cost(
        *(statistics.median(getattr(run, name) for run in runs) for name in ("wall", "scoring", "cpu", "memory"))
    )


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, nargs="+", default=sorted(GOALS))
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sandbox(roster_size(max(options.models))) as urls:
        environment = os.environ | urls | {"BRAVE_API_KEY": "bench", "OPENROUTER_API_KEY": "bench", "DEBUG": "false"}
        environment |= {"SECRET_KEY": "bench", "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "futbolreport.settings"}
        database = environment.get("BENCH_DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        environment["DATABASE_URL"] = database
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
        prepare = [sys.executable, "-c", PREPARE, *map(str, options.models)]
        subprocess.run(prepare, env=environment, cwd=ROOT, check=True)
        print_table(options.models, options.repeats, environment, urls)
        shutil.rmtree(folder, ignore_errors=True)


def print_table(counts: list[int], repeats: int, environment: dict[str, str], urls: dict[str, str]) -> None:
    """One row for each number of models, product and bare script measured in turn."""
    print(f"Overhead beyond {ANSWER_SECONDS} s per answer, medians of {repeats} (seconds; ratio to the bare script)")
    print("models    bare    ours  ratio   goal    CPU    MB  scoring and rendering")
    for count in counts:
        bare_command = [sys.executable, "-m", "benchmarks.bare", *urls.values(), str(count)]
        own_command = [sys.executable, "manage.py", "run_evaluation", f"bench-{count}", "--json"]
        bare, own = [], []
        for _ in range(repeats):
            bare.append(measure(bare_command, environment))
            own.append(measure(own_command, environment))
        theirs, ours = median(bare), median(own)
        overhead = statistics.median(run.overhead for run in own)
        ratio = overhead / theirs.overhead
        goal = f"{GOALS[count]:.2f}" if count in GOALS else ""
        print(
            f"{count:>6} {theirs.overhead:>7.2f} {overhead:>7.2f} {ratio:>6.2f} {goal:>6} {ours.cpu:>6.1f} "
            f"{ours.memory:>5.0f} {ours.scoring:>22.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
