"""Every boundary that a worker crosses, seen from outside the product: commits, network events, steps.

The product has no hooks for this. Django's own execution wrappers and commit, httpcore's trace, the cache's
backend and the news that a run tells whoever watches it show where the worker is.
"""

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import httpx
from django.core.cache.backends.locmem import LocMemCache
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from evaluations.pipeline.worker import News, StepNews

WRITES = ("INSERT", "UPDATE", "DELETE")
NETWORK = {
    "send_request_headers.started": "before sending",
    "send_request_body.complete": "sent",
    "receive_response_headers.complete": "headers there",
    "receive_response_body.complete": "last byte there",
}


class InjectedError(RuntimeError):
    """What `how="raise"` raises."""


class Boundaries:
    """Counts the boundaries, writes each down before it is crossed, and acts at the one it is told."""

    def __init__(self, trace: int, at: int = 0, how: str = "kill") -> None:
        self.trace, self.at, self.how = trace, at, how
        self.count = 0
        self.step = "start"
        self.recovering = False
        self._written: list[str] = []
        self._lock = threading.Lock()

    def reach(self, point: str, what: str) -> None:
        """One boundary: `point` is the crash point of the catalogue that it belongs to."""
        with self._lock:
            self.count += 1
            os.write(self.trace, f"{self.count}\t{point}\t{what}\n".encode())
            if self.count != self.at:
                return
        match self.how:
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "term":
                os.kill(os.getpid(), signal.SIGTERM)
            case "raise":
                raise InjectedError(f"{point} {what}")

    def watch(self, news: News) -> None:
        """The run's own news: each step begins, each report moves."""
        if isinstance(news, StepNews):
            self.step = news.step
            self.recovering = False
            self.reach(STEP_POINTS.get(news.step, "C25"), f"step {news.step}")
        else:
            self.reach("C19" if news.state != "answering" else "C12", f"report {news.state}")

    def install(self) -> None:
        """Watch database, network and cache of this process from here on."""
        connection_created.connect(self._on_connection, weak=False)
        self._around(BaseDatabaseWrapper, "_commit", self._commit)
        self._around(LocMemCache, "delete_many", lambda: ("C22", "cache write"))
        self._around(LocMemCache, "set", lambda: ("C22", "cache write"))
        handle = httpx.AsyncHTTPTransport.handle_async_request

        async def traced(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
            async def trace(event: str, _info: Any) -> None:
                if (name := event.partition(".")[2]) in NETWORK:
                    self.reach(*self._network(request, NETWORK[name]))

            request.extensions = {**request.extensions, "trace": trace}
            return await handle(transport, request)

        httpx.AsyncHTTPTransport.handle_async_request = traced  # type: ignore[method-assign]

    def _around(self, owner: type, name: str, point: Callable[[], tuple[str, str]]) -> None:
        inner = getattr(owner, name)

        def outer(*args: Any, **kwargs: Any) -> Any:
            where, what = point()
            self.reach(where, f"before {what}")
            result = inner(*args, **kwargs)
            self.reach(NEXT.get(what, where), f"after {what}")
            return result

        setattr(owner, name, outer)

    def _on_connection(self, connection: BaseDatabaseWrapper, **_: Any) -> None:
        connection.execute_wrappers.append(self._execute)

    def _execute(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not sql.startswith(WRITES):
            return execute(sql, params, many, context)
        if context["connection"].in_atomic_block:
            self._written.append(sql)
            return execute(sql, params, many, context)
        what = f"write of {table_in(sql)}"
        point = {"start": "C02", "infer": "C25", LOOK_UP: "C25"}.get(self.step, "C22")
        self.reach(point, f"before {what}")
        result = execute(sql, params, many, context)
        self.reach(point, f"after {what}")
        return result

    def _commit(self) -> tuple[str, str]:
        """Where a commit stands in the catalogue, from what it writes."""
        written, self._written = self._written, []
        if self.step == LOOK_UP:
            return "C25", "commit of a looked-up cost"
        tables = {table_in(sql) for sql in written}
        inserted = {table_in(sql) for sql in written if sql.startswith("INSERT")}
        updated = [sql for sql in written if sql.startswith("UPDATE")]
        kinds = {
            ("C01", "commit of the start"): "run" in inserted,
            ("C10", "commit of the lock"): "lockedcontext" in inserted,
            ("C19", "commit of intents"): "attempt" in inserted,
            ("C23", "commit of scores"): "score" in inserted,
            ("C05", "commit of an answered query"): "queryanswer" in tables,
            ("C08", "commit of a page"): "page" in tables,
            ("C16", "commit of an outcome"): any('"body"' in sql for sql in updated),
            ("C17", "commit of a report"): any('"text"' in sql and table_in(sql) == "report" for sql in updated),
            ("C14", "commit of a generation id"): "attempt" in tables,
            ("C21", "commit of publishing"): any('"published_at"' in sql for sql in updated),
        }
        for point, fits in kinds.items():
            if fits:
                return point
        if tables == {"run"} and self.step in MOVES:
            return MOVES[self.step], f"commit of a move after {self.step}"
        return "C25", f"commit of {', '.join(sorted(tables)) or 'nothing'} in {self.step}"

    def _network(self, request: httpx.Request, event: str) -> tuple[str, str]:
        path = request.url.path
        if path.endswith("/chat/completions"):
            return CHAT[event], f"model {event}"
        for end, point in (("/scrape", "C08"), ("/notices", "C24"), ("/generation", "C25")):
            if path.endswith(end):
                return point, f"{end[1:]} {event}"
        if "/web/search" in path:
            return ("C04" if event in ("before sending", "sent") else "C05"), f"query {event}"
        return "C02", f"preflight {event}"


CHAT = {"before sending": "C12", "sent": "C13", "headers there": "C14", "last byte there": "C16"}
LOOK_UP = "look up"  # not a step of a run: the tick's, afterwards
STEP_POINTS = {"fetch": "C04", "read": "C07", "lock": "C11", "infer": "C11", "score": "C20", "publish": "C22"}
MOVES = {"start": "C03", "fetch": "C07", "read": "C09", "lock": "C11", "infer": "C20", "score": "C20", "publish": "C22"}
NEXT = {
    "commit of the start": "C03",
    "commit of the lock": "C11",
    "commit of intents": "C12",
    "commit of an answered query": "C06",
    "commit of a page": "C09",
    "commit of an outcome": "C17",
    "commit of a report": "C18",
    "commit of a generation id": "C15",
    "commit of publishing": "C22",
}


def table_in(sql: str) -> str:
    """The table that a statement writes, without its prefix."""
    words = sql.split('"')
    return words[1].removeprefix("evaluations_") if len(words) > 1 else "?"
