"""Things done at the same moment, in real threads on real connections."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from threading import Barrier

from django.db import connections


def at_once[Result](doings: list[Callable[[], Result]]) -> list[Result]:
    """Do all of these at the same moment, each on a connection of its own; their results."""
    barrier = Barrier(len(doings))

    def when_all_are_there(doing: Callable[[], Result]) -> Result:
        barrier.wait(60)
        return doing()

    begun = [in_thread(partial(when_all_are_there, doing)) for doing in doings]
    wait(begun)
    return [each.result() for each in begun]


def in_thread[Result](doing: Callable[[], Result]) -> Future[Result]:
    """Do this in a thread with a connection of its own."""

    def one() -> Result:
        try:
            return doing()
        finally:
            connections.close_all()

    return ThreadPoolExecutor(1).submit(one)
