"""What a search source is, and how queries are put to one: each once. Pure: no Django.

A new source is a module with a `SearchSource` and one line in `registry`.
"""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from evaluations.wire.failures import Code, Failure

from .deployment import Deployment

# Characters that a source keeps: what is longer is nobody's title, and would take the place of the material.
LONGEST_TITLE = 500
LONGEST_PUBLISHER = 200
LONGEST_DATE = 40
LEAST_SECONDS = 5.0  # in which a query is still worth asking


@dataclass(frozen=True, slots=True)
class Result:
    """One result: plain texts, dates as the service writes them. `text` where the source has the whole of it."""

    kind: str
    title: str
    url: str
    publisher: str = ""
    published: str = ""
    snippets: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """What a query brought back, in the order of the service, and how long it took."""

    results: tuple[Result, ...]
    seconds: float = 0.0


class Search(Protocol):
    """A source that is open for queries."""

    @property
    def at_once(self) -> int:
        """How many queries may be under way side by side, as far as is known by now."""

    async def ask(self, query: str) -> Hits | Failure:
        """Ask one query; failures are values."""

    async def aclose(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What editors ask of a search; each source takes what it knows."""

    count: int
    country: str = ""
    language: str = ""
    freshness: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class SearchSource:
    """One kind of source.

    `freeze` gives what a run keeps, so that a resume asks alike: `parameters`, which become part of the locked
    document, and whatever else `open` needs. It raises BadInputError where the wishes cannot be met.
    """

    freeze: Callable[[Wishes, Deployment], dict[str, Any]]
    open: Callable[[dict[str, Any], Deployment], Awaitable[Search]]
    key_variable: str = ""


type Keep = Callable[[int, Hits | Failure], Awaitable[None]]


async def ask_all(
    search: Search,
    queries: Iterable[tuple[int, str]],
    keep: Keep,
    stopped: Callable[[], bool] = lambda: False,
    seconds_left: Callable[[], float] = lambda: math.inf,
) -> None:
    """Ask every (position, query) once, in order, and hand each outcome to `keep` as it comes.

    One after another, or as many side by side as the source allows by then. After a failure that would meet
    every query (bad key, spent quota), once `stopped` says so, and where fewer than LEAST_SECONDS are left, those not
    yet sent are not sent; what is under way when no second is left fails with `no_time`.
    """
    waiting = deque(queries)
    under_way: set[asyncio.Task[bool]] = set()

    def may_go_on() -> bool:
        return not stopped() and seconds_left() >= LEAST_SECONDS

    async def ask(position: int, query: str) -> bool:
        outcome: Hits | Failure
        try:
            async with asyncio.timeout(seconds_left() if math.isfinite(seconds_left()) else None):
                outcome = await search.ask(query)
        except TimeoutError:
            outcome = Failure(Code.NO_TIME, "no time was left to wait for its answer")
        await keep(position, outcome)
        return isinstance(outcome, Failure) and outcome.fatal

    try:
        while waiting or under_way:
            while waiting and len(under_way) < max(1, search.at_once) and may_go_on():
                under_way.add(asyncio.create_task(ask(*waiting.popleft())))
            if not under_way:
                return
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            if True in {task.result() for task in done}:
                waiting.clear()
    finally:
        for task in under_way:
            task.cancel()
