"""What a vote costs beside a bare view that inserts one row, behind the same middleware.

`make bench-votes` prints the CPU time of this process for both, in turns: by its WSGI application, with a Redis and a
PostgreSQL of their own whose work is not counted. The run has 20,000 votes, and then none.
"""

import io
import os
import re
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from tests import servers

VOTES, ROUNDS = 20_000, 300

FILL = """
INSERT INTO votes_vote
    (run_id, verdict, line_up, voter, network, seat, site, quarantined, issued_at, cast_at)
SELECT %s, 'none', '[]', 'v' || n, 'n' || n, 1, '', false, now(), now() FROM generate_series(1, %s) AS n
"""

Environ = dict[str, Any]


def main() -> None:
    """Print the figures."""
    with ExitStack() as stack:
        os.environ |= {
            "DATABASE_URL": stack.enter_context(servers.postgresql()),
            "REDIS_URL": stack.enter_context(servers.own_redis()),
            "SECRET_KEY": "test-only-and-long-enough-to-be-a-key",
            "DJANGO_SETTINGS_MODULE": "benchmarks.votes_settings",
        }
        import django

        django.setup()
        from django.test.utils import setup_databases, teardown_databases

        databases = setup_databases(verbosity=0, interactive=False)
        try:
            for votes in (0, VOTES):
                measure(votes)
        finally:
            teardown_databases(databases, verbosity=0)


def measure(votes: int) -> None:
    """Both in turns, on a run with so many votes."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection

    from tests.factories import make_run

    run = make_run(open_for_voting=True, models=[f"m{number}" for number in range(12)])
    with connection.cursor() as cursor:
        cursor.execute(FILL, [run.pk, votes])
    application = WSGIHandler()
    costs: dict[str, list[float]] = {"bare": [], "vote": []}
    for number in range(ROUNDS):
        ballot = ballot_request(application, run.pk, number)
        costs["vote"].append(cost(application, ballot))
        costs["bare"].append(cost(application, ballot | {"PATH_INFO": f"/bare/{run.pk}/"}))
    bare, vote = (1000 * statistics.median(costs[name]) for name in ("bare", "vote"))
    print(f"{votes:>6} votes: bare insert {bare:.2f} ms, vote {vote:.2f} ms of CPU: {vote / bare:.2f} times")


def ballot_request(application: Callable[..., Any], run: int, number: int) -> Environ:
    """A new voter asks for a ballot; the request that sends it."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": f"/runs/{run}/ballot/",
        "REMOTE_ADDR": address,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
    }
    cookies: SimpleCookie = SimpleCookie()

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        for name, value in headers:
            if name == "Set-Cookie":
                cookies.load(value)

    text = b"".join(application(environ | {"wsgi.input": io.BytesIO()}, start)).decode()
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    form["choice"] = re.findall(r'name="choice" value="([A-Z]+)"', text)[0]
    return environ | {
        "REQUEST_METHOD": "POST",
        "HTTP_COOKIE": "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items()),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "body": urlencode(form).encode(),
    }


def cost(application: Callable[..., Any], environ: Environ) -> float:
    """CPU seconds of one request, which must be answered with 303."""
    statuses: list[str] = []
    body = environ["body"]
    whole = environ | {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    started = time.process_time()
    response = application(whole, lambda status, headers: statuses.append(status))
    response.close()
    spent = time.process_time() - started
    assert statuses[0].startswith("303"), statuses
    return spent


if __name__ == "__main__":
    main()
