"""The journal that every call writes to before its request leaves and when its outcome is there. Pure."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from .outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Intent:
    """A request is about to leave: the journal answers with a Permit, or a Refusal."""

    report: int
    number: int


@dataclass(frozen=True, slots=True)
class Permit:
    """The attempt is committed; send it."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Do not send."""

    reason: str


@dataclass(frozen=True, slots=True)
class HeadersArrived:
    """The answer's headers are there, and with them its generation id."""

    attempt: int
    generation_id: str


@dataclass(frozen=True, slots=True)
class Beat:
    """Nothing new; the worker is alive."""


type Entry = Intent | HeadersArrived | Outcome | Beat
type Reply = Permit | Refusal | None
type Commit = Callable[[Sequence[Entry]], Awaitable[Sequence[Reply]]]


class Journal:
    """Group commit: what is written while a commit is under way goes into the next one together."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._waiting: list[tuple[Entry, asyncio.Future[Reply]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._broken: BaseException | None = None

    @property
    def is_broken(self) -> bool:
        """Whether a commit has failed: nothing more can be written."""
        return self._broken is not None

    async def write(self, entry: Entry) -> Reply:
        """Return the reply once the entry is committed. Raises what the commit raised."""
        if self._broken:
            raise self._broken
        committed: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, committed))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_out())
        return await committed

    async def drain(self) -> None:
        """Return when everything handed in so far is committed, or has failed."""
        if self._writer is not None:
            await self._writer

    async def _write_out(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            futures = [future for _, future in batch]
            try:
                replies = await self._commit([entry for entry, _ in batch])
            except BaseException as error:
                # What came in meanwhile, or comes later, would fail alike, after as long a wait.
                self._broken = error
                waiting, self._waiting = self._waiting, []
                for future in pending([*futures, *(future for _, future in waiting)]):
                    future.set_exception(error)
                if not isinstance(error, Exception):
                    raise
            else:
                replied = dict(zip(futures, replies, strict=True))
                for future in pending(futures):
                    future.set_result(replied[future])


def pending(futures: Sequence[asyncio.Future[Reply]]) -> list[asyncio.Future[Reply]]:
    """The futures whose writer was not cancelled meanwhile."""
    return [future for future in futures if not future.done()]
