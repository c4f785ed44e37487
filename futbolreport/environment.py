"""How settings read the environment: a value, or a stop that names the variable, what it must be, and an example.

Only `futbolreport.settings` calls these. Every name that is asked for is remembered in `NAMES`: a provider's key may
not stand under one of them.
"""

import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import EmailValidator

NAMES: set[str] = set()

YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
HTTP = ("http", "https")
PORTS = {"http": 80, "https": 443}  # which browsers leave out
HOST = re.compile(r"\*|\.?[a-z0-9.-]+|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)
MB_A_PROCESSOR = 1769  # of a Lambda function, as AWS documents it
SCHEMES_OF_REDIS = ("redis", "rediss", "unix")


def read_file(path: Path) -> None:
    """Take over what a .env holds and the environment has not. A byte order mark does no harm."""
    if not path.is_file():
        return
    try:
        environ.Env.read_env(path, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(f"{path} is not in UTF-8; save it as UTF-8 ({error.reason}).") from None
    except (ValueError, OSError) as error:  # a name or a value that no environment holds
        raise ImproperlyConfigured(f"{path} holds a line that is no NAME=value: {error}.") from None


def text(name: str, default: str = "") -> str:
    """The text under `name` without space around it; `default` where there is none, or an empty one."""
    NAMES.add(name)
    return os.environ.get(name, "").strip() or default


def refuse(name: str, value: object, wanted: str) -> ImproperlyConfigured:
    """The stop for a value that cannot be used."""
    return ImproperlyConfigured(f"{name} is {value!r}; it must be {wanted}.")


def yes_or_no(name: str, default: bool) -> bool:
    """Whether `name` says yes."""
    value = text(name).lower()
    if value not in ("", *YES, *NO):
        raise refuse(name, value, "true or false")
    return value in YES if value else default


def choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """The one of `choices` that stands under `name`."""
    value = text(name, default).lower()
    if value not in choices:
        raise refuse(name, value, f"one of {', '.join(choices)}")
    return value


def number[Default: (int, None)](name: str, smallest: int, largest: int, default: Default) -> int | Default:
    """The whole number under `name`."""
    value = text(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) < 10 and smallest <= int(value) <= largest):
        raise refuse(name, value, f"a whole number from {smallest} to {largest}, such as {default or smallest}")
    return int(value)


def words(name: str, default: Iterable[str] = ()) -> list[str]:
    """The comma-separated list under `name`, each word without space around it."""
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def hosts(name: str, default: Iterable[str]) -> list[str]:
    """The names of hosts under `name`, as a request says them: whoever copies an address shuts everybody out."""
    given = words(name, default)
    if wrong := [word for word in given if not HOST.fullmatch(word)]:
        wanted = "hosts such as futbol.example.org, comma-separated, without scheme, port and path"
        raise refuse(name, without_secrets(", ".join(wrong)), wanted)
    return given


def address(name: str, default: str = "", schemes: tuple[str, ...] = HTTP, example: str = "") -> str:
    """The address under `name`, its scheme in small letters; it has one of `schemes` and says where."""
    value = text(name, default)
    if not value:
        return ""
    parts = parse_address(value)
    where = parts and (parts.hostname or (parts.scheme == "unix" and parts.path))
    if not (parts and parts.scheme in schemes and where):
        raise refuse(name, without_secrets(value), f"an address such as {example or default}")
    scheme, colon, rest = value.partition(":")
    return f"{scheme.lower()}{colon}{rest}"


def base(name: str, default: str, example: str = "") -> str:
    """An address to which paths are added: without its last slash."""
    return address(name, default, example=example).rstrip("/")


def parse_address(value: str) -> SplitResult | None:
    """The parts of an address; None where it is none, its port included."""
    try:
        parts = urlsplit(value)
        there = parts.port != 0 and value.isprintable() and " " not in value
    except ValueError:
        return None
    return parts if there else None


def without_secrets(value: str) -> str:
    """An address as it may be told: scheme and host, for a password may stand before them and a secret behind."""
    scheme, separator, rest = value.rpartition("://")
    host, slash, _ = rest.rpartition("@")[2].partition("/")
    return f"{scheme}{separator}{host}{slash and '/…'}"


def site(name: str, default: str) -> str:
    """The address under which a site is reached; a path in it is where the site is mounted."""
    value = base(name, default, "https://futbol.example.org")
    parts = urlsplit(value)
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise refuse(name, without_secrets(value), "an address without query and user")
    return value


def origins(name: str, default: str) -> list[str]:
    """The origins under `name`, and the one of `default`, as browsers say them."""
    found = [origin(urlsplit(default))]
    for given in words(name):
        parts = parse_address(given)
        if not (parts and parts.scheme in HTTP and parts.hostname):
            raise refuse(name, without_secrets(given), "origins such as https://futbol.example.org, comma-separated")
        found.append(origin(parts))
    return list(dict.fromkeys(found))


def origin(parts: SplitResult) -> str:
    """Scheme, host in small letters, and a port that is not the scheme's own."""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def backend(name: str, known: Mapping[str, str], default: str) -> str:
    """The dotted name of the class under `name`, or of the one that `known` has for a short name."""
    value = text(name, default)
    dotted = known.get(value, value)
    package, *rest = dotted.split(".")
    if not (rest and all(part.isidentifier() for part in (package, *rest))):
        raise refuse(name, value, f"one of {', '.join(known)}, or a class such as {known['database']}")
    if not find_spec(package):
        raise refuse(name, value, f"one whose package is installed: there is no {package}")
    return value


def mail_address(name: str) -> str:
    """The mail address under `name`."""
    value = text(name)
    try:
        if value:  # the pattern takes a tenth of a cold start to compile
            EmailValidator()(value)
    except ValidationError as error:
        raise refuse(name, value, "one mail address, such as newsroom@example.org") from error
    return value


def on_lambda() -> str:
    """The region of the Lambda function that this is; empty elsewhere. AWS itself sets both."""
    return os.environ.get("AWS_REGION", "") if os.environ.get("AWS_LAMBDA_FUNCTION_NAME") else ""


def processors() -> int:
    """How many processors this process may use at once; 1 where it has but a share of one.

    A Lambda function of less than twice 1,769 MB has at most one, whatever its machine has; a container has its quota.
    """
    if on_lambda():
        return max(1, int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0")) // MB_A_PROCESSOR)
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(there, int(container_quota())))


def container_quota() -> float:
    """The processors that a container may use; without end where it has no quota."""
    with suppress(OSError, ValueError):
        quota, _, period = Path("/sys/fs/cgroup/cpu.max").read_text().partition(" ")
        return int(quota) / int(period)
    return sys.maxsize


def networks(name: str) -> tuple[list[IPv4Network | IPv6Network], bool]:
    """The networks under `name`, and whether `unix` stands among them: a socket of this machine."""
    given = words(name)
    try:
        return [ip_network(word) for word in given if word != "unix"], "unix" in given
    except ValueError as error:
        wanted = "addresses or networks such as 10.0.0.0/8, or unix, comma-separated"
        raise refuse(name, ", ".join(given), wanted) from error


def database(name: str, default: str) -> dict[str, Any]:
    """The database under `name`, as Django's DATABASES wants it."""
    value = text(name, default)
    wanted = "an address such as postgres://user@host:5432/name"
    config = attempt(lambda: environ.Env.db_url_config(value))
    if not config or not config.get("ENGINE") or (not config.get("NAME") and "sqlite" not in config["ENGINE"]):
        raise refuse(name, without_secrets(value), wanted)
    if not str(config["ENGINE"]).endswith(("sqlite3", "postgresql")):
        raise refuse(name, without_secrets(value), f"{wanted}; only PostgreSQL and SQLite are supported")
    return dict(config)


def attempt[Value](read: Callable[[], Value]) -> Value | None:
    """What a library reads out of a value; None where it cannot, in whichever way it says so."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return read()
    except (ValueError, KeyError, AttributeError, TypeError, ImproperlyConfigured):
        return None
