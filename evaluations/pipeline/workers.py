"""How a run is carried out: who watches it, how it is stopped, how long it may take."""

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

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
    """How a run is carried out: who watches, how it is stopped, how many calls at once, how long it may take."""

    watch: Watch = nobody
    stop: Stop = field(default_factory=Stop)
    at_once: int | None = None
    seconds_left: Callable[[], float] = lambda: math.inf
