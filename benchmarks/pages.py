"""How fast the side-by-side page of a closed run is, beside a bare Django view that returns as many bytes.

`make bench-pages` runs it: wrk with 16 connections, one worker pinned to one core, Redis on loopback, four reports
of about 6 kB with real scores and their evidence. Both pages go through the same server and the same middleware.
Medians of rounds in which the two take turns; at least as fast means a ratio of 1. The CPU time of one answer is the
worker's.

Redis works on the worker's core, so that one core does all that answering takes, and Redis's own work counts against
the page. On another core its work would be free, but waking that core takes a virtual machine several times as long
as the read itself: `--redis client` shows it.
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
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 16

PREPARE = """
import django
django.setup()
from evaluations.models import Run
from tests.factories import STORY, TEXT, make_run, score_run
# Sentences as long as the sandbox writes them: 120 characters on average.
story = STORY[: STORY.index("patience.") + 9].replace(". The board", ", and the board")
story = story.replace(". Northgate let", ", while Northgate let").replace(". The coach", ", and the coach")
report = TEXT + "".join(f"\\n## Part {n}\\n\\n- {story}\\n- Part {n} repeats it: {story}\\n" for n in range(6))
run = score_run(make_run(texts=[report]))
sentences = len(run.entries.first().reports.get().scores.get(metric="groundedness").evidence["sentences"])
print(run.pk, len(report), sentences)
"""

SERVERS = {
    "gunicorn": "-m gunicorn --workers 1 --worker-class sync --log-level warning --bind {host}:{port} {application}",
    "granian": "-m granian --interface wsgi --workers 1 --blocking-threads 1 --log-level warning --host {host}"
    " --port {port} {application}",
}


@contextmanager
def site(server: str, environment: dict[str, str], core: int) -> Iterator[tuple[str, int]]:
    """The site under one server, one worker, on one core: its address, and the process to ask for its CPU time."""
    port = servers.free_port()
    options = SERVERS[server].format(host="127.0.0.1", port=port, application="futbolreport.wsgi:application")
    command = ["taskset", "--cpu-list", str(core), sys.executable, *options.split()]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            servers.wait_until_open(port, process, 20)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()


def rate(address: str, seconds: int, core: int) -> float:
    """Answers a second under wrk."""
    command = ["taskset", "--cpu-list", str(core), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or ("Socket errors" in said and "connect 0, read 0, write 0" not in said):
        print(said, file=sys.stderr)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])


def cpu_seconds(process: int) -> float:
    """CPU time of a process and its children so far, in the kernel and out of it."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(cpu_seconds(int(child)) for child in children)


def body_of(address: str) -> bytes:
    """One answer."""
    with urllib.request.urlopen(address) as answer:
        return bytes(answer.read())


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--redis", default="worker", choices=["worker", "client"], help="whose core Redis works on")
    parser.add_argument("--servers", nargs="+", default=sorted(SERVERS), choices=sorted(SERVERS))
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("MISSING PART: wrk (apt-get install wrk).")
    cores = sorted(os.sched_getaffinity(0))
    worker, client = cores[0], cores[-1]
    os.sched_setaffinity(0, {worker if options.redis == "worker" else client})  # Redis inherits it
    with tempfile.TemporaryDirectory() as folder, servers.own_redis() as redis:
        environment = os.environ | {
            "SECRET_KEY": "test-only-and-long-enough-to-be-a-key",
            "DEBUG": "false",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "REDIS_URL": redis,
            "BENCH_STATIC_ROOT": f"{folder}/static",
            "DJANGO_SETTINGS_MODULE": "benchmarks.pages_settings",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
        subprocess.run(collect, env=environment, cwd=ROOT, check=True)
        made = subprocess.run(
            [sys.executable, "-c", PREPARE], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
        )
        run, length, sentences = made.stdout.split()
        print(f"Four reports of {int(length):,} characters and {sentences} sentences each.")
        print(f"Core {worker} serves, core {client} asks; Redis works on the {options.redis}'s core.")
        print(
            f"{'server':<10} {'bytes':>8} {'constant/s':>11} {'page/s':>9} {'ratio':>6} {'us CPU bare':>13} {'page':>8}"
        )
        for server in options.servers:
            with site(server, environment, worker) as (address, process):
                print_row(server, address, process, f"/runs/{run}/", options, client)


def print_row(server: str, address: str, process: int, path: str, options: argparse.Namespace, core: int) -> None:
    """One server: the page and the constant in short turns; the ratio is the median of what pairs of turns say."""
    size = len(body_of(address + path))
    constant = f"{address}/constant/{size}/"
    assert len(body_of(constant)) == size
    measured: dict[str, list[tuple[float, float]]] = {constant: [], address + path: []}
    for _ in range(options.rounds):
        body_of(address + path)
        time.sleep(0.2)
        for asked, results in measured.items():
            before = cpu_seconds(process)
            found = rate(asked, options.seconds, core)
            results.append((found, 1e6 * (cpu_seconds(process) - before) / (found * options.seconds)))
    pairs = zip(*measured.values(), strict=True)
    ratio = statistics.median(page / bare for (bare, _), (page, _) in pairs)
    bare, page = ([statistics.median(column) for column in zip(*rows, strict=True)] for rows in measured.values())
    print(
        f"{server:<10} {size:>8,} {bare[0]:>11,.0f} {page[0]:>9,.0f} {ratio:>6.2f} {bare[1]:>13,.0f} {page[1]:>8,.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
