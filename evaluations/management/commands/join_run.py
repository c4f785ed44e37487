"""`manage.py join_run`: one more worker at a run that several workers ask for."""

import sys
from argparse import ArgumentParser
from typing import Any

from evaluations.management.arguments import number
from evaluations.management.base import LineCommand
from evaluations.management.lookups import find_run
from evaluations.management.terminal import line_watcher
from evaluations.pipeline import runs
from evaluations.pipeline.worker import interrupts, quantity


class Command(LineCommand):
    help = "Take part in a run that several workers ask for (REPORTS_PER_WORKER), share after share."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=number, metavar="RUN")

    def handle(self, **options: Any) -> None:
        """Say how many shares were done; 0 also where there was none to take."""
        run, stop = find_run(options["run"]), runs.Stop()
        with interrupts(stop):
            count = runs.join(run, runs.Worker(line_watcher(sys.stdout), stop, hands_over=True))
        self.stdout.write(f"{run}: {quantity(count, 'share')} done here." if count else f"{run} has no share to take.")
