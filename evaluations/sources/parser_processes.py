"""Processes that find the article in a page, killed where one takes too long. Pure.

A parser that hangs or crashes costs its own page and a fresh process, nothing else.
"""

import asyncio
import os
import struct
import sys
from collections.abc import Mapping, Sequence

from . import parser
from .search import Failure

COMMAND = (sys.executable, "-P", "-m", "evaluations.sources.parser")
START_SECONDS = 30.0
PAGE_SECONDS = 5.0
MOST_PROCESSES = 4


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What a reader needs to start, and none of our keys."""
    return {**given, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}


def processors() -> int:
    """How many readers can work side by side."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_PROCESSES, there)


class Readers:
    """A few reader processes, started when they are needed. Close them with `aclose`."""

    def __init__(
        self,
        command: Sequence[str] = COMMAND,
        seconds: float = PAGE_SECONDS,
        count: int = 0,
        given: Mapping[str, str] | None = None,
    ) -> None:
        self.command, self.seconds = command, seconds
        self.environment = environment(given or {})
        self._gate = asyncio.Semaphore(count or processors())
        self._idle: list[asyncio.subprocess.Process] = []

    async def warm(self) -> None:
        """Start the first process while there is nothing else to do yet."""
        async with self._gate:
            if not self._idle:
                self._idle.append(await self._start())

    async def read(self, body: bytes, charset: str) -> str | Failure:
        """The article's text; `body` is HTML."""
        async with self._gate:
            try:
                process = self._idle.pop() if self._idle else await self._start()
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                return Failure("parser_missing", f"{type(error).__name__}: {error}"[:200])
            try:
                async with asyncio.timeout(self.seconds):
                    answer = await ask(process, charset.encode("ascii", "replace") + b"\n" + body)
            except TimeoutError:
                await end(process)
                return Failure("parser_hung", f"killed after {self.seconds:g} s")
            except (OSError, asyncio.IncompleteReadError):
                await end(process)
                return Failure("parser_crashed", f"its process ended with {process.returncode}")
            except BaseException:
                await end(process)
                raise
            self._idle.append(process)
        return understood(answer)

    async def aclose(self) -> None:
        """End every process."""
        while self._idle:
            await end(self._idle.pop())

    async def _start(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=self.environment,
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                await next_frame(process)
        except BaseException:
            await end(process)
            raise
        return process


async def ask(process: asyncio.subprocess.Process, content: bytes) -> bytes:
    """Hand over one page and wait for what was found in it."""
    assert process.stdin
    process.stdin.write(struct.pack(">I", len(content)) + content)
    await process.stdin.drain()
    return await next_frame(process)


async def next_frame(process: asyncio.subprocess.Process) -> bytes:
    """The next frame from a reader."""
    assert process.stdout
    (length,) = struct.unpack(">I", await process.stdout.readexactly(4))
    return await process.stdout.readexactly(length)


async def end(process: asyncio.subprocess.Process) -> None:
    """Kill a reader, which has nothing to lose, and wait until it is gone."""
    if process.returncode is None:
        process.kill()
    if process.stdin:
        process.stdin.close()
    await process.wait()


def understood(answer: bytes) -> str | Failure:
    """What a reader's answer says."""
    kind, content = answer[:1], answer[1:].decode("utf-8", "replace")
    if kind == parser.NOAI:
        return Failure("robots", "the page refuses language models")
    if kind != parser.TEXT:
        return Failure("parser_crashed", content)
    return content if content.strip() else Failure("empty", "no article in the page")
