"""A web of its own for tests: every name and number leads to one loopback server, and every connection is noted."""

import asyncio
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpcore

from evaluations.sources.downloads import Downloads, Limits
from evaluations.sources.guard import Guard
from evaluations.sources.pages import Page
from tests.pipeline import wire
from tests.pipeline.wire import Answer, Request, Wire

PUBLIC = "93.184.216.34"
AGENT = "FutbolReport/1.0 (+http://127.0.0.1:8000/about/)"


def reason(page: Page) -> str:
    """The reason code of a page; "" where it has its text."""
    return page.failure.code if page.failure else ""


class Stream(httpcore.AsyncNetworkStream):
    """A stream that says it ends where it was asked to."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, other_end: tuple[str, int]) -> None:
        self.inner, self.other_end = inner, other_end

    async def read(self, *arguments: Any, **named: Any) -> bytes:
        return await self.inner.read(*arguments, **named)

    async def write(self, *arguments: Any, **named: Any) -> None:
        await self.inner.write(*arguments, **named)

    async def start_tls(self, *arguments: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        return Stream(await self.inner.start_tls(*arguments, **named), self.other_end)

    async def aclose(self) -> None:
        await self.inner.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self.other_end if info == "server_addr" else self.inner.get_extra_info(info)


@dataclass
class Connector(httpcore.AsyncNetworkBackend):
    """Notes where a connection was to lead, and leads it to the loopback server."""

    port: int
    opened: list[tuple[str, int]] = field(default_factory=list)
    lands_at: str = ""

    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        self.opened.append((host, port))
        stream = await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port)
        return Stream(stream, (self.lands_at or host, port))

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise AssertionError("a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Web:
    """The server behind all names, and the connections."""

    server: Wire
    connector: Connector
    names: Mapping[str, Sequence[str]]
    resolved: list[str] = field(default_factory=list)

    async def resolve(self, host: str, _port: int) -> Sequence[str]:
        self.resolved.append(host)
        if host in self.names:
            return self.names[host]
        return [host] if host[0].isdigit() or ":" in host else [PUBLIC]

    def downloads(self, limits: Limits | None = None, **options: Any) -> Downloads:
        """Downloads under guard in this web."""
        guard = Guard(self.resolve, self.connector, **options)
        return Downloads(AGENT, guard, limits, frozenset({"our-site.example"}))

    @property
    def opened(self) -> list[tuple[str, int]]:
        """Where connections led."""
        return self.connector.opened


@contextmanager
def web(
    script: Callable[[Request], Answer],
    names: Mapping[str, Sequence[str]] | None = None,
    lands_at: str = "",
    tls: ssl.SSLContext | None = None,
) -> Iterator[Web]:
    """The web, until the block ends."""
    with wire.serving(script, tls) as server:
        yield Web(server, Connector(server.port, lands_at=lands_at), names or {})


def page(*paragraphs: str, head: str = "") -> bytes:
    """An article as a site wraps it."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html><head><title>A title</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<main><article><h1>A title</h1>{text}</article></main><footer>Imprint</footer></body></html>"
    ).encode()


def html(body: bytes, content_type: str = "text/html; charset=utf-8", **headers: str) -> Answer:
    """A page."""
    return wire.whole(body, Content_Type=content_type, **headers)


def redirect(location: str, status: int = 302) -> Answer:
    """A way to somewhere else."""
    return wire.whole(b"", status, Location=location)


def site(pages: Mapping[str, Answer], robots: Answer | None = None) -> Callable[[Request], Answer]:
    """A script: pages by path, one robots.txt for all hosts, 404 for the rest."""

    def script(request: Request) -> Answer:
        if request.path == "/robots.txt":
            return robots or wire.whole(b"", 404)
        return pages.get(request.path) or pages.get("*") or wire.whole(b"", 404)

    return script
