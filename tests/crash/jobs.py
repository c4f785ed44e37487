"""A worker that is killed in the middle of a job, and the worker that comes after it.

    python -m tests.crash.jobs [--points N] [--sqlite] [--sabotage]

Kills a worker at N boundaries of a job, spread over the whole of it, then lets another worker do what is due. Prints a
row for each; ends with 1 where a job did not end with its run, or anything was lost or paid twice.
"""

import argparse
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests import servers
from tests.crash import matrix, provider

LONG = timedelta(hours=1)  # longer than any claim


@dataclass
class Tally:
    """What came of every kill."""

    kills: int = 0
    lost: int = 0
    twice: int = 0
    open: int = 0
    unknown: int = 0

    def show(self, what: str) -> None:
        """Print it."""
        print(
            f"{what}: {self.kills} kills, {self.open} jobs without an end, {self.lost} lost, {self.twice} paid twice, "
            f"{self.unknown} unknown outcomes"
        )


def job_world(slug: str, address: str, folder: Path) -> Any:
    """A scenario whose workers do what is due, as a tick does: a job for a run of it is queued."""
    from django.db import connections

    from evaluations.models import Job
    from evaluations.pipeline import runs
    from evaluations.scheduled import do_what_is_due
    from evaluations.tasks import working
    from tests.crash import world

    class JobWorld(world.World):
        """One job, whoever works."""

        def _be_the_worker(self, trace: int, at: int, how: str) -> int:
            signal.alarm(world.SECONDS)
            boundaries = world.Boundaries(trace, at, how)
            boundaries.install()
            world.settings.BRAVE_BASE_URL = world.settings.FIRECRAWL_BASE_URL = f"{self.url}/s/{self.slug}"
            world.settings.NOTIFY_WEBHOOK = f"{self.url}/s/{self.slug}/notices"
            worker = runs.Worker(boundaries.watch, at_once=self.at_once, hands_over=True)
            try:
                with working(worker):
                    do_what_is_due(worker)
            except Exception as error:  # noqa: BLE001 - a run may fail: all its answers were lost
                print(f"{self.slug}: {error}"[:200], file=sys.stderr)
                return world.FAILED
            return world.PUBLISHED

        def let_time_pass(self) -> None:
            """What waiting does after a worker was killed: leases and claims run out."""
            self.let_the_lease_run_out()
            for job in Job.objects.filter(started_at__isnull=False):
                Job.objects.filter(pk=job.pk).update(started_at=job.started_at - LONG)

    there = JobWorld(slug, address, folder)
    Job.objects.create(kind=Job.Kind.RUN, evaluation=there.evaluation)
    connections.close_all()
    return there


def kill_once(slug: str, at: int, address: str, folder: Path, tally: Tally) -> list[str]:
    """Kill the worker of a job at a boundary, and let others do what is due. What does not hold."""
    from evaluations.models import Job, Run

    there = job_world(slug, address, folder)
    killed = there.work(at=at)
    problems = [] if killed.killed else [f"the worker came to an end at {at}"]
    problems += there.problems(final=False)
    for _ in range(2):  # the second look settles what the first has queued again
        there.let_time_pass()
        there.work()
    job, run = Job.objects.get(evaluation=there.evaluation), Run.objects.filter(evaluation=there.evaluation).first()
    problems += there.problems(final=True)
    ended = job.state in (Job.State.DONE, Job.State.FAILED) and run and job.run_id == run.pk
    good = Job.State.DONE if run and run.state == Run.State.PUBLISHED else Job.State.FAILED
    if not ended or job.state != good:
        problems.append(f"the job is {job.state}, its run {run and run.state}")
    tally.kills += 1
    tally.open += not ended
    tally.lost += sum("lost:" in problem for problem in problems)
    tally.twice += sum("paid twice" in problem for problem in problems)
    tally.unknown += there.unknown()
    return [f"{killed.trace[-1] if killed.trace else at}: {problem}" for problem in problems]


def main() -> int:
    """Kill at so many points."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=25)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--sabotage", action="store_true", help="never settle jobs: a negative control")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jobs-", dir=matrix.memory())))
        url = f"sqlite:///{folder}/jobs.sqlite3" if options.sqlite else stack.enter_context(servers.postgresql())
        matrix.set_up(url)
        matrix.make_faster(folder)
        if options.sabotage:
            from evaluations import jobs

            jobs.settle_jobs = lambda: None  # type: ignore[assignment]
        process, address = provider.start(folder)
        stack.callback(process.terminate)
        matrix.undisturbed(folder, address, argparse.Namespace(at_once=0))
        whole = len(job_world("whole", address, folder).work().trace)
        points = sorted({1 + place * (whole - 1) // options.points for place in range(options.points)})
        tally, broken = Tally(), []
        for at in points:
            broken += kill_once(f"job-{at}-{os.getpid()}", at, address, folder, tally)
        tally.show(f"{'SQLite' if options.sqlite else 'PostgreSQL'}, a job of {whole} boundaries")
        for problem in broken:
            print("BROKEN", problem)
        return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
