"""`manage.py runs`: the runs that there are, newest first."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from evaluations.errors import NotConfiguredError
from evaluations.management.arguments import number
from evaluations.management.base import LineCommand, add_json
from evaluations.management.outcomes import command_line
from evaluations.management.summaries import run_row
from evaluations.management.tables import RUNS, print_rows
from evaluations.models import Evaluation, Run

NEWEST = 20


class Command(LineCommand):
    help = "List the runs of an evaluation, newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("evaluation", nargs="?", help="slug; default: every evaluation")
        parser.add_argument("--limit", type=number, default=NEWEST, metavar="N", help=f"at most N (default {NEWEST})")
        add_json(parser)

    def handle(self, **options: Any) -> None:
        """Print them; 1 where there is no such evaluation."""
        found = find_runs(options["evaluation"])
        rows = [run_row(run) for run in found[: options["limit"]]]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
        elif not rows:
            first = command_line("run_evaluation --sandbox")
            self.stdout.write(f"No run yet. Next: `{first}` makes one without any key.")
        else:
            print_rows(sys.stdout, RUNS, rows)
            self.stdout.write(f"{len(rows)} of {len(found)} runs. Next: `{command_line(f'show {rows[0]["run"]}')}`")


def find_runs(slug: str | None) -> list[Run]:
    """The runs of one evaluation, or of all, newest first. Raises NotConfiguredError."""
    if slug and not Evaluation.objects.filter(slug=slug).exists():
        there = ", ".join(Evaluation.objects.values_list("slug", flat=True)) or "none"
        raise NotConfiguredError(f"There is no evaluation {slug}; there are: {there}.")
    runs = Run.objects.filter(evaluation__slug=slug) if slug else Run.objects.all()
    return list(runs.select_related("evaluation", "context").order_by("-pk"))
