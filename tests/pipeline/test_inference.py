"""Asking models over real sockets: what is sent, what is tried again, what is never sent twice."""

import asyncio
import json
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from evaluations.providers import batch
from evaluations.providers.batch import Batch, Call, Endpoint, Messages
from evaluations.providers.journal import Entry, HeadersArrived, Intent, Permit, Refusal, Reply
from evaluations.providers.outcomes import Outcome
from evaluations.wire.failures import Fate
from tests.pipeline import provider
from tests.pipeline.provider import Answer, Provider, response, serving

MESSAGES = Messages("Write a report.", "Grüße, “quoted” — 2–1")
MODELS = ("first", "middle", "last")


@dataclass
class Books:
    """A journal in memory."""

    refuse: frozenset[int] = frozenset()
    batches: list[list[Entry]] = field(default_factory=list)

    async def commit(self, entries: Sequence[Entry]) -> list[Reply]:
        self.batches.append(list(entries))
        return [self._reply(entry) for entry in entries]

    def _reply(self, entry: Entry) -> Reply:
        if isinstance(entry, Intent):
            return Refusal("ceiling") if entry.report in self.refuse else Permit(entry.report * 100 + entry.number)
        return None

    @property
    def entries(self) -> list[Entry]:
        return [entry for batch in self.batches for entry in batch]

    def outcomes(self, report: int) -> list[Outcome]:
        return [entry for entry in self.entries if isinstance(entry, Outcome) and entry.report == report]


@dataclass
class Asked:
    books: Books
    wave: Batch
    provider: Provider

    def fates(self, report: int = 1) -> list[tuple[str, str]]:
        return [(outcome.fate.value, outcome.error) for outcome in self.books.outcomes(report)]


def ask(
    script: Callable[[str, int], Answer],
    models: Sequence[str] = ("m",),
    at_once: int | None = None,
    deadline: float = 5.0,
    books: Books | None = None,
    stop_after: float | None = None,
    grace: float = 0.2,
) -> Asked:
    async def run() -> Asked:
        kept = books or Books()
        wave = Batch(MESSAGES, kept.commit, at_once, backoff=0.01, grace=grace)
        async with serving(script) as server:
            endpoint = Endpoint("provider", server.url, {"Authorization": "Bearer key"})
            calls = [
                Call(number, endpoint, {"model": model, "stream": False}, deadline=deadline)
                for number, model in enumerate(models, 1)
            ]
            if stop_after is not None:
                asyncio.get_running_loop().call_later(stop_after, wave.stopping.set)
            await wave.ask(calls)
            return Asked(kept, wave, server)

    return asyncio.run(run())


def only(answer: Answer) -> Callable[[str, int], Answer]:
    return lambda _model, _number: answer


def test_all_models_get_the_same_bytes_but_for_their_own_part() -> None:
    asked = ask(only(response()), models=[f"m{n}" for n in range(20)])
    bodies = [json.loads(body) for body in asked.provider.bodies]
    assert {json.dumps(body.pop("messages"), ensure_ascii=False) for body in bodies} == {
        json.dumps(json.loads(MESSAGES.serialised), ensure_ascii=False)
    }
    assert all(body.startswith(b'{"messages":' + MESSAGES.serialised + b",") for body in asked.provider.bodies)
    assert sorted(body["model"] for body in bodies) == sorted(f"m{n}" for n in range(20))
    assert all(body == {"model": body["model"], "stream": False} for body in bodies)


def test_the_intent_is_committed_before_the_request_leaves() -> None:
    seen: list[bool] = []
    books = Books()

    def script(_model: str, _number: int) -> Answer:
        seen.append(any(isinstance(entry, Intent) for entry in books.entries))
        return response()

    ask(script, books=books)
    assert seen == [True]


def test_the_intents_of_a_wave_share_a_commit() -> None:
    asked = ask(only(response()), models=[f"m{n}" for n in range(20)])
    assert len(asked.books.batches[0]) == 20


def test_a_refused_report_is_not_asked_for() -> None:
    asked = ask(only(response()), models=MODELS, books=Books(refuse=frozenset({2})))
    assert sorted(asked.provider.models) == ["first", "last"]


def test_the_generation_id_is_committed_before_the_body_is_there() -> None:
    asked = ask(only(provider.cut_in_half))
    assert HeadersArrived(101, "gen-half") in asked.books.entries
    [outcome] = asked.books.outcomes(1)
    assert (outcome.fate, outcome.body) == (Fate.UNKNOWN, provider.OK[: len(provider.OK) // 2])


@pytest.mark.parametrize("place", MODELS)
@pytest.mark.parametrize(
    ("answer", "fates"),
    [
        (response(400), [("unpaid", "bad_request")]),
        (response(403), [("unpaid", "forbidden")]),
        (response(404), [("unpaid", "unknown_model")]),
        (response(413), [("unpaid", "too_large")]),
        (response(418), [("unpaid", "refused")]),
        (response(429), [("unpaid", "rate_limited")] * 3),
        (response(500), [("unpaid", "upstream")] * 3),
        (response(502), [("unpaid", "upstream")] * 3),
        (response(503), [("unpaid", "no_provider")] * 3),
        (response(529), [("unpaid", "overloaded")] * 3),
        (response(408), [("unknown", "timeout")]),
        (response(504), [("unknown", "timeout")]),
        (response(524), [("unknown", "timeout")]),
        (response(520), [("unknown", "gateway")]),
        (response(body=b'{"error": {"code": 502}}'), [("paid", "")]),
        (response(body=b"   "), [("paid", "")]),
        (provider.cut_in_half, [("unknown", "connection_lost")]),
        (provider.hang_up, [("unknown", "connection_lost")]),
        (provider.heartbeats_then_report, [("paid", "")]),
    ],
)
def test_one_model_fails_as_the_table_says_and_spoils_no_other(
    answer: Answer, fates: list[tuple[str, str]], place: str
) -> None:
    asked = ask(lambda model, _number: answer if model == place else response(), MODELS, at_once=1)
    assert {model: asked.fates(number) for number, model in enumerate(MODELS, 1)} == {
        model: fates if model == place else [("paid", "")] for model in MODELS
    }


@pytest.mark.parametrize("answer", [provider.silence, provider.heartbeats, provider.endless])
def test_an_answer_without_end_ends_at_its_deadline_or_its_cap(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MAX_BODY", 3_000_000)
    [(fate, error)] = ask(only(answer), deadline=1.5).fates()
    assert (fate, error) == (("paid", "") if answer is provider.endless else ("unknown", "deadline"))


def test_a_refused_connection_is_tried_three_times_and_was_never_sent() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        books = Books()
        wave = Batch(MESSAGES, books.commit, backoff=0.01)
        endpoint = Endpoint("provider", f"http://127.0.0.1:{closed.getsockname()[1]}", {})
        asyncio.run(wave.ask([Call(1, endpoint, {"model": "m"})]))
    assert [(outcome.fate, outcome.error) for outcome in books.outcomes(1)] == [(Fate.UNSENT, "connect")] * 3


def test_a_name_that_does_not_resolve_was_never_sent() -> None:
    books = Books()
    wave = Batch(MESSAGES, books.commit, backoff=0.01)
    asyncio.run(wave.ask([Call(1, Endpoint("provider", "http://nowhere.invalid", {}), {"model": "m"})]))
    assert {outcome.fate for outcome in books.outcomes(1)} == {Fate.UNSENT}


def test_a_passing_refusal_is_overcome() -> None:
    asked = ask(lambda _model, number: response(503) if number < 3 else response())
    assert asked.fates() == [("unpaid", "no_provider"), ("unpaid", "no_provider"), ("paid", "")]
    assert [entry.number for entry in asked.books.entries if isinstance(entry, Intent)] == [1, 2, 3]


def test_only_an_in_flight_402_is_tried_again() -> None:
    budget = json.dumps({"error": {"code": 402, "metadata": {"limit_source": "openrouter_in_flight_budget"}}}).encode()
    asked = ask(lambda _model, number: response(402, budget) if number == 1 else response())
    assert asked.fates() == [("unpaid", "in_flight_budget"), ("paid", "")]
    assert ask(only(response(402))).fates() == [("unpaid", "no_credit")]


def test_a_provider_that_asks_for_a_long_wait_pauses_the_run() -> None:
    asked = ask(lambda model, _number: response(429, Retry_After="3600") if model == "first" else response(), MODELS, 1)
    assert asked.provider.models == ["first"]
    assert "3600" in asked.wave.paused


@pytest.mark.parametrize("status", [401, 402])
def test_after_a_bad_key_or_no_credit_calls_not_yet_sent_are_not_sent(status: int) -> None:
    asked = ask(only(response(status)), MODELS, at_once=1)
    assert asked.provider.models == ["first"]
    assert list(asked.wave.tripped) == ["provider"]


def test_calls_in_flight_finish_when_the_circuit_opens() -> None:
    asked = ask(lambda model, _number: response(401) if model == "first" else provider.heartbeats_then_report, MODELS)
    assert [asked.fates(number) for number in (1, 2, 3)] == [[("unpaid", "bad_key")], [("paid", "")], [("paid", "")]]


def test_a_stop_lets_what_is_under_way_finish_and_sends_nothing_more() -> None:
    asked = ask(only(provider.heartbeats_then_report), MODELS, at_once=1, stop_after=0.05, grace=5)
    assert asked.provider.models == ["first"]
    assert asked.fates(1) == [("paid", "")]


def test_after_the_grace_time_what_is_still_under_way_is_left_without_an_outcome() -> None:
    asked = ask(only(provider.silence), ["m"], stop_after=0.05, grace=0.05)
    assert asked.provider.models == ["m"]
    assert asked.fates() == []


def test_when_the_journal_fails_everything_stops() -> None:
    class BookError(Exception):
        pass

    class Torn(Books):
        async def commit(self, entries: Sequence[Entry]) -> list[Reply]:
            if any(isinstance(entry, Outcome) for entry in entries):
                raise BookError
            return await super().commit(entries)

    with pytest.raises(BookError):
        ask(lambda model, _number: response() if model == "first" else provider.silence, MODELS, books=Torn())


@pytest.mark.parametrize("trusted", [False, True])
def test_a_certificate_that_nobody_vouches_for_gets_no_question_and_opens_the_circuit(
    trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same server, vouched for, is asked."""
    authority, there = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(there)
    known = authority if trusted else trustme.CA()
    known.cert_pem.write_to_path(str(tmp_path / "known.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "known.pem"))
    books = Books()

    async def run() -> tuple[Batch, Provider]:
        wave = Batch(MESSAGES, books.commit, 1, backoff=0.01)
        async with serving(only(response()), there) as server:
            endpoint = Endpoint("provider", server.url, {})
            await wave.ask([Call(number, endpoint, {"model": model}) for number, model in enumerate(MODELS, 1)])
            return wave, server

    wave, server = asyncio.run(run())
    fates = [(outcome.fate.value, outcome.error) for report in (1, 2, 3) for outcome in books.outcomes(report)]
    if trusted:
        assert (fates, wave.tripped) == ([("paid", "")] * 3, {})
    else:
        assert (fates, server.models) == ([("unsent", "certificate")], [])
        assert wave.tripped == {"provider": "certificate"}


@pytest.mark.parametrize("wait", ["61", "99999999999999999999", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_whatever_the_form_a_wait_of_over_a_minute_pauses_the_run(wait: str) -> None:
    asked = ask(lambda model, _number: response(503, Retry_After=wait) if model == "first" else response(), MODELS, 1)
    assert asked.provider.models == ["first"]
    assert "asks to wait" in asked.wave.paused


def test_a_wait_of_up_to_a_minute_is_waited_for() -> None:
    moments: list[float] = []

    def script(_model: str, number: int) -> Answer:
        moments.append(time.monotonic())
        return response(429, Retry_After="1") if number == 1 else response()

    assert ask(script).fates() == [("unpaid", "rate_limited"), ("paid", "")]
    assert moments[1] - moments[0] >= 1
