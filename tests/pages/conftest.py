"""What the tests of the pages need: caches of their own, in memory and on a real Redis."""

import os
import re
from collections.abc import Iterator

import pytest
import redis


def redis_settings(address: str) -> dict[str, dict[str, object]]:
    """CACHES as settings.py writes it for this REDIS_URL."""
    return {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": address,
            "KEY_PREFIX": "futbolreport",
            "OPTIONS": {
                "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
                "SOCKET_CONNECT_TIMEOUT": 0.25,
                "SOCKET_TIMEOUT": 0.25,
                "CONNECTION_POOL_CLASS": "redis.BlockingConnectionPool",
                "CONNECTION_POOL_KWARGS": {"max_connections": 50, "timeout": 0.25},
            },
        }
    }


def as_read(page: str) -> str:
    """A page without the line breaks and indents of its templates, which no reader sees."""
    block = r"(?:dd|dt|h[1-3]|li|p|td|text|th)"
    text = re.sub(r"\s*\n\s*", " ", page)
    text = re.sub(rf"(<{block}\b[^>]*>) ", r"\1", text)
    return re.sub(rf" (</{block}>)", r"\1", text)


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
