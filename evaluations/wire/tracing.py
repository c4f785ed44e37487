"""Which request and which run a line of the log belongs to. Pure; `futbolreport.logs` writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

REQUEST: ContextVar[str] = ContextVar("request", default="")
RUN: ContextVar[int | None] = ContextVar("run", default=None)


@contextmanager
def of_run(number: int) -> Iterator[None]:
    """What is logged in this block belongs to the run of that number."""
    token = RUN.set(number)
    try:
        yield
    finally:
        RUN.reset(token)


@contextmanager
def of_request(identity: str) -> Iterator[None]:
    """What is logged in this block belongs to the request, or the invocation, of that id."""
    token = REQUEST.set(identity)
    try:
        yield
    finally:
        REQUEST.reset(token)
