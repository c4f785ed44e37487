"""The sandbox as one ASGI app: Brave's and OpenRouter's routes, and a look at what was sent.

It works behind `httpx.ASGITransport` and behind uvicorn alike.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from evaluations.sandbox.articles import load_library, newest_day
from evaluations.sandbox.brave.errors import Plan, token_error, validation_error
from evaluations.sandbox.brave.index import Index, Match
from evaluations.sandbox.brave.request import read_search
from evaluations.sandbox.openrouter.answers import Answer
from evaluations.sandbox.openrouter.chat import ChatService
from evaluations.sandbox.openrouter.refusals import key_refusal
from evaluations.sandbox.recordings import Recordings

from .brave import results
from .openrouter import answers

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class SandboxConfig:
    """How the sandbox behaves.

    `answer_seconds`: the time of every chat answer; None: each model's own pace (0.3 to 2.5 s).
    `search_rate`: searches a second before the plan refuses. `keep_requests`: /sandbox/requests shows them.
    `roster`: how many numbered namesakes /models lists. `recordings`: serve these instead of the own library.
    """

    answer_seconds: float | None = None
    search_rate: int = 50
    keep_requests: bool = False
    roster: int = 0
    recordings: Recordings | None = None


def create_app(config: SandboxConfig | None = None) -> "Sandbox":
    """The sandbox as an ASGI app."""
    return Sandbox(config or SandboxConfig())


class Sandbox:
    """The ASGI app. `requests` holds the chat request bodies received, in order, if they are kept."""

    def __init__(self, config: SandboxConfig) -> None:
        self.config = config
        self.requests: list[bytes] = []
        self.chat = ChatService(config.answer_seconds, config.roster, config.recordings)
        self._plan = Plan(config.search_rate)
        articles = () if config.recordings else load_library()
        self._index = Index(articles)
        self._today = newest_day(articles)
        self._routes: dict[tuple[str, str], Callable[[Scope, bytes], Answer]] = {
            ("GET", "/res/v1/web/search"): self._search,
            ("POST", "/api/v1/chat/completions"): self._complete,
            ("GET", "/api/v1/models"): self._models,
            ("GET", "/api/v1/key"): self._key,
            ("GET", "/api/v1/generation"): self._generation,
            ("GET", "/sandbox/requests"): self._kept_requests,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection of the ASGI server."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            raise NotImplementedError(f"The sandbox does not speak {scope['type']}.")

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        body = await _whole_body(receive)
        if body is None:
            return
        answer = self._answer(scope, body)
        wait = started + answer.seconds - loop.time()
        if answer.seconds > 0 and wait > 0:
            await asyncio.sleep(wait)
        await _send_json(send, answer)

    def _answer(self, scope: Scope, body: bytes) -> Answer:
        route = self._routes.get((scope["method"], scope["path"]))
        if route:
            return route(scope, body)
        known = any(path == scope["path"] for _, path in self._routes)
        return _error(405 if known else 404, "Method Not Allowed" if known else "Not Found")

    # Brave

    def _search(self, scope: Scope, _body: bytes) -> Answer:
        refused = token_error(_headers(scope).get("x-subscription-token"))
        if refused:
            return Answer(422, refused)
        request = read_search(_params(scope))
        if request.problems:
            return Answer(422, validation_error(request.problems))
        admitted = self._plan.admit()
        headers = tuple(self._plan.headers())
        if not admitted:
            return Answer(429, self._plan.refusal(), headers=headers)
        return Answer(200, results.success_body(request, self._find(request.query), self._today), headers=headers)

    def _find(self, query: str) -> list[Match]:
        recordings = self.config.recordings
        if recordings is None:
            return self._index.find(query)
        return [Match(article, article.passages) for article in recordings.sources(query)]

    # OpenRouter

    def _complete(self, scope: Scope, body: bytes) -> Answer:
        if self.config.keep_requests:
            self.requests.append(body)
        headers = _headers(scope)
        return key_refusal(headers.get("authorization")) or self.chat.answer(body, headers)

    def _models(self, _scope: Scope, _body: bytes) -> Answer:
        return Answer(200, {"data": list(self.chat.roster.entries())})

    def _key(self, scope: Scope, _body: bytes) -> Answer:
        authorization = _headers(scope).get("authorization", "")
        if refused := key_refusal(authorization):
            return refused
        key = authorization.partition(" ")[2].strip()
        return Answer(200, answers.key_json(f"{key[:6]}...{key[-3:]}", self.chat.spent))

    def _generation(self, scope: Scope, _body: bytes) -> Answer:
        return key_refusal(_headers(scope).get("authorization")) or self.chat.generation(_params(scope).get("id", ""))

    # The sandbox's own

    def _kept_requests(self, _scope: Scope, _body: bytes) -> Answer:
        if not self.config.keep_requests:
            return _error(404, "The sandbox keeps no requests: start it with keep_requests (--keep-requests)")
        return Answer(200, [_json_or_text(body) for body in self.requests])


def _json_or_text(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")


def _error(status: int, message: str) -> Answer:
    return Answer(status, {"error": {"code": status, "message": message}})


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _params(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))


async def _whole_body(receive: Receive) -> bytes | None:
    """The body, or None when the caller has gone."""
    pieces: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(pieces)


async def _send_json(send: Send, answer: Answer) -> None:
    body = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in answer.headers),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
