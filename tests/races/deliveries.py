"""The same scheduled events many times over, through long-lived processes; and many starts at one ceiling.

    python -m tests.races.deliveries [--deliveries N] [--starts N] [--seed S] [--sqlite] [--sabotage]

Prints a table; ends with 1 where a slot has not exactly one run, a model was not billed exactly once, or the
day's ceiling was exceeded at any moment.
"""

import argparse
import logging
import multiprocessing
import random
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests import servers
from tests.crash import matrix, provider

PROCESSES = 8
EVALUATIONS = 2
OVERLAP = 0.010  # seconds within which the copies of an event arrive
CALL_USD, DAY_USD = Decimal("0.01"), Decimal("0.06")


@dataclass
class Process:
    """A long-lived process that takes events, as a warm Lambda does."""

    pipe: Any
    process: Any

    @classmethod
    def start(cls, address: str) -> "Process":
        """Fork one."""
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.Process(target=serve, args=(theirs, address), daemon=True)
        process.start()
        return cls(ours, process)


def serve(pipe: Any, address: str) -> None:
    """Take orders until there are no more; answer each."""
    from django.conf import settings

    logging.disable(logging.INFO)
    settings.BRAVE_BASE_URL = settings.FIRECRAWL_BASE_URL = f"{address}/s/search"
    while order := pipe.recv():
        kind, moment, argument = order
        time.sleep(max(0.0, moment - time.monotonic()))
        try:
            pipe.send(tick() if kind == "event" else start_all(argument))
        except Exception as error:  # noqa: BLE001 - told to the parent, who counts it
            pipe.send([f"{type(error).__name__}: {error}"])


def tick() -> list[str]:
    """One event delivered; what failed."""
    from evaluations import scheduled
    from evaluations.errors import TickFailedError

    try:
        scheduled.run_due({"source": "aws.events"}, None)
    except TickFailedError as error:
        return [str(error)]
    return []


def start_all(slugs: list[str]) -> list[str]:
    """Start these evaluations at once, each in a thread of its own; unexpected errors."""
    from django.db import connections

    from evaluations.errors import RunFailedError
    from evaluations.models import Evaluation
    from evaluations.pipeline import runs
    from evaluations.pipeline.start import start

    errors: list[str] = []

    def one(slug: str) -> None:
        try:
            runs.execute(start(Evaluation.objects.get(slug=slug)))
        except RunFailedError:
            pass  # not one of its models could be paid for
        except Exception as error:  # noqa: BLE001
            errors.append(f"{slug}: {type(error).__name__}: {error}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(slug,)) for slug in slugs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def deliver(processes: list[Process], folder: Path, address: str, options: argparse.Namespace) -> list[str]:
    """All deliveries, round by round; each round's slots are new. What is wrong afterwards."""
    from django.utils import timezone

    from evaluations.models import Evaluation, Run, Slot
    from tests.crash.world import World

    dice = random.Random(options.seed)
    worlds = [World(f"race-{number}", address, folder) for number in range(EVALUATIONS)]
    base = timezone.now() - timedelta(hours=1_000)
    left, slots, errors, started = options.deliveries, 0, [], time.monotonic()
    while left > 0:
        slots += 1
        due = {"scheduled": True, "schedule_start": base + timedelta(minutes=slots), "every_hours": 10_000}
        Evaluation.objects.filter(pk__in=[w.evaluation.pk for w in worlds]).update(**due)
        copies = min(left, dice.choice([2, 3, 2, 3, 8]))
        left -= copies
        moment = time.monotonic() + 0.01
        chosen = dice.sample(processes, copies)
        for one in chosen:
            one.pipe.send(("event", moment + dice.uniform(0, OVERLAP), None))
        for one in chosen:
            errors += one.pipe.recv()
        if left:  # and once more, when all is over
            left -= 1
            late = dice.choice(processes)
            late.pipe.send(("event", 0.0, None))
            errors += late.pipe.recv()
    runs_there = Run.objects.filter(slot__isnull=False)
    published = runs_there.filter(state="published").count()
    twice = missing = 0
    for world in worlds:
        mine = runs_there.filter(evaluation=world.evaluation).count()
        for model in provider.MODELS:
            billed = len(world.books().billed(model))
            twice, missing = twice + max(0, billed - mine), missing + max(0, mine - billed)
    wanted = slots * EVALUATIONS
    titles = ("deliveries", "slots", "runs", "published", "billed twice", "not billed", "seconds")
    print("".join(title.rjust(width) for title, width in zip(titles, (10, 8, 8, 11, 14, 12, 9), strict=True)))
    print(
        f"{options.deliveries:>10}{wanted:>8}{runs_there.count():>8}{published:>11}{twice:>14}{missing:>12}"
        f"{time.monotonic() - started:>9.0f}"
    )
    if not runs_there.count() == published == wanted == Slot.objects.filter(run__isnull=False).count():
        errors.append(f"{wanted} slots, {runs_there.count()} runs, {published} published")
    return errors + ["billed twice"] * bool(twice) + ["not billed"] * bool(missing)


def start_in_parallel(processes: list[Process], folder: Path, address: str, options: argparse.Namespace) -> list[str]:
    """All starts at one moment, of which the day's ceiling lets a part through. What is wrong afterwards."""
    from django.db.models import Sum

    from evaluations.models import Attempt, Budget, Evaluation
    from tests.crash.world import World

    Evaluation.objects.update(scheduled=False)
    Budget.objects.filter(day__isnull=False).delete()
    worlds = [World(f"start-{number}", address, folder) for number in range(options.starts)]
    mine = {"slug__startswith": "start-"}
    Evaluation.objects.filter(**mine).update(max_usd_per_call=CALL_USD, max_usd_per_day=DAY_USD)
    moment, highest, errors = time.monotonic() + 0.2, Decimal(0), []
    for number, one in enumerate(processes):
        one.pipe.send(("starts", moment, [world.slug for world in worlds[number :: len(processes)]]))
    for one in processes:
        while not one.pipe.poll(0.005):
            booked = Budget.objects.filter(day__isnull=False).aggregate(r=Sum("reserved_usd"), s=Sum("spent_usd"))
            highest = max(highest, (booked["r"] or Decimal(0)) + (booked["s"] or Decimal(0)))
        errors += one.pipe.recv()
    billed = sum((world.books().usd for world in worlds), Decimal(0))
    asked = Attempt.objects.filter(report__entry__run__evaluation__slug__startswith="start-")
    known = asked.aggregate(s=Sum("cost_usd"))["s"] or Decimal(0)
    print(f"{'starts':>10}{'ceiling':>10}{'most booked':>13}{'billed':>10}{'booked':>10}{'calls of':>10}{'':>5}")
    print(
        f"{options.starts:>10}{DAY_USD:>10}{highest:>13}{billed:>10}{known:>10}{asked.count():>10}"
        f"{options.starts * len(provider.MODELS):>5}"
    )
    if max(highest, billed) > DAY_USD:
        errors.append(f"the day's ceiling of {DAY_USD} was exceeded: {highest} booked, {billed} billed")
    if known != billed:
        errors.append(f"booked {known}, billed {billed}")
    return errors if asked.exists() else [*errors, "nobody was asked"]


def main() -> int:
    """Both races."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=1_000)
    parser.add_argument("--starts", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--sabotage", action="store_true", help="reserve without a condition: a negative control")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="race-", dir=matrix.memory())))
        url = f"sqlite:///{folder}/race.sqlite3" if options.sqlite else stack.enter_context(servers.postgresql())
        matrix.set_up(url)
        matrix.make_faster(folder)
        if options.sabotage:
            sabotage()
        server, address = provider.start(folder)
        stack.callback(server.terminate)
        matrix.undisturbed(folder, address, argparse.Namespace(at_once=0))
        from django.db import connections

        connections.close_all()
        processes = [Process.start(address) for _ in range(PROCESSES)]
        errors = deliver(processes, folder, address, options) if options.deliveries else []
        errors += start_in_parallel(processes, folder, address, options) if options.starts else []
        for one in processes:
            one.pipe.send(None)
            one.process.join(5)
        connections.close_all()
        for error in sorted(set(errors))[:20]:
            print("BROKEN", error)
        return int(bool(errors))


def sabotage() -> None:
    """Look first, then write: what a reservation must not be."""
    from django.db.models import F

    from evaluations.pipeline import budgets, ledger

    def reserve(run: Any, day: Any, amount: Decimal) -> bool:
        from evaluations.models import Budget

        Budget.objects.get_or_create(run=run)
        Budget.objects.get_or_create(day=day, sandbox=False)
        rows = budgets.budgets_of(run, day)
        if any(row.reserved_usd + row.spent_usd + amount > run.max_usd_per_day for row in rows):
            return False
        time.sleep(0.05)
        rows.update(reserved_usd=F("reserved_usd") + budgets.usd(amount))
        return True

    ledger.reserve = reserve


if __name__ == "__main__":
    sys.exit(main())
