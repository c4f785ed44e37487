"""One run of a large roster over several workers, killed again and again: what becomes of its reports and of the money.

    python -m tests.crash.shares [--models N] [--workers N] [--kills N] [--lease SECONDS] [--sabotage]

The same roster twice, without kills and with them, then a smaller one at a ceiling. Prints one table; ends with 1
where a report is missing, an answer lost, a request paid twice, a ceiling passed, or the kills cost more than half of
the time again. Requests and what was paid are counted by the provider, which is a process of its own.
"""

import argparse
import asyncio
import logging
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests import environment, servers
from tests.crash import matrix
from tests.crash import provider as loopback

KILLED_UP_TO = 0.97  # of the reports: a kill after the last one has nothing to take
USD = Decimal("0.001")  # what a report costs
LOOK = 0.03  # seconds


class Crowd(loopback.Provider):
    """A provider of thousands of models, who take their time and are paid whether or not somebody still listens."""

    SECONDS = (1.0, 1.0)

    def look_up(self, scenario: str, path: str, body: bytes) -> dict[str, Any]:
        """The list of models is as long as the scenario's name says."""
        if path.endswith("/models"):
            return {"data": [loopback.listed(model) for model in models_of(scenario)]}
        return super().look_up(scenario, path, body)

    async def answer(self, scenario: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        """Think, then bill and answer."""
        await asyncio.sleep(random.uniform(*self.SECONDS))
        await super().answer(scenario, body, writer)

    def is_flaky(self, model: str) -> bool:
        """Every twentieth refuses its first request."""
        return model.endswith(("00", "20", "40", "60", "80"))


def models_of(scenario: str) -> list[str]:
    """The roster of a scenario such as `calm-2000`."""
    return [f"maker/m{number:05}" for number in range(1, int(scenario.rpartition("-")[2]) + 1)]


def prepare(scenario: str, address: str, max_usd: Decimal) -> int:
    """An evaluation of its own with that roster; its number."""
    from django.db import connections

    from evaluations.models import Evaluation, ModelConfig, Prompt, Provider

    evaluation = Evaluation.objects.create(
        slug=scenario, name=scenario, max_usd_per_run=max_usd, max_usd_per_day=Decimal(10**6)
    )
    Prompt.objects.create(evaluation=evaluation, system_text="Write a report from the sources.")
    evaluation.queries.create(position=1, text="fixtures")
    there = Provider.objects.create(
        slug=scenario,
        name=scenario,
        kind="openrouter",
        base_url=f"{address}/s/{scenario}/api/v1",
        api_key_variable="OPENROUTER_API_KEY",
    )
    ModelConfig.objects.bulk_create(
        ModelConfig(
            evaluation=evaluation,
            provider=there,
            position=position,
            slug=model.split("/")[1],
            name=model,
            model_id=model,
            usd_per_million_input=Decimal(1),
            usd_per_million_output=Decimal(2),
        )
        for position, model in enumerate(models_of(scenario), 1)
    )
    connections.close_all()
    return int(evaluation.pk)


# The workers


def work(evaluation: int, address: str, options: argparse.Namespace) -> None:
    """Be a worker until the run has ended: hold it where nobody does, else take part in it."""
    from django.conf import settings

    from evaluations.errors import HeldElsewhereError, LeaseLostError
    from evaluations.models import Evaluation, Run
    from evaluations.pipeline import runs
    from evaluations.pipeline.start import start

    logging.disable(logging.ERROR)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    set_speed(options)
    settings.BRAVE_BASE_URL = f"{address}/s/search"
    settings.REPORTS_PER_WORKER = options.share
    settings.PROCESSORS = 1
    worker = runs.Worker(at_once=options.at_once, hands_over=True)
    there = Run.objects.select_related("evaluation", "prompt", "context").filter(evaluation=evaluation)
    while not ((run := there.first()) and run.state not in Run.LIVE):
        try:
            runs.execute(runs.resume(run) if run else start(Evaluation.objects.get(pk=evaluation)), worker)
        except HeldElsewhereError:
            if not (run and run.context and runs.join(run, worker)):
                time.sleep(0.1)
        except LeaseLostError as error:
            print(error, file=sys.stderr)


def set_speed(options: argparse.Namespace) -> None:
    """Let a lease run out at another time than the product's, and be renewed as often as that needs."""
    from evaluations.pipeline import lease
    from evaluations.providers import batch

    batch.BEAT_SECONDS *= options.lease / lease.LEASE.total_seconds()
    lease.LEASE = timedelta(seconds=options.lease)


@dataclass
class Crew:
    """Processes that work on one run; each that was killed is followed by another."""

    evaluation: int
    address: str
    options: argparse.Namespace
    kills: int = 0
    there: list[multiprocessing.Process] = field(default_factory=list)

    def enlist(self) -> None:
        """One more."""
        process = multiprocessing.Process(target=work, args=(self.evaluation, self.address, self.options))
        process.start()
        self.there.append(process)

    def kill_one(self, dice: random.Random) -> None:
        """Kill one of those that work, and have another in its place."""
        if there := [process for process in self.there if process.is_alive()]:
            victim = dice.choice(there)
            os.kill(victim.pid or 0, signal.SIGKILL)
            victim.join()
            self.there.remove(victim)
            self.kills += victim.exitcode == -signal.SIGKILL
            self.enlist()

    @property
    def at_work(self) -> bool:
        """Whether any has not come to its end."""
        return any(process.is_alive() for process in self.there)


@contextmanager
def watched(evaluation: int) -> Iterator[Any]:
    """What is watched from outside: how many reports have their outcome, and how often a ceiling was passed."""
    settled, passed, stop = (multiprocessing.Value("i", 0) for _ in range(3))
    process = multiprocessing.Process(target=watch, args=(evaluation, settled, passed, stop))
    process.start()
    try:
        yield settled, passed
    finally:
        stop.value = 1
        process.join()


def watch(evaluation: int, settled: Any, passed: Any, stop: Any) -> None:
    """Look every few milliseconds."""
    from django.db.models import F

    from evaluations.models import Budget, Report

    reports = Report.objects.filter(entry__run__evaluation=evaluation, state__in=Report.SETTLED)
    over = Budget.objects.filter(
        run__evaluation=evaluation, run__max_usd_per_run__lt=F("reserved_usd") + F("spent_usd")
    )
    while not stop.value:
        settled.value = reports.count()
        passed.value += over.count()
        time.sleep(LOOK)


# What came of it


@dataclass
class Row:
    """One row of the table."""

    what: str
    reports: int = 0
    one_each: int = 0
    unknown: int = 0
    refused: int = 0
    lost: int = 0
    twice: int = 0
    passed: int = 0
    kills: int = 0
    wall: float = 0.0
    broken: list[str] = field(default_factory=list)

    HEAD = (
        f"{'':<16}{'reports':>8}{'one each':>10}{'unknown':>9}{'refused':>9}{'lost':>6}{'paid twice':>12}"
        f"{'over ceiling':>14}{'kills':>7}{'wall, s':>9}"
    )

    def show(self) -> None:
        """Print it."""
        print(
            f"{self.what:<16}{self.reports:>8}{self.one_each:>10}{self.unknown:>9}{self.refused:>9}{self.lost:>6}"
            f"{self.twice:>12}{self.passed:>14}{self.kills:>7}{self.wall:>9.1f}",
            flush=True,
        )


def carry_out(what: str, count: int, options: argparse.Namespace, place: tuple[Path, str], **asked: Any) -> Row:
    """One run of so many models, `kills` of its workers killed on its way, at a ceiling of `max_usd`."""
    scenario, kills, max_usd = f"{what.split()[0]}-{count}", asked.get("kills", 0), asked.get("max_usd", Decimal(10**6))
    folder, address = place
    evaluation = prepare(scenario, address, max_usd)
    dice = random.Random(options.seed)
    moments = sorted(dice.randrange(int(count * KILLED_UP_TO)) for _ in range(kills))
    crew = Crew(evaluation, address, options)
    with watched(evaluation) as (settled, passed):
        started = time.monotonic()
        for _ in range(options.workers):
            crew.enlist()
        while crew.at_work:
            if crew.kills < kills and settled.value >= moments[crew.kills]:
                crew.kill_one(dice)
            time.sleep(LOOK)
        row = Row(what, wall=time.monotonic() - started, kills=crew.kills)
    time.sleep(max(Crowd.SECONDS))  # what was asked by those that were killed is paid by now
    row.passed = passed.value
    judge(row, evaluation, count, loopback.books_of(folder, scenario), max_usd)
    row.show()
    return row


def judge(row: Row, evaluation: int, count: int, books: loopback.Books, max_usd: Decimal) -> None:
    """Compare what we have with what the provider has."""
    from evaluations.models import Attempt, Budget, Report, Run, Share

    run = Run.objects.get(evaluation=evaluation)
    reports = list(Report.objects.filter(entry__run=run).select_related("entry"))
    attempts = list(Attempt.objects.filter(report__entry__run=run).select_related("report__entry"))
    answers = {line["answer"] for line in books.rows}
    asked, written = Counter(line["model"] for line in books.rows), Counter(a.report.entry.model_id for a in attempts)
    billed = Counter(line["model"] for line in books.rows if line["usd"] != "0")
    row.reports = len(reports)
    row.one_each = len({report.entry.model_id for report in reports if report.state in Report.SETTLED})
    row.unknown = sum(report.state == Report.State.UNKNOWN_OUTCOME for report in reports)
    row.refused = sum(report.error == "ceiling_of_run_or_day" for report in reports)
    row.lost = sum(max(0, asked[model] - written[model]) for model in asked)
    row.lost += sum(loopback.digest(bytes(a.body or b"")) not in answers for a in attempts if a.state == "paid")
    row.twice = sum(times > 1 for times in billed.values())
    known = sum((attempt.cost_usd or Decimal(0) for attempt in attempts), Decimal(0))
    held = sum((attempt.reserved_usd for attempt in attempts if attempt.state == "unknown"), Decimal(0))
    budget = Budget.objects.get(run=run)
    written_well = [r for r in reports if r.state == "succeeded" and r.text and r.html and billed[r.entry.model_id]]
    checks = {
        f"the run is {run.state}: {run.failure}": run.state == Run.State.PUBLISHED,
        "a report is missing": row.reports == row.one_each == count,
        "an answer was lost": not row.lost,
        "a request was paid twice": not row.twice,
        f"a ceiling was passed: {books.usd} billed of {max_usd}": not row.passed and books.usd <= max_usd,
        "a report is neither there, nor unknown, nor refused": len(written_well) + row.unknown + row.refused == count,
        f"known {known}, billed {books.usd}, held {held}": known <= books.usd <= known + held,
        f"the budget says {budget.spent_usd}/{budget.reserved_usd}, the attempts {known}/{held}": (
            (budget.spent_usd, budget.reserved_usd) == (known, held)
        ),
        "a share is left": not Share.objects.filter(run=run).exists(),
    }
    row.broken = [f"{row.what}: {problem}" for problem, holds in checks.items() if not holds]


def main() -> int:
    """Three runs."""
    options = arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shares-", dir=matrix.memory())))
        url = f"sqlite:///{folder}/shares.sqlite3" if options.sqlite else stack.enter_context(servers.postgresql())
        matrix.set_up(url)
        matrix.make_faster(folder)
        import evaluations.presentation.markdown
        import evaluations.tasks  # noqa: F401 - what workers need is loaded here, once

        if options.sabotage:
            from evaluations.pipeline.ledger import Ledger

            Ledger.recover = lambda _ledger: None  # type: ignore[method-assign]
        Crowd.SECONDS = (options.answer_seconds / 2, options.answer_seconds * 3 / 2)
        server, address = loopback.start(folder, Crowd)
        stack.callback(server.terminate)
        print(Row.HEAD)
        place = (folder, address)
        calm = carry_out("calm", options.models, options, place)
        killed = carry_out("killed", options.models, options, place, kills=options.kills)
        few = max(100, options.models // 5)
        ceiling = carry_out("ceiling", few, options, place, max_usd=USD * few / 2)
        ratio = killed.wall / calm.wall
        broken = [*calm.broken, *killed.broken, *ceiling.broken]
        broken += [] if ratio <= options.times else [f"the kills cost {ratio:.2f} times the time"]
        broken += [] if killed.kills == options.kills else [f"only {killed.kills} were killed"]
        broken += [] if ceiling.refused else ["no ceiling was met"]
        print(
            f"{'SQLite' if options.sqlite else 'PostgreSQL'}, {options.workers} workers, {options.at_once} calls each, "
            f"{options.share} reports a share, answers in {options.answer_seconds:g} s, leases of {options.lease:g} "
            f"s, seed {options.seed}: with kills {ratio:.2f} times as long as without (at most {options.times:g})"
        )
        for problem in broken:
            print("BROKEN", problem)
        return int(bool(broken))


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--share", type=int, default=25, help="reports of one worker at a time")
    parser.add_argument("--at-once", type=int, default=4, help="calls that a worker has under way: what a kill costs")
    parser.add_argument("--answer-seconds", type=float, default=2.0, help="on average")
    parser.add_argument("--lease", type=float, default=30.0, help="seconds; 30 are the product's")
    parser.add_argument("--times", type=float, default=1.5, help="the time without kills: so long at most with them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--sabotage", action="store_true", help="forget to mark what is unknown: a negative control")
    return parser.parse_args()


if __name__ == "__main__":
    environment.ENVIRONMENT.setdefault("TASKS_BACKEND", "immediate")
    sys.exit(main())
