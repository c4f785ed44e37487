"""A cache that does not answer is left alone for a while: what would hang on every page hangs once a minute.

Nothing that a page needs is in the cache only, so leaving it alone costs time and nothing else.
"""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings

PAUSE_SECONDS = 60.0
PROBE_SECONDS = 2.0  # in which one question finds out whether the cache is back, and nobody else asks

logger = logging.getLogger(__name__)


class Circuit:
    """Whether the cache is asked at all: one for all threads of a process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open_until = 0.0
        self.caches: object = None  # the setting under which it failed

    def ask[T](self, doing: str, question: Callable[[], T]) -> T | None:
        """What the cache answers; None where it does not, with a line in the log, and for a minute after that.

        A refusal is an answer: it comes at once, and the next question may be welcome.
        """
        if not self.asks():
            return None
        try:
            answer = question()
        except server_errors() as error:
            pause = PAUSE_SECONDS if is_silence(error) else 0.0
            self.leave_alone(pause)
            rest = f"; nobody asks again for {pause:.0f} seconds" if pause else ""
            logger.warning("Cache: %s failed (%s: %s)%s.", doing, type(error).__name__, error, rest)
            return None
        if self.open_until:
            self.leave_alone(0)
        return answer

    def asks(self) -> bool:
        """Whether the cache is asked now: of the many who come when the minute is over, by the first only."""
        if not self.open_until or self.caches is not settings.CACHES:
            return True
        with self.lock:
            if time.monotonic() < self.open_until:
                return False
            self.open_until = time.monotonic() + PROBE_SECONDS
            return True

    def leave_alone(self, seconds: float) -> None:
        """Ask again after so many seconds only."""
        with self.lock:
            self.open_until = time.monotonic() + seconds if seconds else 0.0
            self.caches = settings.CACHES


CIRCUIT = Circuit()


def server_errors() -> tuple[type[Exception], ...]:
    """What django-redis lets through: errors of the server, the connection, the socket.

    Asked for when something failed: redis takes a tenth of a command's start to import, and most never need it.
    """
    from redis.exceptions import RedisError

    return (RedisError, OSError)


def is_silence(error: Exception) -> bool:
    """Whether nobody answered: the connection failed or was cut, or the time was over."""
    from redis.exceptions import ConnectionError as NoConnectionError
    from redis.exceptions import TimeoutError as TooLateError

    return isinstance(error, (NoConnectionError, TooLateError, OSError))
