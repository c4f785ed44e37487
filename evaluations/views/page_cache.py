"""Pages that are answered ready-made: from one read of Redis, before anything else is asked.

A view says with `ready_made(response, run)` that its answer may be kept; this middleware keeps it compressed and with
its headers as they left the house, under a seal, for a minute (docs/decisions/0012). `evaluations.presentation.cache`
takes it away whenever a report of the run changes. When it is getting old, the first who asks makes it anew and the
others get the old one; where there is none, they wait for the first. Without Redis every page is made anew.
"""

import gzip
import json
import re
import secrets
import time
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders
from django.utils.cache import get_conditional_response
from django.utils.crypto import constant_time_compare

from evaluations.presentation.cache import lock_key, page_key
from evaluations.presentation.circuit import CIRCUIT
from evaluations.presentation.links import prefix_of, site_prefixes
from evaluations.presentation.seals import SEAL_LENGTH, seal_of

from .access import READY_MADE_SECONDS, accepts_gzip, compress

SALT = "evaluations.ready_made"
GETTING_OLD_SECONDS = 40
LONGEST_MAKING = 10  # seconds after which somebody else makes the page
LONGEST_WAIT = 2.0  # for a page that somebody else makes
LOOK_AGAIN_SECONDS = 0.03
NEVER_KEPT_SECONDS = 5.0  # in which nobody waits for a page that was not kept, such as that of an open vote
MOST_OPENED = 16  # pages of about 100 kB in the memory of a process
MOST_NOT_KEPT = 1_000

ADDRESS = re.compile(r"/runs/([1-9]\d{0,17})/")


def ready_made(response: HttpResponse, run: int) -> HttpResponse:
    """Let this answer be kept as the page of the run."""
    response.ready_made_for = run  # type: ignore[attr-defined]
    return response


class Page(NamedTuple):
    """A page whose seal was found good: headers and body, as they are and compressed."""

    seal: bytes
    made_at: float
    head: ResponseHeaders
    body: bytes
    small_head: ResponseHeaders
    small_body: bytes

    @property
    def is_getting_old(self) -> bool:
        """Whether it is time to make it anew."""
        return time.time() - self.made_at > GETTING_OLD_SECONDS


class Turn(Enum):
    """Whose turn it is to make a page anew."""

    OURS = auto()
    OF_ANOTHER = auto()
    UNKNOWN = auto()  # Redis does not say, or nobody needs to wait


class ReadyMadePages:
    """Answers the page of a closed run from Redis, and keeps it there when it was made."""

    lines: "ClassVar[list[Line]]" = []  # that nobody uses now: as many as threads ever asked at the same time

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.opened: dict[str, tuple[Page, Any]] = {}  # and how its seal is asked for
        self.not_kept: dict[str, float] = {}  # until when nobody waits for it

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from Redis, or let the page be made."""
        address = ADDRESS.fullmatch(request.path_info)
        if address is None or not may_be_kept(request):
            return compress_for(request, self.get_response(request))
        run, prefix = int(address[1]), prefix_of(request)
        key = cache.make_key(page_key(run, prefix))
        page = CIRCUIT.ask("reading a page", lambda: self.stored_page(key))
        if page is not None and not page.is_getting_old:
            return answer(request, page)
        return self.renew(request, run, key, page)

    def renew(self, request: HttpRequest, run: int, key: str, old: Page | None) -> HttpResponse:
        """The page made anew by the first who asks; for others the old one, or the new one when it is there."""
        token = secrets.token_bytes(8)
        lock = cache.make_key(lock_key(run))
        waits = old is not None or time.monotonic() > self.not_kept.get(key, 0)
        turn = self.turn(lock, token) if waits else Turn.UNKNOWN
        if turn is Turn.OF_ANOTHER:
            page = old or self.wait_for_page(key, lock)
            if page is not None:
                return answer(request, page)
        response = self.get_response(request)
        if getattr(response, "ready_made_for", None) == run and not response.cookies:
            CIRCUIT.ask("keeping a page", lambda: self.keep(key, response, lock, token))
        else:
            self.remember_not_kept(key)
        if turn is Turn.OURS:
            CIRCUIT.ask("taking turns", lambda: self.ask("DEL", lock))
        return compress_for(request, response)

    def stored_page(self, key: str) -> Page | None:
        """The page that Redis has; None where it has none, or none of ours.

        Of a page that this process has opened before, Redis is asked only for the seal: equal seals, equal pages.
        """
        page, question = self.opened.get(key, (None, b""))
        if page is not None and (seal := self.ask_packed(question)) in (page.seal, b""):
            return page if seal else None
        page = open_page(key, self.ask("GET", key) or b"")
        if page is not None:
            if len(self.opened) >= MOST_OPENED:
                self.opened.clear()
            self.opened[key] = page, pack("GETRANGE", key, 0, SEAL_LENGTH - 1)
        return page

    def turn(self, lock: str, token: bytes) -> Turn:
        """Whose turn it is to make the page."""
        taken = CIRCUIT.ask(
            "taking turns", lambda: (self.ask("SET", lock, token, "NX", "EX", LONGEST_MAKING) is not None,)
        )
        return Turn.UNKNOWN if taken is None else Turn.OURS if taken[0] else Turn.OF_ANOTHER

    def wait_for_page(self, key: str, lock: str) -> Page | None:
        """The page that somebody else makes now; None where it does not come, or not in time."""
        end = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < end:
            time.sleep(LOOK_AGAIN_SECONDS)
            at_it = CIRCUIT.ask("waiting for a page", lambda: self.ask("EXISTS", lock))
            page = CIRCUIT.ask("waiting for a page", lambda: self.stored_page(key))
            if page is not None or not at_it:
                return page
        return None

    def keep(self, key: str, response: HttpResponse, lock: str, token: bytes) -> None:
        """Let Redis have this page for a while, unless it was taken away since it was begun."""
        if self.ask("GET", lock) == token:
            self.ask("SET", key, closed_up(key, response), "EX", READY_MADE_SECONDS)

    def remember_not_kept(self, key: str) -> None:
        """Let nobody wait for this page for a while."""
        if len(self.not_kept) >= MOST_NOT_KEPT:
            self.not_kept.clear()
        self.not_kept[key] = time.monotonic() + NEVER_KEPT_SECONDS

    def ask(self, *command: str | bytes | int) -> Any:
        """What Redis answers to a command."""
        return self.ask_packed(pack(*command))

    def ask_packed(self, command: Any) -> Any:
        """What Redis answers to a packed command, over a line that nobody else uses meanwhile.

        A line that failed is not used again.
        """
        while self.lines:
            line = self.lines.pop()
            if line.caches is settings.CACHES:
                break
        else:
            line = Line()
        answer = line.ask(command)
        self.lines.append(line)
        return answer


class Line:
    """A connection to Redis without what a client adds to each command, which takes as long as the reading.

    It is none of the pool's, which all threads share for all else.
    """

    def __init__(self) -> None:
        self.caches = settings.CACHES
        pool = cache.client.get_client().connection_pool  # type: ignore[attr-defined] # django-redis has one
        self.redis = pool.connection_class(**pool.connection_kwargs)

    def ask(self, command: Any) -> Any:
        """The answer to a packed command; asked twice where the line was cut since the last one."""
        try:
            self.redis.send_packed_command(command)
            return self.redis.read_response(disable_decoding=True)
        except line_cut():
            self.redis.send_packed_command(command)
            return self.redis.read_response(disable_decoding=True)


def pack(*command: str | bytes | int) -> Any:
    """A command as Redis reads it."""
    parts = [part if isinstance(part, bytes) else str(part).encode() for part in command]
    return [b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in parts)]


def line_cut() -> type[Exception]:
    """What says that a connection is no more; asked for when something failed, like `server_errors`."""
    from redis.exceptions import ConnectionError as LineCut

    return LineCut


def compress_for(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer as small as the browser can read it; one with a secret, which its length could tell, as it is."""
    return compress(response) if getattr(response, "holds_no_secret", False) and accepts_gzip(request) else response


def may_be_kept(request: HttpRequest) -> bool:
    """Whether this is a plain question for a page, asked the way the site is meant to be reached."""
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and request.is_secure() == settings.SITE_IS_SECURE
        and prefix_of(request) in site_prefixes()
        and settings.CACHES["default"]["BACKEND"].startswith("django_redis.")
    )


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """The page as an answer, compressed or not; 304 where the browser has it. Raises where the host is not ours."""
    request.get_host()
    small = accepts_gzip(request)
    response = HttpResponse(page.small_body if small else page.body)
    # One object for all answers: no middleware stands before this one, so nobody changes it.
    response.headers = page.small_head if small else page.head
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return response
    return get_conditional_response(request, etag=response.headers.get("ETag"), response=response) or response


# Kept: seal, a line of JSON (when it was made, headers), body (gzip)


def closed_up(key: str, response: HttpResponse) -> bytes:
    """The answer as bytes under our seal."""
    head = json.dumps({"made_at": time.time(), "headers": dict(response.headers)}).encode()
    content = head + b"\n" + gzip.compress(response.content, 6, mtime=0)
    return seal_of(SALT, key.encode() + b"\0" + content).encode() + content


def open_page(key: str, kept: bytes) -> Page | None:
    """The page; None where these bytes are not ours."""
    seal, content = kept[:SEAL_LENGTH], kept[SEAL_LENGTH:]
    if not constant_time_compare(seal, seal_of(SALT, key.encode() + b"\0" + content)):
        return None
    line, _, small_body = content.partition(b"\n")
    head = json.loads(line)
    whole = HttpResponse(gzip.decompress(small_body), headers=head["headers"])
    small = compress(HttpResponse(whole.content, headers=head["headers"]), small_body)
    return Page(seal, head["made_at"], whole.headers, whole.content, small.headers, small.content)
