"""`manage.py compute_standings`: standings from the votes, stored ones or those of a file."""

import json
from argparse import ArgumentParser
from typing import Any

from evaluations.management.base import LineCommand
from evaluations.management.lookups import find_evaluations, read_file
from evaluations.models import Evaluation
from votes.computation import compute
from votes.outcomes.figures import figures
from votes.outcomes.vote_files import read


class Command(LineCommand):
    help = "Compute standings from the votes of closed runs, and keep them beside the older ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("evaluation", nargs="?", help="slug; default: every evaluation")
        parser.add_argument(
            "--from", dest="file", metavar="FILE", help='print the figures of a vote file ("-": stdin); store nothing'
        )

    def handle(self, **options: Any) -> None:
        """Compute; 1 where nothing could be."""
        if options["file"]:
            self.print_figures(options["file"])
        else:
            for evaluation in find_evaluations(options["evaluation"]):
                self.stdout.write(self.compute_line(evaluation))

    def print_figures(self, name: str) -> None:
        """The figures of a file as one JSON document; null where no vote in it counts."""
        document = figures(read(read_file(name).decode(errors="replace").splitlines()))
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True))

    def compute_line(self, evaluation: Evaluation) -> str:
        """What came of one evaluation, as a line."""
        made = compute(evaluation)
        if made is None:
            return f"{evaluation}: no vote counts yet."
        ranked = [f"{row['rank'] or '–'} {row['name']} ({row['share']:.0%})" for row in made.figures["models"]]
        return f"{evaluation}: {made.votes} votes in {made.runs} runs. {', '.join(ranked)}"
