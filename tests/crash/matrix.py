"""The crash matrix: kill a run at every boundary, kill its resume at every later one, and look.

    python -m tests.crash.matrix [--sample N] [--seed S] [--how kill|term|raise] [--at-once N] [--sqlite]

Prints a line for every crash point: points × kills × lost × paid twice. Ends with 1 where anything is broken.
"""

import argparse
import importlib
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import environment, servers
from tests.crash.provider import MODELS

type Seen = dict[str, int]

# The rest of the catalogue's points are a vote's and a migration's.
POINTS_OF_A_RUN = {f"C{number:02}" for number in range(1, 26)}


@dataclass
class Table:
    """What was seen, by crash point."""

    points: dict[str, set[str]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    twice: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)  # seen to end well, and the kill that led there
    unknown: int = 0
    runs: int = 0

    def note(self, point: str, what: str, problems: list[str], kills: int = 1) -> None:
        """A disturbance at one boundary and what did not hold afterwards."""
        self.points.setdefault(point, set()).add(what)
        self.kills[point] += kills
        self.lost[point] += sum("lost" in problem for problem in problems)
        self.twice[point] += sum("paid twice" in problem for problem in problems)
        self.broken += [f"{point} {what}: {problem}" for problem in problems]

    def add(self, other: "Table") -> None:
        """Another worker's table."""
        for point, whats in other.points.items():
            self.points.setdefault(point, set()).update(whats)
        for mine, theirs in ((self.kills, other.kills), (self.lost, other.lost), (self.twice, other.twice)):
            mine.update(theirs)
        self.broken += other.broken
        self.states = other.states | self.states
        self.unknown += other.unknown
        self.runs += other.runs

    def show(self) -> None:
        """Print it."""
        print(f"{'point':<7}{'boundaries':>10}{'kills':>8}{'lost':>6}{'paid twice':>12}")
        for point in sorted(self.points):
            row = (len(self.points[point]), self.kills[point], self.lost[point], self.twice[point])
            print(f"{point:<7}{row[0]:>10}{row[1]:>8}{row[2]:>6}{row[3]:>12}")
        boundaries = sum(map(len, self.points.values()))
        print(
            f"{'all':<7}{boundaries:>10}{self.kills.total():>8}{self.lost.total():>6}{self.twice.total():>12}"
            f"   {self.runs} runs, {self.unknown} unknown outcomes, {len(self.broken)} broken invariants"
        )
        for problem in sorted(set(self.broken))[:40]:
            print("BROKEN", problem)


def main() -> int:
    """Run the matrix that the arguments ask for."""
    options = arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crash-", dir=memory())))
        url = f"sqlite:///{folder}/crash.sqlite3" if options.sqlite else stack.enter_context(servers.postgresql())
        set_up(url)
        make_faster(folder)
        from django.conf import settings

        settings.REPORTS_PER_WORKER = options.share
        from tests.crash import provider

        if options.sabotage:
            from evaluations.pipeline.ledger import Ledger

            Ledger.recover = lambda _ledger: None  # type: ignore[method-assign]
        process, address = provider.start(folder)
        stack.callback(process.terminate)
        started = time.monotonic()
        table = across_processes(folder, address, options)
        if not options.sample:
            # Asked all at once, it is a matter of timing whether a kill leaves anything to look up.
            wanted = POINTS_OF_A_RUN - (set() if options.at_once else {"C25"})
            # In shares, a generation id is often committed together with what another request wrote.
            wanted -= {"C15"} if options.share else set()
            table.broken += [f"{point}: nothing happened there" for point in sorted(wanted - set(table.points))]
        table.show()
        from tests.crash.world import budgets_agree

        agree = budgets_agree()
        print(
            f"{'SQLite' if options.sqlite else 'PostgreSQL'}, {options.how}, at once {options.at_once or 'all'}, "
            f"{options.share or 'all'} a share, seed {options.seed}: {time.monotonic() - started:.0f} s; days and runs "
            f"{'agree to the cent' if agree else 'DISAGREE'}"
        )
        return int(bool(table.broken) or not agree or not table.kills)


def memory() -> str | None:
    """A folder in memory where there is one: a kill is no power cut."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="so many scenarios; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--how", choices=("kill", "term", "raise"), default="kill")
    parser.add_argument("--at-once", type=int, default=1, help="0: all at once")
    parser.add_argument("--share", type=int, default=0, help="reports of one worker at a time: the run in shares")
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--single", action="store_true", help="do not disturb the resume")
    parser.add_argument("--every", action="store_true", help="of the resume, every boundary, also those that are alike")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--sabotage", action="store_true", help="forget to mark what is unknown: a negative control")
    parser.add_argument("--trace", action="store_true", help="print the boundaries of an undisturbed run and end")
    return parser.parse_args()


def set_up(url: str) -> None:
    """Django on a database of our own, migrated."""
    environment.forget_what_the_developer_has()
    os.environ.update(
        environment.ENVIRONMENT | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "futbolreport.settings"}
    )
    os.environ.update(BRAVE_API_KEY="test-search", FIRECRAWL_API_KEY="test-pages", OPENROUTER_API_KEY="test-models")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.db import connections

    connections.close_all()


def make_faster(folder: Path) -> None:
    """Leave out what protects against a power cut, and a TLS context with every authority of the world."""
    import certifi
    from django.db import connection, connections

    if connection.vendor == "postgresql" and not servers.GIVEN["DATABASE_URL"]:
        with connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET fsync = off")
            cursor.execute("ALTER SYSTEM SET synchronous_commit = off")
            cursor.execute("SELECT pg_reload_conf()")
    connections.close_all()
    one = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----")
    (folder / "one.pem").write_text("".join(one[:2]) + "\n")
    os.environ["SSL_CERT_FILE"] = str(folder / "one.pem")


def across_processes(folder: Path, address: str, options: argparse.Namespace) -> Table:
    """Every single disturbance, then every second one, dealt out to the processes; their tables together."""
    from django.db import connections

    boundaries = undisturbed(folder, address, options)
    connections.close_all()
    if options.trace:
        for number, (point, what) in enumerate(boundaries, 1):
            print(number, point, what)
    most = len(boundaries)
    if options.sample:
        dice = random.Random(options.seed)
        return dealt([(dice.randint(1, most), dice.randint(0, most // 2)) for _ in range(options.sample)], {}, locals())
    table = dealt([(first, 0) for first in range(1, most + 1)], {}, locals())
    if options.single:
        return table
    print(f"{len(table.states)} different states after a first one; from each of them, at every later point:")
    firsts = list(table.states.values())
    seen = dict(table.states)
    table.add(dealt([(first, -1) for first in firsts], seen, locals()))
    return table


def dealt(cases: list[tuple[int, int]], seen: Seen, given: dict[str, Any]) -> Table:
    """The cases dealt out to the processes."""
    options = given["options"]
    pipes = []
    for place in range(options.processes):
        ours, theirs = multiprocessing.Pipe(duplex=False)
        share = (theirs, given["folder"], given["address"], options, cases[place :: options.processes], seen)
        worker = multiprocessing.Process(target=deal, args=share)
        worker.start()
        theirs.close()
        pipes.append((ours, worker))
    table = Table()
    for ours, worker in pipes:
        try:
            table.add(ours.recv())
        except EOFError:
            table.broken.append("a process of the matrix itself broke down")
        worker.join()
    return table


def undisturbed(folder: Path, address: str, options: argparse.Namespace) -> list[tuple[str, str]]:
    """Every boundary of a run that nothing happens to; it also says what such a run ends as."""
    from tests.crash import world

    whole = world.World("undisturbed", address, folder, options.at_once or None, loaded=True)
    ended = whole.work()
    # What a worker loads on its way is loaded here, once, for all that come.
    for name in (folder / "modules").read_text().splitlines():
        with suppress(ImportError):
            importlib.import_module(name)
    world.FLAGS[:] = world.Report.objects.filter(entry__run__evaluation=whole.evaluation).first().flags
    problems = whole.problems(final=True)
    if ended.code != world.PUBLISHED or problems or whole.unknown():
        raise SystemExit(f"The undisturbed run ended with {ended.code}: {problems}")
    return ended.trace


def deal(
    pipe: Any,
    folder: Path,
    address: str,
    options: argparse.Namespace,
    cases: list[tuple[int, int]],
    seen: dict[str, int],
) -> None:
    """One process's share of the cases; a second of -1 stands for every boundary of the resume."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    table = Table(states=dict(seen))
    for first, second in cases:
        for at in later_points(table, folder, address, options, first) if second < 0 else [second]:
            one(table, folder, address, options, first, at)
    pipe.send(table)


def later_points(table: Table, folder: Path, address: str, options: argparse.Namespace, first: int) -> list[int]:
    """Boundaries at which to disturb the resume of a run that was disturbed at `first`.

    Between two commits and two bytes on the wire nothing changes that a resume could see, so of neighbours
    without either between them one is taken, by chance; `--every` takes all.
    """
    from tests.crash.world import World

    world = World(f"later-{first}-{os.getpid()}", address, folder, options.at_once or None)
    world.work(first, options.how)
    world.let_the_lease_run_out()
    trace = world.work().trace
    table.runs += 2
    if options.every:
        return list(range(1, len(trace) + 1))
    alike: list[list[int]] = [[]]
    for number, (_, what) in enumerate(trace, 1):
        if (what.startswith("after") and "cache" not in what) or what.endswith(("sent", "there")):
            alike.append([])
        alike[-1].append(number)
    dice = random.Random(options.seed * 1_000 + first)
    return [dice.choice(numbers) for numbers in alike if numbers]


def one(table: Table, folder: Path, address: str, options: argparse.Namespace, first: int, second: int) -> bool:
    """Disturb at `first`, then the resume at `second` (0: not), then let it end. Whether `second` was reached."""
    from tests.crash.world import BROKEN, FAILED, PUBLISHED, World

    world = World(f"at-{first}-{second}-{os.getpid()}", address, folder, options.at_once or None)
    for at in (first, second) if second else (first,):
        ended = world.work(at, options.how)
        table.runs += 1
        if len(ended.trace) < at:
            return False
        point, what = ended.trace[at - 1]
        problems = world.problems(final=False)
        if ended.code == BROKEN and options.how == "term":
            problems.append("I9: a SIGTERM ended in an exception")
        if at == second or not second:
            table.note(point, what, problems)
        world.let_the_lease_run_out()
    # A state from which a resume was seen to end well ends well.
    state = world.state()
    if state in table.states and second:
        return True
    table.states.setdefault(state, first)
    ended = world.work()
    table.runs += 1
    problems = world.problems(final=True)
    if ended.code != PUBLISHED and not (ended.code == FAILED and world.unknown() == len(MODELS)):
        problems.append(f"I9: the last resume ended with {ended.code}")
    if options.how == "term" and world.unknown():
        problems.append("a SIGTERM left an unknown outcome")
    table.note(point, what, [f"at the end: {problem}" for problem in problems], kills=0)
    table.unknown += world.unknown()
    return True


if __name__ == "__main__":
    sys.exit(main())
