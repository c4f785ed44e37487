"""`manage.py run_due`: what the hourly tick does, for cron and for a worker on one's own machine."""

import json
import logging
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

from evaluations.errors import TickFailedError
from evaluations.management.base import FAILED, LineCommand, database_trouble
from evaluations.management.terminal import line_watcher
from evaluations.pipeline.worker import Stop, Worker, interrupts
from evaluations.scheduled import do_what_is_due
from evaluations.tasks import working

SECONDS_BETWEEN_LOOKS = 5
WORKER_OPTIONS = ("--interval", "0.1", "--no-startup-delay", "--no-reload")

logger = logging.getLogger(__name__)


class Command(LineCommand):
    help = "Do what is due: continue and start scheduled runs, work off jobs, close voting."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="stay, look again every few seconds, and keep workers")
        parser.add_argument("--workers", type=int, default=1, metavar="N", help="how many workers --watch keeps")

    def handle(self, **options: Any) -> None:
        """Once, with 1 where anything failed; or until Ctrl-C or SIGTERM, whatever fails."""
        stop, code = Stop(), 0
        with interrupts(stop), workers(options["workers"] if options["watch"] else 0) as keep:
            if not options["watch"]:
                code = self.look(stop)
            while options["watch"] and not stop.asked:
                keep()
                self.watch(stop)
                stop.wait(SECONDS_BETWEEN_LOOKS)
        if code:
            sys.exit(code)

    def watch(self, stop: Stop) -> None:
        """One look of many: one that fails is told, and the next comes all the same."""
        close_old_connections()
        try:
            self.look(stop, quiet=True)
        except (DatabaseError, InterfaceError) as error:
            self.complain(database_trouble(error), FAILED)
        except Exception:
            logger.exception("This look at what is due failed; the next comes in %d s.", SECONDS_BETWEEN_LOOKS)

    def look(self, stop: Stop, quiet: bool = False) -> int:
        """Do what is due and say what was done; 1 where anything failed."""
        worker = Worker(line_watcher(sys.stdout), stop, hands_over=True)
        try:
            with nullcontext() if quiet else working(worker):
                done, code = do_what_is_due(worker), 0
        except TickFailedError as error:
            done, code = dict(error.done), self.complain(error, FAILED)
        if not quiet or any(done.values()):
            self.stdout.write(json.dumps(done))
        return code


@contextmanager
def workers(count: int) -> Iterator[Callable[[], None]]:
    """Processes of `db_worker`, where tasks stand in the database; what is given starts those anew that have ended.

    At the end each is asked to stop, as this process was, and waited for: what it has under way is handed over.
    """
    there: list[subprocess.Popen[bytes]] = []
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "db_worker", *WORKER_OPTIONS]

    def keep() -> None:
        there[:] = [process for process in there if process.poll() is None]
        missing = count - len(there) if settings.TASKS_BACKEND == "database" else 0
        there.extend(subprocess.Popen(command) for _ in range(missing))  # noqa: S603 - our own command

    try:
        yield keep
    finally:
        for process in there:
            process.terminate()
        for process in there:
            process.wait()
