"""Everybody votes at once, through a real server with four workers: each voter has one vote, and none waits long.

    python -m tests.races.bursts [--voters N] [--rounds N] [--sqlite] [--no-bare]

A burst: every voter sends the vote three times at the same moment, half of them changing their mind. The same
burst goes to a view that stores one row and does nothing else. Then rounds, in each of which a hundred threads send one
token. Prints a table; ends with 1 where a row is missing or too many, an answer is a 500, the tally is not what a
recount gives, or 95 % of the votes took more than three times as long as bare inserts.
"""

import argparse
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests import servers

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS, AT_ONCE, TIMES, A_ROUND = 4, 48, 3, 100
MOST_TIMES_AS_LONG = 3.0
UNTIL_READ = 6.0  # seconds after which no vote on these ballots is too fast
PREPARE = """
import django
django.setup()
from tests.factories import make_run
print(make_run(models=[f"m{n}" for n in range(6)], open_for_voting=True).pk)
"""
COUNT = """
import django, json, sys
django.setup()
from collections import Counter
from evaluations.models import Run
from votes.counting import tally_of
from votes.models import Vote
run = Run.objects.get(pk=int(sys.argv[1]))
mine = Vote.objects.filter(run=run).exclude(network__contains=" ")
votes = list(mine.values_list("voter", "verdict", "choice", "quarantined"))
told = tally_of(run)
by_hand = Counter(choice for _, verdict, choice, apart in votes if verdict == "choice" and not apart)
print(json.dumps({"rows": len(votes), "voters": len({vote[0] for vote in votes}), "counted": by_hand.total(),
    "tally": told.choices == by_hand}))
"""


@dataclass
class Voter:
    """A browser with its ballot: what it sends, in both of its moods."""

    number: int
    cookie: str = ""
    form: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        """Of each request."""
        address = f"10.{self.number >> 16}.{self.number >> 8 & 255}.{self.number & 255}"
        return {"X-Forwarded-For": address, "Cookie": self.cookie}

    def body(self, choice: int) -> str:
        """The form with one of the reports chosen."""
        return urlencode(self.form | {"choice": self.labels[choice]})


class Site:
    """The server under test, and everything that it answered."""

    def __init__(self, port: int, run: int) -> None:
        self.port, self.run = port, run
        self.answers: Counter[tuple[str, int]] = Counter()

    def ask(self, method: str, path: str, headers: dict[str, str], body: str = "") -> tuple[int, float, str, list[str]]:
        """One request on a connection of its own: status, seconds, text, cookies."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        started = time.perf_counter()
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        seconds = time.perf_counter() - started
        connection.close()
        return answer.status, seconds, text, answer.headers.get_all("Set-Cookie") or []

    def give(self, number: int) -> Voter:
        """A new voter with a ballot."""
        voter = Voter(number)
        status, _, text, cookies = self.ask("GET", f"/runs/{self.run}/ballot/", voter.headers)
        assert status == 200, status
        jar: SimpleCookie = SimpleCookie()
        for cookie in cookies:
            jar.load(cookie)
        voter.cookie = "; ".join(f"{name}={cookie.value}" for name, cookie in jar.items())
        voter.form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
        voter.labels = re.findall(r'name="choice" value="([A-Z]+)"', text)
        return voter

    def send(self, path: str, voter: Voter, choice: int) -> float:
        """One vote, or a bare insert; how long it took."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, seconds, _, _ = self.ask("POST", path, voter.headers | form, voter.body(choice))
        self.answers[path.strip("/").partition("/")[0], status] += 1
        return seconds

    def burst(self, path: str, voters: list[Voter]) -> list[float]:
        """Everybody three times, in any order."""
        sent = [(voter, time_sent % 2 * (voter.number % 2)) for voter in voters for time_sent in range(TIMES)]
        random.Random(1).shuffle(sent)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda one: self.send(path, *one), sent))


def start(stack: ExitStack, *, sqlite: bool) -> tuple[Site, dict[str, str]]:
    """The site on a database of its own, with a run that is open."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="burst-")))
    database = f"sqlite:///{folder}/burst.sqlite3" if sqlite else stack.enter_context(servers.postgresql())
    environment = os.environ | {
        "SECRET_KEY": "test-only-and-long-enough-to-be-a-key", "DATABASE_URL": database,
        "REDIS_URL": stack.enter_context(servers.own_redis()), "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXIES": "127.0.0.1", "SITE_URL": "http://127.0.0.1:8000", "DEBUG": "false", "SECRETS_ID": "",
        "DJANGO_SETTINGS_MODULE": "benchmarks.votes_settings", "TASKS_BACKEND": "immediate",
    }  # fmt: skip
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
    run = int(told_by(PREPARE, environment))
    port = servers.free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", str(WORKERS), "--log-level", "critical", "--backlog", "2048",
               "--bind", f"127.0.0.1:{port}", "futbolreport.wsgi:application"]  # fmt: skip
    site = stack.enter_context(subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL))
    stack.callback(site.terminate)
    servers.wait_until_open(port, site, 60)
    return Site(port, run), environment


def told_by(script: str, environment: dict[str, str], *arguments: str) -> str:
    """What a script prints that runs in the site's environment."""
    command = [sys.executable, "-W", "ignore", "-c", script, *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def p95(seconds: list[float]) -> float:
    """What 95 % did not exceed, in milliseconds."""
    return 1000 * sorted(seconds)[int(0.95 * len(seconds))]


def race(options: argparse.Namespace) -> list[str]:
    """Burst, bare burst and rounds; what was wrong."""
    with ExitStack() as stack:
        site, environment = start(stack, sqlite=options.sqlite)
        with ThreadPoolExecutor(8) as pool:
            voters = list(pool.map(site.give, range(options.voters)))
        time.sleep(UNTIL_READ)
        bare = p95(site.burst(f"/bare/{site.run}/", voters)) if options.bare else 0.0
        votes = p95(site.burst(f"/runs/{site.run}/ballot/", voters))
        found = json.loads(told_by(COUNT, environment, str(site.run)))
        rounds = [one_round(site, options.voters + number) for number in range(options.rounds)]
        after = json.loads(told_by(COUNT, environment, str(site.run)))
    database = "SQLite" if options.sqlite else "PostgreSQL"
    print(f"{database}, {WORKERS} workers, {options.voters} voters × {TIMES}: {found}")
    print(f"p95 of a vote {votes:.0f} ms, of a bare insert {bare:.0f} ms")
    print(f"{options.rounds} rounds of {A_ROUND} threads with one token: {after['rows'] - found['rows']} rows")
    for (what, status), number in sorted(site.answers.items()):
        print(f"{what:<6} {status} {number:>6}")
    wrong = wrong_in(options, site, found, after)
    if bare and votes > MOST_TIMES_AS_LONG * bare:
        wrong.append(f"p95 is {votes / bare:.1f} times that of a bare insert")
    if any(answers != {303} for answers in rounds):
        wrong.append("a round with another answer than 303")
    return wrong


def one_round(site: Site, number: int) -> set[int]:
    """A hundred threads send the vote of one new voter; how they were answered."""
    voter, before = site.give(number), Counter(site.answers)
    with ThreadPoolExecutor(A_ROUND) as pool:
        list(pool.map(lambda turn: site.send(f"/runs/{site.run}/ballot/", voter, turn % 2), range(A_ROUND)))
    return {status for _, status in site.answers - before}


def wrong_in(options: argparse.Namespace, site: Site, found: dict[str, int], after: dict[str, int]) -> list[str]:
    """What must not be, in the rows and the answers."""
    wrong = [f"{number} × {status}" for (_, status), number in site.answers.items() if status >= 500]
    if not found["rows"] == found["voters"] == found["counted"] == options.voters:
        wrong.append(f"{options.voters} voters have {found}")
    if after["rows"] - found["rows"] != options.rounds or after["rows"] != after["voters"]:
        wrong.append(f"{options.rounds} rounds have {after['rows'] - found['rows']} rows")
    return wrong + ["the tally is not a recount"] * (not (found["tally"] and after["tally"]))


def main() -> None:
    """Run the race and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--no-bare", dest="bare", action="store_false")
    wrong = race(parser.parse_args())
    print("\n".join(f"BROKEN {one}" for one in wrong) or "each voter one row, the tally a recount, 0 answers of 500")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
