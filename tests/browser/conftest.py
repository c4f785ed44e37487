"""One browser for the whole matrix, a canary that nothing may call, and runs whose services answer as told."""

import http.server
import json
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from django.db import connection

from evaluations.models import Evaluation, ModelConfig, Provider, Run
from evaluations.pipeline import endpoints, runs
from evaluations.pipeline.start import MANUAL, start
from evaluations.sandbox.app import SandboxConfig, create_app
from evaluations.sources import registry, sandbox
from evaluations.sources.brave import Brave
from tests.environment import ROOT

SCREENSHOTS = ROOT / "build" / "screenshots"
PROBE = "window.__hits = []; window.__xss = function (x) { window.__hits.push(String(x)); }"

type Change = Callable[[str, dict[str, Any]], None]


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> None:
    """Each test with a cache of its own."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": uuid.uuid4().hex}}


class Canary(http.server.ThreadingHTTPServer):
    """A server on another port of loopback that remembers who called."""

    def __init__(self) -> None:
        called = self.called = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                called.append(self.path)
                self.send_response(204)
                self.end_headers()

            do_POST = do_HEAD = do_GET  # noqa: N815 - the names that the protocol gives

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def canary() -> Iterator[Canary]:
    server = Canary()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class Rewriting(httpx.AsyncBaseTransport):
    """The sandbox, with every answer changed before it arrives."""

    def __init__(self, change: Change) -> None:
        self.inner = httpx.ASGITransport(create_app(SandboxConfig(answer_seconds=0, roster=512)))
        self.change = change

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()  # a stream can be read once only
        copy = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        answer = await self.inner.handle_async_request(copy)
        document = json.loads(await answer.aread())
        if answer.status_code == 200:
            asked = json.loads(body)["model"] if request.url.path.endswith("completions") else ""
            self.change(asked, document)
        headers = [(name, value) for name, value in answer.headers.items() if name != "content-length"]
        stream = httpx.ByteStream(json.dumps(document).encode())
        return httpx.Response(answer.status_code, headers=headers, stream=stream)


@contextmanager
def services_that(change: Change) -> Iterator[None]:
    """Search and models of every sandbox evaluation answer as the sandbox does, changed."""

    async def connect(options: dict[str, Any], _deployment: Any) -> Brave:
        client = httpx.AsyncClient(transport=Rewriting(change))
        return Brave(client, sandbox.URL, sandbox.KEY, options["parameters"])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(endpoints, "sandbox_transport", lambda _evaluation: Rewriting(change))
        patched.setitem(registry.SEARCHES, "sandbox", replace(sandbox.SOURCE, open=connect))
        yield


def make_sandbox(models: int, **fields: Any) -> Evaluation:
    """A sandbox evaluation with so many models, each `m0`, `m1`, …"""
    evaluation = Evaluation.objects.create(
        name="Laboratory", slug=f"laboratory-{Evaluation.objects.count()}", sandbox=True, public=True,
        search_source=Evaluation.SearchSource.SANDBOX, max_usd_per_run=100, max_usd_per_day=10_000, **fields,
    )  # fmt: skip
    evaluation.prompts.create(system_text="Report what the sources say.")
    evaluation.queries.create(position=1, text="recent football fixtures")
    evaluation.queries.create(position=2, text="transfer market updates")
    provider, _ = Provider.objects.get_or_create(slug="laboratory", defaults={"name": "Laboratory", "kind": "sandbox"})
    ModelConfig.objects.bulk_create(
        ModelConfig(
            evaluation=evaluation, position=number, slug=f"m{number}", name=f"Model {number}", provider=provider,
            model_id=f"sandbox/brief-{number + 1}", usd_per_million_input=1, usd_per_million_output=1,
        )
        for number in range(models)
    )  # fmt: skip
    return evaluation


def run_to_the_end(evaluation: Evaluation) -> Run:
    """One run through the whole pipeline, in a thread of its own: Playwright keeps an event loop in this one."""

    def work() -> int:
        try:
            hold = start(evaluation, MANUAL)
            runs.execute(hold)
            return int(hold.run.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return Run.objects.get(pk=pool.submit(work).result())


def run_saying(texts: list[str], **fields: Any) -> Run:
    """A run through the whole pipeline in which the nth model answers the nth text."""

    def change(model: str, document: dict[str, Any]) -> None:
        if model:
            document["choices"][0]["message"]["content"] = texts[int(model.rpartition("-")[2]) - 1]

    with services_that(change):
        return run_to_the_end(make_sandbox(len(texts), **fields))
