"""Reading pages through Firecrawl v2 (`POST /v2/scrape`), which opens them from its own network. Pure."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx

from evaluations.wire import connections, documents, values
from evaluations.wire.bodies import ACCEPT_ENCODING
from evaluations.wire.failures import Code, Failure

from .addresses import AddressRefusedError, target_of
from .deployment import Deployment
from .pages import ReaderSource

KEY_VARIABLE = "FIRECRAWL_API_KEY"
LARGEST_ANSWER = 5_000_000  # bytes, decoded
SECONDS = 60.0  # for one request, everything included
MAX_WAIT = 30.0
AT_ONCE = 5

STATUSES = {
    401: Code.BAD_KEY,
    402: Code.PLAN,
    403: Code.NO_ACCESS,
    408: Code.TIMEOUT,
    410: Code.GONE,
    429: Code.RATE_LIMITED,
}


@dataclass
class Firecrawl:
    """The service. After a refusal of the account, no other page is asked for."""

    client: httpx.AsyncClient
    base_url: str
    key: str = field(repr=False)
    at_once: int = AT_ONCE
    refusal: Failure | None = None

    async def read(self, url: str) -> str | Failure:
        """The text of one page, as Markdown."""
        try:
            target_of(url)
        except AddressRefusedError as error:
            return Failure(Code.ADDRESS, str(error))
        tries = 0
        while not self.refusal:
            found, tries = await self._ask(url), tries + 1
            if not isinstance(found, Failure):
                return found
            wait = max(found.retry_after or 0, 2.0 ** (tries - 1))
            if found.fatal:
                self.refusal = found
            if wait > MAX_WAIT or not found.may_retry(tries):
                return found
            await asyncio.sleep(wait)
        return self.refusal

    async def aclose(self) -> None:
        """Close every connection."""
        await self.client.aclose()

    async def _ask(self, url: str) -> str | Failure:
        request = self.client.stream(
            "POST",
            f"{self.base_url}/v2/scrape",
            json=request_body(url),
            headers={"Authorization": f"Bearer {self.key}", "Accept-Encoding": ACCEPT_ENCODING},
        )
        answer = await connections.ask(request, SECONDS, LARGEST_ANSWER)
        if isinstance(answer, Failure):
            return answer.redact(self.key)
        response, body = answer
        found = text_of(response.status_code, body, values.header_wait(response.headers.get("retry-after", "")))
        return found.redact(self.key) if isinstance(found, Failure) else found


def connect(deployment: Deployment) -> Firecrawl:
    """The service, by the deployment's key."""
    return Firecrawl(httpx.AsyncClient(), deployment.firecrawl_url, deployment.key(KEY_VARIABLE))


SOURCE = ReaderSource(connect, KEY_VARIABLE)


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
        document = documents.read(body)
    except documents.UnreadableError:
        document = None
    if status != 200 or values.at(document, "success") is not True:
        code = STATUSES.get(status, Code.UPSTREAM if status >= 500 else Code.PROTOCOL if status != 200 else Code.SCHEMA)
        said = f"{values.text(document, 'code')} {values.text(document, 'error', most=values.SENTENCE)}"
        return Failure(code, said.strip(), wait)
    page_status = values.integer(document, "data", "metadata", "statusCode", least=100, most=599)
    if page_status not in (None, 200):
        return Failure(f"http_{page_status}")
    text = values.text(document, "data", "markdown", most=LARGEST_ANSWER)
    return text or Failure(Code.EMPTY, "no article in the page")
