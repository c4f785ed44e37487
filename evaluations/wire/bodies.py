"""Bodies that strangers send, unfolded and capped. Pure."""

import zlib
from collections.abc import Iterator

import httpx

from .secrets import redact_bytes

# What we can unfold piece by piece, and so all that we ask for.
ACCEPT_ENCODING = "gzip, deflate"


class BodyTooLargeError(Exception):
    """A body over its cap; what was read of it is in `received`."""

    def __init__(self, cap: int, received: bytes) -> None:
        super().__init__(f"more than {cap:,} bytes")
        self.received = received


class Unfolding:
    """A body that comes in pieces, unfolded up to a cap: a bomb never unfolds beyond it in memory."""

    def __init__(self, encoding: str, cap: int, into: bytearray) -> None:
        self.cap, self.into = cap, into
        packed = encoding.strip().lower() in ("gzip", "x-gzip", "deflate")
        self._inflater = zlib.decompressobj(wbits=47) if packed else None

    def take(self, piece: bytes) -> None:
        """Add a piece as it came. Raises BodyTooLargeError, and zlib.error where it is not what it says."""
        for part in self._unfold(piece):
            self.into += part
            if len(self.into) > self.cap:
                raise BodyTooLargeError(self.cap, bytes(self.into[: self.cap]))

    def _unfold(self, piece: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            yield piece
            return
        while piece:
            yield self._inflater.decompress(piece, self.cap + 1 - len(self.into))
            piece = self._inflater.unconsumed_tail
            if self._inflater.eof and (piece := self._inflater.unused_data):
                # A gzip stream may have several members, one after the other.
                self._inflater = zlib.decompressobj(wbits=47)


async def read_capped(response: httpx.Response, cap: int, into: bytearray | None = None) -> bytes:
    """The decoded body of a streamed `response`, at most `cap` bytes, without any key that it repeats.

    `into` receives the bytes as they come, so that they outlive an exception. Raises BodyTooLargeError.
    """
    received = bytearray() if into is None else into
    body = Unfolding(response.headers.get("content-encoding", ""), cap, received)
    async for piece in response.aiter_raw():
        try:
            body.take(piece)
        except zlib.error as error:
            raise httpx.DecodingError(str(error)) from error
    return redact_bytes(bytes(received))
