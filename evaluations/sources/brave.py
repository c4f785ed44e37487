"""Brave web search, at the pace its plan allows. Pure: no Django."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from evaluations.wire import connections, documents, values
from evaluations.wire.bodies import ACCEPT_ENCODING
from evaluations.wire.failures import Code, Failure

from .brave_results import FormError, results_in
from .deployment import Deployment
from .search import Hits, SearchSource, Wishes

KEY_VARIABLE = "BRAVE_API_KEY"
LARGEST_ANSWER = 5_000_000  # bytes, decoded
MAX_WAIT = 60.0  # seconds; a longer wait is a failure, not a pause inside the run
WINDOW = 1.1  # seconds; a tenth more than the plan's second: the service's clock need not tick with ours
MOST_A_SECOND = 50  # requests, whatever a header says: Brave's fastest plan
BACKOFF = 0.5  # seconds before the first retry where the service names no time; doubles
DEADLINE = 30.0  # seconds for one request, everything included


class Throttle:
    """At most `per_second` requests in any second; one until the service has said what it allows."""

    def __init__(self) -> None:
        self.per_second = 1
        self._sent: deque[float] = deque()
        self._turn = asyncio.Lock()

    async def wait(self) -> None:
        """Return when the next request may leave."""
        async with self._turn:
            while len(self._sent) >= self.per_second:
                if (pause := self._sent[0] + WINDOW - time.monotonic()) > 0:
                    await asyncio.sleep(pause)
                self._sent.popleft()
            self._sent.append(time.monotonic())

    def learn(self, headers: httpx.Headers) -> None:
        """Take the per-second limit from Brave's headers, where they carry one."""
        limit, _ = per_second_and_month(headers, "x-ratelimit-limit")
        self.per_second = min(limit, MOST_A_SECOND) if limit else self.per_second


def freeze(wishes: Wishes, _deployment: Deployment) -> dict[str, Any]:
    """What a run keeps of how it asks: Brave's query string besides the query, all that makes an answer repeatable."""
    parameters = {
        "count": str(wishes.count),
        "country": wishes.country,
        "search_lang": wishes.language,
        "spellcheck": "false",
        "text_decorations": "false",
        "extra_snippets": "true",
        "result_filter": "web,news",
    }
    return {"parameters": parameters | ({"freshness": wishes.freshness} if wishes.freshness else {})}


@dataclass
class Brave:
    """Brave web search (`GET /res/v1/web/search`)."""

    client: httpx.AsyncClient
    base_url: str
    key: str = field(repr=False)
    parameters: Mapping[str, str]
    throttle: Throttle = field(default_factory=Throttle)

    @property
    def at_once(self) -> int:
        """One after another, until the service has said that the plan allows more."""
        return self.throttle.per_second

    async def ask(self, query: str) -> Hits | Failure:
        """Ask once, and again where the failure is one that passes."""
        tries = 1
        while isinstance(outcome := await self._ask_once(query), Failure) and outcome.may_retry(tries, costly=False):
            pause = max(outcome.retry_after or 0, BACKOFF * 2 ** (tries - 1))
            if pause > MAX_WAIT:
                return outcome
            tries += 1
            await asyncio.sleep(pause)
        return outcome

    async def aclose(self) -> None:
        """Close every connection."""
        await self.client.aclose()

    async def _ask_once(self, query: str) -> Hits | Failure:
        await self.throttle.wait()
        started = time.monotonic()
        request = self.client.stream(
            "GET",
            f"{self.base_url}/res/v1/web/search",
            params={"q": query, **self.parameters},
            headers={
                "Accept": "application/json",
                "Accept-Encoding": ACCEPT_ENCODING,
                "X-Subscription-Token": self.key,
            },
        )
        found = await connections.ask(request, DEADLINE, LARGEST_ANSWER)
        if isinstance(found, Failure):
            return found.redact(self.key)
        response, body = found
        self.throttle.learn(response.headers)
        if response.status_code != 200:
            return failure_of_status(response, body).redact(self.key)
        try:
            return Hits(results_in(body), time.monotonic() - started)
        except documents.EncodingError as error:
            return Failure(Code.NOT_UTF8, str(error))
        except (documents.AmbiguousError, FormError) as error:
            return Failure(Code.SCHEMA, str(error))
        except documents.UnreadableError as error:
            return Failure(Code.NOT_JSON, str(error))


async def connect(options: dict[str, Any], deployment: Deployment) -> Brave:
    """Brave itself."""
    return Brave(httpx.AsyncClient(), deployment.brave_url, deployment.key(KEY_VARIABLE), options["parameters"])


SOURCE = SearchSource(freeze, connect, KEY_VARIABLE)


def failure_of_status(response: httpx.Response, body: bytes) -> Failure:
    """The failure behind an HTTP status. Details come from the service's own words, never its `meta`.

    `meta` may echo the token.
    """
    error = error_of(body)
    code, detail = values.text(error, "code"), values.text(error, "detail", most=values.SENTENCE)
    wait = values.header_wait(response.headers.get("retry-after", ""))
    match response.status_code:
        case 401:
            return Failure(Code.BAD_KEY, detail)
        case 402:
            return Failure(Code.PLAN, detail)
        case 403:
            return Failure(Code.NO_ACCESS, detail)
        case 404:
            return Failure(Code.ENDPOINT, detail)
        case 422 if code == "SUBSCRIPTION_TOKEN_INVALID" or b"x-subscription-token" in body:
            return Failure(Code.BAD_KEY, detail)
        case 400 | 422:
            return Failure(Code.INVALID_QUERY, detail)
        case 429 if code == "QUOTA_LIMITED" or quota_spent(response.headers, error):
            return Failure(Code.QUOTA, detail)
        case 429:
            reset, _ = per_second_and_month(response.headers, "x-ratelimit-reset")
            return Failure(Code.RATE_LIMITED, detail, reset if wait is None else wait)
        case status if status >= 500:
            return Failure(Code.UPSTREAM, f"status {status}", wait)
        case status:
            return Failure(Code.PROTOCOL, f"status {status}")


def error_of(body: bytes) -> Any:
    """The error object of a Brave body: `error: {…}` on the wire, `errors: […]` in the documentation."""
    try:
        document = documents.read(body)
    except documents.UnreadableError:
        return {}
    return values.at(document, "error") or values.at(document, "errors", 0)


def quota_spent(headers: httpx.Headers, error: Any) -> bool:
    """Whether the month's quota, not the second's rate, is what ran out."""
    limit, current = (values.integer(error, "meta", name) for name in ("quota_limit", "quota_current"))
    if limit:
        return current is not None and current >= limit
    _, remaining = per_second_and_month(headers, "x-ratelimit-remaining")
    # A monthly limit of 0 means that there is none.
    return remaining == 0 and per_second_and_month(headers, "x-ratelimit-limit")[1] != 0


def per_second_and_month(headers: httpx.Headers, name: str) -> tuple[int | None, int | None]:
    """The two numbers of one of Brave's headers; None for one that is not there."""
    first, _, second = headers.get(name, "").partition(",")
    return values.header_integer(first), values.header_integer(second)
