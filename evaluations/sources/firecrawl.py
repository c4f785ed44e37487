"""Reading pages through Firecrawl v2 (`POST /v2/scrape`), which opens them from its own network. Pure."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from evaluations.wire.bodies import ACCEPT_ENCODING, BodyTooLargeError, read_capped, seconds_to_wait
from evaluations.wire.text import clean

from .addresses import AddressRefusedError, target_of
from .pages import Page
from .search import Failure, failure_of_transport, without

MAX_BODY = 5_000_000
SECONDS = 60.0  # for one request, everything included
MAX_WAIT = 30.0
TRIES = 3
AT_ONCE = 5

STATUSES = {401: "bad_key", 402: "plan", 403: "forbidden", 408: "timeout", 410: "gone", 429: "rate_limited"}
FATAL = frozenset({"bad_key", "plan", "forbidden", "certificate"})


@dataclass
class Firecrawl:
    """The service. After a refusal of the account, no other page is asked for."""

    client: httpx.AsyncClient
    base_url: str
    key: str = field(repr=False)
    at_once: int = AT_ONCE
    refusal: Failure | None = None

    async def read(self, url: str) -> Page:
        """The text of one page, as Markdown. A rate limit is waited for, twice at most."""
        started = time.monotonic()
        found = await self._read(url)
        seconds = time.monotonic() - started
        if isinstance(found, Failure):
            return Page(failure=str(without(self.key, found)), seconds=seconds)
        return Page(found, "", seconds)

    async def aclose(self) -> None:
        """Close every connection."""
        await self.client.aclose()

    async def _read(self, url: str) -> str | Failure:
        try:
            target_of(url)
        except AddressRefusedError as error:
            return Failure("address", str(error))
        found: str | Failure = Failure("rate_limited")
        for attempt in range(TRIES):
            if self.refusal:
                return self.refusal
            found = await self._ask(url)
            if not isinstance(found, Failure) or found.code != "rate_limited":
                break
            wait = max(found.retry_after or 0, 2.0**attempt)
            if wait > MAX_WAIT or attempt + 1 == TRIES:
                break
            await asyncio.sleep(wait)
        if isinstance(found, Failure) and found.code in FATAL:
            self.refusal = found
        return found

    async def _ask(self, url: str) -> str | Failure:
        request = self.client.stream(
            "POST",
            f"{self.base_url}/v2/scrape",
            json=request_body(url),
            headers={"Authorization": f"Bearer {self.key}", "Accept-Encoding": ACCEPT_ENCODING},
        )
        try:
            async with asyncio.timeout(SECONDS), request as response:
                body = await read_capped(response, MAX_BODY)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, BodyTooLargeError, OSError) as error:
            return failure_of_transport(error)
        return text_of(response.status_code, body, seconds_to_wait(response.headers))


def request_body(url: str) -> dict[str, Any]:
    """The page as it is now (no cache), its article only, at one credit."""
    return {
        "url": url,
        "formats": ["markdown"],
        "onlyMainContent": True,
        "removeBase64Images": True,
        "blockAds": True,
        "maxAge": 0,
        "proxy": "basic",
        "timeout": 30_000,
    }


def text_of(status: int, body: bytes, wait: float | None) -> str | Failure:
    """The page's text in Firecrawl's answer. Its success may carry the page's own 404."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if status != 200 or not isinstance(document, dict) or document.get("success") is not True:
        said = document if isinstance(document, dict) else {}
        code = STATUSES.get(status, "upstream" if status >= 500 else "protocol" if status != 200 else "schema")
        return Failure(code, clean(f"{said.get('code') or ''} {said.get('error') or ''}").strip()[:200], wait)
    data = document.get("data")
    metadata = data.get("metadata") if isinstance(data, dict) else None
    page_status = metadata.get("statusCode") if isinstance(metadata, dict) else None
    if isinstance(page_status, int) and page_status != 200:
        return Failure(f"http_{page_status}")
    text = data.get("markdown") if isinstance(data, dict) else None
    if not isinstance(text, str) or not text.strip():
        return Failure("empty", "no article in the page")
    return text
