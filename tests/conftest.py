"""Fixtures for every test. `tests.environment` has fixed the environment before this is loaded."""

import runpy
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections

from tests import environment, servers


def pytest_configure() -> None:
    """Hash the passwords of test users fast: the slow way takes longer than most tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Keep SQLite's test database in a file, as in production: in memory, locks work otherwise.

    Tests that run side by side have a database each.
    """
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(environment.FOLDER / "test.sqlite3")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Address of a real Redis."""
    with required(servers.redis()) as url:
        yield url


@pytest.fixture(scope="session")
def own_redis() -> Iterator[str]:
    """Address of a real Redis that tests may empty: never one that is given."""
    with required(servers.own_redis()) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Address of a real PostgreSQL, for tests that bring their own database and processes."""
    with required(servers.postgresql()) as url:
        yield url


@pytest.fixture
def redis_cache(redis_url: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Django's cache on a real Redis, as settings.py makes it of REDIS_URL; each test has its own keys."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    caches = runpy.run_path(str(environment.ROOT / "futbolreport" / "settings.py"))["CACHES"]
    caches["default"]["KEY_PREFIX"] += f"-{uuid.uuid4().hex}"
    settings.CACHES = caches
    yield cache
    cache.delete_pattern("*")
    cache.close()


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A real Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, and Django takes that for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    try:
        executable = servers.chromium_executable()
    except servers.MissingPartError as missing:
        give_up(f"MISSING PART: {missing}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=servers.CHROMIUM_FLAGS)
        yield browser
        browser.close()


@contextmanager
def required(server: Any) -> Iterator[str]:
    """The server's address; without the server, the test fails in CI and is skipped, loudly, elsewhere."""
    try:
        url = server.__enter__()
    except servers.MissingPartError as missing:
        give_up(f"MISSING PART: {missing}")
    try:
        yield url
    finally:
        server.__exit__(None, None, None)


def give_up(reason: str) -> NoReturn:
    """Fail in CI, skip elsewhere."""
    if environment.in_ci():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say once more, in red and at the end, what was not tested for want of a part."""
    missing = {
        report.longrepr[2]
        for report in terminalreporter.stats.get("skipped", [])
        if "MISSING PART" in str(report.longrepr)
    }
    for reason in sorted(missing):
        terminalreporter.write_line(f"NOT TESTED. {reason.removeprefix('Skipped: ')}", red=True, bold=True)
