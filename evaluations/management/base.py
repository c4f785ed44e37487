"""What every command does alike: it says in one line what it could not do, and ends with 1."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError

from evaluations.errors import FutbolReportError

FAILED, INTERRUPTED = 1, 130


class LineCommand(BaseCommand):
    """A command whose failures are one line on standard error: a refusal, a file, a database that is away.

    Under `--json` standard output gets a document for a refusal, too: {"error": the same line}.
    """

    # The checks import every page; `make check` and the site run them.
    requires_system_checks = ()
    as_json = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """A parser that raises where an option cannot be used: it would end with 2, which is a partial run."""
        self._called_from_command_line = False
        return super().create_parser(prog_name, subcommand, **kwargs)

    def run_from_argv(self, argv: list[str]) -> None:
        """The command in a process of its own; ends it with 1 where the options cannot be used."""
        self.as_json = "--json" in argv
        if not all(is_text(argument) for argument in argv):
            sys.exit(self.refuse("What was typed is no text in UTF-8.", FAILED))
        try:
            super().run_from_argv(argv)
        except CommandError as error:
            usage = f"`{Path(argv[0]).name} {argv[1]} --help` shows what there is."
            sys.exit(self.refuse(f"{error} {usage}", FAILED))

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run the command, and end the process with 1 where it fails in a way that a person can mend."""
        self.as_json = bool(options.get("json"))
        try:
            return super().execute(*args, **options)
        except (DatabaseError, InterfaceError) as error:
            sys.exit(self.refuse(database_trouble(error), FAILED))
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            sys.exit(leave_pipe())
        except (FutbolReportError, OSError) as error:
            sys.exit(self.refuse(error, FAILED))

    def refuse(self, problem: Exception | str, code: int) -> int:
        """Say why nothing was done: one line on standard error, and under `--json` a document; the exit code for it."""
        if self.as_json:
            self.stdout.write(json.dumps({"error": one_line(problem)}, ensure_ascii=False))
        return self.complain(problem, code)

    def complain(self, problem: Exception | str, code: int) -> int:
        """Say on standard error what went wrong, in one line; the exit code for it."""
        self.stderr.write(one_line(problem))
        return code


def is_text(argument: str) -> bool:
    """Whether an argument can be stored, sent and printed: bytes that are no UTF-8 cannot."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True


def one_line(problem: Exception | str) -> str:
    """What went wrong, in one line."""
    return " ".join(str(problem).split())


def leave_pipe() -> int:
    """Whoever read what we print has left: say nothing more, also not at the end of the process; its exit code."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def add_json(parser: ArgumentParser) -> None:
    """The option that prints for programs."""
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout, nothing else")


def database_trouble(error: Exception) -> str:
    """What is wrong with the database, and what to look at."""
    return f"The database is not ready: {error}. Does it run at DATABASE_URL, and has `manage.py migrate` been run?"
