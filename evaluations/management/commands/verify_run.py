"""`manage.py verify_run`: whether a run is what it claims to be."""

import sys
from argparse import ArgumentParser
from typing import Any

from evaluations.management.base import LineCommand
from evaluations.management.lookups import find_run, read_file
from evaluations.manifests import checks, documents
from evaluations.manifests.checks import Findings
from evaluations.manifests.documents import DamagedError
from evaluations.manifests.exports import verify


class Command(LineCommand):
    help = "Compute every hash and score of a run again, and name what differs by its path."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", metavar="RUN|FILE", help="a run's number, or what export_run wrote; - for input")

    def handle(self, **options: Any) -> None:
        """Say what differs, one path a line; 0 where nothing does, else 1."""
        found = findings(options["run"])
        for line in [*found.differences, *found.notes]:
            self.stdout.write(line)
        if found.differences:
            self.stderr.write(f"{options['run']}: {len(found.differences)} places differ.")
            sys.exit(1)
        self.stdout.write(f"{options['run']}: every hash is right, and {found.scores} scores were computed again.")


def findings(asked: str) -> Findings:
    """What there is to say about a stored run, where a number was given, or about a file."""
    if asked.isdecimal():
        return verify(find_run(int(asked)))
    try:
        return checks.check(documents.read(read_file(asked)))
    except DamagedError as damaged:
        return Findings(damaged.differences)
