"""The whole database as one file, and back: by the database's own tools."""

import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from evaluations.errors import FutbolReportError

SQLITE_HEADER = b"SQLite format 3\0"


class BackupError(FutbolReportError):
    """A backup that was not made, or not restored."""


def back_up(file: Path) -> int:
    """Write the database into a new file; its size in bytes. Runs and votes may go on meanwhile.

    PostgreSQL: pg_dump's custom format. SQLite: a database file. Raises BackupError.
    """
    if file.exists():
        raise BackupError(f"{file} is there already; nothing was written. Name another file.")
    if connection.vendor == "sqlite":
        # Into a neighbour first: half a backup must not look like one.
        part = file.with_name(f"{file.name}.part")
        part.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(part)])
        part.rename(file)
    else:
        run_tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
    return file.stat().st_size


def restore(file: Path) -> None:
    """Fill an empty database from such a file. Raises BackupError, and changes nothing where it holds anything."""
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    if tables := connection.introspection.table_names():
        raise BackupError(
            f"The database holds {len(tables)} tables already; nothing was restored. Name an empty one in DATABASE_URL."
        )
    if connection.vendor == "sqlite":
        restore_sqlite(file)
    else:
        run_tool("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(file))


def restore_sqlite(file: Path) -> None:
    """Copy page by page into the database that is open."""
    with file.open("rb") as opened:
        if opened.read(len(SQLITE_HEADER)) != SQLITE_HEADER:
            raise BackupError(f"{file} is no backup of SQLite; nothing was restored.")
    connection.ensure_connection()
    source = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    try:
        source.backup(connection.connection)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{file} is damaged ({error}); the database may be incomplete: begin again.") from error
    finally:
        source.close()


def run_tool(tool: str, *arguments: str) -> None:
    """Run a tool of PostgreSQL on our database. Raises BackupError with its own words."""
    if not shutil.which(tool):
        raise BackupError(f"{tool} is not on PATH: install PostgreSQL's client programs of the server's version.")
    place = ["--dbname", connection.settings_dict["NAME"]] if tool == "pg_restore" else []
    environment = settings.BARE_ENVIRONMENT | variables()
    done = subprocess.run(  # noqa: S603 - the tool is one of two, and no shell reads the file's name
        [tool, *place, *arguments], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BackupError(f"{tool} failed: {said[-1] if said else done.returncode}")


def variables() -> dict[str, str]:
    """How PostgreSQL's tools find our database; a password in an argument could be read by everybody here."""
    known: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {variable: str(known[name]) for variable, name in names.items() if known.get(name)}
    options = {"PGSSLMODE": "sslmode", "PGHOST": "host"}
    of_connection = known.get("OPTIONS", {})
    return given | {variable: of_connection[name] for variable, name in options.items() if of_connection.get(name)}
