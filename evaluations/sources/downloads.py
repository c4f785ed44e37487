"""Opening pages of the web, politely and under caps: what comes back are bytes, or a reason. Pure.

No cookies, no credentials, nothing from the environment; one request a host at a time.
"""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urljoin

import httpcore
import httpx

from evaluations.wire import connections
from evaluations.wire.bodies import ACCEPT_ENCODING, BodyTooLargeError, Unfolding
from evaluations.wire.failures import Code, Failure

from .addresses import AddressRefusedError, Target, target_of
from .guard import Guard

PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one download may go. Bytes are decoded ones."""

    body: int = 2_000_000
    redirects: int = 3
    connect_seconds: float = 10.0
    read_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Download:
    """A body, and what its headers say of it."""

    status: int
    content_type: str = ""
    charset: str = ""
    robots_tag: str = ""
    location: str = ""
    body: bytes = field(default=b"", repr=False)


# Asked before every hop: a reason not to go there, or None.
type Permission = Callable[[Target], Awaitable[Failure | None]]


async def allow_all(_target: Target) -> Failure | None:
    """No reason not to."""
    return None


@cache
def tls() -> ssl.SSLContext:
    """The usual roots, never those that the environment names. Made once: it takes 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


class Downloads:
    """Opens addresses for one run. Close it with `aclose`."""

    def __init__(
        self, agent: str, guard: Guard, limits: Limits | None = None, own_hosts: frozenset[str] = frozenset()
    ) -> None:
        self.agent, self.limits, self.own_hosts = agent, limits or Limits(), own_hosts
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls(), max_connections=None, max_keepalive_connections=0, network_backend=guard
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()

    async def get(
        self, url: str, permission: Permission = allow_all, types: frozenset[str] = PAGES, first: int | None = None
    ) -> Download | Failure:
        """What is at `url`, through at most `limits.redirects` redirects, each of them checked.

        A body over `limits.body` is a failure; where the `first` bytes are enough, they are all that is read.
        """
        try:
            target = target_of(url, self.own_hosts)
            for _ in range(1 + self.limits.redirects):
                if refusal := await permission(target):
                    return refusal
                found = await self._hop(target, types, first)
                if found.status not in REDIRECTS:
                    return found if found.status == 200 else Failure(f"http_{found.status}")
                url = urljoin(url, found.location)
                target = next_target(target, url, self.own_hosts)
        except Exception as error:  # noqa: BLE001 - whatever a page does, it costs itself alone
            return failure_of(error)
        return Failure(Code.REDIRECTS, f"more than {self.limits.redirects}")

    async def _hop(self, target: Target, types: frozenset[str], first: int | None) -> Download:
        timeout = {
            "connect": self.limits.connect_seconds,
            "read": self.limits.read_seconds,
            "write": self.limits.read_seconds,
            "pool": self.limits.connect_seconds,
        }
        async with (
            self._turns[target.host],
            self._pool.stream(
                "GET",
                httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path),
                headers={
                    "Host": host_header(target),
                    "User-Agent": self.agent,
                    "Accept": "text/html,application/xhtml+xml,text/plain",
                    "Accept-Encoding": ACCEPT_ENCODING,
                },
                extensions={"timeout": timeout},
            ) as response,
        ):
            headers = httpx.Headers(response.headers)
            content_type, _, more = headers.get("content-type", "").partition(";")
            head = Download(
                status=response.status,
                content_type=content_type.strip().lower(),
                charset=more.lower().partition("charset=")[2].strip(" \"';")[:40],
                robots_tag=headers.get("x-robots-tag", "").lower(),
                location=headers.get("location", ""),
            )
            if head.status != 200:
                return head
            if head.content_type not in types:
                raise UnwantedTypeError(head.content_type or "none")
            body = await self._body(response, headers.get("content-encoding", ""), first)
        return Download(head.status, head.content_type, head.charset, head.robots_tag, body=body)

    async def _body(self, response: httpcore.Response, encoding: str, first: int | None) -> bytes:
        received = bytearray()
        unfolding = Unfolding(encoding, first or self.limits.body, received)
        try:
            async for piece in response.aiter_stream():
                unfolding.take(piece)
        except BodyTooLargeError as error:
            if first is None:
                raise
            return error.received
        return bytes(received)


class UnwantedTypeError(Exception):
    """A body that is no page."""


def host_header(target: Target) -> str:
    """Host, and the port where the scheme does not imply it."""
    usual = {"http": ":80", "https": ":443"}[target.scheme]
    return target.origin.removeprefix(f"{target.scheme}://").removesuffix(usual)


def next_target(target: Target, url: str, own_hosts: frozenset[str]) -> Target:
    """Where a redirect leads. Raises AddressRefusedError, also for a way from https back to http."""
    found = target_of(url, own_hosts)
    if (target.scheme, found.scheme) == ("https", "http"):
        raise AddressRefusedError("redirected from https to http")
    return found


def failure_of(error: Exception) -> Failure:
    """The reason behind an exception, as a value."""
    match error:
        case AddressRefusedError():
            return Failure(Code.ADDRESS, str(error))
        case UnwantedTypeError():
            return Failure(Code.CONTENT_TYPE, str(error)[:100])
        case _ if connections.code_of(error) is Code.UNREADABLE:
            return Failure(Code.UNREADABLE, f"{type(error).__name__}: {error}"[:200])
        case _:
            return connections.failure_of(error)
