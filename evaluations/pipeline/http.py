"""What every call to a service needs: a capped body, a wait that was asked for, a broken certificate."""

import email.utils
import ssl
import time

import httpx


class BodyTooLargeError(Exception):
    """A body over its cap; what was read of it is in `received`."""

    def __init__(self, cap: int, received: bytes) -> None:
        super().__init__(f"more than {cap:,} bytes")
        self.received = received


async def read_capped(response: httpx.Response, cap: int, into: bytearray | None = None) -> bytes:
    """The decoded body of a streamed `response`, at most `cap` bytes.

    `into` receives the bytes as they come, so that they outlive an exception. Raises BodyTooLargeError.
    """
    received = bytearray() if into is None else into
    async for chunk in response.aiter_bytes():
        received += chunk
        if len(received) > cap:
            raise BodyTooLargeError(cap, bytes(received[:cap]))
    return bytes(received)


def seconds_to_wait(headers: httpx.Headers) -> float | None:
    """Retry-After in seconds, from a number or an HTTP date; None where there is none that makes sense."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())


def is_certificate_error(error: BaseException | None) -> bool:
    """Whether a connection failed because of the other side's certificate."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
