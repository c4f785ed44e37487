"""A server on a real loopback socket, in a thread of its own, that answers byte by byte as a test says."""

import asyncio
import json
import ssl
import threading
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.listening import listening_in_a_thread

CASES = Path(__file__).parents[3] / "shared" / "cases"

type Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def cases(name: str, key: str, layer: str = "") -> list[Any]:
    """The entries of a catalogue; one that is skipped, loudly, where the catalogue is absent."""
    path = CASES / name
    if not path.exists():
        reason = f"MISSING PART: {path}"
        return [pytest.param({"id": "absent", "kind": "absent"}, marks=pytest.mark.skip(reason=reason), id="absent")]
    entries = json.loads(path.read_text())[key]
    return [
        pytest.param(entry, id=f"{entry['id']}-{entry['kind']}")
        for entry in entries
        if not layer or entry["layer"] == layer
    ]


@dataclass
class Request:
    """One request as it came."""

    target: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        """Without the query string."""
        return urlsplit(self.target).path

    @property
    def query(self) -> str:
        """The `q` of a search."""
        return parse_qs(urlsplit(self.target).query).get("q", [""])[0]


@dataclass
class Wire:
    """The server. `script` gives the answer to a request; `requests` holds what came."""

    script: Callable[[Request], Answer]
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    under_way: int = 0
    most_at_once: int = 0

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def asked(self, query: str) -> int:
        """How often a query came."""
        return sum(request.query == query for request in self.requests)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and answer."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        request = Request(first.split(" ")[1], headers)
        self.requests.append(request)
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            await self.script(request)(writer)
            await writer.drain()
        finally:
            self.under_way -= 1


@contextmanager
def serving(script: Callable[[Request], Answer], tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """The server, listening on a free port until the block ends."""
    wire = Wire(script)
    with listening_in_a_thread(wire, tls) as wire.port:
        yield wire


# Answers


def whole(body: bytes = b"", status: int = 200, **headers: str) -> Answer:
    """A whole answer; underscores in the names of headers stand for hyphens."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, Content_Length=str(len(body)), **headers) + body)

    return answer


def head(status: int = 200, **headers: str) -> bytes:
    """Status line and headers."""
    lines = [f"HTTP/1.1 {status} X", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def cut(body: bytes, **headers: str) -> Answer:
    """Half of the body that was announced."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head(Content_Length=str(len(body)), **headers) + body[: len(body) // 2])

    return answer


def cut_chunked(body: bytes, **headers: str) -> Answer:
    """A chunk, and no last one."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head(Transfer_Encoding="chunked", **headers) + f"{len(body):x}\r\n".encode() + body + b"\r\n")

    return answer


def huge(size: int, **headers: str) -> Answer:
    """`size` bytes of nothing."""
    return repeated(b" " * 65_536, size // 65_536, Content_Length=str(size // 65_536 * 65_536), **headers)


def repeated(piece: bytes, times: int, first: bytes = b"", **headers: str) -> Answer:
    """The same piece again and again."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head(**headers) + first)
        for _ in range(times):
            writer.write(piece)
            await writer.drain()

    return answer


def endless(piece: bytes = b"<p>Again.</p>" * 100, **headers: str) -> Answer:
    """Chunks without end."""
    chunk = f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    return repeated(chunk, 10**9, Transfer_Encoding="chunked", **headers)


def drip(**headers: str) -> Answer:
    """A byte now and then, for ever."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head(Content_Length="1000000", **headers))
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    return answer


async def silence(_writer: asyncio.StreamWriter) -> None:
    """Nothing for as long as anybody waits."""
    await asyncio.sleep(60)


@cache
def bomb_parts() -> tuple[bytes, bytes]:
    """The head of a gzip stream, and a piece that unfolds to 10 MB however often it is repeated."""
    packer = zlib.compressobj(9, wbits=31)
    first = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    pieces = [packer.compress(b" " * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)]
    return first + pieces[0], pieces[1]


def gzip_bomb(size: int = 1_000_000_000, **headers: str) -> Answer:
    """One gzip stream of a thousandth of `size`, which unfolds to `size`."""
    first, piece = bomb_parts()
    return repeated(piece, size // 10_000_000, first, Content_Encoding="gzip", **headers)


@contextmanager
def memory_growth() -> Iterator[list[float]]:
    """How many MB this process grew at most within the block: the list's only value afterwards."""
    grown: list[float] = []
    peak, over = 0, threading.Event()

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    def watch() -> None:
        nonlocal peak
        while not over.is_set():
            peak = max(peak, resident())
            time.sleep(0.002)

    before = resident()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield grown
    finally:
        over.set()
        watcher.join()
        grown.append((max(peak, resident()) - before) / 1e6)
