"""What became of one request: paid, unpaid, never sent or unknown, and whether to try again. Pure.

Never sent: 3 tries at most. 429, 500, 502, 503, 529 and a 402 for calls in flight: unpaid, 3 tries at most.
408, 504, 524 and a loss after sending: perhaps paid, never sent again by itself. 200 in any form: paid. Any
other 4xx: final. A status that is there decides, however the body ends; but a 200 whose line was torn is a loss:
what it cost is asked for by its generation id.
"""

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from evaluations.wire.bodies import BodyTooLargeError, is_certificate_error
from evaluations.wire.text import clean


class Fate(enum.StrEnum):
    """What became of one request, as far as money is concerned."""

    UNSENT = "unsent"  # never reached the provider
    UNPAID = "unpaid"  # refused without cost
    PAID = "paid"  # answered with 200, whatever the answer
    UNKNOWN = "unknown"  # sent, and perhaps paid


@dataclass(frozen=True, slots=True)
class Status:
    """How one HTTP status is taken."""

    error: str
    fate: Fate = Fate.UNPAID
    tries: int = 1  # in all


FINAL = Status("refused")
STATUSES: Mapping[int, Status] = {
    200: Status("", Fate.PAID),
    400: Status("bad_request"),
    401: Status("bad_key"),
    402: Status("no_credit"),
    403: Status("forbidden"),
    404: Status("unknown_model"),
    408: Status("timeout", Fate.UNKNOWN),
    413: Status("too_large"),
    422: Status("bad_request"),
    429: Status("rate_limited", tries=3),
    500: Status("upstream", tries=3),
    502: Status("upstream", tries=3),
    503: Status("no_provider", tries=3),
    504: Status("timeout", Fate.UNKNOWN),
    524: Status("timeout", Fate.UNKNOWN),
    529: Status("overloaded", tries=3),
}
SUCCESS = range(200, 300)
TRIES_UNSENT = 3

# After these, calls of the same provider that were not yet sent are not sent.
TRIPPING = frozenset({"bad_key", "no_credit", "certificate"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt. `body` holds whatever arrived, `latency` is in seconds."""

    report: int
    attempt: int
    fate: Fate
    error: str = ""
    detail: str = ""
    status: int | None = None
    body: bytes = b""
    generation_id: str = ""
    latency: float = 0.0
    retry_after: float | None = None
    final: bool = True


def answered(heard: Outcome, body: bytes, latency: float, number: int) -> Outcome:
    """The outcome of a request that got an answer, or at least all of it that counts."""
    code = heard.status or 0
    status = taken(code, body)
    return Outcome(
        report=heard.report,
        attempt=heard.attempt,
        fate=status.fate,
        error=status.error,
        detail=detail_of(body) if status.error else "",
        status=code,
        body=body,
        generation_id=heard.generation_id,
        latency=latency,
        retry_after=heard.retry_after,
        final=number >= status.tries,
    )


def taken(code: int, body: bytes) -> Status:
    """How a status is taken; one that no table knows is final below 500, and perhaps paid from there."""
    if code == 402 and error_metadata(body).get("limit_source") == "openrouter_in_flight_budget":
        return Status("in_flight_budget", tries=3)
    if code in STATUSES:
        return STATUSES[code]
    if code in SUCCESS:
        return STATUSES[200]
    return FINAL if code < 500 else Status("upstream", Fate.UNKNOWN)


def lost(heard: Outcome, error: Exception, received: bytes, latency: float, number: int, begun: bool = True) -> Outcome:
    """The outcome of a request that got no whole answer. `begun`: some of its body may have been sent."""
    if heard.status and (heard.status not in SUCCESS or isinstance(error, BodyTooLargeError | httpx.DecodingError)):
        return answered(heard, received, latency, number)
    fate, code, tries = Fate.UNKNOWN, "connection_lost", 1
    match error:
        case httpx.ConnectError() if is_certificate_error(error):
            fate, code = Fate.UNSENT, "certificate"
        case httpx.ConnectError() | httpx.ConnectTimeout():
            fate, code, tries = Fate.UNSENT, "connect", TRIES_UNSENT
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError() | httpx.InvalidURL() | UnicodeError():
            fate, code = Fate.UNSENT, "bad_address"
        case _ if not begun:  # the time was over, or the line was torn, in the name's look-up or the handshake
            fate, code, tries = Fate.UNSENT, "connect", TRIES_UNSENT
        case TimeoutError() | httpx.TimeoutException():
            code = "deadline"
    return Outcome(
        report=heard.report,
        attempt=heard.attempt,
        fate=fate,
        error=code,
        detail=clean(str(error))[:500],
        status=heard.status,
        body=received,
        generation_id=heard.generation_id,
        latency=latency,
        final=number >= tries,
    )


def error_object(body: bytes) -> dict[str, Any]:
    """The `error` object of a body in OpenRouter's or OpenAI's form; empty where there is none."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    error = document.get("error") if isinstance(document, dict) else None
    return error if isinstance(error, dict) else {}


def error_metadata(body: bytes) -> dict[str, Any]:
    """The `error.metadata` object of a body."""
    metadata = error_object(body).get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def detail_of(body: bytes) -> str:
    """The provider's own words about an error, at most 500 characters."""
    message = error_object(body).get("message")
    return clean(message)[:500] if isinstance(message, str) else clean(body[:200].decode(errors="replace"))
