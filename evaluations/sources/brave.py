"""Brave web search, at the pace its plan allows. Pure: no Django."""

import asyncio
import json
import math
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import httpx

from evaluations.wire import connections, values
from evaluations.wire.bodies import ACCEPT_ENCODING, read_capped
from evaluations.wire.failures import Code, Failure
from evaluations.wire.text import clean, from_markup

from .deployment import Deployment
from .search import Hits, Result, SearchSource, Wishes

KEY_VARIABLE = "BRAVE_API_KEY"
LARGEST_ANSWER = 5_000_000  # bytes, decoded
MOST_RESULTS = 100  # of one query; Brave gives at most 20 from the web and 50 from the news
MAX_WAIT = 60.0  # seconds; a longer wait is a failure, not a pause inside the run
WINDOW = 1.1  # seconds; a tenth more than the plan's second: the service's clock need not tick with ours
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
        limit = headers.get("x-ratelimit-limit", "").split(",")[0].strip()
        if limit.isascii() and limit.isdigit() and int(limit) > 0:
            self.per_second = int(limit)


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
        while isinstance(outcome := await self._ask_once(query), Failure) and outcome.again(tries, costly=False):
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
        try:
            async with (
                asyncio.timeout(DEADLINE),
                self.client.stream(
                    "GET",
                    f"{self.base_url}/res/v1/web/search",
                    params={"q": query, **self.parameters},
                    headers={
                        "Accept": "application/json",
                        "Accept-Encoding": ACCEPT_ENCODING,
                        "X-Subscription-Token": self.key,
                    },
                ) as response,
            ):
                self.throttle.learn(response.headers)
                body = await read_capped(response, LARGEST_ANSWER)
        except Exception as error:  # noqa: BLE001 - whatever a service does, it costs its own query alone
            return connections.failure_of(error).without(self.key)
        if response.status_code != 200:
            return failure_of_status(response, body).without(self.key)
        try:
            return Hits(results_in(body), time.monotonic() - started)
        except NotUtf8Error as error:
            return Failure(Code.NOT_UTF8, str(error))
        except NotJsonError as error:
            return Failure(Code.NOT_JSON, str(error))
        except SchemaError as error:
            return Failure(Code.SCHEMA, str(error))


async def connect(options: dict[str, Any], deployment: Deployment) -> Brave:
    """Brave itself."""
    return Brave(httpx.AsyncClient(), deployment.brave_url, deployment.key(KEY_VARIABLE), options["parameters"])


SOURCE = SearchSource(freeze, connect, KEY_VARIABLE)


def failure_of_status(response: httpx.Response, body: bytes) -> Failure:
    """The failure behind an HTTP status. Details come from the service's own words, never its `meta`.

    `meta` may echo the token.
    """
    error = error_of(body)
    code, detail = str(error.get("code", "")), str(error.get("detail", ""))
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
            return Failure(Code.RATE_LIMITED, detail, wait if wait is not None else reset_of(response.headers))
        case status if status >= 500:
            return Failure(Code.UPSTREAM, f"status {status}", wait)
        case status:
            return Failure(Code.PROTOCOL, f"status {status}")


def error_of(body: bytes) -> dict[str, Any]:
    """The error object of a Brave body: `error: {…}` on the wire, `errors: […]` in the documentation."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(document, dict):
        return {}
    errors = document.get("errors")
    found = document.get("error") or (errors[0] if isinstance(errors, list) and errors else {})
    return found if isinstance(found, dict) else {}


def quota_spent(headers: httpx.Headers, error: dict[str, Any]) -> bool:
    """Whether the month's quota, not the second's rate, is what ran out."""
    meta = error.get("meta")
    if isinstance(meta, dict) and isinstance(meta.get("quota_limit"), int) and meta["quota_limit"] > 0:
        return bool(meta.get("quota_current", 0) >= meta["quota_limit"])
    remaining = [part.strip() for part in headers.get("x-ratelimit-remaining", "").split(",")]
    limits = [part.strip() for part in headers.get("x-ratelimit-limit", "").split(",")]
    # A monthly limit of 0 means that there is none.
    return len(remaining) == 2 and remaining[1] == "0" and limits[1:] != ["0"]


def reset_of(headers: httpx.Headers) -> float | None:
    """Seconds until the per-second window opens again."""
    reset = headers.get("x-ratelimit-reset", "").split(",")[0].strip()
    return float(reset) if reset.isascii() and reset.isdigit() else None


class NotUtf8Error(ValueError):
    """A body in another encoding than JSON's: asking again would bring the same."""


class NotJsonError(ValueError):
    """A body that is no JSON."""


class SchemaError(ValueError):
    """JSON that is not of Brave's form."""


def results_in(body: bytes) -> tuple[Result, ...]:
    """The web and news results of a Brave body, in the order in which it mixes them."""
    if not json.detect_encoding(body).startswith("utf-8"):
        raise NotUtf8Error("not in UTF-8")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotUtf8Error(str(error)) from error
    try:
        document = json.loads(
            text, parse_constant=refuse_constant, parse_float=parse_finite, object_pairs_hook=refuse_twins
        )
    except SchemaError:
        raise
    except (ValueError, RecursionError) as error:
        raise NotJsonError(str(error)) from error
    lists = {kind: result_list(document, kind) for kind in ("web", "news")}
    order = mixed_order(document, lists)[:MOST_RESULTS]
    return tuple(result_of(kind, lists[kind][index]) for kind, index in order)


def refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity are not JSON."""
    raise SchemaError(f"{name} in the body")


def parse_finite(digits: str) -> float:
    """The number; one beyond every range (1e400) is refused."""
    number = float(digits)
    if math.isinf(number):
        raise SchemaError("a number beyond every range")
    return number


def refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object with the same key twice means two things: refuse it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise SchemaError("a key twice in one object")
    return found


def result_list(document: Any, kind: str) -> list[dict[str, Any]]:
    """The results of one kind; a missing section is an empty one."""
    if not isinstance(document, dict):
        raise SchemaError("not a JSON object")
    section = document.get(kind) or {}
    results = section.get("results") or [] if isinstance(section, dict) else None
    if not isinstance(results, list):
        raise SchemaError(f"{kind}.results is not a list")
    return [result for result in results if isinstance(result, dict) and isinstance(result.get("url"), str)]


def mixed_order(document: dict[str, Any], lists: Mapping[str, list[Any]]) -> list[tuple[str, int]]:
    """(kind, index) of every result: as `mixed.main` ranks them, then what it does not mention."""
    mixed = document.get("mixed")
    main = mixed.get("main") if isinstance(mixed, dict) else None
    order: dict[tuple[str, int], None] = {}
    for row in main if isinstance(main, list) else []:
        kind = str(row.get("type")) if isinstance(row, dict) else ""
        if kind in lists:
            indexes = range(len(lists[kind])) if row.get("all") else [row.get("index")]
            order |= {(kind, index): None for index in indexes if index in range(len(lists[kind]))}
    order |= {(kind, index): None for kind in ("web", "news") for index in range(len(lists[kind]))}
    return list(order)


def result_of(kind: str, raw: dict[str, Any]) -> Result:
    """One result as plain texts."""
    snippets = [raw.get("description"), *(raw.get("extra_snippets") or [])]
    texts = [from_markup(snippet) for snippet in snippets if isinstance(snippet, str)]
    return Result(
        kind=kind,
        title=from_markup(str(raw.get("title") or "")),
        url=clean(raw["url"]).strip(),
        publisher=from_markup(publisher_of(raw)),
        published=clean(date_of(raw))[:40],
        snippets=tuple(dict.fromkeys(text for text in texts if text)),
    )


def publisher_of(raw: dict[str, Any]) -> str:
    """Who published it: the article's publisher, else the site's name, else the host."""
    for path in (("article", "publisher", "name"), ("profile", "name"), ("meta_url", "hostname")):
        value: Any = raw
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str) and value:
            return value
    return ""


def date_of(raw: dict[str, Any]) -> str:
    """When: the article's own date, else the page's age; both as the service writes them."""
    article = raw.get("article")
    date = (article.get("date") if isinstance(article, dict) else None) or raw.get("page_age") or ""
    return date if isinstance(date, str) else ""
