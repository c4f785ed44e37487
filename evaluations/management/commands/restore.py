"""`manage.py restore`: an empty database filled from what `backup` wrote."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from evaluations.management.backups import restore
from evaluations.management.base import LineCommand
from evaluations.models import Run


class Command(LineCommand):
    help = "Fill the empty database that DATABASE_URL names from a file that `backup` wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote")

    def handle(self, **options: Any) -> None:
        """Restore it, and say what is there now."""
        restore(options["file"])
        self.stdout.write(f"{Run.objects.count()} runs are back. Next: manage.py migrate, then verify_run of one.")
