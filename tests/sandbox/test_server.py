"""The sandbox over real TCP, in a process of its own."""

import asyncio
import http.client
import json
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


DOOR = """
import sys
from django.conf import settings
settings.configure()
from evaluations.management.commands.sandbox import Command
Command().run_from_argv(["manage.py", "sandbox", *sys.argv[1:]])
"""


def started(program: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process that runs this program from the top of the house."""
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def serving(options: str = "answer_seconds=0") -> subprocess.Popen[str]:
    """A process that serves a sandbox with these options on a free port."""
    return started(PROGRAM.format(options=options, port=0))


@contextmanager
def served(process: subprocess.Popen[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A sandbox process that listens, and its base address."""
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"BRAVE_BASE_URL=(http://127\.0\.0\.1:\d+) OPENROUTER_BASE_URL=\1/api/v1\n", line)
        assert found, f"{line!r} {process.stderr.read() if process.stderr and not line else ''}"
        yield process, found[1]
    finally:
        process.kill()
        process.communicate()


def test_the_room_knows_no_django() -> None:
    program = "import sys, evaluations.sandbox.server; sys.exit('django' in sys.modules)"
    process = started(program)
    assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0


def test_it_listens_when_it_says_so_and_answers_both_services() -> None:
    with served(serving()) as (_, base):
        found = httpx.get(f"{base}/res/v1/web/search", params={"q": "transfers"}, headers={"X-Subscription-Token": "k"})
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
    with served(serving()) as (process, base):
        assert httpx.get(f"{base}/api/v1/models").status_code == 200
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "", "")


def test_it_does_not_wait_for_slow_answers_when_it_is_ended() -> None:
    with served(serving("answer_seconds=600")) as (process, base):

        async def ask_and_end() -> None:
            async with httpx.AsyncClient(base_url=base, headers={"Authorization": "Bearer k"}) as client:
                call = asyncio.create_task(
                    client.post("/api/v1/chat/completions", json=chat_body("sandbox/brief", "x"))
                )
                await asyncio.sleep(0.3)
                process.send_signal(signal.SIGTERM)
                await asyncio.gather(call, return_exceptions=True)

        asyncio.run(ask_and_end())
        process.wait(timeout=60)


def test_a_taken_port_is_an_error_of_the_system() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_many_answers_at_once_take_their_time_side_by_side() -> None:
    async def gathered(base: str) -> tuple[float, list[int]]:
        async with httpx.AsyncClient(base_url=base, headers={"Authorization": "Bearer k"}, timeout=60) as client:
            bodies = [chat_body(f"sandbox/thorough-{n}", "Fact. " * 6000) for n in range(64)]
            began = time.perf_counter()
            answers = await asyncio.gather(*(client.post("/api/v1/chat/completions", json=one) for one in bodies))
            return time.perf_counter() - began, [answer.status_code for answer in answers]

    with served(serving("answer_seconds=1.0")) as (_, base):
        seconds, statuses = asyncio.run(gathered(base))
    assert statuses == [200] * 64
    assert 1.0 <= seconds < 64 / 2  # One after the other they would take 64.


def test_the_command_takes_the_options_of_the_sandbox(tmp_path: Path) -> None:
    recordings = tmp_path / "recordings.json"
    recordings.write_text(
        json.dumps(
            {
                "questions": [{"query": "Who?", "sources": []}],
                "answers": [{"model": "recorded/one", "query": "Who?", "text": "The Owls."}],
            }
        ),
        encoding="utf-8",
    )
    options = ["--port", "0", "--keep-requests", "--answer-seconds", "0", "--recordings", str(recordings)]
    with served(started(DOOR, *options)) as (_, base):
        body = chat_body("recorded/one", "Who?")
        answer = httpx.post(f"{base}/api/v1/chat/completions", json=body, headers={"Authorization": "Bearer k"})
        assert answer.json()["choices"][0]["message"]["content"] == "The Owls."
        assert httpx.get(f"{base}/sandbox/requests").json() == [body]


def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        for options, words in (
            (["--recordings", str(tmp_path / "none.json")], "Cannot read the recordings"),
            (["--port", port], f"Cannot listen on port {port}"),
        ):
            process = started(DOOR, *options)
            out, err = process.communicate(timeout=60)
            assert (process.returncode, out) == (1, "")
            assert words in err
            assert len(err.strip().splitlines()) == 1


def test_a_connection_that_a_client_writes_to_seconds_later_is_still_served() -> None:
    """One out of a pool, while the client prepares hundreds of requests: with uvicorn's own 5 s it is closed."""
    with served(serving()) as (_, base):
        connection = http.client.HTTPConnection(base.removeprefix("http://"))
        for pause in (0, 5.5):
            time.sleep(pause)
            connection.request("GET", "/api/v1/models", headers={"Authorization": "Bearer test"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
        connection.close()
