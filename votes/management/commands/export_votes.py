"""`manage.py export_votes`: the closed votes of an evaluation without identities, as a file that gives every figure."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from evaluations.management.base import LineCommand
from evaluations.management.lookups import find_evaluation
from votes.counting import vote_file
from votes.outcomes.vote_files import lines


class Command(LineCommand):
    help = "Print the votes of an evaluation's closed runs without identities; compute_standings --from reads them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("evaluation", nargs="?", help="slug; default: the first public one")
        parser.add_argument("--output", metavar="FILE", help="write it there instead of to standard output")

    def handle(self, **options: Any) -> None:
        """Write JSON lines (votes.outcomes.vote_files); 1 where there are none to write."""
        content = lines(vote_file(find_evaluation(options["evaluation"])))
        if options["output"]:
            with Path(options["output"]).open("wb") as file:
                file.writelines(content)
        else:
            for text in content:
                self.stdout.write(text.decode(), ending="")
