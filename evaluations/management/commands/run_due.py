"""`manage.py run_due`: what the hourly tick does, for cron and for a worker on one's own machine."""

import json
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from evaluations.management.interrupts import interrupts
from evaluations.management.terminal import line_watcher
from evaluations.pipeline.worker import Stop, Worker
from evaluations.scheduled import do_what_is_due

SECONDS_BETWEEN_LOOKS = 5


class Command(BaseCommand):
    """Parse, call, print."""

    help = "Do what is due: continue and start scheduled runs, work off jobs, close voting."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's options."""
        parser.add_argument("--watch", action="store_true", help="stay, and look again every few seconds")

    def handle(self, **options: Any) -> None:
        """Once, or until Ctrl-C or SIGTERM."""
        stop = Stop()
        with interrupts(stop):
            self.look(stop, quiet=options["watch"])
            while options["watch"] and not stop.asked:
                time.sleep(SECONDS_BETWEEN_LOOKS)
                close_old_connections()
                self.look(stop, quiet=True)

    def look(self, stop: Stop, quiet: bool) -> None:
        """Do what is due and say what was done."""
        done = do_what_is_due(Worker(line_watcher(sys.stdout), stop, hands_over=True))
        if not quiet or any(done.values()):
            self.stdout.write(json.dumps(done))
