"""The errors of Futbol Report: a small tree whose leaves say what to do next.

Nothing here imports anything of ours, so every room may raise them. Failures of single calls are values
(`evaluations.providers.batch.Outcome`), not errors: one model's failure never spoils another's report.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any


class FutbolReportError(Exception):
    """Anything that we refuse or cannot do, in words for the person who asked."""


class NotConfiguredError(FutbolReportError):
    """A key, a model or an evaluation that the request needs is not there. Trying again changes nothing."""


class BadInputError(FutbolReportError):
    """A value from outside that cannot be used: a file, an option, a format. Nothing was changed."""


class RunRefusedError(FutbolReportError):
    """A run may not start or go on as asked. Nothing was spent."""


class HeldElsewhereError(RunRefusedError):
    """Another worker holds the run, or one of the same evaluation is live. Try again when it has ended."""


class LeaseLostError(FutbolReportError):
    """This worker no longer holds its run; what it wanted to write was not written."""


class RunFailedError(FutbolReportError):
    """The run ended without reports. What was fetched is kept."""


class RunPausedError(FutbolReportError):
    """The run stopped early and can be resumed; what has arrived is kept. `until`: then it goes on by itself."""

    def __init__(self, why: str, until: datetime | None = None) -> None:
        super().__init__(why)
        self.until = until


class RunHandedOverError(RunPausedError):
    """This worker's time is over; the next tick goes on with the run by itself."""


class TickFailedError(FutbolReportError):
    """Some of what was due failed, and the rest was done. `failures`: each with its name; `done`: the rest."""

    def __init__(self, failures: Sequence[tuple[str, Exception]], done: Mapping[str, Any]) -> None:
        words = "; ".join(f"{name}: {words_of(error)}" for name, error in failures)
        super().__init__(f"{len(failures)} of the things that were due failed, and the rest was done. {words}")
        self.failures = tuple(failures)
        self.done = done


def words_of(error: Exception) -> str:
    """An error in words for a person: our own say all, others need their kind."""
    return str(error) if isinstance(error, FutbolReportError) else f"{type(error).__name__}: {error}"
