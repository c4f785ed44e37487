"""Pages that are answered ready-made: from one read of Redis, before anything else is asked.

A view says with `ready_made(response, run)` that its answer may be kept; this middleware, the first of all, keeps it
with its headers as they left the house. What it keeps is sealed like a cached report (docs/decisions/0007) and lives
for a minute; `evaluations.cache` takes it away whenever a report of the run changes. Without Redis every page is
made anew.
"""

import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from evaluations.cache import page_key, server_errors
from evaluations.public import READY_MADE_SECONDS, accepts_gzip

SEAL_BYTES = 32
HEAD_BYTES = 4
PAUSE_SECONDS = 5.0  # without Redis, after it failed

ADDRESS = re.compile(r"/runs/([1-9]\d{0,17})/")

logger = logging.getLogger(__name__)


def ready_made(response: HttpResponse, run: int) -> HttpResponse:
    """Let this answer be kept as the page of the run."""
    response.ready_made_for = run  # type: ignore[attr-defined]
    return response


class ReadyMadePages:
    """Answers the page of a closed run from Redis, and keeps it there when it was made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.broken_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from Redis, or let the page be made."""
        address = ADDRESS.fullmatch(request.path_info)
        if address is None or not self.may_be_kept(request):
            return self.get_response(request)
        key = page_key(int(address[1]), accepts_gzip(request))
        kept = self.asking_redis(lambda redis: redis.get(cache.make_key(key)))
        if kept is not None and (response := opened(kept, key)) is not None:
            request.get_host()  # raises where the host is not ours
            return conditional(request, response)
        response = self.get_response(request)
        if getattr(response, "ready_made_for", None) == int(address[1]) and not response.cookies:
            value = closed_up(response, key)
            self.asking_redis(lambda redis: redis.set(cache.make_key(key), value, ex=READY_MADE_SECONDS))
        return response

    def may_be_kept(self, request: HttpRequest) -> bool:
        """Whether this is a plain question for a page, asked the way the site is meant to be reached."""
        return (
            request.method == "GET"
            and not request.META.get("QUERY_STRING")
            and request.is_secure() == settings.SITE_IS_SECURE
            and hasattr(cache, "client")
        )

    def asking_redis(self, ask: Callable[[Any], Any]) -> Any:
        """What Redis answers; None where it does not, and for five seconds after it did not."""
        if time.monotonic() < self.broken_until:
            return None
        try:
            return ask(cache.client.get_client())  # type: ignore[attr-defined] # django-redis has one  # type: ignore[attr-defined] # django-redis has one
        except server_errors() as error:
            self.broken_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("Ready-made pages: Redis failed (%s: %s).", type(error).__name__, error)
            return None


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page, or 304 where the browser has it."""
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return response
    return get_conditional_response(request, etag=response.headers.get("ETag"), response=response) or response


# Kept: seal, length of the head, head (headers as JSON), body


def closed_up(response: HttpResponse, key: str) -> bytes:
    """The answer as bytes under our seal."""
    head = json.dumps(dict(response.headers)).encode()
    content = len(head).to_bytes(HEAD_BYTES) + head + response.content
    return seal_of(key, content) + content


def opened(kept: bytes, key: str) -> HttpResponse | None:
    """The answer; None where these bytes are not ours."""
    seal, content = kept[:SEAL_BYTES], kept[SEAL_BYTES:]
    if not hmac.compare_digest(seal, seal_of(key, content)):
        return None
    end = HEAD_BYTES + int.from_bytes(content[:HEAD_BYTES])
    return HttpResponse(content[end:], headers=json.loads(content[HEAD_BYTES:end]))


def seal_of(key: str, content: bytes) -> bytes:
    """A keyed fingerprint of the content and its place."""
    return hmac.digest(sealing_key(), key.encode() + b"\0" + content, hashlib.sha256)


def sealing_key() -> bytes:
    """A key of our own, derived from the site's."""
    return hashlib.sha256(b"evaluations.ready_made\0" + settings.SECRET_KEY.encode()).digest()
