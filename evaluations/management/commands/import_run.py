"""`manage.py import_run`: a run that another installation exported."""

from argparse import ArgumentParser
from typing import Any

from evaluations.management.base import LineCommand
from evaluations.management.lookups import read_file
from evaluations.manifests.imports import import_run
from evaluations.presentation import cache


class Command(LineCommand):
    help = "Store an exported run under a new number, after checking every hash and score of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="what export_run wrote; - for standard input")

    def handle(self, **options: Any) -> None:
        """Import; 1 where the file is refused."""
        run, found = import_run(read_file(options["file"]))
        cache.refresh(run)
        for note in found.notes:
            self.stdout.write(note)
        self.stdout.write(f"Imported {run.provenance} as run {run.pk}, which is {run.get_state_display().lower()}.")
