"""Readers while Redis hangs as if its machine had: connections are taken, nothing is answered.

    python -m tests.races.readers [--readers N] [--seconds S] [--longest MS]

Prints what pages took before, in the first second, and from then on; ends with 1 where one page in twenty took longer
than the bound from then on, or any did not come.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpx

from tests import servers
from tests.races.site import serve

PAUSE = 0.1  # seconds that a reader looks at a page


@contextmanager
def redis() -> Iterator[tuple[str, int]]:
    """Address and process of a Redis of our own."""
    port = servers.free_port()
    command = [servers.redis_executable(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        servers.wait_until_open(port, process)
        try:
            yield f"redis://127.0.0.1:{port}/0", process.pid
        finally:
            os.kill(process.pid, signal.SIGCONT)
            process.terminate()


def read(address: str, pages: list[str], end: float) -> list[tuple[float, float, int]]:
    """One reader, until the end: when each page was asked for, the seconds that it took, its status."""
    found = []
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as browser:
        while (begun := time.monotonic()) < end:
            status = browser.get(pages[len(found) % len(pages)]).status_code
            found.append((begun, time.monotonic() - begun, status))
            time.sleep(PAUSE)
    return found


def tell(name: str, seconds: list[float]) -> float:
    """Print a line of the table; the time that 19 of 20 pages take at most, in milliseconds."""
    p95 = statistics.quantiles(seconds, n=20)[-1] * 1000
    print(f"{name:<26} {len(seconds):>6} pages, p95 {p95:>7.1f} ms, longest {max(seconds) * 1000:>7.1f} ms")
    return p95


def race(options: argparse.Namespace) -> list[str]:
    """Let them read; what was wrong."""
    with ExitStack() as stack:
        database = stack.enter_context(servers.postgresql())
        url, process = stack.enter_context(redis())
        site = serve(stack, database, REDIS_URL=url)
        pages = [f"/runs/{site.closed}/", f"/runs/{site.run}/", "/", "/runs/", f"/api/runs/{site.closed}/"]
        for page in pages * 4:
            httpx.get(site.address + page, trust_env=False)
        with ThreadPoolExecutor(options.readers) as pool:
            hangs = time.monotonic() + options.seconds / 2
            everybody = [
                pool.submit(read, site.address, pages, hangs + options.seconds) for _ in range(options.readers)
            ]
            time.sleep(options.seconds / 2)
            os.kill(process, signal.SIGSTOP)
            found = [one for reader in everybody for one in reader.result()]
    tell("before", [seconds for begun, seconds, _ in found if begun < hangs])
    tell("in the first second", [seconds for begun, seconds, _ in found if hangs <= begun < hangs + 1])
    p95 = tell("from then on", [seconds for begun, seconds, _ in found if begun >= hangs + 1])
    wrong = [f"p95 is over {options.longest} ms"] if p95 > options.longest else []
    return wrong + sorted({f"status {status}" for *_, status in found if status != 200})


def main() -> None:
    """Run the race and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=10, help="that Redis hangs")
    parser.add_argument("--longest", type=float, default=100, help="milliseconds that 19 of 20 pages may take")
    wrong = race(parser.parse_args())
    print("\n".join(wrong) or "every page came, as fast as if Redis were down")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
