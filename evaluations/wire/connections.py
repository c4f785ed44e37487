"""What went wrong between us and a service: every exception of the network as a Failure. Pure."""

import socket
import ssl
import zlib
from collections.abc import Iterator

import httpcore
import httpx

from .bodies import BodyTooLargeError
from .failures import Code, Failure
from .text import clean

# Addresses, ports and headers of which no request can be made.
UNSENDABLE = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError, OverflowError)
# Whatever asking over the network may raise. A bug of ours is in none of these.
ERRORS = (
    httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException,
    BodyTooLargeError, OSError, UnicodeError, zlib.error,
)  # fmt: skip


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
