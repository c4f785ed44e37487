"""What became of one request: paid, unpaid, never sent or unknown, and whether to try again. Pure.

A status that is there decides, however the body ends; but a 200 whose line was torn is a loss: what it cost is asked
for by its generation id.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx

from evaluations.wire import connections, documents, values
from evaluations.wire.bodies import BodyTooLargeError
from evaluations.wire.failures import Code, Fate
from evaluations.wire.text import clean

STATUSES: Mapping[int, Code] = {
    400: Code.BAD_REQUEST,
    401: Code.BAD_KEY,
    402: Code.NO_CREDIT,
    403: Code.FORBIDDEN,
    404: Code.UNKNOWN_MODEL,
    408: Code.TIMEOUT,
    413: Code.TOO_LARGE,
    422: Code.BAD_REQUEST,
    429: Code.RATE_LIMITED,
    500: Code.UPSTREAM,
    502: Code.UPSTREAM,
    503: Code.NO_PROVIDER,
    504: Code.TIMEOUT,
    524: Code.TIMEOUT,
    529: Code.OVERLOADED,
}
SUCCESS = range(200, 300)
# What a loss is called once the request was sent: who gave up, and how, matters to whoever looks for the money.
LOSSES: Mapping[Code, Code] = {
    Code.TIMEOUT: Code.DEADLINE,
    Code.TRUNCATED: Code.CONNECTION_LOST,
    Code.UNREADABLE: Code.CONNECTION_LOST,
}


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


def outcome_of_answer(heard: Outcome, body: bytes, latency: float, number: int) -> Outcome:
    """The outcome of a request that got an answer, or at least all of it that counts."""
    status = heard.status or 0
    read = replace(heard, body=body, latency=latency)
    if status in SUCCESS:
        return replace(read, fate=Fate.PAID, final=True)
    code = code_of_status(status, body)
    return replace(read, fate=code.fate, error=code, detail=detail_of(body), final=not code.may_retry(number))


def code_of_status(status: int, body: bytes) -> Code:
    """The reason behind a status; one that no table knows is final below 500, and perhaps paid from there."""
    if status == 402 and values.at(error_in(body), "metadata", "limit_source") == "openrouter_in_flight_budget":
        return Code.IN_FLIGHT_BUDGET
    return STATUSES.get(status, Code.REFUSED if status < 500 else Code.GATEWAY)


def outcome_of_loss(
    heard: Outcome, error: Exception, received: bytes, latency: float, number: int, begun: bool = True
) -> Outcome:
    """The outcome of a request that got no whole answer. `begun`: some of its body may have been sent."""
    if heard.status and (heard.status not in SUCCESS or isinstance(error, BodyTooLargeError | httpx.DecodingError)):
        return outcome_of_answer(heard, received, latency, number)
    code = connections.code_of(error)
    if not begun and code.fate is Fate.UNKNOWN:  # in the name's look-up or the handshake
        code = Code.CONNECT
    code = LOSSES.get(code, code)
    return replace(
        heard,
        fate=code.fate,
        error=code,
        detail=clean(str(error))[:500],
        body=received,
        latency=latency,
        retry_after=None,
        final=not code.may_retry(number),
    )


def error_in(body: bytes) -> Any:
    """The error in a body of OpenRouter's, OpenAI's or Google's form; None where there is none."""
    try:
        document = documents.read(body)
    except documents.UnreadableError:
        return None
    found = values.at(document, 0) if isinstance(document, list) else document
    return values.at(found, "error") or values.record(found)


def detail_of(body: bytes) -> str:
    """The provider's own words about an error, at most 500 characters."""
    error = error_in(body)
    said = values.text(error, "message", most=500) or values.text(error, most=500)
    return said or clean(body[:200].decode(errors="replace"))
