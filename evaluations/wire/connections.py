"""One request to a service, and what went wrong with it: every exception of the network as a Failure. Pure."""

import asyncio
import socket
import ssl
import zlib
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager

import httpcore
import httpx

from .bodies import BodyTooLargeError, read_capped
from .failures import Code, Failure
from .text import clean

# Addresses, ports and headers of which no request can be made.
UNSENDABLE = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError, OverflowError)
# Whatever asking over the network may raise. A bug of ours is in none of these.
ERRORS = (
    httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException,
    BodyTooLargeError, OSError, UnicodeError, zlib.error,
)  # fmt: skip


async def ask(
    request: AbstractAsyncContextManager[httpx.Response], seconds: float, cap: int
) -> tuple[httpx.Response, bytes] | Failure:
    """The answer to a streamed request, and its decoded body of at most `cap` bytes, within so many seconds."""
    try:
        async with asyncio.timeout(seconds), request as response:
            return response, await read_capped(response, cap)
    except Exception as error:  # noqa: BLE001 - whatever a service does, it costs its own request alone
        return failure_of(error)


def failure_of(error: Exception) -> Failure:
    """The failure behind an exception, with its own words where they say more than ours."""
    code = code_of(error)
    return Failure(code, "no answer in time" if code is Code.TIMEOUT else clean(str(error))[:300])


def code_of(error: Exception) -> Code:
    """The reason behind an exception."""
    match error:
        case ExceptionGroup():
            return code_of(error.exceptions[0])
        case BodyTooLargeError():
            return Code.TOO_LARGE
        case _ if is_certificate_error(error):
            return Code.CERTIFICATE
        case _ if is_name_error(error):
            return Code.DNS
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpcore.ConnectError() | httpcore.ConnectTimeout():
            return Code.CONNECT
        case TimeoutError() | httpx.TimeoutException() | httpcore.TimeoutException():
            return Code.TIMEOUT
        case _ if isinstance(error, UNSENDABLE):
            return Code.BAD_ADDRESS
        case _ if isinstance(error, ERRORS):
            return Code.TRUNCATED
    return Code.UNREADABLE


def is_certificate_error(error: BaseException) -> bool:
    """Whether a connection failed because of the other side's certificate."""
    return any(
        isinstance(each, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(each)
        for each in chain_of(error)
    )


def is_name_error(error: BaseException) -> bool:
    """Whether a connection failed because nobody knows the name of the other side."""
    return any(isinstance(each, socket.gaierror) for each in chain_of(error))


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that it came of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
