"""The guard by itself: which names, ports and connections it lets through, on this machine's resolver and sockets."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpcore
import pytest

from evaluations.sources import guard
from evaluations.sources.addresses import AddressRefusedError
from evaluations.sources.downloads import failure_of
from evaluations.sources.guard import Guard
from tests.listening import listening_in_a_thread

PUBLIC = ["93.184.216.34", "93.184.216.35", "93.184.216.36", "93.184.216.37"]


class Silent(httpcore.AsyncNetworkStream):
    """A connection that knows its other end, or not, and whether it was closed."""

    def __init__(self, other_end: Any) -> None:
        self.other_end, self.closed = other_end, False

    async def aclose(self) -> None:
        self.closed = True

    def get_extra_info(self, info: str) -> Any:
        return self.other_end if info == "server_addr" else None


@dataclass
class Network(httpcore.AsyncNetworkBackend):
    """Addresses that answer, and what was asked of each; the others fail as told."""

    answering: set[str] = field(default_factory=set)
    failure: type[Exception] = httpcore.ConnectError
    other_end: Callable[[str, int], Any] = lambda host, port: (host, port)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    streams: list[Silent] = field(default_factory=list)

    async def connect_tcp(self, *wanted: Any) -> httpcore.AsyncNetworkStream:  # type: ignore[override]
        self.asked.append(wanted)
        if wanted[0] not in self.answering:
            raise self.failure(f"nobody at {wanted[0]}")
        self.streams.append(Silent(self.other_end(wanted[0], wanted[1])))
        return self.streams[-1]

    @property
    def tried(self) -> list[str]:
        """The addresses, in order."""
        return [wanted[0] for wanted in self.asked]


def at(*addresses: str) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A resolver that knows one answer."""

    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


def connect(guarded: Guard, host: str = "pub.test", port: int = 80, **options: Any) -> Any:
    return asyncio.run(guarded.connect_tcp(host, port, **options))


def test_the_first_address_that_answers_is_taken() -> None:
    network = Network(set(PUBLIC[1:]))
    stream = connect(Guard(at(*PUBLIC), network))
    assert network.tried == PUBLIC[:2]
    assert stream is network.streams[0]
    assert not stream.closed


@pytest.mark.parametrize("failure", [httpcore.ConnectError, httpcore.ConnectTimeout])
def test_no_more_than_three_addresses_are_tried_and_the_last_failure_tells(failure: type[Exception]) -> None:
    network = Network(set(PUBLIC[3:]), failure)
    with pytest.raises(failure, match=f"nobody at {PUBLIC[2]}"):
        connect(Guard(at(*PUBLIC), network))
    assert network.tried == PUBLIC[:3]


def test_what_is_asked_of_a_connection_is_passed_on() -> None:
    network = Network(set(PUBLIC))
    options = {"timeout": 2.5, "local_address": "192.0.2.1", "socket_options": [(1, 2, 3)]}
    connect(Guard(at(*PUBLIC), network), port=443, **options)
    assert network.asked == [(PUBLIC[0], 443, 2.5, "192.0.2.1", [(1, 2, 3)])]


@pytest.mark.parametrize("other_end", [None, (), ("127.0.0.1", 80), ("::1", 80, 0, 0), ("no address", 80)])
def test_a_connection_whose_other_end_is_unknown_or_inward_is_closed_and_refused(other_end: Any) -> None:
    network = Network(set(PUBLIC), other_end=lambda _host, _port: other_end)
    with pytest.raises(AddressRefusedError) as refused:
        connect(Guard(at(*PUBLIC), network))
    assert str(refused.value) == f"pub.test led to {other_end and other_end[0]}"
    assert [stream.closed for stream in network.streams] == [True]


@pytest.mark.parametrize("place", [0, 1, 3])
def test_one_inward_address_refuses_the_name_before_any_connection(place: int) -> None:
    addresses = [*PUBLIC[:place], "10.0.0.1", *PUBLIC[place:]]
    network = Network(set(addresses))
    with pytest.raises(AddressRefusedError, match=r"^pub\.test is at 10\.0\.0\.1$"):
        connect(Guard(at(*addresses), network))
    assert network.asked == []


def test_a_name_without_an_address_cannot_be_reached() -> None:
    with pytest.raises(httpcore.ConnectError, match="has no address"):
        connect(Guard(at(), Network()))


@pytest.mark.parametrize("port", [22, 79, 81, 442, 444, 0])
def test_only_the_ports_of_the_web_are_opened_and_no_name_is_resolved_for_others(port: int) -> None:
    async def never(_host: str, _port: int) -> Sequence[str]:
        raise AssertionError("resolved")

    with pytest.raises(AddressRefusedError, match=f"^port {port}$"):
        connect(Guard(never, Network(set(PUBLIC))), port=port)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "dns"),
        (OSError("the resolver is away"), "connect"),
        (UnicodeError("label too long"), "connect"),
    ],
)
def test_a_name_that_cannot_be_resolved_is_a_failed_connection_with_its_cause(error: Exception, code: str) -> None:
    async def unknown(_host: str, _port: int) -> Sequence[str]:
        raise error

    with pytest.raises(httpcore.ConnectError) as failed:
        connect(Guard(unknown, Network()))
    assert str(failed.value) == str(error)
    assert failed.value.__cause__ is error
    assert failure_of(failed.value).code == code


def test_a_resolver_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hanging(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return PUBLIC

    assert guard.RESOLVE_SECONDS <= 5
    monkeypatch.setattr(guard, "RESOLVE_SECONDS", 0.05)
    with pytest.raises(httpcore.ConnectTimeout, match=r"pub\.test was not resolved within 0\.05 s"):
        connect(Guard(hanging, Network(set(PUBLIC))))


def test_a_socket_of_this_machine_is_never_opened() -> None:
    with pytest.raises(AddressRefusedError, match="socket of this machine"):
        asyncio.run(Guard().connect_unix_socket("/run/docker.sock"))


def test_a_wait_takes_its_time() -> None:
    async def waits() -> bool:
        waiting = asyncio.create_task(Guard().sleep(0.02))
        await asyncio.sleep(0)
        early = waiting.done()
        await waiting
        return early

    assert not asyncio.run(waits())


# The resolver of this machine


def test_the_real_resolver_finds_this_machine_and_the_guard_refuses_it() -> None:
    assert "127.0.0.1" in asyncio.run(guard.resolve("localhost", 80))
    with pytest.raises(AddressRefusedError, match=r"^localhost is at "):
        connect(Guard(), "localhost")


def test_the_real_resolver_reads_odd_numbers_as_the_system_does_and_the_guard_refuses_them() -> None:
    assert asyncio.run(guard.resolve("0x7f.1", 80)) == ["127.0.0.1"]
    with pytest.raises(AddressRefusedError):
        connect(Guard(), "2130706433")


def test_addresses_come_once_each_and_ipv4_before_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def system(*wanted: Any, **options: Any) -> list[tuple[Any, ...]]:
        asked.append((*wanted, options))
        found = ["2001:db8::2", "192.0.2.9", "2001:db8::1", "192.0.2.1", "192.0.2.9"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", system)
    found = asyncio.run(guard.resolve("pub.test", 443))
    assert found == ["192.0.2.9", "192.0.2.1", "2001:db8::2", "2001:db8::1"]
    assert asked[0][:2] == ("pub.test", 443)
    assert socket.SOCK_STREAM in asked[0]  # each address once, not once a kind of socket


def test_the_control_without_its_checks_the_guard_connects_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same way through resolver and sockets of this machine, with the check of addresses switched off."""

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"inside")
        await writer.drain()

    with listening_in_a_thread(greet) as port:
        monkeypatch.setattr(guard, "PORTS", frozenset({port}))

        async def read() -> bytes:
            stream = await Guard(allowed=lambda _: True).connect_tcp("localhost", port, timeout=5)
            try:
                return await stream.read(100, timeout=5)
            finally:
                await stream.aclose()

        assert asyncio.run(read()) == b"inside"
        with pytest.raises(AddressRefusedError):
            connect(Guard(), "localhost", port)
