"""Which addresses of the web may be opened from here: public ones, by name or number, on 80 and 443. Pure.

Everything else leads inward: this machine, its network, the cloud's metadata, or a tunnel to any of them.
"""

import ipaddress
import re
from dataclasses import dataclass

import httpx

PORTS = frozenset({80, 443})
LONGEST_HOST = 253

# Names that belong to somebody's own network, whatever the resolver of this machine makes of them.
INWARD = frozenset(
    "localhost localdomain local internal intranet private corp home lan svc cluster arpa onion invalid".split()  # noqa: SIM905
)

# Python calls these global, or some version of it does.
NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "168.63.129.16/32",  # Azure's wire server
            "192.0.0.0/24",  # IETF protocols, Oracle's metadata
            "192.88.99.0/24",  # 6to4 relays
            "2001::/23",  # IETF protocols, Teredo
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "3fff::/20",
        ),
    )
)
UNICAST = ipaddress.ip_network("2000::/3")
# IPv4 inside IPv6, in the last 32 bits: what an address is depends on the one within.
CARRYING = tuple(map(ipaddress.ip_network, ("::ffff:0:0/96", "64:ff9b::/96")))


class AddressRefusedError(Exception):
    """An address that is not opened from here. Nothing was sent to it."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address in parts: `host` in ASCII, `path` with the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def target_of(url: str, own_hosts: frozenset[str] = frozenset()) -> Target:
    """Take `url` apart. Raises AddressRefusedError for what must not be opened, as far as its text tells."""
    try:
        parts = httpx.URL(url)
        host = parts.raw_host.decode("ascii").lower()
        port = {"http": 80, "https": 443}.get(parts.scheme) if parts.port is None else parts.port
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefusedError(f"no address: {error}") from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefusedError(f"scheme {parts.scheme or 'missing'}")
    if parts.userinfo:
        raise AddressRefusedError("a name or password in the address")
    if port is None or port not in PORTS:
        raise AddressRefusedError(f"port {port}")
    require_outward(host, own_hosts)
    return Target(parts.scheme, host, port, parts.raw_path.decode("ascii"))


def require_outward(host: str, own_hosts: frozenset[str]) -> None:
    """Raise AddressRefusedError for a host that leads inward, or that a resolver could read as a number."""
    name = host.removesuffix(".")
    labels = name.split(".")
    if ":" in name or re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        if not is_public(name):
            raise AddressRefusedError(f"{host} is not a public address")
        return
    if not name or len(name) > LONGEST_HOST or not all(re.fullmatch(r"[a-z0-9_-]{1,63}", label) for label in labels):
        raise AddressRefusedError("no host name")
    if len(labels) == 1 or labels[-1] in INWARD or name in own_hosts:
        raise AddressRefusedError(f"{host} is a name of this or an inner network")


def is_public(address: str) -> bool:
    """Whether anybody on the internet could open a connection to this address, written in numbers."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        if number.scope_id:
            return False
        if any(number in network for network in CARRYING):
            return is_public(str(ipaddress.IPv4Address(int(number) & 0xFFFF_FFFF)))
        if number not in UNICAST:
            return False
    inward = number.is_multicast or number.is_reserved or number.is_private or number.is_unspecified
    return number.is_global and not inward and not any(number in network for network in NOT_PUBLIC)
