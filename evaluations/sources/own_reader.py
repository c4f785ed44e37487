"""Reading pages ourselves: downloaded politely, by their robots.txt, and parsed in a process of its own. Pure."""

import asyncio
from collections import defaultdict
from importlib.util import find_spec

from protego import Protego

from evaluations.errors import NotConfiguredError
from evaluations.wire.failures import Code, Failure

from . import robots
from .addresses import Target
from .deployment import Deployment
from .downloads import Download, Downloads
from .guard import Guard
from .pages import FEW, ReaderSource
from .parser import decode
from .parser_processes import ParserProcesses

NAME = "FutbolReport"  # what robots.txt calls us
SECONDS = 20.0  # for the download of one page, redirects and robots.txt included
ROBOTS_SECONDS = 5.0
TEXT = frozenset({"text/plain"})
ANYTHING = frozenset({"text/plain", "text/html", "application/octet-stream", ""})


class OwnReader:
    """Our own reader."""

    at_once = FEW

    def __init__(self, downloads: Downloads, parsers: ParserProcesses, seconds: float = SECONDS) -> None:
        self.downloads, self.parsers, self.seconds = downloads, parsers, seconds
        self._rules: dict[str, Protego | Failure] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._warming: list[asyncio.Task[None]] = []

    async def read(self, url: str) -> str | Failure:
        """The text of one page."""
        if not self._warming:
            # The parser takes as long to load as a site to answer: both at once.
            self._warming.append(asyncio.create_task(self.parsers.warm()))
        try:
            async with asyncio.timeout(self.seconds):
                found = await self.downloads.get(url, self._permission)
        except TimeoutError:
            return Failure(Code.TIMEOUT, f"not there after {self.seconds:g} s")
        if isinstance(found, Failure):
            return found
        if "noai" in found.robots_tag:
            return Failure(Code.ROBOTS, "the page refuses language models")
        if looks_binary(found):
            return Failure(Code.CONTENT_TYPE, f"not {found.content_type}")
        if found.content_type in TEXT:
            text = decode(found.body, found.charset)
            return text if text.strip() else Failure(Code.EMPTY, "no text in the page")
        return await self.parsers.read(found.body, found.charset)

    async def aclose(self) -> None:
        """Close connections, end processes."""
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        await self.downloads.aclose()
        await self.parsers.aclose()

    async def _permission(self, target: Target) -> Failure | None:
        """A reason not to open this address, by the robots.txt of its site."""
        async with self._turns[target.origin]:
            if target.origin not in self._rules:
                self._rules[target.origin] = await self._rules_of(target)
        rules = self._rules[target.origin]
        if isinstance(rules, Failure):
            return rules
        return None if rules.can_fetch(target.path, NAME) else Failure(Code.ROBOTS, "disallowed by robots.txt")

    async def _rules_of(self, target: Target) -> Protego | Failure:
        """The rules of a site. No robots.txt: none; one that cannot be had: nothing may be read (RFC 9309)."""
        try:
            async with asyncio.timeout(ROBOTS_SECONDS):
                found = await self.downloads.get(f"{target.origin}/robots.txt", types=ANYTHING, first=robots.MOST_BYTES)
        except TimeoutError:
            return Failure(Code.ROBOTS, "robots.txt did not come in time")
        if isinstance(found, Download):
            return robots.parse(found.body.decode("utf-8", "replace"), NAME)
        if found.code.startswith("http_4") or found.code == Code.CONTENT_TYPE:
            return robots.parse("", NAME)
        if found.code.startswith("http_"):
            return Failure(Code.ROBOTS, f"robots.txt cannot be had: {found}")
        return found


def require_parser() -> None:
    """Raise NotConfiguredError where the parser of articles is not installed."""
    if find_spec("trafilatura") is None:
        raise NotConfiguredError(
            "Reading full pages needs trafilatura: `uv pip install -r requirements-fulltext.txt`, or choose snippets "
            "only in admin."
        )


def start(deployment: Deployment) -> OwnReader:
    """Our own reader, under the name of the site."""
    agent = f"{NAME}/1.0 (+{deployment.site_url}/about/)"
    downloads = Downloads(agent, Guard(), own_hosts=deployment.own_hosts)
    return OwnReader(downloads, ParserProcesses(environment=deployment.environment))


SOURCE = ReaderSource(start, require=require_parser)


def looks_binary(found: Download) -> bool:
    """Whether a body is no text, whatever its headers say: NUL bytes, and no UTF-16."""
    return b"\0" in found.body[:1024] and found.body[:2] not in (b"\xff\xfe", b"\xfe\xff") and "16" not in found.charset
