"""`manage.py score`: scores JSON lines from standard input; no database needed."""

import io
import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import CommandParser

from evaluations.management.base import FAILED, LineCommand
from evaluations.scoring.lines import score_lines

EXAMPLE = """\
context: a text, a list of {"title", "text"}, or a locked context document.
Ends with 1 where a line could not be scored; that line gives {"line", "error"}, and the rest goes on.

example:
  echo '{"id": 1, "context": "Rovers beat Town 2-1.", "report": "Rovers won 3-1."}' | python manage.py score
"""


class Command(LineCommand):
    help = 'Scores reports: JSON lines {"id", "context", "report", "format"?, "language"?} in, one result line each.'

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """A parser whose help ends with an example, as it is written."""
        return super().create_parser(
            prog_name, subcommand, epilog=EXAMPLE, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, score, print, line by line; 1 where a line could not be scored."""
        failed = False
        if isinstance(sys.stdin, io.TextIOWrapper):  # bytes that are no text are one line's failure
            sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
        for line in score_lines(sys.stdin):
            failed |= line.startswith('{"line":')
            self.stdout.write(line)
            self.stdout.flush()
        if failed:
            sys.exit(FAILED)
