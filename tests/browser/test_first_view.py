"""The first view of the comparison page on a cheap phone: what it transfers, and when its largest part is there."""

import os
import subprocess
import sys
from typing import Any

from benchmarks import pages
from tests import servers
from tests.environment import ROOT

MOST_BYTES = 60_000
LATEST_PAINT = 1_500  # milliseconds
# 1.6 Mbit/s down, 750 kbit/s up, 150 ms, a processor at a quarter of its speed.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
LARGEST = """() => new Promise(tell => new PerformanceObserver(list => tell(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true}))"""


def test_the_first_view_is_small_and_soon_there(chromium: Any, tmp_path: Any) -> None:
    with servers.own_redis() as redis:
        environment = os.environ | {
            "DEBUG": "false", "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "REDIS_URL": redis,
            "BENCH_STATIC_ROOT": str(tmp_path / "static"), "DJANGO_SETTINGS_MODULE": "benchmarks.pages_settings",
        }  # fmt: skip
        for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], env=environment, cwd=ROOT, check=True)
        made = subprocess.run(
            [sys.executable, "-c", pages.PREPARE], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
        )
        run = made.stdout.split()[0]
        with pages.site("granian", environment, 0) as (address, _):
            pages.body_of(f"{address}/runs/{run}/")
            sizes, paints = zip(*(view(chromium, f"{address}/runs/{run}/") for _ in range(3)), strict=True)
    print(f"\nfirst view: {max(sizes):,} bytes, largest paint after {sorted(paints)[1]:.0f} ms (median of 3)")
    assert max(sizes) < MOST_BYTES
    assert sorted(paints)[1] < LATEST_PAINT


def view(browser: Any, address: str) -> tuple[int, float]:
    """One first view: bytes over the wire, milliseconds to the largest paint."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="networkidle")
    paint = float(page.evaluate(LARGEST))
    context.close()
    return sum(sizes), paint
