"""How a run is carried out: what it tells whoever watches, how it is stopped, how long it may take."""

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from evaluations.errors import RunHandedOverError, RunPausedError
from evaluations.models import Report


@dataclass(frozen=True, slots=True)
class StepNews:
    """A step of the run began or ended, in words for a person."""

    step: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReportNews:
    """A report moved to another state."""

    report: int
    model: str
    state: str
    seconds: float | None = None
    output_tokens: int | None = None
    cost_usd: Decimal | None = None
    error: str = ""

    @classmethod
    def of(cls, report: Report) -> "ReportNews":
        """The news of a report as it is now."""
        return cls(
            report.pk,
            report.entry.slug,
            str(report.state),
            report.latency_seconds,
            report.output_tokens,
            report.cost_usd,
            report.error,
        )


type News = StepNews | ReportNews
type Watch = Callable[[News], None]


def no_watch(_news: News) -> None:
    """Where nobody watches."""


@dataclass
class Stop:
    """A wish to stop: no new call starts, what is under way may finish, the run is paused."""

    asked: bool = False
    _wake: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)

    def ask(self) -> None:
        """Ask for the stop; safe in a signal handler."""
        self.asked = True
        for loop, event in self._wake:
            with suppress(RuntimeError):  # its wave is over, and its loop closed
                loop.call_soon_threadsafe(event.set)

    def attach(self, event: asyncio.Event) -> None:
        """Set `event`, of the running loop, when the stop is asked for."""
        self._wake.append((asyncio.get_running_loop(), event))
        if self.asked:
            event.set()


@dataclass
class Worker:
    """How a run is carried out: who watches, how it is stopped, how many calls at once, how long it may take.

    `hands_over`: what it leaves when it is stopped is the next tick's; else the run pauses for a person.
    """

    watch: Watch = no_watch
    stop: Stop = field(default_factory=Stop)
    at_once: int | None = None
    seconds_left: Callable[[], float] = lambda: math.inf
    hands_over: bool = False

    def stop_error(self, how: str) -> RunPausedError:
        """What to raise when a stop was asked for."""
        if self.hands_over:
            return RunHandedOverError(f"{how} The next tick goes on.")
        return RunPausedError(f"{how} Resume the run to finish it.")
