"""What the tests of the pages need: a real Redis of their own."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator

import pytest
import redis


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def own_redis() -> Iterator[str]:
    """The address of a Redis that tests may break: their own process, never one that is configured."""
    server = shutil.which("redis-server")
    if not server:
        reason = "These tests need a redis-server on PATH (apt install redis-server)."
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_for(redis.Redis(port=port))
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait()


def wait_for(client: redis.Redis) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("redis-server did not start within 10 s.")


def redis_settings(address: str) -> dict[str, dict[str, object]]:
    """CACHES as settings.py writes it for this REDIS_URL."""
    return {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": address,
            "KEY_PREFIX": "futbolreport",
            "OPTIONS": {
                "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
                "SOCKET_CONNECT_TIMEOUT": 1,
                "SOCKET_TIMEOUT": 1,
            },
        }
    }


def use_cache(settings, caches_setting: dict[str, dict[str, object]]) -> None:
    """Let the site use this cache from here on, in this test."""
    settings.CACHES = caches_setting


@pytest.fixture
def memory_cache(settings):
    """The cache of an installation without Redis, empty."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    use_cache(settings, {"default": {"BACKEND": backend, "LOCATION": os.urandom(8).hex()}})


@pytest.fixture
def redis_client(own_redis: str, settings) -> Iterator[redis.Redis]:
    """A client of the Redis that the site uses in this test, empty."""
    client = redis.Redis.from_url(own_redis)
    client.flushdb()
    use_cache(settings, redis_settings(own_redis))
    yield client
    client.flushdb()
    client.close()
