"""What is kept of who failed to log in: nothing but the name that was tried."""

from typing import Any

from django.http import HttpRequest


def no_address(request: HttpRequest) -> str:
    """One address for everybody: names are counted, not where somebody sits."""
    return "127.0.0.1"


def no_name(*_: Any) -> str:
    """Who failed, as the log tells it."""
    return "somebody"
