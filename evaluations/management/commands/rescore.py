"""`manage.py rescore`: stored reports, scored with today's scorers. No model is called."""

import sys
from argparse import ArgumentParser
from typing import Any

from evaluations.errors import FutbolReportError
from evaluations.management.arguments import number
from evaluations.management.base import LineCommand
from evaluations.management.lookups import find_run
from evaluations.models import Run
from evaluations.pipeline.score import UNSETTLED, rescore
from evaluations.scoring import version


class Command(LineCommand):
    help = "Score stored reports with today's scorers, beside the scores they have. Calls no model."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--run", type=number, help="only this run; default: every settled run")

    def handle(self, **options: Any) -> None:
        """Rescore; what cannot be is named on stderr, and ends with 1 where it was asked for by number."""
        refused = False
        for run in self.runs_to_score(options["run"]):
            try:
                reports = rescore(run)
            except FutbolReportError as error:
                refused = True
                self.stderr.write(str(error))
            else:
                self.stdout.write(f"{run}: {reports} reports scored with version {version.SCORER_VERSION}.")
        if refused and options["run"] is not None:
            sys.exit(1)

    def runs_to_score(self, number: int | None) -> list[Run]:
        """The run that was asked for, else all that are settled, oldest first."""
        runs = Run.objects.for_work().order_by("pk")
        if number is None:
            return list(runs.exclude(state__in=UNSETTLED).exclude(context=None))
        return [find_run(number)]
