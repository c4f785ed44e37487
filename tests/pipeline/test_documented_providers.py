"""The examples in docs/providers.md are rows that the admin takes, and servers that refuse unknown fields take them."""

import json
import re
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from evaluations.errors import RunFailedError
from evaluations.models import Evaluation, ModelConfig, Provider, Report
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from tests.environment import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]

PAGE = (ROOT / "docs" / "providers.md").read_text()
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
STANDARD = {"model", "messages", "max_tokens", "temperature", "stream", "seed"}


class StrictServer:
    """An OpenAI-compatible server that reports no cost and refuses every field that the form does not have."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], dict[str, Any]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                ids = [example["model"]["model_id"] for example in EXAMPLES]
                self.answer(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in ids]})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.received.append((dict(self.headers), body))
                if unknown := sorted(body.keys() - STANDARD):
                    self.answer(400, {"error": {"message": f"Unrecognized: {unknown}", "code": "unknown_parameter"}})
                    return
                choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Words."}}
                usage = {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}
                self.answer(200, {"id": "chatcmpl-1", "model": body["model"], "choices": [choice], "usage": usage})

            def answer(self, status: int, document: dict[str, Any]) -> None:
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def server() -> Iterator[StrictServer]:
    server = StrictServer()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def evaluation() -> Evaluation:
    """An evaluation with invented material and no model."""
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.all().delete()
    return evaluation


def rows(example: dict[str, Any], evaluation: Evaluation) -> tuple[Provider, ModelConfig]:
    """The example's rows, as the admin would check and save them."""
    provider = Provider(**example["provider"])
    provider.full_clean()
    provider.save()
    model = ModelConfig(evaluation=evaluation, provider=provider, **example["model"])
    model.full_clean()
    model.save()
    return provider, model


def lead_to(provider: Provider, url: str, **fields: str) -> None:
    """Another address for a provider, as a superuser would give it."""
    provider.base_url = url
    for name, value in fields.items():
        setattr(provider, name, value)
    provider.confirm_key()
    provider.save()


def test_a_direct_a_fine_tuned_and_two_local_servers_are_documented() -> None:
    assert [example["provider"]["slug"] for example in EXAMPLES] == ["mistral", "openai", "ollama", "vllm"]
    assert "docs/providers.md" in (ROOT / "README.md").read_text()


def test_one_run_asks_all_of_them_the_same_and_sends_nothing_that_only_openrouter_knows(
    evaluation: Evaluation, server: StrictServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {}
    for example in EXAMPLES:
        provider, _ = rows(example, evaluation)
        lead_to(provider, server.url)
        if variable := provider.api_key_variable:
            keys[example["model"]["model_id"]] = f"test-{variable.lower()}"
            monkeypatch.setenv(variable, f"test-{variable.lower()}")
    runs.execute(start(evaluation))
    reports = Report.objects.select_related("entry").order_by("entry__position")
    assert {(report.state, report.text, tuple(report.flags)) for report in reports} == {("succeeded", "Words.", ())}
    assert len(server.received) == len(EXAMPLES)
    assert len({json.dumps(body["messages"]) for _, body in server.received}) == 1
    for headers, body in server.received:
        assert body.keys() <= STANDARD
        assert headers.get("Authorization") == (f"Bearer {keys[body['model']]}" if body["model"] in keys else None)
        assert not {name for name in headers if name.startswith(("X-OpenRouter", "X-Title", "HTTP-Referer"))}
    for report, example in zip(reports, EXAMPLES, strict=True):
        prices = [Decimal(example["model"][f"usd_per_million_{way}"]) for way in ("input", "output")]
        assert report.cost_usd == (1000 * prices[0] + 500 * prices[1]) / 1_000_000


def test_the_control_the_same_server_refuses_what_openrouter_gets(evaluation: Evaluation, server: StrictServer) -> None:
    """Asked as if it were OpenRouter, the server answers 400: its refusal of unknown fields is real."""
    example = EXAMPLES[2]
    provider, _ = rows(example, evaluation)
    lead_to(provider, server.url, kind="openrouter")
    hold = start(evaluation)
    with pytest.raises(RunFailedError, match="Unrecognized"):
        runs.execute(hold)
