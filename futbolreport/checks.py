"""`manage.py check --deploy`: what works, and would still be missed on a public site. Each with an id and a remedy."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

NEAR = {None, "", "localhost", "127.0.0.1", "::1"}


@checks.register(checks.Tags.security, deploy=True)
def check_deployment(**_: Any) -> list[checks.Warning]:
    """All of them."""
    return [warning for check in CHECKS for warning in check()]


def check_address() -> Iterator[checks.Warning]:
    """Readers, and cookies, deserve TLS."""
    if not settings.SITE_IS_SECURE:
        yield checks.Warning(
            f"SITE_URL is {settings.SITE_URL}: cookies and votes travel unencrypted.",
            hint="Set SITE_URL to the site's https address, such as https://futbol.example.org.",
            id="futbolreport.W001",
        )


def check_notices() -> Iterator[checks.Warning]:
    """A run that fails at night should find somebody."""
    if not (settings.NOTIFY_WEBHOOK or settings.NOTIFY_EMAIL):
        yield checks.Warning(
            "Nobody is told when a run fails, pauses, or waits for review.",
            hint="Set NOTIFY_WEBHOOK or NOTIFY_EMAIL.",
            id="futbolreport.W002",
        )


def check_database() -> Iterator[checks.Warning]:
    """The database is the truth: it outlives a container, and nobody reads it on its way."""
    database = settings.DATABASES["default"]
    if settings.TASKS_BACKEND == "lambda" and database["ENGINE"].endswith("sqlite3"):
        yield checks.Warning(
            "The database is a file in a container that AWS Lambda throws away.",
            hint="Set DATABASE_URL to a PostgreSQL server, such as postgres://…/futbolreport?sslmode=require.",
            id="futbolreport.W003",
        )
    far = not database["ENGINE"].endswith("sqlite3") and database.get("HOST") not in NEAR
    if far and not database["HOST"].startswith("/"):
        mode = database.get("OPTIONS", {}).get("sslmode", "prefer")
        if mode in ("disable", "allow", "prefer"):
            yield checks.Warning(
                f"The way to the database at {database['HOST']} may be unencrypted (sslmode={mode}).",
                hint="Add ?sslmode=require, or verify-full, to DATABASE_URL.",
                id="futbolreport.W004",
            )


def check_cache() -> Iterator[checks.Warning]:
    """What an editor withholds has to be gone from every process at once."""
    if not settings.REDIS_URL:
        yield checks.Warning(
            "Each process has a cache of its own, which ends with it: nothing is kept for 90 days.",
            hint="Set REDIS_URL.",
            id="futbolreport.W005",
        )
    elif settings.REDIS_URL.startswith("redis://") and urlsplit(settings.REDIS_URL).hostname not in NEAR:
        yield checks.Warning(
            "The way to Redis is unencrypted.",
            hint="Set REDIS_URL to a rediss:// address, unless it is reached through a network of your own.",
            id="futbolreport.W006",
        )


def check_tasks() -> Iterator[checks.Warning]:
    """A click in the admin must not carry out a run in its own request."""
    if settings.TASKS_BACKEND == "immediate":
        yield checks.Warning(
            "Whoever asks for a run waits for its end: TASKS_BACKEND is immediate.",
            hint="Set TASKS_BACKEND to database and start `manage.py run_due --watch`, or to lambda.",
            id="futbolreport.W007",
        )


def check_proxies() -> Iterator[checks.Warning]:
    """Behind a proxy that is not named, all voters seem to share one network."""
    named = settings.TRUSTED_PROXIES or settings.TRUST_UNIX_SOCKET
    if settings.SITE_IS_SECURE and settings.TASKS_BACKEND != "lambda" and not named:
        yield checks.Warning(
            "No proxy is named: behind one, all voters would count as one network.",
            hint="Set TRUSTED_PROXIES to your proxy's address or network, or to `unix` for a socket.",
            id="futbolreport.W008",
        )


CHECKS: tuple[Callable[[], Iterator[checks.Warning]], ...] = (
    check_address,
    check_notices,
    check_database,
    check_cache,
    check_tasks,
    check_proxies,
)
