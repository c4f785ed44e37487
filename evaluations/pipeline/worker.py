"""How a run is carried out: who watches it, how it is stopped, how long it may take."""

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from evaluations.errors import RunHandedOverError, RunPausedError

from .progress import Watch, nobody


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

    watch: Watch = nobody
    stop: Stop = field(default_factory=Stop)
    at_once: int | None = None
    seconds_left: Callable[[], float] = lambda: math.inf
    hands_over: bool = False

    def stopped(self, how: str) -> RunPausedError:
        """What to raise when a stop was asked for."""
        if self.hands_over:
            return RunHandedOverError(f"{how} The next tick goes on.")
        return RunPausedError(f"{how} Resume the run to finish it.")
