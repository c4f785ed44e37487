"""`manage.py export_run`: a run's manifest."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from evaluations.errors import FutbolReportError
from evaluations.management.runs import find_run
from evaluations.manifests.documents import to_bytes
from evaluations.manifests.exports import manifest


class Command(BaseCommand):
    """Parse, call, print."""

    help = "Print a run's manifest: all that it was made from and all that came of it, with a SHA-256 for every part."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's options."""
        parser.add_argument("run", type=int)
        parser.add_argument("--output", metavar="FILE", help="write it there instead of to standard output")

    def handle(self, **options: Any) -> None:
        """Write one canonical JSON document; 1 where there is none to write."""
        try:
            document = to_bytes(manifest(find_run(options["run"])))
            if options["output"]:
                Path(options["output"]).write_bytes(document)
            else:
                self.stdout.write(document.decode(), ending="")
        except (FutbolReportError, OSError) as error:
            self.stderr.write(str(error))
            sys.exit(1)
