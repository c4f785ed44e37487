"""The sandbox as a service of its own, over TCP, in another process."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.environment import ROOT

type Serve = Callable[..., "Sandbox"]


class Sandbox:
    """A running `manage.py sandbox` and the variables that lead to it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.process = process
        self.variables = dict(re.findall(r"(\w+_BASE_URL)=(\S+)", process.stdout.readline()))

    def requests(self) -> list[dict[str, Any]]:
        """The chat requests that it received, in order."""
        url = self.variables["BRAVE_BASE_URL"] + "/sandbox/requests"
        received: list[dict[str, Any]] = httpx.get(url).json()
        return received


@pytest.fixture
def serve_sandbox() -> Iterator[Serve]:
    """Starts the sandbox with the options given; ends it after the test."""
    running: list[Sandbox] = []

    def serve(*options: str | Path) -> Sandbox:
        command = [sys.executable, "manage.py", "sandbox", "--port", "0", "--answer-seconds", "0", "--keep-requests"]
        process = subprocess.Popen([*command, *map(str, options)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        running.append(Sandbox(process))
        return running[-1]

    yield serve
    for sandbox in running:
        sandbox.process.terminate()
        sandbox.process.communicate(timeout=60)


@pytest.fixture
def over_tcp(serve_sandbox: Serve, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The real evaluation's services are a sandbox over TCP."""
    sandbox = serve_sandbox()
    lead_to(sandbox, settings, monkeypatch)
    return sandbox


def lead_to(sandbox: Sandbox, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point search and models at a sandbox, with a key for each."""
    for name, url in sandbox.variables.items():
        setattr(settings, name, url)
    monkeypatch.setenv("BRAVE_API_KEY", "test-search")
    monkeypatch.setenv("OPENROUTER_API_KEY", "test-models")


@pytest.fixture
def quick_sandbox(settings: Any) -> None:
    """The sandbox in this process answers at once."""
    settings.SANDBOX_ANSWER_SECONDS = 0
