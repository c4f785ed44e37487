"""Asking every model at once: the network part. Pure asyncio and httpx, no Django.

Every call tells a journal before its request leaves and again when its outcome is there, and goes on only
when the journal has committed. Failures are values; an exception means that the journal itself is gone.
"""

import asyncio
import hashlib
import json
import math
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from evaluations.wire import values
from evaluations.wire.bodies import ACCEPT_ENCODING, read_capped
from evaluations.wire.failures import FATAL, Code, Fate
from evaluations.wire.secrets import redact_bytes

from .completions import MAX_BODY
from .journal import Beat, Commit, HeadersArrived, Intent, Journal, Permit
from .openai_compatible import OpenAICompatible
from .outcomes import Outcome, outcome_of_answer, outcome_of_loss

MAX_WAIT = 60.0  # seconds; a provider that asks for more pauses the run
CONNECT_SECONDS = 15.0
BEAT_SECONDS = 7.5
RESERVE_SECONDS = 30.0  # kept back at the end of a worker's time, for what follows the last answer
WORTH_ASKING_SECONDS = 300.0  # a call with a longer deadline is begun with so much left, and its deadline cut


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a provider of a kind is reached; `transport` stands in for the network (the sandbox)."""

    slug: str
    base_url: str
    headers: Mapping[str, str]
    transport: httpx.AsyncBaseTransport | None = None
    provider: OpenAICompatible = field(default_factory=OpenAICompatible)
    elsewhere: bool = False  # than where providers of its kind are: nobody knows how much of it its lists tell


@dataclass(frozen=True, slots=True)
class Call:
    """One report to ask for. `parameters` is all of the body besides the messages."""

    report: int
    endpoint: Endpoint
    parameters: Mapping[str, Any]
    number: int = 1  # of the next attempt
    deadline: float = 300.0  # seconds for one attempt, everything included


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages array, serialised once for all models."""

    system: str
    user: str
    serialised: bytes = field(init=False, repr=False)
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        messages = [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]
        serialised = json.dumps(messages, ensure_ascii=False, separators=(",", ":")).encode()
        object.__setattr__(self, "serialised", serialised)
        object.__setattr__(self, "sha256", hashlib.sha256(serialised).hexdigest())


@dataclass
class Batch:
    """All calls of a run: sent at once, or `at_once` at a time."""

    messages: Messages
    commit: Commit
    at_once: int | None = None
    backoff: float = 1.0  # seconds before the first retry; doubles
    grace: float = 10.0  # seconds for what is under way once a stop was asked for
    seconds_left: Callable[[], float] = lambda: math.inf  # until this worker is ended from outside
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    tripped: dict[str, str] = field(default_factory=dict)
    paused: str = ""
    wait: float = 0.0  # seconds, the longest that a provider asked for
    out_of_time: bool = False
    _tls: dict[bool, ssl.SSLContext] = field(default_factory=dict)

    async def ask(self, calls: Sequence[Call]) -> None:
        """Ask for every report; return when each has its outcome or is held back.

        Calls held back (circuit open, stop asked for, long wait asked for) are left without an attempt of
        their own, to be taken up by a resume. Raises what the journal raised, after cancelling the rest.
        """
        self._journal = Journal(self.commit)
        self._gate = asyncio.Semaphore(self.at_once or max(1, len(calls)))
        watchers: list[asyncio.Task[None]] = []
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._ask_until_final(call)) for call in calls]
                watchers += [asyncio.create_task(self._beat()), asyncio.create_task(self._end_after_grace(tasks))]
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors
        finally:
            for watcher in watchers:
                watcher.cancel()
            await self._journal.drain()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._journal.write(Beat())

    async def _end_after_grace(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        await self.stopping.wait()
        await asyncio.sleep(self.grace)
        for task in tasks:
            task.cancel()

    async def _ask_until_final(self, call: Call) -> None:
        async with self._gate:
            number = call.number
            while not self._holds_back(call):
                permit = await self._journal.write(Intent(call.report, number))
                if not isinstance(permit, Permit):
                    return
                if self._holds_back(call):  # since the permit was asked for
                    held_back = Outcome(call.report, permit.attempt, Fate.UNSENT, Code.HELD_BACK, final=False)
                    await self._journal.write(held_back)
                    return
                outcome = await self._attempt(call, permit.attempt, number)
                if outcome.error in FATAL:
                    self.tripped.setdefault(call.endpoint.slug, outcome.error)
                await self._journal.write(outcome)
                if outcome.final or not await self._wait_to_retry(outcome, number):
                    return
                number += 1

    def _holds_back(self, call: Call) -> bool:
        # A call that could outlast its worker would end as unknown, and perhaps paid.
        worth_asking = min(call.deadline, WORTH_ASKING_SECONDS)
        self.out_of_time = self.out_of_time or self._deadline_of(call) < worth_asking
        return call.endpoint.slug in self.tripped or bool(self.paused) or self.out_of_time or self.stopping.is_set()

    def _deadline_of(self, call: Call) -> float:
        """The call's deadline in seconds, cut to what is left of the worker's time."""
        return min(call.deadline, self.seconds_left() - RESERVE_SECONDS)

    async def _wait_to_retry(self, outcome: Outcome, number: int) -> bool:
        wait = self.backoff * 2 ** (number - 1) if outcome.retry_after is None else outcome.retry_after
        if wait > MAX_WAIT:
            self.paused = f"{outcome.error}: the provider asks to wait {wait:.0f} s"
            self.wait = max(self.wait, wait)
            return False
        try:
            await asyncio.wait_for(self.stopping.wait(), wait)
        except TimeoutError:
            return True
        return False

    async def _attempt(self, call: Call, attempt: int, number: int) -> Outcome:
        """Send one request and say what became of it."""
        received = bytearray()
        heard = Outcome(call.report, attempt, Fate.UNKNOWN)
        question = RequestBody((b'{"messages":', self.messages.serialised, b"," + serialise(call.parameters)[1:]))
        started = time.monotonic()
        try:
            async with (
                asyncio.timeout(self._deadline_of(call)),
                self._client(call.endpoint) as client,
                self._request(client, call, question) as response,
            ):
                heard = with_headers(heard, response)
                if heard.generation_id:
                    await self._journal.write(HeadersArrived(attempt, heard.generation_id))
                body = await read_capped(response, MAX_BODY, received)
        except Exception as error:
            if self._journal.is_broken:
                raise
            return outcome_of_loss(
                heard, error, redact_bytes(received), time.monotonic() - started, number, question.begun
            )
        return outcome_of_answer(heard, body, time.monotonic() - started, number)

    def _client(self, endpoint: Endpoint) -> httpx.AsyncClient:
        # A client a call: one pool for many open requests costs quadratic time. They share one TLS context, which
        # takes 20 ms to make with the world's certificates; where nobody speaks TLS, an empty one does.
        secure = endpoint.base_url.startswith("https:")
        if secure not in self._tls:
            self._tls[secure] = httpx.create_ssl_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return httpx.AsyncClient(
            transport=endpoint.transport, verify=self._tls[secure], timeout=httpx.Timeout(None, connect=CONNECT_SECONDS)
        )

    def _request(
        self, client: httpx.AsyncClient, call: Call, body: "RequestBody"
    ) -> AbstractAsyncContextManager[httpx.Response]:
        return client.stream(
            "POST",
            f"{call.endpoint.base_url}/chat/completions",
            content=body,
            headers={
                **call.endpoint.headers,
                "Accept-Encoding": ACCEPT_ENCODING,
                "Content-Type": "application/json",
                "Content-Length": str(sum(map(len, body.pieces))),
            },
        )


def with_headers(outcome: Outcome, response: httpx.Response) -> Outcome:
    """`outcome` with what the headers of the answer say."""
    generation_id = values.text(response.headers.get("x-generation-id"), most=200)
    wait = values.header_wait(response.headers.get("retry-after", ""))
    return replace(outcome, status=response.status_code, generation_id=generation_id, retry_after=wait)


@dataclass
class RequestBody:
    """A request's body. The shared bytes go out as they are: no copy for every model.

    `begun` is set when the first piece is taken to be sent: until then no provider can have read a question.
    """

    pieces: Sequence[bytes]
    begun: bool = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces, one by one."""
        self.begun = True
        for piece in self.pieces:
            yield piece


def serialise(parameters: Mapping[str, Any]) -> bytes:
    """A model's own part of the request body."""
    return json.dumps(dict(parameters), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
