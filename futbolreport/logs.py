"""How the program logs: each line once, to standard error, without keys, addresses and browsers of visitors."""

import json
import logging
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from evaluations.wire import tracing
from evaluations.wire.secrets import redact


class WithoutKeys(logging.Formatter):
    """A line, its traceback included, without any key that this process has read; its time in UTC, which it says."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return redact(super().format(record))


class JsonLine(logging.Formatter):
    """An event as one line of JSON, whatever line breaks its words have, with the run and the request it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        event: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "run": tracing.RUN.get(),
            "request": tracing.REQUEST.get(),
            "traceback": self.formatException(record.exc_info) if record.exc_info else "",
        }
        return redact(json.dumps({name: value for name, value in event.items() if value}, ensure_ascii=True))


class RequestIds:
    """Gives every request an id for the log: that of the invocation on Lambda, else one made up here.

    A header could say anything, so none is asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer under that id."""
        invocation = request.META.get("lambda.context")
        with tracing.of_request(getattr(invocation, "aws_request_id", "") or secrets.token_hex(8)):
            return self.get_response(request)


def configuration(*, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING; as lines of JSON where a machine reads them.

    Our own rooms tell what they do (INFO); everybody else only what went wrong: httpx writes whole addresses, of
    which a webhook's is secret, and Zappa a line a request with the visitor's address and browser. Only the root
    writes, so that no line comes twice; on Lambda this takes the place of the handler that is there.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "futbolreport.logs.WithoutKeys",
                "datefmt": "%Y-%m-%d %H:%M:%S UTC",
                "format": "{asctime} {levelname} {name}: {message}",
                "style": "{",
            },
            "json": {"()": "futbolreport.logs.JsonLine"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json" if as_json else "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{name: {"level": "INFO"} for name in ("evaluations", "votes", "futbolreport")},
            **{name: {"level": "WARNING"} for name in ("httpx", "httpcore", "zappa")},
            "django": {"handlers": [], "level": "WARNING"},
            "django.request": {"level": "ERROR"},  # what visitors mistype is nobody's business
        },
    }
