"""The sandbox over real TCP, in a process of its own."""

import asyncio
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from evaluations.sandbox.server import listen
from tests.sandbox.conftest import chat_body

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
from evaluations.sandbox.app import SandboxConfig, create_app
from evaluations.sandbox.server import serve
serve(create_app(SandboxConfig({options})), "127.0.0.1", {port})
"""


@contextmanager
def served(options: str = "answer_seconds=0", port: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A sandbox process and its base address."""
    program = PROGRAM.format(options=options, port=port)
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(
            r"BRAVE_BASE_URL=(http://127\.0\.0\.1:\d+) OPENROUTER_BASE_URL=\1/api/v1\n", line
        )
        assert found, f"{line!r} {process.stderr.read() if process.stderr and not line else ''}"
        yield process, found[1]
    finally:
        process.kill()
        process.communicate()


def test_it_listens_when_it_says_so_and_answers_both_services() -> None:
    started = time.perf_counter()
    with served() as (_, base):
        assert time.perf_counter() - started < 5
        found = httpx.get(
            f"{base}/res/v1/web/search", params={"q": "transfers"}, headers={"X-Subscription-Token": "k"}
        )
        assert found.status_code == 200
        answer = httpx.post(
            f"{base}/api/v1/chat/completions",
            json=chat_body("sandbox/brief", "x"),
            headers={"Authorization": "Bearer k"},
        )
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_and_quietly_on_a_signal(number: signal.Signals) -> None:
    with served() as (process, base):
        assert httpx.get(f"{base}/api/v1/models").status_code == 200
        process.send_signal(number)
        out, err = process.communicate(timeout=5)
        assert (process.returncode, out, err) == (0, "", "")


def test_it_does_not_wait_for_slow_answers_when_it_is_ended() -> None:
    with served("answer_seconds=60") as (process, base):

        async def ask_and_end() -> None:
            async with httpx.AsyncClient(base_url=base, headers={"Authorization": "Bearer k"}) as client:
                call = asyncio.create_task(
                    client.post("/api/v1/chat/completions", json=chat_body("sandbox/brief", "x"))
                )
                await asyncio.sleep(0.3)
                process.send_signal(signal.SIGTERM)
                await asyncio.gather(call, return_exceptions=True)

        started = time.perf_counter()
        asyncio.run(ask_and_end())
        process.wait(timeout=5)
        assert time.perf_counter() - started < 5


def test_a_taken_port_is_an_error_of_the_system() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_many_answers_at_once_take_the_fixed_time_and_little_more() -> None:
    async def gathered(base: str) -> tuple[float, list[int]]:
        async with httpx.AsyncClient(
            base_url=base, headers={"Authorization": "Bearer k"}, timeout=30
        ) as client:
            bodies = [chat_body(f"sandbox/thorough-{n}", "Fact. " * 6000) for n in range(64)]
            started = time.perf_counter()
            answers = await asyncio.gather(
                *(client.post("/api/v1/chat/completions", json=one) for one in bodies)
            )
            return time.perf_counter() - started, [answer.status_code for answer in answers]

    with served("answer_seconds=1.0") as (_, base):
        seconds, statuses = asyncio.run(gathered(base))
    assert statuses == [200] * 64
    assert 1.0 <= seconds < 3.0
