"""`manage.py score`: scores JSON lines from standard input; no database needed."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from evaluations.scoring.lines import score_lines


class Command(BaseCommand):
    help = 'Scores reports: JSON lines {"id", "context", "report", "format"?, "language"?} in, one result line each.'
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, score, print, line by line; 1 where a line could not be scored."""
        failed = False
        for line in score_lines(sys.stdin):
            failed |= line.startswith('{"line":')
            self.stdout.write(line)
            self.stdout.flush()
        if failed:
            sys.exit(1)
