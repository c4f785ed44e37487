"""`manage.py backup`: the whole database as one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from evaluations.management.backups import back_up
from evaluations.management.base import LineCommand


class Command(LineCommand):
    help = "Write the whole database into one new file, while runs and votes go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="where to; it must not be there yet")

    def handle(self, **options: Any) -> None:
        """Write it, and say how large it is."""
        size = back_up(options["file"])
        self.stdout.write(f"{options['file']}: {size / 1_000_000:.1f} MB. `restore` fills an empty database from it.")
