"""How a run is carried out: what it tells whoever watches, how it is stopped, how long it may take."""

import asyncio
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from types import FrameType

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


def quantity(number: int, one: str, many: str = "") -> str:
    """A number with its noun, for news: "1 report", "2 reports"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


type News = StepNews | ReportNews
type Watch = Callable[[News], None]


def no_watch(_news: News) -> None:
    """Where nobody watches."""


ENDING_SECONDS = 20.0  # kept back at the end of a worker's time, for what is under way
MOST = 0.9  # of a worker's time


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

    def wait(self, seconds: float) -> None:
        """Wait so long, or until the stop is asked for."""
        until = time.monotonic() + seconds
        while not self.asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))

    def attach(self, event: asyncio.Event) -> None:
        """Set `event`, of the running loop, when the stop is asked for."""
        self._wake.append((asyncio.get_running_loop(), event))
        if self.asked:
            event.set()


@dataclass
class Worker:
    """How a run is carried out: who watches, how it is stopped, how many calls at once, how long it may take.

    `invite` asks so many others to take part in a run, by its number; they may come late, or not at all.
    `hands_over`: what it leaves when it is stopped is the next tick's; else the run pauses for a person.
    """

    watch: Watch = no_watch
    stop: Stop = field(default_factory=Stop)
    at_once: int | None = None
    seconds_left: Callable[[], float] = lambda: math.inf
    hands_over: bool = False
    invite: Callable[[int, int], None] = lambda _run, _count: None
    seconds_in_all: float = field(init=False)

    def __post_init__(self) -> None:
        self.seconds_in_all = self.seconds_left()

    def has_time(self, seconds: float) -> bool:
        """Whether so much time is left; for a worker that never had so much, whether most of its time is."""
        return self.seconds_left() >= min(seconds, MOST * self.seconds_in_all)

    @property
    def must_end(self) -> bool:
        """Whether nothing may be begun any more that takes longer than a moment."""
        return self.stop.asked or not self.has_time(ENDING_SECONDS)

    @property
    def may_hand_over(self) -> bool:
        """Whether this worker can leave a run to the next one."""
        return self.hands_over or self.seconds_in_all < math.inf

    def end_error(self, how: str) -> RunPausedError:
        """What to raise when a stop was asked for, or the time is over."""
        if self.hands_over or not self.stop.asked:
            return RunHandedOverError(f"{how} The next tick goes on.")
        return RunPausedError(f"{how} Resume the run to finish it.")


# Ctrl-C and SIGTERM: the first asks a run to stop, the second ends the process

INTERRUPTED = 130


@contextmanager
def interrupts(stop: Stop, last_words: str = "") -> Iterator[None]:
    """The first Ctrl-C or SIGTERM asks for a stop, the second ends the process at once, with those words.

    Whoever listened before hears the first, too: a process that works for others takes nothing new then.
    """

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.asked:
            os.write(sys.stderr.fileno(), f"Ended. {last_words}\n".encode())
            os._exit(INTERRUPTED)
        sys.stderr.write("Stopping: no new call starts; waiting a moment for what is under way. Again to end now.\n")
        stop.ask()
        listener = before[signal.Signals(number)]
        if callable(listener) and listener is not signal.default_int_handler:
            listener(number, frame)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
