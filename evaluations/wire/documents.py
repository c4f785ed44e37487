"""JSON that strangers send, read so that an odd value in it costs itself alone. Pure."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

MOST_DIGITS = 400  # of one number; longer ones are no numbers that anybody means
UNREADABLE = Decimal("NaN")  # in the place of a number that cannot be read: no check of a value lets it pass


class UnreadableError(ValueError):
    """A body that is no JSON, or none that we read."""


class EncodingError(UnreadableError):
    """A body in another encoding than UTF-8: asking again would bring the same."""


class AmbiguousError(UnreadableError):
    """JSON that means two things, or a number that JSON does not know."""


def read(body: bytes | str) -> Any:
    """The document; numbers with a point are exact decimals, whatever is no number we know is NaN.

    Raises UnreadableError.
    """
    return load(body, parse_float=decimal, parse_int=integer, parse_constant=lambda _: UNREADABLE)


def read_strictly(body: bytes | str) -> Any:
    """The document, where a key twice or a number beyond every range refuses the whole. Raises UnreadableError."""
    return load(body, parse_float=finite, parse_int=integer, parse_constant=refuse, object_pairs_hook=refuse_twins)


def load(body: bytes | str, **hooks: Any) -> Any:
    """What `json.loads` makes of a body in UTF-8, with or without a byte order mark."""
    try:
        return json.loads(body if isinstance(body, str) else decode(body), **hooks)
    except UnreadableError:
        raise
    except RecursionError as error:
        raise UnreadableError("nested too deep") from error
    except ValueError as error:
        raise UnreadableError(f"not JSON: {error}") from error


def decode(body: bytes) -> str:
    """The text of a body in UTF-8, with or without a byte order mark. Raises EncodingError."""
    if not json.detect_encoding(body).startswith("utf-8"):
        raise EncodingError("in UTF-16 or UTF-32")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingError(f"not in UTF-8: {error}") from error


def integer(digits: str) -> int | Decimal:
    """A whole number; one of more digits than anybody means is none."""
    return int(digits) if len(digits) <= MOST_DIGITS else UNREADABLE


def decimal(digits: str) -> Decimal:
    """An exact number; one whose exponent is beyond every range is none."""
    try:
        return Decimal(digits) if len(digits) <= MOST_DIGITS else UNREADABLE
    except InvalidOperation:
        return UNREADABLE


def finite(digits: str) -> Decimal:
    """An exact number that a float can hold. Raises AmbiguousError for 1e400."""
    number = decimal(digits)
    if not number.is_finite() or number.adjusted() > 308:
        raise AmbiguousError("a number beyond every range")
    return number


def refuse(name: str) -> NoReturn:
    """NaN and Infinity are not JSON. Raises AmbiguousError."""
    raise AmbiguousError(f"{name} in the body")


def refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object. Raises AmbiguousError where a key stands in it twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise AmbiguousError("a key twice in one object")
    return found
