"""Processes that read the HTML of pages, killed where one takes too long. Pure.

A parser that hangs or crashes costs its own page and a fresh process, nothing else.
"""

import asyncio
import os
import struct
import sys
from collections.abc import Mapping, Sequence

from evaluations.wire.failures import Code, Failure

from . import parser

COMMAND = (sys.executable, "-P", "-m", "evaluations.sources.parser")
ARTICLE, WHOLE = (*COMMAND, "article"), (*COMMAND, "whole")
START_SECONDS = 30.0
PAGE_SECONDS = 5.0
MOST_PROCESSES = 4


def start_environment(given: Mapping[str, str]) -> dict[str, str]:
    """What a process needs to start, and none of our keys."""
    return {**given, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}


def processor_count() -> int:
    """How many processes can work side by side."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_PROCESSES, there)


class ParserProcesses:
    """A few processes, started when they are needed. Close them with `aclose`."""

    def __init__(
        self,
        command: Sequence[str] = ARTICLE,
        seconds: float = PAGE_SECONDS,
        count: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.command, self.seconds = command, seconds
        self.environment = start_environment(environment or {})
        self._gate = asyncio.Semaphore(count or processor_count())
        self._idle: list[asyncio.subprocess.Process] = []

    async def warm(self) -> None:
        """Start the first process while there is nothing else to do yet."""
        async with self._gate:
            if not self._idle:
                self._idle.append(await self._start())

    async def read(self, body: bytes, charset: str) -> str | Failure:
        """What the command finds in a page; `body` is HTML."""
        async with self._gate:
            try:
                process = self._idle.pop() if self._idle else await self._start()
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                return Failure(Code.PARSER_MISSING, f"{type(error).__name__}: {error}"[:200])
            try:
                async with asyncio.timeout(self.seconds):
                    answer = await ask(process, charset.encode("ascii", "replace") + b"\n" + body)
            except TimeoutError:
                await kill(process)
                return Failure(Code.PARSER_HUNG, f"killed after {self.seconds:g} s")
            except (OSError, asyncio.IncompleteReadError):
                await kill(process)
                return Failure(Code.PARSER_CRASHED, f"its process ended with {process.returncode}")
            except BaseException:
                await kill(process)
                raise
            self._idle.append(process)
        return parse_answer(answer)

    async def aclose(self) -> None:
        """End every process."""
        while self._idle:
            await kill(self._idle.pop())

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
            await kill(process)
            raise
        return process


async def ask(process: asyncio.subprocess.Process, content: bytes) -> bytes:
    """Hand over one page and wait for what was found in it."""
    assert process.stdin
    process.stdin.write(struct.pack(">I", len(content)) + content)
    await process.stdin.drain()
    return await next_frame(process)


async def next_frame(process: asyncio.subprocess.Process) -> bytes:
    """The next frame from a process."""
    assert process.stdout
    (length,) = struct.unpack(">I", await process.stdout.readexactly(4))
    return await process.stdout.readexactly(length)


async def kill(process: asyncio.subprocess.Process) -> None:
    """Kill a process, which has nothing to lose, and wait until it is gone."""
    if process.returncode is None:
        process.kill()
    if process.stdin:
        process.stdin.close()
    await process.wait()


def parse_answer(answer: bytes) -> str | Failure:
    """What a process's answer says."""
    kind, content = answer[:1], answer[1:].decode("utf-8", "replace")
    if kind == parser.NOAI:
        return Failure(Code.ROBOTS, "the page refuses language models")
    if kind != parser.TEXT:
        return Failure(Code.PARSER_CRASHED, content)
    return content if content.strip() else Failure(Code.EMPTY, "no article in the page")
