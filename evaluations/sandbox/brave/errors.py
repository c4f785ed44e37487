"""What Brave answers instead of results: error bodies, and the plan that limits requests a second."""

import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from .request import Problem

Json = dict[str, Any]

MONTH = 2_592_000
MONTH_LEFT = 2_528_987  # seconds, as once captured; nothing here counts months


def token_error(token: str | None) -> Json | None:
    """The error body for a subscription token that is missing or known to be bad, else nothing."""
    if not token:
        missing = Problem("missing", ("header", "x-subscription-token"), "Field required")
        return validation_error([missing])
    if token.startswith("bad"):
        detail = "The provided subscription token is invalid."
        return error_body(422, "SUBSCRIPTION_TOKEN_INVALID", detail, {"component": "authentication"})
    return None


def validation_error(problems: Sequence[Problem]) -> Json:
    """The 422 body that lists what is wrong with the parameters."""
    meta = {"errors": [problem.as_json() for problem in problems]}
    return error_body(422, "VALIDATION", "Unable to validate request parameter(s)", meta)


def error_body(status: int, code: str, detail: str, meta: Json) -> Json:
    """The envelope of every Brave error."""
    error = {"id": str(uuid.uuid4()), "status": status, "code": code, "detail": detail, "meta": meta}
    return {"type": "ErrorResponse", "error": error, "time": int(time.time())}


class Plan:
    """A search plan: so many requests a second, counted over the second that has just passed."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.name, self.quota = ("Free", 2000) if rate == 1 else ("Search", 0)
        self.used = 0
        self._clock = clock
        self._recent: deque[float] = deque()

    def admit(self) -> bool:
        """Counts one request if the plan still allows it in this second."""
        now = self._clock()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.rate:
            return False
        self._recent.append(now)
        self.used += 1
        return True

    def headers(self) -> list[tuple[str, str]]:
        """The four rate-limit headers: this second, this month."""
        left = max(self.rate - len(self._recent), 0)
        month_left = max(self.quota - self.used, 0)
        return [
            ("X-RateLimit-Limit", f"{self.rate}, {self.quota}"),
            ("X-RateLimit-Policy", f"{self.rate};w=1, {self.quota};w={MONTH}"),
            ("X-RateLimit-Remaining", f"{left}, {month_left}"),
            ("X-RateLimit-Reset", f"1, {MONTH_LEFT}"),
        ]

    def refusal(self) -> Json:
        """The error body of a request that came too fast."""
        meta: Json = {
            "plan": self.name,
            "rate_limit": self.rate,
            "rate_current": len(self._recent),
            "quota_limit": self.quota,
            "quota_current": self.used,
            "component": "rate_limiter",
        }
        return error_body(429, "RATE_LIMITED", "Request rate limit exceeded for plan", meta)
