"""What readers get behind a caching proxy: nginx by `deploy/nginx.conf`, granian with one worker behind it.

`make bench-proxied` runs it on one machine, wrk included: the page of a closed run under load, with the share that
reached the site; 500 clients over an expiry; and how long a withheld report is still shown.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.pages import PREPARE, ROOT, site
from tests import servers

LOG = """
log_format asked '$upstream_cache_status $request_uri';
map $upstream_cache_status $asks { HIT 0; UPDATING 0; default 1; }
access_log {folder}/asked.log asked if=$asks;
"""
MAIN = """
user root; daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{ default_type text/html; keepalive_requests 1000000; {log} {server} }}
"""
WITHHOLD = """
import django
django.setup()
from evaluations.models import Report
from evaluations.pipeline import publish
publish.withhold(Report.objects.filter(entry__run={run}).first(), "Not true.")
"""


@contextmanager
def proxy(origin: str, folder: Path) -> Iterator[str]:
    """The address of an nginx before the site; its cache and its log lie in the folder."""
    port = servers.free_port()
    given = (ROOT / "deploy" / "nginx.conf").read_text()
    given = given.replace("/var/cache/nginx/futbolreport", f"{folder}/cache").replace("listen 80", f"listen {port}")
    given = given.replace("127.0.0.1:8000", origin.removeprefix("http://"))
    configuration = folder / "nginx.conf"
    configuration.write_text(MAIN.format(folder=folder, log=LOG.replace("{folder}", str(folder)), server=given))
    with subprocess.Popen([str(shutil.which("nginx")), "-c", str(configuration)]) as process:
        try:
            servers.wait_until_open(port, process, 20)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def load(address: str, clients: int, seconds: int) -> tuple[int, float]:
    """Requests that wrk made, and how many a second."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "-H", "Accept-Encoding: gzip", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    return int(re.findall(r"(\d+) requests in", said)[0]), float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])


def asked_since(log: Path, start: int) -> Counter[str]:
    """What reached the site since so many bytes of the log, by what the cache said."""
    with log.open() as lines:
        lines.seek(start)
        return Counter(line.split()[0] for line in lines)


def is_shown(address: str, words: str) -> bool:
    """Whether the page still has them."""
    with urllib.request.urlopen(address) as answer:
        return words in answer.read().decode()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    if missing := [tool for tool in ("wrk", "nginx") if not shutil.which(tool)]:
        sys.exit(f"MISSING PART: {', '.join(missing)} (apt-get install).")
    with tempfile.TemporaryDirectory() as name, servers.own_redis() as redis:
        folder = Path(name)
        environment = os.environ | {
            "SECRET_KEY": "test-only-and-long-enough-to-be-a-key",
            "DEBUG": "false",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "REDIS_URL": redis,
            "TASKS_BACKEND": "immediate",
            "TRUSTED_PROXIES": "127.0.0.1",
            "BENCH_STATIC_ROOT": f"{folder}/static",
            "DJANGO_SETTINGS_MODULE": "benchmarks.pages_settings",
        }
        for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], env=environment, cwd=ROOT, check=True)
        made = subprocess.run(
            [sys.executable, "-c", PREPARE], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
        )
        run = made.stdout.split()[0]
        with site("granian", environment, 0) as (origin, _), proxy(origin, folder) as front:
            measure(f"{front}/runs/{run}/", folder / "asked.log", options.seconds)
            withhold(f"{front}/runs/{run}/", run, environment)


def measure(address: str, log: Path, seconds: int) -> None:
    """Load, and an expiry under many clients."""
    load(address, 16, 1)
    start = log.stat().st_size
    requests, rate = load(address, 16, seconds)
    asked = asked_since(log, start)
    print(f"16 clients, {seconds} s: {rate:,.0f} requests a second; {asked.total()} of {requests:,} reached the site")
    print(f"({asked.total() / requests:.5%}).")
    start = log.stat().st_size
    requests, rate = load(address, 500, 70)  # the page is fresh for 60 s: one expiry at least
    asked = asked_since(log, start)
    print(
        f"500 clients, 70 s, over an expiry: {rate:,.0f} requests a second; {asked.total()} of {requests:,} reached it."
    )


def withhold(address: str, run: str, environment: dict[str, str]) -> None:
    """Withhold a report, and wait until readers see that."""
    code = WITHHOLD.format(run=run)
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)
    started = time.monotonic()
    while not is_shown(address, "Not true."):
        time.sleep(0.5)
    print(f"A withheld report was gone from the proxy after {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()
