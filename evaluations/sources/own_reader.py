"""Reading pages ourselves: downloaded politely, by their robots.txt, and parsed in a process of its own. Pure."""

import asyncio
import time
from collections import defaultdict

from . import robots
from .addresses import Target
from .downloads import Download, Downloads
from .pages import FEW, Page
from .parser_processes import Readers
from .search import Failure

SECONDS = 20.0  # for the download of one page, redirects and robots.txt included
ROBOTS_SECONDS = 5.0
TEXT = frozenset({"text/plain"})
ANYTHING = frozenset({"text/plain", "text/html", "application/octet-stream", ""})


class Local:
    """Our own reader. `name` is what robots.txt calls us."""

    at_once = FEW

    def __init__(self, downloads: Downloads, readers: Readers, name: str, seconds: float = SECONDS) -> None:
        self.downloads, self.readers, self.name, self.seconds = downloads, readers, name, seconds
        self._rules: dict[str, robots.Rules | Failure] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._warming: list[asyncio.Task[None]] = []

    async def read(self, url: str) -> Page:
        """The text of one page."""
        started = time.monotonic()
        if not self._warming:
            # The parser takes as long to load as a site to answer: both at once.
            self._warming.append(asyncio.create_task(self.readers.warm()))
        found = await self._read(url)
        seconds = time.monotonic() - started
        return Page(failure=str(found), seconds=seconds) if isinstance(found, Failure) else Page(found, "", seconds)

    async def aclose(self) -> None:
        """Close connections, end processes."""
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        await self.downloads.aclose()
        await self.readers.aclose()

    async def _read(self, url: str) -> str | Failure:
        try:
            async with asyncio.timeout(self.seconds):
                found = await self.downloads.get(url, self._may)
        except TimeoutError:
            return Failure("timeout", f"not there after {self.seconds:g} s")
        if isinstance(found, Failure):
            return found
        if "noai" in found.robots_tag:
            return Failure("robots", "the page refuses language models")
        if looks_binary(found):
            return Failure("content_type", f"not {found.content_type}")
        if found.content_type in TEXT:
            text = found.body.decode("utf-8", "replace")
            return text if text.strip() else Failure("empty", "no text in the page")
        return await self.readers.read(found.body, found.charset)

    async def _may(self, target: Target) -> Failure | None:
        """A reason not to open this address, by the robots.txt of its site."""
        async with self._turns[target.origin]:
            if target.origin not in self._rules:
                self._rules[target.origin] = await self._rules_of(target)
        rules = self._rules[target.origin]
        if isinstance(rules, Failure):
            return rules
        return None if robots.allows(rules, target.path) else Failure("robots", "disallowed by robots.txt")

    async def _rules_of(self, target: Target) -> robots.Rules | Failure:
        """The rules of a site. No robots.txt: none; one that cannot be had: nothing may be read (RFC 9309)."""
        try:
            async with asyncio.timeout(ROBOTS_SECONDS):
                found = await self.downloads.get(f"{target.origin}/robots.txt", types=ANYTHING, most=robots.MAX_BODY)
        except TimeoutError:
            return Failure("robots", "robots.txt did not come in time")
        if isinstance(found, Download):
            return robots.rules_for(found.body.decode("utf-8", "replace"), self.name)
        if found.code.startswith("http_4") or found.code == "content_type":
            return ()
        if found.code.startswith("http_"):
            return Failure("robots", f"robots.txt cannot be had: {found}")
        return found


def looks_binary(found: Download) -> bool:
    """Whether a body is no text, whatever its headers say: NUL bytes, and no UTF-16."""
    return b"\0" in found.body[:1024] and found.body[:2] not in (b"\xff\xfe", b"\xfe\xff") and "16" not in found.charset
