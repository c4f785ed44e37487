"""One worker a run, or a share of one: a lease with a fencing token, by the database's clock."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, InterfaceError, InternalError, OperationalError, connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Now

from evaluations.errors import HeldElsewhereError, LeaseLostError
from evaluations.models import Report, Run
from evaluations.models.reports import ReportQuerySet
from evaluations.wire import tracing

LEASE = timedelta(seconds=30)

PATIENCE = 60.0  # seconds that a write waits for a database that is away
LOCK_WAIT = "5s"  # then the write is tried again
COLLISIONS = ("40001", "40P01")  # serialization failure, deadlock: tried again three times
READ_ONLY = "25006"  # a replica, until the failover is over

logger = logging.getLogger(__name__)


class DatabaseClock(Now):
    """Now, by the database's clock (PostgreSQL), which all workers share; by the host's on SQLite."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The moment itself, where Django asks for that at which the statement began."""
        return self.as_sql(compiler, connection, template="CLOCK_TIMESTAMP()", **context)


def lease_end() -> Any:
    """When a lease runs out that is taken or renewed now."""
    return DatabaseClock() + LEASE


def lease_is_free() -> Q:
    """Runs, or shares of one, that no living worker holds."""
    return Q(lease_expires_at=None) | Q(lease_expires_at__lt=DatabaseClock())


def is_held(run: Run) -> bool:
    """Whether a living worker holds the run."""
    return not Run.objects.filter(lease_is_free(), pk=run.pk).exists()


def pause_abandoned(run: Run, why: str) -> bool:
    """Pause a live run that no worker holds any more; whether it was so.

    With a new token: a worker that was only slow must not go on beside another run.
    """
    abandoned = Run.objects.live().filter(lease_is_free(), pk=run.pk)
    return bool(
        abandoned.update(state=Run.State.PAUSED, failure=why, paused_until=None, lease_token=F("lease_token") + 1)
    )


def patiently[T](write: Callable[[bool], T]) -> T:
    """What `write` returns; tried again on a fresh connection while the database is away, for a minute.

    A connection that breaks while COMMIT is under way leaves open whether it was committed, so `write` is told
    whether it is called again and must then look before it repeats what must happen once.
    """
    deadline, pause, collisions = time.monotonic() + PATIENCE, 0.1, 0
    again = False
    while True:
        try:
            return write(again)
        except (OperationalError, InterfaceError, InternalError) as error:
            state = getattr(error.__cause__, "sqlstate", None)
            collisions += state in COLLISIONS
            hopeless = isinstance(error, InternalError) and state != READ_ONLY
            if connection.in_atomic_block or hopeless or collisions > 3 or time.monotonic() + pause > deadline:
                raise
            logger.warning("The database did not take a write; trying again: %s", " ".join(str(error).split())[:200])
        connection.close()
        time.sleep(pause)
        pause, again = min(pause * 2, 2.0), True


class Hold:
    """This worker's hold on one run. Everything it writes goes through `transaction`."""

    def __init__(self, run: Run, even_cancelled: bool = False) -> None:
        self.run = run
        self.token = run.lease_token
        self.even_cancelled = even_cancelled

    @classmethod
    def take(cls, run: Run, to_resume: bool = False, even_cancelled: bool = False) -> "Hold":
        """Take a run that nobody holds, as it is now. Raises HeldElsewhereError.

        `to_resume`: only while it is unfinished; it is live from here on. `even_cancelled`: to close its books.
        """
        free = Run.objects.filter(lease_is_free(), pk=run.pk)
        if not even_cancelled:
            free = free.exclude(state=Run.State.CANCELLED)
        changes: dict[str, Any] = {"lease_token": F("lease_token") + 1, "lease_expires_at": lease_end()}
        if to_resume:
            free = free.filter(state__in=Run.RESUMABLE)
            changes["state"] = Case(When(context=None, then=Value(Run.State.QUEUED)), default=Value(Run.State.LOCKED))
        try:
            with transaction.atomic():
                taken = free.update(**changes)
        except IntegrityError as error:
            raise HeldElsewhereError(f"Another run of {run.evaluation} is live; {run} can go on after it.") from error
        if not taken:
            raise HeldElsewhereError(
                f"Another worker is at {run}. Nothing was changed; it goes on by itself. If it was killed, try again "
                f"in {LEASE.seconds} seconds."
            )
        # What the caller read may be older than what another worker has done since.
        run.refresh_from_db(from_queryset=Run.objects.for_work())
        return cls(run, even_cancelled)

    @classmethod
    @contextmanager
    def on(cls, run: Run, even_cancelled: bool = False) -> Iterator["Hold"]:
        """A hold on the run for as long as the block lasts. Raises HeldElsewhereError."""
        hold = cls.take(run, even_cancelled=even_cancelled)
        try:
            with tracing.of_run(run.pk):
                yield hold
        finally:
            hold.release()

    def lease(self, even_cancelled: bool) -> QuerySet[Any]:
        """The row with the lease, as long as it is this worker's."""
        mine = Run.objects.filter(pk=self.run.pk, lease_token=self.token)
        return mine if even_cancelled else mine.exclude(state=Run.State.CANCELLED)

    def reports(self) -> ReportQuerySet:
        """The reports that this worker may write: those of the run that are in no share."""
        return Report.objects.filter(entry__run=self.run, share=None)

    @contextmanager
    def transaction(self, even_cancelled: bool = False) -> Iterator[None]:
        """One short transaction that commits only while this worker holds the run. Raises LeaseLostError."""
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
            if not self.lease(even_cancelled or self.even_cancelled).update(lease_expires_at=lease_end()):
                raise LeaseLostError(
                    f"{self.run} was cancelled or taken over by another worker; what this one wanted to write "
                    "was not written."
                )
            yield

    def write[T](self, work: Callable[[], T]) -> T:
        """Do `work`, which may be repeated, in one such transaction, however long the database lets us wait."""

        def once(_again: bool) -> T:
            with self.transaction():
                return work()

        return patiently(once)

    def move(self, state: Run.State, **fields: Any) -> None:
        """Write the run's new state and other fields of it."""
        self.write(lambda: Run.objects.filter(pk=self.run.pk).update(state=state, **fields))
        for name, value in (fields | {"state": state}).items():
            setattr(self.run, name, value)

    def release(self, **fields: Any) -> None:
        """Let another worker take the run at once; without a database, once the lease has run out."""
        try:
            self.lease(even_cancelled=True).update(lease_expires_at=None, **fields)
        except (OperationalError, InterfaceError, InternalError) as error:
            logger.warning("The lease on %s could not be released; it runs out by itself: %s", self.run.pk, error)
