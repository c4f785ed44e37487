"""Search and models on a real loopback socket, in a thread of its own, which misbehave as told."""

import asyncio
import functools
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import certifi
import pytest

from evaluations.models import Evaluation, ModelConfig, Provider, Run
from evaluations.pipeline import infer, runs
from evaluations.pipeline.start import start
from evaluations.providers import batch
from tests.crash.provider import found
from tests.environment import ROOT
from tests.listening import listening_in_a_thread
from tests.pipeline.provider import Answer, head

CATALOGUE = ROOT.parent / "shared" / "cases" / "faults.json"
SLUGS = ("first", "middle", "last")
# Every place takes minutes: `make test-crash` takes them all, `make test` the middle one.
PLACES = SLUGS if os.environ.get("EVERY_PLACE") else ("middle",)
ANSWER_USD = Decimal("0.001")
GENERATION_USD = Decimal("0.003")  # what a look-up says that any generation cost
Script = Callable[[str, int], Answer | None]


def kinds(layer: str) -> list[Any]:
    """The kinds of a layer of the catalogue; one that is skipped, loudly, where there is no catalogue."""
    if not CATALOGUE.exists():
        missing = pytest.mark.skip(reason="MISSING PART: the catalogue ../shared/cases/faults.json")
        return [pytest.param("", marks=missing)]
    return [fault["kind"] for fault in json.loads(CATALOGUE.read_text())["faults"] if fault["layer"] == layer]


def placed(layer: str, anywhere: Mapping[str, str]) -> list[Any]:
    """The kinds of a layer, each at every place; those in `anywhere` once, for the reason that stands there."""
    found = []
    for kind in kinds(layer):
        if not isinstance(kind, str):
            return [pytest.param("", "", marks=kind.marks)]
        found += [pytest.param(kind, place) for place in (("anywhere",) if kind in anywhere else PLACES)]
    return found


def before(place: str) -> tuple[str, ...]:
    """The models that are asked before the one at a place, one at a time."""
    return SLUGS[: SLUGS.index(place)]


def answer_of(model: str, **changes: Any) -> dict[str, Any]:
    """A good answer, with changes."""
    return {
        "id": f"gen-{model}",
        "model": model,
        "provider": "Loopback",
        "choices": [
            {"finish_reason": "stop", "message": {"role": "assistant", "content": f"{model} says: Rovers won 2-1."}}
        ],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "cost": float(ANSWER_USD)},
        **changes,
    }


class Services:
    """Both services; `script` gives the answer to a model's n-th request, None for a good one."""

    def __init__(self) -> None:
        self.script: Script = lambda _model, _number: None
        self.asked: list[str] = []
        self.searched = 0
        self.listed = [f"maker/{slug}" for slug in SLUGS]
        self.on_ask: Callable[[str], None] = lambda _model: None
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer."""
        header = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path, _ = header.split(" ", 2)
        if path.startswith("/deaf/") and method == "POST":
            self.asked.append("maker/deaf")
            await asyncio.sleep(30)
            return
        length = re.search(r"content-length: *(\d+)", header, re.IGNORECASE)
        body = await reader.readexactly(int(length[1])) if length else b""
        await (self.chat(body, writer) if method == "POST" else self.look_up(path, writer))
        await writer.drain()

    async def chat(self, body: bytes, writer: asyncio.StreamWriter) -> None:
        """What the script says."""
        model = str(json.loads(body)["model"])
        self.asked.append(model)
        await asyncio.to_thread(self.on_ask, model)
        if scripted := self.script(model, self.asked.count(model)):
            await scripted(writer)
        else:
            good = json.dumps(answer_of(model)).encode()
            writer.write(head(200, len(good)) + good)

    async def look_up(self, path: str, writer: asyncio.StreamWriter) -> None:
        """Search results, the list of models, the key."""
        answer: dict[str, Any] = {"data": {"label": "test", "limit_remaining": None}}
        if "/generation?" in path:
            answer = {"data": {"total_cost": float(GENERATION_USD)}}
        elif path.endswith("/models"):
            answer = {"data": [{"id": model} for model in self.listed]}
        elif "/web/search" in path:
            self.searched += 1
            answer = {"web": {"results": [found(rank) for rank in range(1, 4)]}}
        body = json.dumps(answer).encode()
        writer.write(head(200, len(body), **{"X-RateLimit-Limit": "1000, 0"}) + body)


@pytest.fixture(scope="session")
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one certificate: reading all the world's takes as long as a run."""
    path = tmp_path_factory.mktemp("certificates") / "one.pem"
    one = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----")
    path.write_text("".join(one[:2]) + "\n")
    return path


@pytest.fixture
def services(settings: Any, one_authority: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The services, listening; runs lead to them, and pause for milliseconds where they would for seconds."""
    server = Services()
    monkeypatch.setenv("SSL_CERT_FILE", str(one_authority))
    monkeypatch.setenv("BRAVE_API_KEY", "test-search")
    monkeypatch.setenv("OPENROUTER_API_KEY", "test-models")
    monkeypatch.setattr(infer, "Batch", functools.partial(batch.Batch, backoff=0.01, grace=0.3))
    with listening_in_a_thread(server.serve) as port:
        server.url = settings.BRAVE_BASE_URL = settings.OPENROUTER_BASE_URL = f"http://127.0.0.1:{port}"
        yield server


def make_roster(url: str, slug: str = "faults", **fields: Any) -> Evaluation:
    """An evaluation with three models behind `url`, without voting: its pages name every model."""
    values = {"voting_hours": 0, "call_deadline_seconds": 2, "name": slug, **fields}
    evaluation = Evaluation.objects.create(slug=slug, **values)
    evaluation.prompts.create(system_text="Write a report.")
    for position, text in enumerate(("fixtures", "transfers"), 1):
        evaluation.queries.create(position=position, text=text)
    there = Provider.objects.create(
        slug=slug, name=slug, kind="openrouter", base_url=url, api_key_variable="OPENROUTER_API_KEY"
    )
    for position, name in enumerate(SLUGS, 1):
        ModelConfig.objects.create(
            evaluation=evaluation,
            provider=there,
            position=position,
            slug=name,
            name=f"Model {name}",
            model_id=f"maker/{name}",
            usd_per_million_input=Decimal("0.01"),
            usd_per_million_output=Decimal("0.02"),
        )
    return evaluation


@pytest.fixture
def evaluation(services: Services) -> Evaluation:
    """Three models of one provider, and little patience."""
    return make_roster(services.url, call_deadline_seconds=5)


def go(evaluation: Evaluation, **worker: Any) -> Run:
    """A whole run, one model at a time."""
    runs.execute(start(evaluation), runs.Worker(at_once=1, **worker))
    return Run.objects.get()
