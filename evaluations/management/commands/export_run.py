"""`manage.py export_run`: a run's manifest."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from evaluations.management.arguments import number
from evaluations.management.base import LineCommand
from evaluations.management.lookups import find_run
from evaluations.manifests.documents import to_bytes
from evaluations.manifests.exports import manifest


class Command(LineCommand):
    help = "Print a run's manifest: all that it was made from and all that came of it, with a SHA-256 for every part."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=number, metavar="RUN")
        parser.add_argument("--output", metavar="FILE", help="write it there instead of to standard output")

    def handle(self, **options: Any) -> None:
        """Write one canonical JSON document; 1 where there is none to write."""
        document = to_bytes(manifest(find_run(options["run"])))
        if options["output"]:
            Path(options["output"]).write_bytes(document)
        else:
            self.stdout.write(document.decode(), ending="")
