"""A worker process says that it is there, and at what: a row of its own, renewed by a thread of its own."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.tasks.signals import task_finished, task_started
from django.utils import timezone

from evaluations.models.workload import BEAT, FORGOTTEN, WorkerProcess

logger = logging.getLogger(__name__)


class Presence:
    """What a process says of itself. Without a database it says nothing, and works on."""

    def __init__(self, name: str) -> None:
        self.name, self.doing = name, ""
        self.started_at = timezone.now()
        self._ending, self._news = False, threading.Event()

    def begin(self, task_result: Any, **_: Any) -> None:
        """A task is taken."""
        self._say(f"{task_result.task.name} {', '.join(map(str, task_result.args))}".strip()[:200])

    def end(self, **_: Any) -> None:
        """It is done, or has failed."""
        self._say("")

    def beat_until_closed(self) -> None:
        """Renew the row every few seconds, and at once where there is news; leave none behind."""
        mine = WorkerProcess.objects.filter(name=self.name)
        while not self._ending:
            self._attempt(self._beat)
            self._news.wait(BEAT.total_seconds())
            self._news.clear()
        self._attempt(mine.delete)
        connection.close()

    def close(self) -> None:
        """This process ends."""
        self._ending = True
        self._news.set()

    def _say(self, doing: str) -> None:
        self.doing = doing
        self._news.set()

    def _beat(self) -> None:
        now = timezone.now()
        fields = {"seen_at": now, "doing": self.doing, "started_at": self.started_at}
        WorkerProcess.objects.update_or_create(name=self.name, defaults=fields)
        WorkerProcess.objects.filter(seen_at__lt=now - FORGOTTEN).delete()

    def _attempt(self, write: Any) -> None:
        try:
            write()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("Worker %s could not say that it is there: %s", self.name, error)
            connection.close()


@contextmanager
def presence(name: str) -> Iterator[None]:
    """Say for as long as the block lasts that this process is there."""
    there = Presence(name)
    task_started.connect(there.begin)
    task_finished.connect(there.end)
    thread = threading.Thread(target=there.beat_until_closed, daemon=True, name="presence")
    thread.start()
    try:
        yield
    finally:
        task_started.disconnect(there.begin)
        task_finished.disconnect(there.end)
        there.close()
        thread.join(BEAT.total_seconds())
