"""Pages that are answered ready-made: from one read of Redis, before anything else is asked.

A view says with `ready_made(response, run)` that its answer may be kept; this middleware, the first of all, keeps it
compressed and with its headers as they left the house. What it keeps is sealed like a cached report
(docs/decisions/0007) and lives for a minute; `evaluations.cache` takes it away whenever a report of the run changes.
Without Redis every page is made anew.
"""

import gzip
import hashlib
import hmac
import json
import logging
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from evaluations.cache import page_key, server_errors
from evaluations.public import READY_MADE_SECONDS, accepts_gzip, zipped

SEAL_BYTES = 32
HEAD_BYTES = 4
PAUSE_SECONDS = 5.0  # without Redis, after it failed
MOST_UNPACKED = 16  # pages of about 100 kB in the memory of a process

ADDRESS = re.compile(r"/runs/([1-9]\d{0,17})/")

logger = logging.getLogger(__name__)


def ready_made(response: HttpResponse, run: int) -> HttpResponse:
    """Let this answer be kept as the page of the run."""
    response.ready_made_for = run  # type: ignore[attr-defined]
    return response


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A page whose seal was found good, and the very bytes it came from."""

    kept: bytes
    head: dict[str, str]
    body: bytes
    small_head: dict[str, str]
    small_body: bytes


class ReadyMadePages:
    """Answers the page of a closed run from Redis, and keeps it there when it was made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.broken_until = 0.0
        self.unpacked: dict[str, Unpacked] = {}
        self.threads = threading.local()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from Redis, or let the page be made."""
        address = ADDRESS.fullmatch(request.path_info)
        if address is None or not may_be_kept(request):
            return compressed(request, self.get_response(request))
        key = cache.make_key(page_key(int(address[1])))
        kept = self.asking_redis(lambda redis: redis.get(key))
        if kept is not None and (page := self.opened(key, kept)) is not None:
            request.get_host()  # raises where the host is not ours
            return conditional(request, answer(page, small=accepts_gzip(request)))
        response = self.get_response(request)
        if getattr(response, "ready_made_for", None) == int(address[1]) and not response.cookies:
            value = closed_up(key, response)
            self.asking_redis(lambda redis: redis.set(key, value, ex=READY_MADE_SECONDS))
        return compressed(request, response)

    def opened(self, key: str, kept: bytes) -> Unpacked | None:
        """The page; None where these bytes are not ours. Bytes that were opened before are not opened again."""
        known = self.unpacked.get(key)
        if known is not None and known.kept == kept:
            return known
        page = opened(key, kept)
        if page is not None:
            if len(self.unpacked) >= MOST_UNPACKED:
                self.unpacked.clear()
            self.unpacked[key] = page
        return page

    def asking_redis(self, ask: Callable[[Any], Any]) -> Any:
        """What Redis answers; None where it does not, and for five seconds after it did not."""
        if time.monotonic() < self.broken_until:
            return None
        try:
            return ask(self.connection())
        except server_errors() as error:
            self.broken_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("Ready-made pages: Redis failed (%s: %s).", type(error).__name__, error)
            return None

    def connection(self) -> Any:
        """This thread's own connection to Redis: fetching one from the pool takes as long as the reading."""
        client = cache.client.get_client()  # type: ignore[attr-defined] # django-redis has one
        if getattr(self.threads, "client", None) is not client:
            self.threads.client, self.threads.connection = client, client.client()
        return self.threads.connection


def compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer as small as the browser can read it; one with a secret, which its length could tell, as it is."""
    return zipped(response) if getattr(response, "holds_no_secret", False) and accepts_gzip(request) else response


def may_be_kept(request: HttpRequest) -> bool:
    """Whether this is a plain question for a page, asked the way the site is meant to be reached."""
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and request.is_secure() == settings.SITE_IS_SECURE
        and hasattr(cache, "client")
    )


def answer(page: Unpacked, *, small: bool) -> HttpResponse:
    """The page as an answer, compressed or not."""
    return (
        HttpResponse(page.small_body, headers=page.small_head) if small else HttpResponse(page.body, headers=page.head)
    )


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page, or 304 where the browser has it."""
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return response
    return get_conditional_response(request, etag=response.headers.get("ETag"), response=response) or response


# Kept: seal, length of the head, head (headers as JSON), body (gzip)


def closed_up(key: str, response: HttpResponse) -> bytes:
    """The answer as bytes under our seal."""
    head = json.dumps(dict(response.headers)).encode()
    content = len(head).to_bytes(HEAD_BYTES) + head + gzip.compress(response.content, 6, mtime=0)
    return seal_of(key, content) + content


def opened(key: str, kept: bytes) -> Unpacked | None:
    """The page; None where these bytes are not ours."""
    seal, content = kept[:SEAL_BYTES], kept[SEAL_BYTES:]
    if not hmac.compare_digest(seal, seal_of(key, content)):
        return None
    end = HEAD_BYTES + int.from_bytes(content[:HEAD_BYTES])
    head, small_body = json.loads(content[HEAD_BYTES:end]), content[end:]
    body = gzip.decompress(small_body)
    small = zipped(HttpResponse(body, headers=head), small_body)
    return Unpacked(kept, head, body, dict(small.headers), small.content)


def seal_of(key: str, content: bytes) -> bytes:
    """A keyed fingerprint of the content and its place."""
    secret = hashlib.sha256(b"evaluations.ready_made\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(secret, key.encode() + b"\0" + content, hashlib.sha256)
