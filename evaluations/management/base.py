"""What every command does alike: it says in one line what it could not do, and ends with 1."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError

from evaluations.errors import FutbolReportError

FAILED = 1


class LineCommand(BaseCommand):
    """A command whose failures are one line on standard error: a refusal, a file, a database that is away."""

    # The checks import every page; `make check` and the site run them.
    requires_system_checks = ()

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run the command, and end the process with 1 where it fails in a way that a person can mend."""
        try:
            return super().execute(*args, **options)
        except (DatabaseError, InterfaceError) as error:
            sys.exit(self.complain(database_trouble(error), FAILED))
        except (FutbolReportError, OSError) as error:
            sys.exit(self.complain(error, FAILED))

    def complain(self, problem: Exception | str, code: int) -> int:
        """Say on standard error what went wrong, in one line; the exit code for it."""
        self.stderr.write(" ".join(str(problem).split()))
        return code


def database_trouble(error: Exception) -> str:
    """What is wrong with the database, and what to look at."""
    return f"The database is not ready: {error}. Does it run at DATABASE_URL, and has `manage.py migrate` been run?"
