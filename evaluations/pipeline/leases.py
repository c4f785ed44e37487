"""One worker a run: a lease with a fencing token, by the database's clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, F, Func, Q

from evaluations.errors import HeldElsewhereError, LeaseLostError
from evaluations.models import Run

LEASE = timedelta(seconds=60)


class DatabaseClock(Func):
    """Now, by the database's clock (PostgreSQL), which all workers share; by the host's on SQLite."""

    arity = 0
    template = "CLOCK_TIMESTAMP()"
    output_field = DateTimeField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite's own clock, in the text form in which Django stores times there."""
        moment = "STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'NOW')"
        return self.as_sql(compiler, connection, template=moment, **context)


def unheld() -> Q:
    """Runs that no living worker holds."""
    return Q(lease_expires_at=None) | Q(lease_expires_at__lt=DatabaseClock())


class Hold:
    """This worker's hold on one run. Everything it writes goes through `writing`."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.token = run.lease_token

    @classmethod
    def take(cls, run: Run) -> "Hold":
        """Take a run that nobody holds. Raises HeldElsewhereError."""
        taken = (
            Run.objects.filter(unheld(), pk=run.pk)
            .exclude(state=Run.State.CANCELLED)
            .update(lease_token=F("lease_token") + 1, lease_expires_at=DatabaseClock() + LEASE)
        )
        if not taken:
            raise HeldElsewhereError(f"Another worker is at {run}. Nothing was changed; it goes on by itself.")
        run.refresh_from_db(fields=["lease_token", "lease_expires_at", "state"])
        return cls(run)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One short transaction that commits only while this worker holds the run. Raises LeaseLostError."""
        with transaction.atomic():
            mine = Run.objects.filter(pk=self.run.pk, lease_token=self.token)
            if not mine.exclude(state=Run.State.CANCELLED).update(lease_expires_at=DatabaseClock() + LEASE):
                raise LeaseLostError(
                    f"{self.run} was cancelled or taken over by another worker; what this one wanted to write "
                    "was not written."
                )
            yield

    def move(self, state: Run.State, **fields: Any) -> None:
        """Write the run's new state and other fields of it."""
        with self.writing():
            Run.objects.filter(pk=self.run.pk).update(state=state, **fields)
        for name, value in (fields | {"state": state}).items():
            setattr(self.run, name, value)

    def release(self) -> None:
        """Let another worker take the run at once."""
        Run.objects.filter(pk=self.run.pk, lease_token=self.token).update(lease_expires_at=None)
