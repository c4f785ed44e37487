"""The text of the pages behind the results: many at once, each kept as it comes. Pure: no Django.

A new way to the text of pages is a module with a `ReaderSource` and one line in `registry`.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from evaluations.wire.failures import Code, Failure

from .deployment import Deployment

MOST_SECONDS = 120.0  # for all pages of a run
FEW = 40  # pages that are opened all at once, so that the slowest decides; of a longer list, CROWD at a time
CROWD = 8


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page, or the reason why there is none."""

    text: str = ""
    failure: Failure | None = None
    seconds: float = 0.0


class PageReader(Protocol):
    """A way to the text of a page."""

    @property
    def at_once(self) -> int:
        """How many pages may be under way side by side."""

    async def read(self, url: str) -> str | Failure:
        """The text of one page; failures are values."""

    async def aclose(self) -> None:
        """Let go of connections and processes."""


@dataclass(frozen=True, slots=True)
class ReaderSource:
    """One kind of reader. `require` raises NotConfiguredError where a part of it is not installed."""

    open: Callable[[Deployment], PageReader]
    key_variable: str = ""
    require: Callable[[], None] = lambda: None


type Keep = Callable[[str, Page], Awaitable[None]]


async def read_all(
    reader: PageReader,
    pages: Mapping[str, str],
    keep: Keep,
    stopped: Callable[[], bool] = lambda: False,
    seconds: float = MOST_SECONDS,
) -> None:
    """Read every page (name to URL) once and hand each to `keep` under its name as it comes.

    Pages of one host come one after another; side by side are as many as the reader allows, and no more than CROWD
    where there are more than FEW. After `seconds`, what is still open fails with `no_time`; once
    `stopped` says so, no other page is opened.
    """
    gate = asyncio.Semaphore(reader.at_once if len(pages) <= FEW else min(reader.at_once, CROWD))
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    queues: defaultdict[str, list[str]] = defaultdict(list)
    for name, url in pages.items():
        queues[host_of(url)].append(name)

    async def read_in_turn(names: list[str]) -> None:
        for name in names:
            async with gate:
                if stopped():
                    return
                started = clock()
                try:
                    async with asyncio.timeout_at(end):
                        found = await reader.read(pages[name])
                except TimeoutError:
                    found = Failure(Code.NO_TIME, f"all pages together may take {seconds:g} s")
                text, failure = ("", found) if isinstance(found, Failure) else (found, None)
                await keep(name, Page(text, failure, clock() - started))

    try:
        async with asyncio.TaskGroup() as group:
            for names in queues.values():
                group.create_task(read_in_turn(names))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors


def host_of(url: str) -> str:
    """The host that a URL names, to queue by; what cannot be read has a queue of its own."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url
