"""What fetching costs: 4 queries with 20 results each and 40 pages, fetched, extracted and locked, on one core.

`make bench-fetch` runs it. The web is `benchmarks.web`, in a process on another core. The goal: at most the
slowest page's time and 1.5 s. Below: what four traps cost until their cap ends them, in seconds and memory.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpcore

from benchmarks.web import SITES, SLOWEST

ROOT = Path(__file__).resolve().parent.parent
GOAL = 1.5
REPEATS = 5
PUBLIC = "93.184.216.34"
TRAPS = {
    "1 GB body": "huge.test",
    "10 GB in a gzip bomb": "bomb.test",
    "a byte a second": "drip.test",
    "endless redirect": "redirect.test",
}


class PublicStream(httpcore.AsyncNetworkStream):
    """A stream that says it ends at a public address."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self.read, self.write, self.aclose = inner.read, inner.write, inner.aclose  # type: ignore[method-assign]

    def get_extra_info(self, info: str) -> Any:
        """The other end."""
        return (PUBLIC, 80) if info == "server_addr" else None


class ToLoopback(httpcore.AnyIOBackend):
    """Leads every connection to the benchmark's web."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def connect_tcp(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Open it."""
        return PublicStream(await super().connect_tcp("127.0.0.1", self.port))


async def all_public(_host: str, _port: int) -> list[str]:
    """Every name is at one public address."""
    return [PUBLIC]


def local_reader(port: int) -> Any:
    """Our own reader of pages, in the benchmark's web."""
    from evaluations.sources.downloads import Downloads
    from evaluations.sources.guard import Guard
    from evaluations.sources.own_reader import OwnReader
    from evaluations.sources.parser_processes import ParserProcesses

    return OwnReader(Downloads("FutbolReport/1.0", Guard(all_public, ToLoopback(port))), ParserProcesses())


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time and CPU (children included); pages that were read, bytes that were locked."""

    wall: float
    cpu: float
    pages: int
    locked: int


def cpu_seconds() -> float:
    """CPU of this process and of the children that ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measure() -> Cost:
    """One run's fetch, pages and lock, with every row written."""
    from evaluations.models import Evaluation
    from evaluations.pipeline import runs
    from evaluations.pipeline.start import start

    hold = start(Evaluation.objects.get(slug="sandbox"))
    started, spent = time.monotonic(), cpu_seconds()
    runs.fetch(hold, runs.Worker())
    runs.read_pages(hold, runs.Worker())
    runs.lock(hold, runs.Worker())
    wall, cpu = time.monotonic() - started, cpu_seconds() - spent
    pages = hold.run.pages.filter(failure="").count()
    assert hold.run.context
    hold.move(hold.run.State.CANCELLED)
    return Cost(wall, cpu, pages, len(bytes(hold.run.context.payload)))


def prepare(port: int) -> None:
    """A fresh database whose sandbox evaluation searches and reads in the benchmark's web."""
    import django

    django.setup()
    from django.core.management import call_command

    from evaluations.models import Evaluation
    from evaluations.pipeline import materials

    call_command("migrate", verbosity=0)
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.search_source, evaluation.full_text = "brave", "local"
    evaluation.save()
    for number, query in enumerate(evaluation.queries.all()):
        query.text = f"query {number}"
        query.save()
    materials.open_reader = lambda _run: local_reader(port)


@contextmanager
def memory_growth() -> Iterator[list[float]]:
    """How many MB this process grew at most within the block: the list's only value afterwards."""
    grown: list[float] = []
    sizes, over = [resident()], threading.Event()

    def watch() -> None:
        while not over.wait(0.002):
            sizes.append(resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield grown
    over.set()
    watcher.join()
    grown.append((max(sizes) - sizes[0]) / 1e6)


def resident() -> int:
    """Bytes of memory in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def spring(port: int, host: str) -> tuple[float, str, float]:
    """One trap: seconds, reason, MB."""
    import asyncio

    async def read_trap() -> Any:
        reader = local_reader(port)
        try:
            return await reader.read(f"http://{host}/trap")
        finally:
            await reader.aclose()

    started = time.monotonic()
    with memory_growth() as grown:
        found = asyncio.run(read_trap())
    return time.monotonic() - started, str(found), grown[0]


def main() -> None:
    """Measure and print both tables."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    with subprocess.Popen([sys.executable, "-m", "benchmarks.web"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as web:
        assert web.stdout is not None
        port = int(web.stdout.readline())
        os.sched_setaffinity(0, {cores[0]})
        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {
                "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3", "SECRET_KEY": "bench", "DEBUG": "false",
                "BRAVE_API_KEY": "bench", "BRAVE_BASE_URL": f"http://127.0.0.1:{port}", "REDIS_URL": "",
                "DJANGO_SETTINGS_MODULE": "futbolreport.settings",
            }  # fmt: skip
            try:
                prepare(port)
                print_fetching()
                print_traps(port)
            finally:
                web.kill()


def print_fetching() -> None:
    """The first table."""
    print(
        f"4 queries with 20 results, {SITES} pages, fetched, extracted and locked on one core; slowest page {SLOWEST} s"
    )
    print(f"{'':>8} {'wall s':>7} {'beyond slowest':>15} {'goal':>5} {'CPU s':>6} {'pages':>6} {'locked bytes':>13}")
    rows = [measure() for _ in range(REPEATS)]
    for name, row in [(str(number), row) for number, row in enumerate(rows, 1)] + [("median", median(rows))]:
        print(
            f"{name:>8} {row.wall:>7.2f} {row.wall - SLOWEST:>15.2f} {GOAL:>5} {row.cpu:>6.2f} {row.pages:>6} "
            f"{row.locked:>13,}",
            flush=True,
        )


def median(rows: list[Cost]) -> Cost:
    """The median of every figure."""
    walls, cpus = [row.wall for row in rows], [row.cpu for row in rows]
    return Cost(statistics.median(walls), statistics.median(cpus), min(r.pages for r in rows), rows[0].locked)


def print_traps(port: int) -> None:
    """The second table."""
    print(f"\n{'trap':>22} {'s':>6} {'MB':>5} {'goal':>5}  ends with")
    for name, host in TRAPS.items():
        seconds, reason, grown = spring(port, host)
        print(f"{name:>22} {seconds:>6.2f} {grown:>5.1f} {'< 50':>5}  {reason}", flush=True)


if __name__ == "__main__":
    main()
