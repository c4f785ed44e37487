"""Connections to public addresses only, checked on the connection that is really opened. Pure."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore

from .addresses import PORTS, AddressRefusedError, is_public

RESOLVE_SECONDS = 5.0
MOST_ADDRESSES = 3  # of one name that are tried

type Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, IPv4 first."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = dict.fromkeys(str(row[4][0]) for row in found)
    return sorted(addresses, key=lambda address: ":" in address)


class Guard(httpcore.AsyncNetworkBackend):
    """Resolves a name once, refuses it if any of its addresses leads inward, and connects to one of these.

    No name is resolved a second time between the check and the connection, and the other end of the opened
    connection is checked again before a byte is sent. Every hop of a redirect comes through here.
    """

    def __init__(
        self,
        resolve: Resolve = resolve,
        inner: httpcore.AsyncNetworkBackend | None = None,
        allowed: Callable[[str], bool] = is_public,
    ) -> None:
        self._resolve, self._allowed = resolve, allowed
        self._inner = inner or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Open a connection to `host`. Raises AddressRefusedError, httpcore.ConnectError, ConnectTimeout."""
        addresses = await self._addresses(host, port)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses[:MOST_ADDRESSES]:
            try:
                stream = await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            other_end = stream.get_extra_info("server_addr")
            if not other_end or not self._allowed(str(other_end[0])):
                await stream.aclose()
                raise AddressRefusedError(f"{host} led to {other_end and other_end[0]}")
            return stream
        raise failure

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Raises AddressRefusedError, always."""
        raise AddressRefusedError("a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between its tries."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        if port not in PORTS:
            raise AddressRefusedError(f"port {port}")
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host} was not resolved within {RESOLVE_SECONDS:g} s") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        for address in addresses:
            if not self._allowed(address):
                raise AddressRefusedError(f"{host} is at {address}")
        return addresses
