"""Voters and readers while the database's connections are cut, through a real server on PostgreSQL.

    python -m tests.races.voters [--voters N] [--readers N] [--cut-every MS] [--pooler] [--sabotage]

Prints a table; ends with 1 where anybody got a 500, or a vote that was accepted is not stored exactly once.
"""

import argparse
import random
import re
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import httpx
import psycopg

from tests import servers
from tests.races.site import serve

AT_ONCE = 24
LONGEST = 180.0  # seconds that a voter keeps trying
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
CHOICE = re.compile(r'name="choice" value="([A-Z]+)"')


class Crowd:
    """What everybody was answered."""

    def __init__(self, address: str, run: int, closed: int) -> None:
        self.address, self.run, self.closed = address, run, closed
        self.answers: Counter[tuple[str, int]] = Counter()
        self.accepted = 0
        self.lock = threading.Lock()

    def note(self, what: str, status: int) -> int:
        """Count an answer."""
        with self.lock:
            self.answers[what, status] += 1
        return status

    def vote(self, number: int) -> None:
        """Ask for the ballot until it comes, then send it until it is taken: what the 503 page offers."""
        came_from = {"X-Forwarded-For": f"203.0.{number // 250}.{number % 250 + 1}"}
        end = time.monotonic() + LONGEST
        with httpx.Client(base_url=self.address, headers=came_from, timeout=30, trust_env=False) as browser:
            page = f"/runs/{self.run}/ballot/"
            while (ballot := browser.get(page)) and self.note("ballot", ballot.status_code) != 200:
                if time.monotonic() > end:
                    return
                time.sleep(0.05)
            form = dict(FIELD.findall(ballot.text)) | {"choice": CHOICE.findall(ballot.text)[0]}
            while time.monotonic() < end:
                answer = browser.post(page, data=form)
                if self.note("vote", answer.status_code) == 303:
                    with self.lock:
                        self.accepted += 1
                    return
                if answer.status_code == 503:
                    form = dict(FIELD.findall(answer.text))  # exactly what the page kept
                time.sleep(0.05)

    def read(self, number: int) -> None:
        """Read pages, ten of them."""
        with httpx.Client(base_url=self.address, timeout=30, trust_env=False) as browser:
            pages = ("/", "/runs/", f"/runs/{self.closed}/", f"/api/runs/{self.closed}/", "/models/")
            for turn in range(10):
                self.note("page", browser.get(pages[(number + turn) % len(pages)]).status_code)


def cut(database: str, every: float, seconds: float, stop: threading.Event) -> None:
    """Cut every connection to the database but this one, again and again; rest as long, and again."""
    begun = time.monotonic()
    with closing(psycopg.connect(database, autocommit=True)) as own:
        while not stop.wait(every):
            if (time.monotonic() - begun) % (2 * seconds) > seconds:
                continue
            own.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def race(options: argparse.Namespace) -> list[str]:
    """Let them all come; what was wrong."""
    with ExitStack() as stack:
        database = stack.enter_context(servers.postgresql())
        door = stack.enter_context(servers.pgbouncer(database)) if options.pooler else database
        site = serve(stack, door, SABOTAGE="1" if options.sabotage else "")
        crowd, stop = Crowd(site.address, site.run, site.closed), threading.Event()
        cutter = threading.Thread(target=cut, args=(database, options.cut_every / 1000, options.cut_for, stop))
        cutter.start()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            everybody = [(crowd.vote, number) for number in range(options.voters)]
            everybody += [(crowd.read, number) for number in range(options.readers)]
            random.Random(1).shuffle(everybody)
            list(pool.map(lambda one: one[0](one[1]), everybody))
        stop.set()
        cutter.join()
        with closing(psycopg.connect(database)) as own:
            stored = own.execute("SELECT count(*), count(DISTINCT voter) FROM votes_vote").fetchone()
        return told(crowd, stored or (0, 0), options.voters)


def told(crowd: Crowd, stored: tuple[int, int], voters: int) -> list[str]:
    """Print the table; what was wrong."""
    for (what, status), number in sorted(crowd.answers.items()):
        print(f"{what:<8} {status} {number:>6}")
    print(f"accepted {crowd.accepted} of {voters}, stored {stored[0]}, voters {stored[1]}")
    wrong = [f"{number} × {status} for a {what}" for (what, status), number in crowd.answers.items() if status == 500]
    if not crowd.accepted == stored[0] == stored[1] == voters:
        wrong.append("votes that were accepted and votes that are stored differ")
    return wrong


def main() -> None:
    """Run the race and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=200)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--cut-every", type=float, default=20, help="milliseconds")
    parser.add_argument("--cut-for", type=float, default=2, help="seconds, then as long not, and again")
    parser.add_argument("--pooler", action="store_true", help="through pgbouncer, which pools by transaction")
    parser.add_argument("--sabotage", action="store_true", help="without the guard")
    try:
        wrong = race(parser.parse_args())
    except servers.MissingPartError as missing:
        sys.exit(f"NOT RUN. MISSING PART: {missing}")
    print("\n".join(wrong) or "0 answers of 500, every accepted vote a row")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
