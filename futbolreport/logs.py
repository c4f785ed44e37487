"""How the program logs: each line once, to standard error, without keys, addresses and browsers of visitors."""

import logging
import time
from typing import Any

from evaluations.wire.secrets import redact


class WithoutKeys(logging.Formatter):
    """A line, its traceback included, without any key that this process has read; its time in UTC, which it says."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return redact(super().format(record))


def configuration() -> dict[str, Any]:
    """Django's LOGGING.

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
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{name: {"level": "INFO"} for name in ("evaluations", "votes", "futbolreport")},
            **{name: {"level": "WARNING"} for name in ("httpx", "httpcore", "zappa")},
            "django": {"handlers": [], "level": "WARNING"},
            "django.request": {"level": "ERROR"},  # what visitors mistype is nobody's business
        },
    }
