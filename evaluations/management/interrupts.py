"""Ctrl-C and SIGTERM: the first asks a run to stop, the second ends the process."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from evaluations.pipeline.worker import Stop

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
