"""Asking a search source, once per query: what a source is, and how queries are put to it. Pure: no Django.

A new source is a class with `at_once` and `ask`, and one line in `evaluations.pipeline.services`.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

import httpx

from evaluations.wire.bodies import BodyTooLargeError, is_certificate_error, is_name_error
from evaluations.wire.text import clean

# Failures of the account or the address: no other query would fare better.
FATAL = frozenset({"bad_key", "forbidden", "plan", "endpoint", "quota", "certificate"})


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
    def at_once(self) -> int:
        """How many queries may be under way side by side, as far as is known by now."""

    async def ask(self, query: str) -> Answer | Failure:
        """Ask one query; failures are values."""


type Keep = Callable[[int, Answer | Failure], Awaitable[None]]


async def ask_all(
    search: Search, queries: Iterable[tuple[int, str]], keep: Keep, stopped: Callable[[], bool] = lambda: False
) -> None:
    """Ask every (position, query) once, in order, and hand each outcome to `keep` as it comes.

    One after another, or as many side by side as the source allows by then. After a failure that would meet
    every query (bad key, spent quota), and once `stopped` says so, those not yet sent are not sent.
    """
    waiting = deque(queries)
    under_way: set[asyncio.Task[bool]] = set()

    async def ask(position: int, query: str) -> bool:
        outcome = await search.ask(query)
        await keep(position, outcome)
        return isinstance(outcome, Failure) and outcome.code in FATAL

    try:
        while waiting or under_way:
            while waiting and len(under_way) < max(1, search.at_once) and not stopped():
                under_way.add(asyncio.create_task(ask(*waiting.popleft())))
            if not under_way:
                return
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            if True in {task.result() for task in done}:
                waiting.clear()
    finally:
        for task in under_way:
            task.cancel()


def without(key: str, failure: Failure) -> Failure:
    """The failure, whatever the service echoed: the key is neither stored nor logged."""
    detail = " ".join(clean(failure.detail).split())
    return replace(failure, detail=(detail.replace(key, "[key]") if key else detail)[:200])


def failure_of_transport(error: Exception) -> Failure:
    """The failure behind an exception of the network."""
    match error:
        case BodyTooLargeError():
            return Failure("too_large", str(error))
        case httpx.ConnectError() if is_certificate_error(error):
            return Failure("certificate", str(error))
        case httpx.ConnectError() if is_name_error(error):
            return Failure("dns", str(error))
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return Failure("connect", str(error))
        case TimeoutError() | httpx.TimeoutException():
            return Failure("timeout", "no answer in time")
        case _:
            return Failure("truncated", str(error))
