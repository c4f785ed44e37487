"""`manage.py run_due`: what the hourly tick does, for cron and for a worker on one's own machine."""

import json
import logging
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections

from evaluations.errors import TickFailedError
from evaluations.management.base import FAILED, LineCommand, database_trouble
from evaluations.management.interrupts import interrupts
from evaluations.management.terminal import line_watcher
from evaluations.pipeline.worker import Stop, Worker
from evaluations.scheduled import do_what_is_due

SECONDS_BETWEEN_LOOKS = 5

logger = logging.getLogger(__name__)


class Command(LineCommand):
    """Parse, call, print."""

    help = "Do what is due: continue and start scheduled runs, work off jobs, close voting."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's options."""
        parser.add_argument("--watch", action="store_true", help="stay, and look again every few seconds")

    def handle(self, **options: Any) -> None:
        """Once, with 1 where anything failed; or until Ctrl-C or SIGTERM, whatever fails."""
        stop, code = Stop(), 0
        with interrupts(stop):
            if not options["watch"]:
                code = self.look(stop)
            while options["watch"] and not stop.asked:
                self.watch(stop)
                time.sleep(0 if stop.asked else SECONDS_BETWEEN_LOOKS)
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
            done, code = do_what_is_due(worker), 0
        except TickFailedError as error:
            done, code = dict(error.done), self.complain(error, FAILED)
        if not quiet or any(done.values()):
            self.stdout.write(json.dumps(done))
        return code
