"""What scoring beside waiting saves: how soon after its last answer a run is published, and the whole command.

`make bench` runs it. The first row: 64 models whose answers arrive between 1 and 20 s. The second: 512 models that
all answer after exactly 1.0 s, the whole command from the start of Python to its end, once as it is and once with
one processor of the machine (in series: nothing is scored while answers come). Memory is that of all processes
together, latency the time of answers as the run has stored it, less the time that they really took.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.overhead import PREPARE, ROOT, roster_size

PUBLISHED_AFTER, SHARE, MEMORY = 1.5, 0.6, 300
SERVE = """
import sys
from evaluations.sandbox import app, server
from evaluations.sandbox.openrouter.chat import ChatService
low, high, count = map(float, sys.argv[1:4])
def seconds(service, request, model):
    number = int(request.model.rpartition("-")[2]) * 4 + ("thorough", "brief", "freeform", "inventor").index(
        request.model.partition("/")[2].rpartition("-")[0])
    return low + (high - low) * (number * 37 % count) / (count - 1)
ChatService._seconds = seconds
server.serve(app.create_app(app.SandboxConfig(search_rate=50, roster=int(sys.argv[4]))), port=0)
"""
SERIAL = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "futbolreport.settings")
import django; django.setup()
from evaluations.pipeline.scorers import scorer
scorer.WORTH_A_PROCESS = scorer.GAP = 10 ** 9
scorer.KEPT_AT_ONCE = 1
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""
STORED = """
import django; django.setup()
from evaluations.models import Report, Run
run = Run.objects.latest("pk")
rows = Report.objects.filter(entry__run=run).order_by("entry__position")
last = max(row.answered_at for row in rows)
print((run.finished_at - last).total_seconds(), *(row.latency_seconds for row in rows))
"""


@dataclass
class Command:
    """One command as it went: seconds of wall time, the most memory in MB of all its processes together."""

    wall: float = 0.0
    memory: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self, words: list[str], environment: dict[str, str]) -> "Command":
        """Run it to its end."""
        started = time.monotonic()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        with subprocess.Popen(words, env=environment, cwd=ROOT, text=True, **quiet) as process:  # type: ignore[call-overload]
            watcher = threading.Thread(target=self._watch, args=(process.pid,))
            watcher.start()
            _, said = process.communicate()
            self.wall = time.monotonic() - started
            self.ended.set()
            watcher.join()
        if process.returncode:
            sys.exit(f"{words} failed:\n{said[-2000:]}")
        return self

    def _watch(self, process: int) -> None:
        while not self.ended.wait(0.5):
            self.memory = max(self.memory, sum(map(memory_of, [process, *children_of(process)])))


def children_of(process: int) -> list[int]:
    """Its processes."""
    stats = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            stats.append(path.read_text())
    return [int(stat.split()[0]) for stat in stats if int(stat.rpartition(")")[2].split()[1]) == process]


def memory_of(process: int) -> float:
    """Its share of the machine's memory in MB: what it shares with others is counted once."""
    try:
        return (
            int(re.findall(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)[0]) / 1024
        )
    except (OSError, IndexError):
        return 0.0


@contextmanager
def sandbox(low: float, high: float, count: int) -> Iterator[dict[str, str]]:
    """The sandbox over TCP with answers spread between so many seconds; yields the variables that lead to it."""
    command = [sys.executable, "-c", SERVE, str(low), str(high), str(count), str(roster_size(count))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield dict(re.findall(r"(\w+_BASE_URL)=(\S+)", process.stdout.readline()))
        finally:
            process.terminate()


def stored(environment: dict[str, str]) -> tuple[float, list[float]]:
    """Of the last run: the seconds from its last answer to its end, and every answer's latency in seconds."""
    told = subprocess.check_output([sys.executable, "-c", STORED], env=environment, cwd=ROOT, text=True)
    after, *latencies = map(float, told.split())
    return after, latencies


def main() -> int:
    """Measure and print; 1 where a bar is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=64)
    parser.add_argument("--many", type=int, default=512)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"BRAVE_API_KEY": "bench", "OPENROUTER_API_KEY": "bench", "DEBUG": "false"}
        environment |= {"SECRET_KEY": "bench", "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "futbolreport.settings"}
        environment["DATABASE_URL"] = environment.get("BENCH_DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
        prepare = [sys.executable, "-c", PREPARE, str(options.few), str(options.many)]
        subprocess.run(prepare, env=environment, cwd=ROOT, check=True)
        good = [measure_spread(options.few, environment), measure_whole(options.many, environment)]
    return int(not all(good))


def measure_spread(count: int, environment: dict[str, str]) -> bool:
    """The first row; whether it meets its bar."""
    low, high = 1.0, 20.0
    with sandbox(low, high, count) as urls:
        words = ["manage.py", "run_evaluation", f"bench-{count}", "--json"]
        beside = Command().run([sys.executable, *words], environment | urls)
        after, latencies = stored(environment)
        Command().run([sys.executable, "-c", SERIAL, *words[1:]], environment | urls)
        after_serial, latencies_serial = stored(environment)
    print(f"{count} models, answers from {low:g} to {high:g} s: published {after:.2f} s after the last answer")
    print(f"    in series {after_serial:.2f} s; bar {PUBLISHED_AFTER} s; {beside.memory:.0f} MB, bar {MEMORY} MB")
    for name, found in (("beside", latencies), ("in series", latencies_serial)):
        real = sorted(low + (high - low) * place / (count - 1) for place in range(count))
        late = [stamp - true for stamp, true in zip(sorted(found), real, strict=True)]
        print(f"    latency beyond the real one, {name}: median {statistics.median(late):.3f}, most {max(late):.3f} s")
    return after <= PUBLISHED_AFTER and beside.memory <= MEMORY


def measure_whole(count: int, environment: dict[str, str]) -> bool:
    """The second row; whether it meets its bar."""
    with sandbox(1.0, 1.0, count) as urls:
        words = ["manage.py", "run_evaluation", f"bench-{count}", "--json"]
        beside = Command().run([sys.executable, *words], environment | urls)
        serial = Command().run([sys.executable, "-c", SERIAL, *words[1:]], environment | urls)
    share = beside.wall / serial.wall
    print(
        f"{count} models, answers after 1 s: {beside.wall:.1f} s in all, in series {serial.wall:.1f} s: "
        f"{share:.0%}, bar {SHARE:.0%}; {beside.memory:.0f} MB, bar {MEMORY} MB"
    )
    return share <= SHARE and beside.memory <= MEMORY


if __name__ == "__main__":
    sys.exit(main())
