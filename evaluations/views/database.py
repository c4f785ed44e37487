"""A database that is slow or away: every page of the site says so in time, and keeps what was typed.

Here and nowhere else: whatever of a request needs the database, it ends in 503 with Retry-After where that is away.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import DataError, InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template import loader
from django.views.defaults import bad_request, server_error

STATEMENT_SECONDS = 10
RETRY_AFTER_SECONDS = 5
# What SQLite's driver, dates and C say of a number that was sent and has no room in them.
TOO_LARGE = ("SQLite INTEGER", "signed integer is", "to convert to C")

logger = logging.getLogger(__name__)


class DatabaseGuard:
    """Bounds how long a statement of a request may take, and answers where the database does not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with bounded statements on PostgreSQL; SQLite has its own bound, for locks."""
        if connection.vendor != "postgresql":
            return self.get_response(request)
        with connection.execute_wrapper(execute_bounded):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What a view raised: 503 where the database is away, 400 where an address asks for what none can hold."""
        if is_away(error):
            return unavailable(request, error)
        return bad_request(request, error) if is_beyond(error) else None


def answer_failure(request: HttpRequest) -> HttpResponse:
    """What anything else raised, such as the saving of a session or an error page: likewise, else 500."""
    error = sys.exception()
    return unavailable(request, error) if error is not None and is_away(error) else server_error(request)


def answer_refusal(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was taken for a bad request, such as a session that could not be saved: likewise, else 400."""
    return unavailable(request, exception) if is_away(exception) else bad_request(request, exception)


def is_away(error: BaseException) -> bool:
    """Whether this, or what it came of, says that the database was not reached, was lost, or took too long."""
    if isinstance(error, (OperationalError, InterfaceError)) or is_out_of_step(error):
        return True
    earlier = error.__cause__ or error.__context__
    return earlier is not None and is_away(earlier)


def is_out_of_step(error: BaseException) -> bool:
    """Whether the driver got what it had not asked for, as from a pooler that lost the server: no code of a server."""
    return isinstance(error, InternalError) and getattr(error.__cause__, "sqlstate", None) is None


def is_beyond(error: Exception) -> bool:
    """Whether a value lies beyond columns or calendar, such as a number of twenty digits or a year of nineteen."""
    told = str(error)
    too_large = isinstance(error, OverflowError) and any(words in told for words in TOO_LARGE)
    no_year = isinstance(error, ValueError) and told.startswith("year ") and told.endswith("is out of range")
    return isinstance(error, DataError) or too_large or no_year


def execute_bounded(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement that PostgreSQL stops after a while.

    The bound travels in the same message, for this transaction only: a session behind a pooler is not ours, and a
    pooler refuses options at the start of one.
    """
    if many:
        return execute(sql, params, many, context)
    result = execute(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'; {sql}", params, many, context)
    context["cursor"].nextset()
    return result


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503, with what was sent in a form that sends it again. Asks the database for nothing."""
    logger.warning("%s %s: the database is away (%s).", request.method, request.path_info, type(error).__name__)
    if request.path_info.startswith("/api/"):
        response: HttpResponse = JsonResponse({"error": "unavailable"}, status=503)
    else:
        facts = {"address": request.get_full_path(), "fields": fields_of(request), "posted": request.method == "POST"}
        response = HttpResponse(loader.render_to_string("503.html", facts), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def fields_of(request: HttpRequest) -> Sequence[tuple[str, str]]:
    """What was typed into a form; no password, and nothing where it cannot be read."""
    try:
        sent = request.POST.lists() if request.method == "POST" else ()
        return [(name, str(value)) for name, values in sent for value in values if "password" not in name.lower()]
    except (UnreadablePostError, SuspiciousOperation, MultiPartParserError):
        return ()
