"""Asking a search service, once per query, at the pace its plan allows. Pure: no Django.

A new source is a class with `name`, `parameters` and `ask`, and one line in `evaluations.pipeline.services`.
"""

import asyncio
import json
import ssl
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

import httpx

from .http import BodyTooLargeError, is_certificate_error, read_capped, seconds_to_wait
from .plain import clean, from_markup

MAX_BODY = 5_000_000  # bytes, decoded
MAX_WAIT = 60.0  # seconds; a longer wait is a failure, not a pause inside the run

# How often a query is asked again after each kind of failure.
RETRIES = {"rate_limited": 3, "upstream": 2, "connect": 2, "truncated": 2, "timeout": 2, "not_json": 1}

# Failures of the account or the address: no other query would fare better.
FATAL = frozenset({"bad_key", "forbidden", "plan", "endpoint", "quota", "certificate"})


@dataclass(frozen=True, slots=True)
class Result:
    """One result: plain texts, dates as the service writes them."""

    kind: str
    title: str
    url: str
    publisher: str = ""
    published: str = ""
    snippets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query brought back, in the order of the service, and how long it took."""

    results: tuple[Result, ...]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a query brought nothing back."""

    code: str
    detail: str = ""
    retry_after: float | None = None

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code

    @classmethod
    def parse(cls, text: str) -> "Failure":
        """The failure that `str` wrote."""
        code, _, detail = text.partition(": ")
        return cls(code, detail)


class Search(Protocol):
    """A source of search results."""

    @property
    def name(self) -> str:
        """What the service is called in the locked document."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """All that makes its answers repeatable, for the locked document."""

    async def ask(self, query: str) -> Answer | Failure:
        """Ask one query; failures are values."""


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
                # A tenth more than a second: the service's clock need not tick with ours.
                if (pause := self._sent[0] + 1.1 - time.monotonic()) > 0:
                    await asyncio.sleep(pause)
                self._sent.popleft()
            self._sent.append(time.monotonic())

    def learn(self, headers: httpx.Headers) -> None:
        """Take the per-second limit from Brave's headers, where they carry one."""
        limit = headers.get("x-ratelimit-limit", "").split(",")[0].strip()
        if limit.isascii() and limit.isdigit() and int(limit) > 0:
            self.per_second = int(limit)


@dataclass
class Brave:
    """Brave web search (`GET /res/v1/web/search`)."""

    client: httpx.AsyncClient
    base_url: str
    key: str
    count: int = 20
    country: str = "US"
    language: str = "en"
    freshness: str = ""
    name: str = "brave"
    throttle: Throttle = field(default_factory=Throttle)

    @property
    def parameters(self) -> dict[str, str]:
        """The query string besides the query: all that makes an answer repeatable."""
        parameters = {
            "count": str(self.count),
            "country": self.country,
            "search_lang": self.language,
            "spellcheck": "false",
            "text_decorations": "false",
            "extra_snippets": "true",
            "result_filter": "web,news",
        }
        return parameters | ({"freshness": self.freshness} if self.freshness else {})

    async def ask(self, query: str) -> Answer | Failure:
        """Ask once, and again where the failure is one that passes."""
        retries = 0
        while True:
            outcome = await self._ask_once(query)
            if isinstance(outcome, Answer) or retries >= RETRIES.get(outcome.code, 0):
                return outcome
            pause = outcome.retry_after if outcome.retry_after is not None else 0.5 * 2**retries
            if pause > MAX_WAIT:
                return outcome
            retries += 1
            await asyncio.sleep(pause)

    async def _ask_once(self, query: str) -> Answer | Failure:
        await self.throttle.wait()
        started = time.monotonic()
        try:
            async with (
                asyncio.timeout(30),
                self.client.stream(
                    "GET",
                    f"{self.base_url}/res/v1/web/search",
                    params={"q": query, **self.parameters},
                    headers={"Accept": "application/json", "X-Subscription-Token": self.key},
                ) as response,
            ):
                self.throttle.learn(response.headers)
                body = await read_capped(response, MAX_BODY)
        except (httpx.HTTPError, TimeoutError, BodyTooLargeError, ssl.SSLError) as error:
            return failure_of_transport(error)
        if response.status_code != 200:
            return failure_of_status(response, body)
        try:
            return Answer(results_in(body), time.monotonic() - started)
        except NotJsonError as error:
            return Failure("not_json", str(error))
        except SchemaError as error:
            return Failure("schema", str(error))


type Keep = Callable[[int, Answer | Failure], Awaitable[None]]


async def ask_all(search: Search, queries: Iterable[tuple[int, str]], keep: Keep) -> None:
    """Ask every (position, query) once and hand each outcome to `keep` as it comes.

    The first goes alone: it teaches the throttle what the plan allows. After a failure that would meet
    every query (bad key, spent quota), those not yet sent are not sent.
    """
    waiting = deque(queries)
    fatal = False

    async def ask(position: int, query: str) -> None:
        nonlocal fatal
        if not fatal:
            outcome = await search.ask(query)
            fatal = fatal or (isinstance(outcome, Failure) and outcome.code in FATAL)
            await keep(position, outcome)

    if waiting:
        await ask(*waiting.popleft())
    await asyncio.gather(*(ask(position, query) for position, query in waiting))


def failure_of_transport(error: Exception) -> Failure:
    """The failure behind an exception of the network."""
    match error:
        case BodyTooLargeError():
            return Failure("too_large", str(error))
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return Failure("certificate" if is_certificate_error(error) else "connect", str(error))
        case TimeoutError() | httpx.TimeoutException():
            return Failure("timeout", "no answer in time")
        case _:
            return Failure("truncated", str(error))


def failure_of_status(response: httpx.Response, body: bytes) -> Failure:
    """The failure behind an HTTP status. Details come from the service's own words, never its `meta`.

    `meta` may echo the token.
    """
    error = error_of(body)
    code, detail = str(error.get("code", "")), clean(str(error.get("detail", "")))[:200]
    wait = seconds_to_wait(response.headers)
    match response.status_code:
        case 401:
            return Failure("bad_key", detail)
        case 402:
            return Failure("plan", detail)
        case 403:
            return Failure("forbidden", detail)
        case 404:
            return Failure("endpoint", detail)
        case 422 if code == "SUBSCRIPTION_TOKEN_INVALID" or b"x-subscription-token" in body:
            return Failure("bad_key", detail)
        case 400 | 422:
            return Failure("invalid_query", detail)
        case 429 if code == "QUOTA_LIMITED" or quota_spent(response.headers, error):
            return Failure("quota", detail)
        case 429:
            return Failure("rate_limited", detail, wait if wait is not None else reset_of(response.headers))
        case status if status >= 500:
            return Failure("upstream", f"status {status}", wait)
        case status:
            return Failure("protocol", f"status {status}")


def error_of(body: bytes) -> dict[str, Any]:
    """The error object of a Brave body: `error: {…}` on the wire, `errors: […]` in the documentation."""
    try:
        document = json.loads(body)
    except ValueError:
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


class NotJsonError(ValueError):
    """A body that is no JSON in UTF-8."""


class SchemaError(ValueError):
    """JSON that is not of Brave's form."""


def results_in(body: bytes) -> tuple[Result, ...]:
    """The web and news results of a Brave body, in the order in which it mixes them."""
    try:
        text = body.decode("utf-8-sig")
        document = json.loads(text, parse_constant=refuse_constant, object_pairs_hook=refuse_twins)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotJsonError(str(error)) from error
    lists = {kind: result_list(document, kind) for kind in ("web", "news")}
    return tuple(result_of(kind, lists[kind][index]) for kind, index in mixed_order(document, lists))


def refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity are not JSON."""
    raise SchemaError(f"{name} in the body")


def refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object with the same key twice means two things: refuse it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise SchemaError("a key twice in one object")
    if any(isinstance(value, float) and value in (float("inf"), float("-inf")) for value in found.values()):
        raise SchemaError("a number beyond every range")
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
        published=clean(date_of(raw)),
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
