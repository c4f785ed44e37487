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
from django.http.response import ResponseHeaders
from django.utils.cache import get_conditional_response

from evaluations.presentation.cache import page_key, server_errors

from .access import READY_MADE_SECONDS, accepts_gzip, zipped

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
    """A page whose seal was found good: headers and body, as they are and compressed."""

    seal: bytes
    head: ResponseHeaders
    body: bytes
    small_head: ResponseHeaders
    small_body: bytes


class ReadyMadePages:
    """Answers the page of a closed run from Redis, and keeps it there when it was made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.broken_until = 0.0
        self.unpacked: dict[int, tuple[Unpacked, Any]] = {}  # and how its seal is asked for
        self.threads = threading.local()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from Redis, or let the page be made."""
        address = ADDRESS.fullmatch(request.path_info)
        if address is None or not may_be_kept(request):
            return compressed(request, self.get_response(request))
        run = int(address[1])
        page = self.asking_redis(lambda: self.kept(run))
        if page is not None:
            request.get_host()  # raises where the host is not ours
            return conditional(request, answer(page, small=accepts_gzip(request)))
        response = self.get_response(request)
        if getattr(response, "ready_made_for", None) == run and not response.cookies:
            self.asking_redis(lambda: self.keep(run, response))
        return compressed(request, response)

    def kept(self, run: int) -> Unpacked | None:
        """The page that Redis has; None where it has none, or none of ours.

        Of a page that this process has opened before, Redis is asked only for the seal: equal seals, equal pages.
        """
        line = self.line()
        page, question = self.unpacked.get(run, (None, b""))
        if page is not None and (seal := line.ask(question)) in (page.seal, b""):
            return page if seal else None
        key = make_key(run)
        page = opened(key, line.ask_for("GET", key) or b"")
        if page is not None:
            if len(self.unpacked) >= MOST_UNPACKED:
                self.unpacked.clear()
            self.unpacked[run] = page, line.packed("GETRANGE", key, 0, SEAL_BYTES - 1)
        return page

    def keep(self, run: int, response: HttpResponse) -> None:
        """Let Redis have this page for a while."""
        key = make_key(run)
        self.line().ask_for("SET", key, closed_up(key, response), "EX", READY_MADE_SECONDS)

    def asking_redis[T](self, ask: Callable[[], T]) -> T | None:
        """What Redis answers; None where it does not, and for five seconds after it did not."""
        if time.monotonic() < self.broken_until:
            return None
        try:
            return ask()
        except server_errors() as error:
            self.broken_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("Ready-made pages: Redis failed (%s: %s).", type(error).__name__, error)
            return None

    def line(self) -> "Line":
        """This thread's own."""
        line: Line | None = getattr(self.threads, "line", None)
        if line is None or line.caches is not settings.CACHES:
            line = self.threads.line = Line()
        return line


class Line:
    """A connection to Redis without what a client adds to each command, which takes as long as the reading."""

    def __init__(self) -> None:
        self.caches = settings.CACHES
        # The client owns the connection and closes it with itself.
        self.client = cache.client.get_client().client()  # type: ignore[attr-defined] # django-redis has one
        self.redis = self.client.connection

    def ask_for(self, *command: str | bytes | int) -> Any:
        """The answer to a command."""
        return self.ask(self.packed(*command))

    def packed(self, *command: str | bytes | int) -> Any:
        """A command as Redis reads it."""
        return self.redis.pack_command(*command)

    def ask(self, packed: Any) -> Any:
        """The answer to a packed command; asked twice where the line was cut since the last one."""
        try:
            self.redis.send_packed_command(packed)
            return self.redis.read_response(disable_decoding=True)
        except line_cut():
            self.redis.send_packed_command(packed)
            return self.redis.read_response(disable_decoding=True)


def line_cut() -> type[Exception]:
    """What says that a connection is no more; asked for when something failed, like `server_errors`."""
    from redis.exceptions import ConnectionError as LineCut

    return LineCut


def make_key(run: int) -> str:
    """The key of a page as Redis knows it."""
    return cache.make_key(page_key(run))


def compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer as small as the browser can read it; one with a secret, which its length could tell, as it is."""
    return zipped(response) if getattr(response, "holds_no_secret", False) and accepts_gzip(request) else response


def may_be_kept(request: HttpRequest) -> bool:
    """Whether this is a plain question for a page, asked the way the site is meant to be reached."""
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and request.is_secure() == settings.SITE_IS_SECURE
        and settings.CACHES["default"]["BACKEND"].startswith("django_redis.")
    )


def answer(page: Unpacked, *, small: bool) -> HttpResponse:
    """The page as an answer, compressed or not."""
    response = HttpResponse(page.small_body if small else page.body)
    # One object for all answers: no middleware stands before this one, so nobody changes it.
    response.headers = page.small_head if small else page.head
    return response


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
    whole = HttpResponse(gzip.decompress(small_body), headers=head)
    small = zipped(HttpResponse(whole.content, headers=head), small_body)
    return Unpacked(seal, whole.headers, whole.content, small.headers, small.content)


def seal_of(key: str, content: bytes) -> bytes:
    """A keyed fingerprint of the content and its place."""
    secret = hashlib.sha256(b"evaluations.ready_made\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(secret, key.encode() + b"\0" + content, hashlib.sha256)
