"""Every fault of the layers openrouter and openrouter_sse, at the first, a middle and the last model of a run."""

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from evaluations.errors import RunPausedError
from evaluations.models import Attempt, Budget, Evaluation, ModelConfig, Provider, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from evaluations.providers.outcomes import Outcome, outcome_of_loss
from evaluations.wire.failures import Fate
from tests.faults.conftest import ANSWER_USD, PLACES, SLUGS, Services, answer_of, kinds, make_roster
from tests.pipeline.provider import Answer, hang_up, head, response

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Fault:
    """What the provider does, and how the report, its attempts and the run end."""

    answer: Answer | None
    report: str = "succeeded"
    error: str = ""
    attempts: tuple[str, ...] = ("paid",)
    flag: str = ""
    cost: Decimal | None = ANSWER_USD
    run: str = "goes on"  # the others are asked; "pauses"; "ceiling": no money is left for them
    text: str | None = None
    body: bytes | None = None
    generation: str | None = None


def good(model: str = "maker/x", content_type: str = "application/json", **changes: Any) -> Answer:
    """A whole answer with changes."""
    return response(body=json.dumps(answer_of(model, **changes)).encode(), Content_Type=content_type)


def choice(**changes: Any) -> dict[str, Any]:
    """The only choice of an answer."""
    return {"finish_reason": "stop", "message": {"content": "Some text."}, **changes}


def chosen(**changes: Any) -> Answer:
    """An answer with that choice."""
    return good(choices=[choice(**changes)])


def raw(*pieces: bytes, pause: float = 0.0) -> Answer:
    """Bytes as they are, one after the other."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


async def continue_for_ever(writer: asyncio.StreamWriter) -> None:
    """Interim answers without end."""
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.005)


async def drip(writer: asyncio.StreamWriter) -> None:
    """A byte now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nX-Generation-Id: gen-drip\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b"{")
        await writer.drain()
        await asyncio.sleep(0.02)


async def reset(writer: asyncio.StreamWriter) -> None:
    """The request was read; the line is torn."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


WHOLE = json.dumps(answer_of("maker/x")).encode()
CHUNKS = b'data: {"choices":[{"delta":{"content":"Rovers"},"finish_reason":%s}]}\n\n'
AGAIN = {"Retry_After": "0"}


def unpaid(status: int, error: str, tries: int = 1, **more: Any) -> Fault:
    """Refused without cost."""
    answer = response(status, b'{"error": {"code": %d, "message": "No \\u0000 \\ud800."}}' % status, **AGAIN)
    return Fault(answer, "failed", error, ("unpaid",) * tries, cost=None, **more)


def unknown(answer: Answer | None, error: str, **more: Any) -> Fault:
    """Sent, and perhaps paid."""
    return Fault(answer, "unknown_outcome", error, ("unknown",), cost=None, **more)


def paid_for_nothing(answer: Answer, error: str, **more: Any) -> Fault:
    """Paid, without a report."""
    return Fault(answer, "failed", error, **more)


def events(body: bytes, **ends: Any) -> Fault:
    """An event stream that nobody asked for; one that came to its end is read."""
    answer = response(body=body, Content_Type="text/event-stream", X_Generation_Id="gen-stream")
    whole = {"cost": None, "body": body, "generation": "gen-stream", "text": "Rovers"}
    return Fault(answer, **{**whole, **ends})


def broken_events(body: bytes, text: str = "") -> Fault:
    """An event stream that breaks off; what came of it is kept."""
    return events(body, report="failed", error="protocol", text=text)


OPENROUTER: dict[str, Callable[[], Fault]] = {
    "http_400": lambda: unpaid(400, "bad_request"),
    "http_402": lambda: unpaid(402, "no_credit", run="pauses"),
    "http_404_model": lambda: unpaid(404, "unknown_model"),
    "http_413": lambda: unpaid(413, "too_large"),
    "http_429": lambda: unpaid(429, "rate_limited", 3),
    "http_502": lambda: unpaid(502, "upstream", 3),
    "http_503": lambda: unpaid(503, "no_provider", 3),
    "http_524": lambda: unknown(response(524, b"<html>A timeout occurred</html>"), "timeout"),
    "200_error_body": lambda: paid_for_nothing(
        good(choices=None, error={"code": 502, "message": "x"}), "provider_error"
    ),
    "200_whitespace": lambda: paid_for_nothing(chosen(message={"content": "\n\n  "}), "empty"),
    "200_null_content_reasoning": lambda: paid_for_nothing(
        chosen(message={"content": None, "reasoning": "Let me think. " * 500}), "empty"
    ),
    "200_content_parts": lambda: Fault(
        chosen(message={"content": [{"type": "text", "text": "One "}, {"type": "text", "text": "two."}]}),
        text="One two.",
    ),
    "200_tool_calls": lambda: paid_for_nothing(
        chosen(finish_reason="tool_calls", message={"content": None, "tool_calls": [{"id": "1"}]}), "empty"
    ),
    "finish_length": lambda: Fault(chosen(finish_reason="length"), flag="truncated"),
    "finish_error": lambda: paid_for_nothing(chosen(finish_reason="error"), "provider_error", text="Some text."),
    "finish_null": lambda: Fault(chosen(finish_reason=None), flag="no_finish_reason"),
    "finish_unknown": lambda: Fault(chosen(finish_reason="<script>banana"), flag="unknown_finish_reason"),
    "model_mismatch": lambda: Fault(good("other/model"), flag="model_mismatch"),
    "usage_negative": lambda: Fault(
        good(usage={"prompt_tokens": -5, "completion_tokens": "many", "cost": 1e99}), flag="usage_rejected", cost=None
    ),
    "usage_over_budget": lambda: Fault(good(usage={"cost": 7}), cost=Decimal(7), run="ceiling"),
    "json_truncated": lambda: unknown(
        raw(head(200, len(WHOLE), X_Generation_Id="gen-cut") + WHOLE[: len(WHOLE) // 2]),
        "connection_lost",
        body=WHOLE[: len(WHOLE) // 2],
        generation="gen-cut",
    ),
    "wrong_content_type": lambda: Fault(good(content_type="text/plain")),
    "leading_whitespace": lambda: Fault(
        raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", *[b" \n"] * 20, WHOLE, pause=0.01)
    ),
    "silence_then_ok": lambda: Fault(raw(b"", head(200, len(WHOLE)) + WHOLE, pause=0.5)),
    "connect_refused": lambda: Fault(None, "failed", "connect", ("unsent",) * 3, cost=None),
    "dns": lambda: Fault(None, "failed", "dns", ("unsent",) * 3, cost=None),
    "tls_reset_handshake": lambda: Fault(None, "failed", "connect", ("unsent",) * 3, cost=None),
    "write_timeout": lambda: unknown(None, "deadline"),
    "http_100_continue_loop": lambda: unknown(continue_for_ever, "deadline"),
    "http2_goaway": lambda: unknown(hang_up, "connection_lost"),
}

SSE: dict[str, Callable[[], Fault]] = {
    "duplicated_done": lambda: events(CHUNKS % b'"stop"' + b"data: [DONE]\n\n" * 2),
    "no_done": lambda: events(CHUNKS % b'"stop"'),
    "eof_without_finish": lambda: broken_events(CHUNKS % b"null", "Rovers"),
    "split_crlf": lambda: events((CHUNKS % b'"stop"').replace(b"\n\n", b"\r\n\r") + b"data: [DONE]\n\n"),
    "bom": lambda: events(b"\xef\xbb\xbf" + CHUNKS % b'"stop"'),
    "huge_event": lambda: paid_for_nothing(
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", *[b"x" * 1_000_000] * 9),
        "answer_too_large",
        cost=None,
    ),
    "usage_only_last": lambda: events(
        CHUNKS % b'"stop"' + b'data: {"choices":[],"usage":{"cost":1}}\n\n', cost=Decimal(1)
    ),
    "json_error_inside": lambda: broken_events(b"data: {no json\n\n"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", kinds("openrouter"))
def test_a_fault_of_openrouter_ends_as_the_table_says(kind: str, place: str, services: Services) -> None:
    examine(kind, OPENROUTER[kind](), place, services)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", kinds("openrouter_sse"))
def test_an_event_stream_that_nobody_asked_for_is_read_where_it_is_whole(
    kind: str, place: str, services: Services
) -> None:
    examine(kind, SSE[kind](), place, services)


def test_a_bad_key_that_the_preflight_did_not_see_ends_as_the_table_says(services: Services) -> None:
    examine("http_401", unpaid(401, "bad_key", run="pauses"), "middle", services)


def test_a_deadline_that_ends_before_the_question_left_was_never_sent() -> None:
    heard = Outcome(report=1, attempt=1, fate=Fate.UNKNOWN)
    outcome = outcome_of_loss(heard, TimeoutError(), b"", 1.0, 1, begun=False)
    assert (outcome.fate, outcome.error, outcome.final) == (Fate.UNSENT, "connect", False)


def examine(kind: str, fault: Fault, place: str, services: Services) -> None:
    """A whole run with one model at a time, of which one meets the fault; then everything that stays of it."""
    evaluation = make_roster(services.url)
    services.script = lambda model, _number: fault.answer if model == f"maker/{place}" else None
    with leading_astray(kind, evaluation, place, services.url):
        hold = start(evaluation)
        try:
            runs.execute(hold, runs.Worker(at_once=1))
        except RunPausedError:
            assert fault.run == "pauses"
    run = Run.objects.get(evaluation=evaluation)
    reports = {r.entry.slug: r for r in Report.objects.filter(entry__run=run).select_related("entry")}
    looks_as_it_should(fault, reports[place])
    later = SLUGS[SLUGS.index(place) + 1 :]
    others_are_as_they_should(fault, run, reports, place, later)
    the_books_hold(run, fault, place)
    the_public_page_says_so(run, reports, place)
    assert services.asked.count(f"maker/{place}") <= len(fault.attempts)


def looks_as_it_should(fault: Fault, report: Report) -> None:
    """The report that met the fault."""
    attempts = list(report.attempts.order_by("number"))
    assert (report.state, report.error) == (fault.report, fault.error)
    assert tuple(attempt.state for attempt in attempts) == fault.attempts
    assert report.cost_usd == fault.cost
    if fault.flag:
        assert fault.flag in report.flags
    if fault.text is not None:
        assert report.text == fault.text
    if fault.body is not None:
        assert bytes(attempts[-1].body) == fault.body
    if fault.generation is not None:
        assert attempts[-1].generation_id == fault.generation
    if fault.attempts == ("paid",) and fault.answer:
        assert attempts[-1].body is not None


def others_are_as_they_should(
    fault: Fault, run: Run, reports: dict[str, Report], place: str, later: tuple[str, ...]
) -> None:
    """No other report is spoiled; the run ends as the fault demands."""
    expected = {slug: ("succeeded", "") for slug in SLUGS if slug != place}
    match fault.run:
        case "pauses":
            expected |= dict.fromkeys(later, ("waiting", ""))
            assert run.state == ("paused" if later else "published")
        case "ceiling":
            expected |= dict.fromkeys(later, ("failed", "ceiling_of_run_or_day"))
            assert run.state == "published"
        case _:
            assert run.state == "published"
    assert {slug: (reports[slug].state, reports[slug].error) for slug in expected} == expected
    if run.state == "published":
        assert run.partial == any(report.state != "succeeded" for report in reports.values())
    untouched = Attempt.objects.filter(report__entry__run=run, report__entry__slug__in=later)
    assert fault.run == "goes on" or not untouched.exists()


def the_books_hold(run: Run, fault: Fault, place: str) -> None:
    """Known cost is spent; what nobody knows stays reserved; what was not paid is released."""
    attempts = list(Attempt.objects.filter(report__entry__run=run))
    known = sum((a.cost_usd or Decimal(0) for a in attempts), Decimal(0))
    open_ones = [a for a in attempts if a.cost_usd is None and a.state in ("unknown", "paid")]
    for budget in (Budget.objects.get(run=run), Budget.objects.get(day__isnull=False)):
        assert (budget.spent_usd, budget.reserved_usd) == (known, sum((a.reserved_usd for a in open_ones), Decimal(0)))


def the_public_page_says_so(run: Run, reports: dict[str, Report], place: str) -> None:
    """Only a finalised run is public; its page shows the others, and of this one why there is no report."""
    answer = Client().get(f"/runs/{run.pk}/")
    if run.state != "published":
        assert answer.status_code == 404
        return
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>banana" not in page
    assert all(f"Model {slug}" in page for slug in SLUGS)
    for slug, report in reports.items():
        if slug != place and report.state == "succeeded":
            assert f"maker/{slug} says: Rovers won 2-1." in page


def hang_up_on_everybody(rude: socket.socket) -> None:
    """Reset connections in their handshake, the preflight's one too."""
    with suppress(OSError):
        while True:
            connection, _ = rude.accept()
            connection.recv(10)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()


@contextmanager
def leading_astray(kind: str, evaluation: Evaluation, place: str, url: str) -> Iterator[None]:
    """For faults before an answer: another address for one model."""
    with socket.socket() as closed, socket.socket() as rude:
        closed.bind(("127.0.0.1", 0))
        rude.bind(("127.0.0.1", 0))
        if kind == "tls_reset_handshake":
            rude.listen()
            threading.Thread(target=hang_up_on_everybody, args=(rude,), daemon=True).start()
        address = {
            "connect_refused": f"http://127.0.0.1:{closed.getsockname()[1]}",
            "dns": "http://nowhere.invalid",
            "tls_reset_handshake": f"https://127.0.0.1:{rude.getsockname()[1]}",
            "write_timeout": f"{url}/deaf/",
        }.get(kind)
        if address:
            other = Provider.objects.create(slug="astray", name="Astray", kind="openai", base_url=address)
            ModelConfig.objects.filter(evaluation=evaluation, slug=place).update(provider=other)
        if kind == "write_timeout":
            evaluation.prompts.create(system_text="Write a report. " * 600_000)
        yield
