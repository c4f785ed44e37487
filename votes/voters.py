"""Who is voting: the token in the cookie, and the network the request came from.

Neither leads back to a person: stored are only keyed fingerprints, others in every run.
"""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from evaluations.models import Run

COOKIE_DAYS = 90
LONGEST_COOKIE = 200

Address = IPv4Address | IPv6Address


# The token


def cookie_name() -> str:
    """Bound to the exact host where the site is secure; browsers refuse that name elsewhere."""
    return "__Host-voter" if settings.SITE_IS_SECURE else "voter"


def token_of(request: HttpRequest) -> str | None:
    """The voter's token, if the cookie carries one that this site has signed."""
    return cookie_of(request).partition(":")[0] or None


def number_kept(request: HttpRequest, run: Run) -> int | None:
    """The number of this voter's ballot in the run, if the cookie carries it: only the newest run's is kept."""
    _, _, kept = cookie_of(request).partition(":")
    of, _, number = kept.partition(":")
    return int(number) if of == str(run.pk) and number.isdecimal() else None


def cookie_of(request: HttpRequest) -> str:
    """What this site has signed in the voter's cookie; "" for nothing."""
    value = request.COOKIES.get(cookie_name(), "")
    if len(value) > LONGEST_COOKIE:
        return ""
    try:
        return SIGNER.unsign(value)
    except signing.BadSignature:
        return ""


def new_token() -> str:
    """A token for a voter without one."""
    return secrets.token_urlsafe(16)


def set_token(response: HttpResponse, token: str, run: Run, number: int) -> None:
    """Give the voter a token to keep, with the number of this ballot."""
    response.set_cookie(
        cookie_name(),
        SIGNER.sign(f"{token}:{run.pk}:{number}"),
        max_age=COOKIE_DAYS * 86_400,
        secure=settings.SITE_IS_SECURE,
        httponly=True,
        samesite="Lax",
    )


def number_by(key: str) -> int:
    """A number for where nobody counts: always the same for the same network or token."""
    return int(fingerprint(b"votes.number", b"", key.encode())[:10], 16)


def voter_in(run: int, token: str) -> str:
    """What is stored of a voter: a fingerprint that differs in every run."""
    return fingerprint(b"votes.voter", str(run).encode(), token.encode())


# The network


@dataclass(frozen=True)
class Network:
    """Where a vote came from, as fingerprints: the network, and the IPv6 site that it is part of."""

    key: str
    site: str


def network_in(run: Run, address: Address) -> Network:
    """The network of an address: the IPv4 address or the IPv6 /64, and for IPv6 the /48 around it."""
    return network_under(bytes(run.network_salt or b""), address)


def network_under(salt: bytes, address: Address) -> Network:
    """The same, with the salt of the run."""
    if isinstance(address, IPv4Address):
        return Network(fingerprint(b"votes.network", salt, address.packed), "")
    return Network(
        fingerprint(b"votes.network", salt, address.packed[:8]), fingerprint(b"votes.site", salt, address.packed[:6])
    )


def fingerprint(purpose: bytes, salt: bytes, value: bytes) -> str:
    """HMAC-SHA-256 under a key derived from SECRET_KEY, the purpose and the salt."""
    key = hmac.digest(settings.SECRET_KEY.encode(), purpose + b"\0" + salt, hashlib.sha256)
    return hmac.new(key, value, hashlib.sha256).hexdigest()


def address_of(request: HttpRequest) -> Address | None:
    """Where the request came from; None where that cannot be known, which no vote may come from.

    Never from a header that a client can write: on Lambda the gateway's own event says it (REMOTE_ADDR there is
    what the client sent), elsewhere the socket; a forwarding header counts only behind a trusted proxy.
    """
    event = request.META.get("lambda.event")
    if event is None and settings.TRUST_UNIX_SOCKET and not request.META.get("REMOTE_ADDR"):
        return forwarded_for(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    nearest = parse_ip(source_of(event)) if event is not None else parse_ip(request.META.get("REMOTE_ADDR"))
    if nearest is not None and is_proxy(nearest):
        return forwarded_for(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    if event is not None and nearest is not None and not nearest.is_global:
        return None  # something inside our own network stands before the gateway, and nobody said it may
    return nearest


def source_of(event: Any) -> Any:
    """The address in the event of an HTTP API or a function URL ("http"), or of a REST API ("identity")."""
    context = event.get("requestContext") if isinstance(event, dict) else None
    if not isinstance(context, dict):
        return None
    for part in (context.get("http"), context.get("identity")):
        if isinstance(part, dict) and part.get("sourceIp"):
            return part["sourceIp"]
    return None


def forwarded_for(header: str) -> Address | None:
    """The first address, from the right, that is not one of our proxies."""
    hops = [parse_ip(hop) for hop in header.split(",")] if header.strip() else []
    return first_untrusted(reversed(hops))


def first_untrusted(hops: Iterable[Address | None]) -> Address | None:
    """None where a hop cannot be read: what stands left of it could be anybody's words."""
    for hop in hops:
        if hop is None or not is_proxy(hop):
            return hop
    return None


def is_proxy(address: Address) -> bool:
    """Whether this is a proxy of ours."""
    return any(address in network for network in settings.TRUSTED_PROXIES)


def parse_ip(text: Any) -> Address | None:
    """An address in any usual spelling, canonical: without port, brackets, zone; IPv4 in IPv6 as IPv4."""
    text = text.strip() if isinstance(text, str) else ""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


SIGNER = signing.Signer(salt="votes.voter")
