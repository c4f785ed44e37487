"""A provider on a real loopback socket that misbehaves as told, byte by byte."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.listening import listening

REPORT = {
    "id": "gen-1",
    "model": "m",
    "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": "A report."}}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "cost": 0.001},
}
OK = json.dumps(REPORT).encode()

type Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def response(status: int = 200, body: bytes = OK, **headers: str) -> Answer:
    """A whole answer."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, len(body), **headers) + body)

    return answer


def head(status: int, length: int, **headers: str) -> bytes:
    """Status line and headers."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {length}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def cut_in_half(writer: asyncio.StreamWriter) -> None:
    """Headers, half of the body, and the line goes dead."""
    writer.write(head(200, len(OK), X_Generation_Id="gen-half") + OK[: len(OK) // 2])
    await writer.drain()


async def hang_up(_writer: asyncio.StreamWriter) -> None:
    """The request was read; no answer comes."""


async def silence(_writer: asyncio.StreamWriter) -> None:
    """Nothing for as long as anybody waits."""
    await asyncio.sleep(60)


async def heartbeats(writer: asyncio.StreamWriter) -> None:
    """Headers at once, then white space for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nX-Generation-Id: gen-beat\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b" \n")
        await writer.drain()
        await asyncio.sleep(0.01)


async def heartbeats_then_report(writer: asyncio.StreamWriter) -> None:
    """White space for a while, then the answer."""
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(20):
        writer.write(b" \n")
        await writer.drain()
        await asyncio.sleep(0.01)
    writer.write(OK)


async def endless(writer: asyncio.StreamWriter) -> None:
    """A body without end."""
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b"x" * 1_000_000)
        await writer.drain()


class Provider:
    """The server: `script` gives the answer for the n-th request of a model (from 1)."""

    def __init__(self, script: Callable[[str, int], Answer]) -> None:
        self.script = script
        self.bodies: list[bytes] = []
        self.models: list[str] = []
        self.url = ""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and answer as the script says."""
        header = await reader.readuntil(b"\r\n\r\n")
        length = int(header.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        model = str(json.loads(body)["model"])
        self.bodies.append(body)
        self.models.append(model)
        await self.script(model, self.models.count(model))(writer)
        await writer.drain()


@asynccontextmanager
async def serving(script: Callable[[str, int], Answer], tls: ssl.SSLContext | None = None) -> AsyncIterator[Provider]:
    """The provider, listening on a free port."""
    provider = Provider(script)
    async with listening(provider, tls) as port:
        provider.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        yield provider
