"""`manage.py show`: one run, as it stands."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from evaluations.management.arguments import number
from evaluations.management.base import LineCommand, add_json
from evaluations.management.lookups import find_run
from evaluations.management.outcomes import print_outcome, print_texts
from evaluations.management.summaries import summary


class Command(LineCommand):
    help = "Show one run: its reports with their scores and costs, why some are missing, and what to do next."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=number, metavar="RUN", help="its number; `manage.py runs` lists them")
        parser.add_argument("--texts", action="store_true", help="the reports themselves, too")
        add_json(parser)

    def handle(self, **options: Any) -> None:
        """Print the run; 1 where there is none of this number."""
        run = find_run(options["run"])
        if options["json"]:
            self.stdout.write(json.dumps(summary(run), ensure_ascii=False))
        else:
            print_outcome(sys.stdout, run)
            if options["texts"]:
                print_texts(sys.stdout, run)
