"""Eight keys that every service repeats, in every field and header, however spelled, are kept and told nowhere."""

import json
import logging
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from evaluations.errors import RunFailedError
from evaluations.manifests.exports import manifest
from evaluations.models import Attempt, Evaluation, ModelConfig, Page, Provider, Report, Run
from evaluations.pipeline import materials, notices, reconcile, runs
from evaluations.pipeline.start import start
from evaluations.sources.own_reader import OwnReader
from evaluations.sources.parser_processes import ParserProcesses
from evaluations.wire import secrets
from futbolreport import logs
from tests.bookkeeping import settle_books
from tests.faults.conftest import Services, answer_of, make_roster, one_authority, services
from tests.pipeline import wire
from tests.pipeline.provider import head
from tests.pipeline.test_keys import CANARIES, KEYS, VARIABLES, nothing_remembered, spellings
from tests.pipeline.web import html, page, web
from tests.pipeline.wire import Answer, Request

__all__ = ["nothing_remembered", "one_authority", "services"]

pytestmark = pytest.mark.django_db

WAYS = len(spellings("x"))
# Eight keys at once: two turns show every way; `make test-fuzz` shows every key in every way.
TURNS = range(WAYS) if os.environ.get("EVERY_PLACE") else (0, WAYS - len(KEYS))


class Echo(Services):
    """Services that repeat every key, however spelled, in every field and header."""

    turn = 0
    refuses = "middle"  # what the ids of refused models end with

    @property
    def echo(self) -> str:
        """All eight keys."""
        return echoed(self.turn)

    async def chat(self, body: bytes, writer: Any) -> None:
        """A report, a refusal, or the text of a page, full of keys."""
        asked = json.loads(body)
        if "onlyMainContent" in asked:
            return self.reply(writer, *self.scrape(asked["url"]))
        model, said = str(asked["model"]), self.echo
        self.asked.append(model)
        answer = answer_of(model, id=said, provider=said, system_fingerprint=said, object=said, **{said[:99]: said})
        answer["choices"][0] |= {"native_finish_reason": said, "finish_reason": said}
        answer["choices"][0]["message"] |= {"content": f"Rovers won 2-1. {said}", "refusal": said, "reasoning": said}
        status = 400 if model.endswith(self.refuses) else 200
        if status == 400:
            answer = {
                "error": {"code": 400, "message": said, "metadata": {"raw": said, "headers": {"authorization": said}}}
            }
        return self.reply(writer, status, answer)

    def scrape(self, url: str) -> tuple[int, dict[str, Any]]:
        """What Firecrawl answers: of one page the text, of another why there is none."""
        said = self.echo
        meta = {"title": said, "description": said, "sourceURL": said, "statusCode": 200, said[:99]: said}
        if "b.example" in url:
            return 402, {"success": False, "error": said, "code": said, "details": [said]}
        data = {"markdown": f"# Rovers\n\n{said}\n\nRovers won.", "metadata": meta, "warning": said}
        return 200, {"success": True, "data": data}

    def reply(self, writer: Any, status: int, document: Any) -> None:
        """The document under headers that repeat the keys, too."""
        body = json.dumps(document).encode()
        header = on_one_line(self.echo).encode("utf-8")[:6000]
        first = head(status, len(body)).removesuffix(b"\r\n\r\n")
        lines = [first, *(name + b": " + header for name in (b"X-Generation-Id", b"X-Echo", b"Retry-After", b"Server"))]
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)

    async def look_up(self, path: str, writer: Any) -> None:
        """Results, lists and records full of keys."""
        said = self.echo
        row = {"title": said, "url": f"https://a.example/{said}", "description": said, "extra_snippets": [said],
               "profile": {"name": said}, "page_age": said, "meta_url": {"hostname": said}}  # fmt: skip
        document: dict[str, Any] = {"data": [{"id": f"maker/{name}", "canonical_slug": said, "name": said} for name in
                                             ("first", "middle", "last", *CANARIES)]}  # fmt: skip
        if "/generation" in path:
            document = {
                "data": {"id": said, "total_cost": 0.002, "model": said, "provider_name": said, said[:99]: said}
            }
            return self.reply(writer, 500 if "refused" in path else 200, document)
        if "/web/search" in path:
            self.searched += 1
            rows = [row, {**row, "url": "https://b.example/"}]
            document = {"web": {"results": rows}, "query": {"altered": said, "original": said}}
        elif path.endswith("/key"):
            document = {"data": {"label": said, "limit_remaining": 5, said[:99]: said}}
        return self.reply(writer, 200, document)


def echoed(turn: int) -> str:
    """All eight keys, each spelled in another way; with every turn in the next one."""
    return " | ".join(ways(key)[(number + turn) % WAYS] for number, key in enumerate(KEYS))


def ways(key: str) -> list[str]:
    """The ways in which services have been seen to repeat a key."""
    return [*spellings(key).values()]


def on_one_line(text: str) -> str:
    """As a header can hold it."""
    return text.replace("\r\n", " ").replace("\x00", "")


@pytest.fixture
def evaluation(services: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Evaluation:
    """Nine models of seven providers, of which every one has its key, and pages by Firecrawl."""
    for variable, key in CANARIES.items():
        monkeypatch.setenv(variable, key)
        secrets.remember(key)
    services.__class__ = Echo
    settings.FIRECRAWL_BASE_URL = services.url
    evaluation = make_roster(services.url, call_deadline_seconds=20)
    evaluation.full_text, evaluation.full_text_pages = Evaluation.FullText.FIRECRAWL, 4
    evaluation.save()
    for position, variable in enumerate(VARIABLES[2:], 10):
        slug = variable.removesuffix("_API_KEY").lower()
        there = Provider.objects.create(
            slug=f"p-{slug}", name=slug, kind="openai", base_url=services.url, api_key_variable=variable
        )
        ModelConfig.objects.create(
            evaluation=evaluation, provider=there, position=position, slug=slug, name=slug,
            model_id=f"maker/{variable}", usd_per_million_input=1, usd_per_million_output=1,
        )  # fmt: skip
    return evaluation


@contextmanager
def nothing_told(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """Afterwards no key, in no spelling, stands in any table, page, manifest, line of the log, or what was told."""
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    yield told
    run = Run.objects.get()
    client = Client()
    pages = [f"/runs/{run.pk}/", f"/runs/{run.pk}/context/", f"/api/runs/{run.pk}/", "/", "/feed/", "/runs/"]
    pages += [f"/runs/{run.pk}/reports.csv", f"/runs/{run.pk}/reports.json", "/models/"]
    shown = "\n".join(client.get(page).content.decode() for page in pages)
    logged = "\n".join(logs.WithoutKeys().format(record) for record in caplog.records) + "".join(capsys.readouterr())
    sealed = json.dumps(manifest(run), ensure_ascii=False, default=str)
    kept = everything_kept()
    places = {"database": kept, "pages": shown, "log": logged, "manifest": sealed, "told": "\n".join(told)}
    for where, text in places.items():
        for key in KEYS:
            for spelled in {*ways(key), json.dumps(key)[1:-1]}:
                assert spelled not in text, (where, spelled)
    assert "[key]" in kept


def everything_kept() -> str:
    """Every row of every table, binary ones too."""
    rows = []
    for model in apps.get_models():
        for row in model._base_manager.values():
            rows += [
                bytes(v).decode("utf-8", "replace") if isinstance(v, bytes | memoryview) else str(v)
                for v in row.values()
            ]
    return "\n".join(rows)


@pytest.mark.parametrize("turn", TURNS)
def test_eight_keys_that_every_service_repeats_are_kept_nowhere(
    turn: int, evaluation: Evaluation, services: Any, caplog: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.turn = turn
    with nothing_told(caplog, capsys):
        run = runs.execute(start(evaluation))
        assert run.entries.filter(reports__state="succeeded").count() == 8
        assert run.entries.filter(reports__error="bad_request").count() == 1
        texts = list(Page.objects.filter(run=run).values_list("text", flat=True))
        assert any("Rovers won." in text for text in texts)
        assert any(Page.objects.filter(run=run).values_list("failure", flat=True))
        look_up_again(run)


def look_up_again(run: Run) -> None:
    """As if two answers had been lost: one's cost is told, one's look-up is refused."""
    lost = Attempt.objects.filter(report__entry__run=run, report__entry__slug__in=["first", "last"])
    for attempt, generation in zip(lost, ("gen-known", "gen-refused"), strict=True):
        attempt.state, attempt.cost_usd, attempt.generation_id = Attempt.State.UNKNOWN, None, generation
        attempt.save()
    Report.objects.filter(attempts__in=lost).update(state=Report.State.UNKNOWN_OUTCOME, cost_usd=None)
    assert len(reconcile.unsettled_attempts()) == 2
    assert settle_books() == 1


def test_a_run_that_nobody_answers_tells_no_key_in_its_failure_its_trace_and_its_notice(
    evaluation: Evaluation, services: Any, caplog: Any, capsys: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.refuses = ""
    settings.NOTIFY_EMAIL = "newsroom@paper.example"
    sent: list[notices.Notice] = []
    monkeypatch.setattr(notices, "send", sent.append)
    with nothing_told(caplog, capsys) as told:
        with pytest.raises(RunFailedError) as failed:
            runs.execute(start(evaluation))
        logging.getLogger("evaluations").error("The run failed.", exc_info=failed.value)
        told += [str(failed.value), *map(str, sent)]
        told.append(secrets.redact("".join(traceback.format_exception(failed.value))))
        assert len(sent) == 1
        Run.objects.update(state="published", published_at=Run.objects.get().created_at)


def page_script(request: Request) -> Answer:
    """Brave and every site: pages that repeat the keys, in its text and in its headers."""
    host = request.headers["host"]
    if request.path == "/res/v1/web/search":
        rows = [{"title": f"{n}", "url": f"http://h{n}.test/story", "description": ""} for n in range(3)]
        return wire.whole(json.dumps({"web": {"results": rows}}).encode(), X_RateLimit_Limit="50, 0")
    if request.path == "/robots.txt":
        return wire.whole(f"# {echoed(0)}\nUser-agent: *\nDisallow:\n".encode(), Content_Type="text/plain")
    said = echoed(4 * int(host[1])).replace("\0", "\x01")  # NUL makes a page no text
    words = ["Rovers signed Ada Lund from Northgate on Friday for a fee.", said] * 4
    repeated = on_one_line(said).encode().decode("latin-1")[:2000]
    return html(page(*words, head=f"<meta name=a content='{said}'>"), X_Echo=repeated)


def test_keys_that_pages_show_are_kept_nowhere(
    evaluation: Evaluation, services: Any, settings: Any, caplog: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("trafilatura", reason="MISSING PART: trafilatura (requirements-fulltext.txt)")
    evaluation.full_text, evaluation.full_text_pages = Evaluation.FullText.LOCAL, 20
    evaluation.save()
    with nothing_told(caplog, capsys), web(page_script) as outside:
        settings.BRAVE_BASE_URL = outside.server.url
        reader = OwnReader(outside.downloads(), ParserProcesses(count=1))
        monkeypatch.setattr(materials, "open_reader", lambda _run: reader)
        run = runs.execute(start(evaluation))
        texts = list(Page.objects.filter(run=run).values_list("text", flat=True))
        assert sum("Rovers signed Ada Lund" in text for text in texts) == 3


def test_the_control_keys_that_nobody_knows_are_found(
    evaluation: Evaluation, caplog: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "may_hold_key", lambda _body: False)
    with pytest.raises(AssertionError, match="database"), nothing_told(caplog, capsys):
        runs.execute(start(evaluation))
