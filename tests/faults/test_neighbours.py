"""Neighbours of the catalogue's kinds, for half of it is held back: status codes, headers, bodies, encodings, usage.

One run asks a model for each of them at once, so every one also shows that it spoils no other. `EVERY_PLACE=1`
(`make test-crash`) sends each into runs of its own, one model at a time, at the first, a middle and the last place.
"""

import asyncio
import gzip
import json
import os
import zlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from evaluations.models import Attempt, Budget, Evaluation, ModelConfig, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from tests.faults.conftest import ANSWER_USD, PLACES, SLUGS, Services, answer_of, make_roster
from tests.faults.test_models import (
    Fault,
    chosen,
    drip,
    examine,
    good,
    looks_as_it_should,
    paid_for_nothing,
    raw,
    reset,
    unknown,
    unpaid,
)
from tests.pipeline.provider import Answer, hang_up, head, response

pytestmark = pytest.mark.django_db

WHOLE = json.dumps(answer_of("maker/x")).encode()
OPEN = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
TOKENS_USD = Decimal("0.0000002")  # 10 tokens read, 5 written, at the roster's prices
IN_FLIGHT = b'{"error": {"code": 402, "metadata": {"limit_source": "openrouter_in_flight_budget"}}}'


def usage(**changes: Any) -> Answer:
    """A good answer whose usage says something else."""
    return good(usage={"prompt_tokens": 10, "completion_tokens": 5, "cost": float(ANSWER_USD)} | changes)


def literally(name: bytes, value: bytes) -> Answer:
    """A good answer whose cost is written so."""
    return response(body=WHOLE.replace(b'"cost": 0.001', b'"' + name + b'": ' + value))


def waiting(retry_after: str) -> Fault:
    """A rate limit whose Retry-After makes no sense, or none that anybody must wait for: the usual pause."""
    return Fault(response(429, b"", Retry_After=retry_after), "failed", "rate_limited", ("unpaid",) * 3, cost=None)


def rejected(answer: Answer) -> Fault:
    """A report whose cost nobody can read: the reservation stays."""
    return Fault(answer, flag="usage_rejected", cost=None)


def unreadable(body: bytes, **headers: str) -> Fault:
    """Paid, kept, and no report."""
    return paid_for_nothing(response(body=body, **headers), "protocol", cost=None)


async def slow_headers(writer: asyncio.StreamWriter) -> None:
    """The head of an answer, letter by letter, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.02)


async def error_then_silence(writer: asyncio.StreamWriter) -> None:
    """The status says that nothing was paid; the words never come."""
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n{")
    await writer.drain()
    await asyncio.sleep(1.5)


def chunked(*pieces: bytes, last: bytes = b"0\r\n\r\n") -> Answer:
    """A chunked body."""
    lines = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces]
    return raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n", *lines, last)


REFUSED = (405, 406, 407, 409, 410, 411, 412, 414, 415, 417, 418, 421, 423, 424, 425, 426, 428, 431, 451, 499)
NOT_KNOWN = (501, 505, 507, 508, 510, 511, 520, 521, 522, 523, 525, 526, 527, 530, 598, 599, 600, 999)
REDIRECTS = (300, 301, 302, 303, 304, 307, 308)

NEIGHBOURS: dict[str, Callable[[], Fault]] = {
    # Status codes
    **{f"http_{code}": (lambda code=code: unpaid(code, "refused")) for code in REFUSED},
    **{f"http_{code}": (lambda code=code: unknown(response(code), "gateway")) for code in NOT_KNOWN},
    **{
        f"http_{code}": (
            lambda code=code: Fault(
                response(code, b"", Location="/api/v1/chat/completions"), "failed", "refused", ("unpaid",), cost=None
            )
        )
        for code in REDIRECTS
    },
    "http_403": lambda: unpaid(403, "forbidden"),
    "http_408": lambda: unknown(response(408, Retry_After="0"), "timeout"),
    "http_422": lambda: unpaid(422, "bad_request"),
    "http_500": lambda: unpaid(500, "upstream", 3),
    "http_504": lambda: unknown(response(504), "timeout"),
    "http_529": lambda: unpaid(529, "overloaded", 3),
    "http_201": lambda: Fault(raw(head(201, len(WHOLE)) + WHOLE)),
    "http_204": lambda: paid_for_nothing(raw(b"HTTP/1.1 204 X\r\nConnection: close\r\n\r\n"), "protocol", cost=None),
    "in_flight_budget": lambda: Fault(
        response(402, IN_FLIGHT, Retry_After="0"), "failed", "in_flight_budget", ("unpaid",) * 3, cost=None
    ),
    "error_html": lambda: Fault(
        response(403, b"<html><h1>Just a moment</h1></html>"), "failed", "forbidden", ("unpaid",), cost=None
    ),
    "error_list": lambda: Fault(response(400, b"[1]"), "failed", "bad_request", ("unpaid",), cost=None),
    "error_code_text": lambda: Fault(
        response(400, b'{"error": {"code": "context_length_exceeded", "message": ["no"]}}'),
        "failed", "bad_request", ("unpaid",), cost=None,
    ),
    "error_huge": lambda: Fault(
        response(400, b"x" * 9_000_000), "failed", "bad_request", ("unpaid",), cost=None
    ),
    "error_cut": lambda: Fault(
        raw(head(403, 500) + b"{"), "failed", "forbidden", ("unpaid",), cost=None
    ),
    "error_gzip_garbage": lambda: Fault(
        response(404, b"no gzip", Content_Encoding="gzip"), "failed", "unknown_model", ("unpaid",), cost=None
    ),
    "error_then_silence": lambda: Fault(error_then_silence, "failed", "bad_request", ("unpaid",), cost=None),
    # Retry-After
    **{
        f"retry_after_{number}": (lambda text=text: waiting(text))
        for number, text in enumerate(
            ("", "0", "0.01", "-5", "soon", "1, 2", "NaN", "Infinity", "١", "Thu, 01 Jan 1970 00:00:00 GMT",
             "Mon, 99 Foo 2026 99:99:99 GMT", "Mon, 01 Jan 0001 00:00:00 -2359",
             "Mon, 01 Jan 2026 00:00:00 +99999999999999", "1 Jan 99999999999 00:00:00 GMT")
        )
    },
    # The line
    "informational_102": lambda: Fault(raw(b"HTTP/1.1 102 Processing\r\n\r\n" * 3 + head(200, len(WHOLE)) + WHOLE)),
    "informational_103": lambda: Fault(
        raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + head(200, len(WHOLE)) + WHOLE)
    ),
    "switching_protocols": lambda: unknown(raw(b"HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n"), "connection_lost"),
    "headers_of_60_kb": lambda: Fault(response(body=WHOLE, X_Big="a" * 60_000)),
    "headers_of_300_kb": lambda: unknown(response(body=WHOLE, X_Big="a" * 300_000), "connection_lost"),
    "header_folded": lambda: unknown(raw(b"HTTP/1.1 200 OK\r\n: nameless\r\n\r\n" + WHOLE), "connection_lost"),
    "http_0_9": lambda: unknown(raw(WHOLE), "connection_lost"),
    "not_http": lambda: unknown(raw(b"SSH-2.0-OpenSSH_9\r\n"), "connection_lost"),
    "cut_in_headers": lambda: unknown(raw(b"HTTP/1.1 200 OK\r\nX-Gen"), "connection_lost"),
    "status_only": lambda: unknown(raw(b"HTTP/1.1 200 OK\r\n"), "connection_lost"),
    "slow_headers": lambda: unknown(slow_headers, "deadline"),
    "drip": lambda: unknown(drip, "deadline", generation="gen-drip"),
    "reset": lambda: unknown(reset, "connection_lost"),
    "hang_up": lambda: unknown(hang_up, "connection_lost"),
    "generation_id_10_kb": lambda: Fault(response(body=WHOLE, X_Generation_Id="g" * 10_000), generation="g" * 200),
    "generation_id_latin": lambda: Fault(response(body=WHOLE, X_Generation_Id="g\u00e9n"), generation="g\u00e9n"),
    # The body's frame
    "no_length": lambda: Fault(raw(OPEN + WHOLE)),
    "no_length_cut": lambda: paid_for_nothing(raw(OPEN + WHOLE[:100]), "protocol", cost=None),
    "length_too_short": lambda: paid_for_nothing(raw(head(200, 50) + WHOLE), "protocol", cost=None),
    "length_too_long": lambda: unknown(raw(head(200, 50_000) + WHOLE), "connection_lost", body=WHOLE),
    "length_no_number": lambda: unknown(raw(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"), "connection_lost"),
    "lengths_differ": lambda: unknown(
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"), "connection_lost"
    ),
    "chunked": lambda: Fault(chunked(WHOLE[:10], WHOLE[10:])),
    "chunked_cut": lambda: unknown(chunked(WHOLE, last=b""), "connection_lost", body=WHOLE),
    "chunked_broken": lambda: unknown(chunked(WHOLE, last=b"zz\r\n"), "connection_lost"),
    # Encodings
    "gzip": lambda: Fault(response(body=gzip.compress(WHOLE), Content_Encoding="gzip")),
    "gzip_members": lambda: Fault(
        response(body=gzip.compress(WHOLE[:9]) + gzip.compress(WHOLE[9:]), Content_Encoding="GZIP")
    ),
    "gzip_cut": lambda: unreadable(gzip.compress(WHOLE)[:60], Content_Encoding="gzip"),
    "gzip_garbage": lambda: unreadable(b"\x1f\x8bgarbage", Content_Encoding="gzip"),
    "gzip_is_none": lambda: unreadable(WHOLE, Content_Encoding="gzip"),
    "gzip_bomb": lambda: paid_for_nothing(
        response(body=gzip.compress(b" " * 200_000_000, 1), Content_Encoding="gzip"), "answer_too_large", cost=None
    ),
    "deflate": lambda: Fault(response(body=zlib.compress(WHOLE), Content_Encoding="deflate")),
    "brotli_unasked": lambda: unreadable(b"\x1b\x03\x00\xf8\x8d", Content_Encoding="br"),
    # Bodies
    "empty": lambda: unreadable(b""),
    "html": lambda: unreadable(b"<!doctype html><title>Login</title>", Content_Type="text/html"),
    "a_list": lambda: unreadable(b"[1]"),
    "a_text": lambda: unreadable(b'"ok"'),
    "null": lambda: unreadable(b"null"),
    "not_utf8": lambda: unreadable(WHOLE.replace(b"Rovers", b"Ro\xffvers")),
    "utf16": lambda: unreadable(WHOLE.decode().encode("utf-16")),
    "nul_and_surrogate": lambda: Fault(
        response(body=WHOLE.replace(b"Rovers", b"Ro\\u0000ve\\ud800rs")), text="maker/x says: Rove\ufffdrs won 2-1."
    ),
    "bom": lambda: Fault(response(body=b"\xef\xbb\xbf" + WHOLE)),
    "trailing_junk": lambda: unreadable(WHOLE + b"\n{}"),
    "leading_junk": lambda: unreadable(b")]}'\n" + WHOLE),
    "trailing_whitespace": lambda: Fault(response(body=WHOLE + b" \r\n" * 1000)),
    "comments_first": lambda: Fault(response(body=b": OPENROUTER PROCESSING\n\n" + WHOLE)),
    "event_stream": lambda: Fault(
        response(body=b"data: " + WHOLE + b"\n\ndata: [DONE]\n\n", Content_Type="text/event-stream")
    ),
    "deep_lists": lambda: unreadable(b"[" * 200_000),
    "deep_objects": lambda: unreadable(b'{"a":' * 200_000),
    "deep_beside": lambda: unreadable(WHOLE[:-1] + b', "x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
    "long_number": lambda: Fault(response(body=WHOLE[:-1] + b', "x": ' + b"9" * 10_000 + b"}")),
    "keys_twice": lambda: Fault(response(body=WHOLE[:-1] + b', "model": "maker/y"}'), flag="model_mismatch"),
    "beyond_all_numbers_beside": lambda: Fault(response(body=WHOLE[:-1] + b', "x": 1e999999999999999999999}')),
    "nan_beside": lambda: Fault(response(body=WHOLE[:-1] + b', "x": [NaN, -Infinity, 1e400]}')),
    # Choices
    "choices_missing": lambda: paid_for_nothing(response(body=WHOLE.replace(b"choices", b"chances")), "empty"),
    "choices_empty": lambda: paid_for_nothing(good(choices=[]), "empty"),
    "choices_null": lambda: paid_for_nothing(good(choices=None), "empty"),
    "choices_object": lambda: paid_for_nothing(good(choices={"0": {}}), "empty"),
    "choices_of_texts": lambda: paid_for_nothing(good(choices=["text"]), "empty"),
    "choices_two": lambda: Fault(
        good(choices=[{"finish_reason": "stop", "message": {"content": t}} for t in ("One.", "Two.")]), text="One."
    ),
    "choice_error": lambda: paid_for_nothing(
        chosen(error={"code": 502, "message": "Broke off."}, finish_reason="error"), "provider_error", text="Some text."
    ),
    "error_beside_choices": lambda: paid_for_nothing(good(error={"code": 502, "message": "x"}), "provider_error"),
    "error_null": lambda: Fault(good(error=None)),
    "error_a_text": lambda: paid_for_nothing(good(error="overloaded", choices=[]), "provider_error"),
    "message_null": lambda: paid_for_nothing(chosen(message=None), "empty"),
    "message_a_text": lambda: paid_for_nothing(chosen(message="hello"), "empty"),
    "content_missing": lambda: paid_for_nothing(chosen(message={"role": "assistant"}), "empty"),
    "content_number": lambda: paid_for_nothing(chosen(message={"content": 42}), "empty"),
    "content_object": lambda: paid_for_nothing(chosen(message={"content": {"text": "x"}}), "empty"),
    "content_empty_parts": lambda: paid_for_nothing(chosen(message={"content": [{"type": "image_url"}, 1]}), "empty"),
    "content_parts_of_kinds": lambda: Fault(
        chosen(message={"content": ["lost", {"type": "text", "text": "Kept."}, {"text": None}]}), text="Kept."
    ),
    "refusal": lambda: paid_for_nothing(
        chosen(message={"content": None, "refusal": "I cannot."}), "refusal", flag="refusal"
    ),
    "content_filter": lambda: Fault(chosen(finish_reason="content_filter"), flag="content_filter"),
    "length_without_text": lambda: paid_for_nothing(
        chosen(finish_reason="length", message={"content": "", "reasoning": "Hm. " * 99}), "empty", flag="truncated"
    ),
    "finish_number": lambda: Fault(chosen(finish_reason=7), flag="no_finish_reason"),
    "finish_long": lambda: Fault(chosen(finish_reason="x" * 5_000), flag="unknown_finish_reason"),
    # Who answered
    "model_case": lambda: Fault(good("MAKER/model_case")),
    "model_variant": lambda: Fault(good("maker/model_variant:free")),
    "model_date": lambda: Fault(good("maker/model_date-20260528")),
    "model_longer": lambda: Fault(good("maker/model_longer-mini"), flag="model_mismatch"),
    "model_shorter": lambda: Fault(good("maker/model"), flag="model_mismatch"),
    "model_null": lambda: Fault(good(model=None)),
    "model_number": lambda: Fault(good(model=7)),
    "provider_object": lambda: Fault(good(provider={"name": "x"})),
    "id_missing": lambda: Fault(good(id=None), generation=""),
    "id_number": lambda: Fault(good(id=7), generation=""),
    "id_long": lambda: Fault(good(id="g" * 9_000), generation="g" * 100),
    "id_reused": lambda: Fault(good(id="gen-same"), generation="gen-same"),
    "id_reused_too": lambda: Fault(good(id="gen-same"), generation="gen-same"),
    # Usage
    "usage_missing": lambda: Fault(response(body=WHOLE.replace(b'"usage"', b'"use"')), cost=None),
    "usage_null": lambda: Fault(good(usage=None), cost=None),
    "usage_a_list": lambda: Fault(good(usage=[1]), cost=None),
    "usage_empty": lambda: Fault(good(usage={}), cost=None),
    "tokens_negative": lambda: Fault(usage(prompt_tokens=-1), flag="usage_rejected"),
    "tokens_text": lambda: Fault(usage(prompt_tokens="10")),
    "tokens_words": lambda: Fault(usage(prompt_tokens="ten"), flag="usage_rejected"),
    "tokens_fraction": lambda: Fault(usage(completion_tokens=10.5), flag="usage_rejected"),
    "tokens_true": lambda: Fault(usage(completion_tokens=True), flag="usage_rejected"),
    "tokens_huge": lambda: Fault(usage(completion_tokens=10**30), flag="usage_rejected"),
    "cost_missing": lambda: Fault(literally(b"price", b"1"), cost=TOKENS_USD),
    "cost_null": lambda: Fault(usage(cost=None), cost=TOKENS_USD),
    "cost_negative": lambda: rejected(usage(cost=-1)),
    "cost_text": lambda: Fault(usage(cost="0.001")),
    "cost_true": lambda: rejected(usage(cost=True)),
    "cost_list": lambda: rejected(usage(cost=[0.001])),
    "cost_nan": lambda: rejected(literally(b"cost", b"NaN")),
    "cost_infinite": lambda: rejected(literally(b"cost", b"1e999999999")),
    "cost_beyond_all_numbers": lambda: rejected(literally(b"cost", b"1e999999999999999999999")),
    "cost_of_5000_digits": lambda: rejected(literally(b"cost", b"9" * 5_000)),
    "cost_huge": lambda: rejected(literally(b"cost", b"10001")),
    "cost_tiny": lambda: Fault(literally(b"cost", b"1e-400"), cost=Decimal("1E-9")),
    "cost_minus_zero": lambda: Fault(literally(b"cost", b"-0.0"), cost=Decimal(0)),
    "cost_many_digits": lambda: Fault(
        literally(b"cost", b"0.00100000000000000000000000000001"), cost=Decimal("0.001000001")
    ),
}  # fmt: skip


# They end with their time; for all others it is never over, however busy the machine.
IN_TIME = ("slow_headers", "drip", "error_then_silence")
OTHERS = tuple(kind for kind in NEIGHBOURS if kind not in IN_TIME)


def one_for_each(kinds: Sequence[str], url: str, seconds: int) -> Evaluation:
    """A roster with one model for each kind, and three that nothing happens to."""
    evaluation = make_roster(url, call_deadline_seconds=seconds)
    provider = evaluation.roster.first().provider
    ModelConfig.objects.bulk_create(
        ModelConfig(
            evaluation=evaluation,
            provider=provider,
            position=10 + place,
            slug=kind,
            name=kind,
            model_id=f"maker/{kind}",
            usd_per_million_input=Decimal("0.01"),
            usd_per_million_output=Decimal("0.02"),
        )
        for place, kind in enumerate(kinds)
    )
    return evaluation


@pytest.mark.parametrize(("kinds", "seconds"), [(OTHERS, 300), (IN_TIME, 1)], ids=["any", "in_time"])
def test_every_neighbour_ends_as_the_table_says_and_none_spoils_another(
    kinds: Sequence[str], seconds: int, services: Services
) -> None:
    faults = {f"maker/{kind}": NEIGHBOURS[kind]() for kind in kinds}
    services.listed = [*services.listed, *faults]
    services.script = lambda model, _number: faults[model].answer if model in faults else None
    runs.execute(start(one_for_each(kinds, services.url, seconds)))
    run = Run.objects.get()
    reports = {r.entry.model_id: r for r in Report.objects.filter(entry__run=run).select_related("entry")}
    wrong = []
    for model, fault in faults.items():
        try:
            looks_as_it_should(fault, reports[model])
            assert services.asked.count(model) == len(fault.attempts)
        except AssertionError as error:
            wrong.append(f"{model}: {' '.join(str(error).split())[:300]}")
    assert not wrong, "\n".join(wrong)
    assert (run.state, run.partial) == ("published", True)
    assert {reports[f"maker/{slug}"].state for slug in SLUGS} == {"succeeded"}
    attempts = list(Attempt.objects.all())
    known = sum((a.cost_usd or Decimal(0) for a in attempts), Decimal(0))
    open_ones = [a.reserved_usd for a in attempts if a.cost_usd is None and a.state in ("unknown", "paid")]
    for budget in Budget.objects.all():
        assert budget.spent_usd == known
        assert budget.reserved_usd == sum(open_ones, Decimal(0))


if os.environ.get("EVERY_PLACE"):

    @pytest.mark.parametrize("place", PLACES)
    @pytest.mark.parametrize("kind", [kind for kind in NEIGHBOURS if not kind.startswith("model_")])
    def test_a_neighbour_ends_alike_at_every_place(kind: str, place: str, services: Services) -> None:
        examine(kind, NEIGHBOURS[kind](), place, services)
