"""Values out of strangers' documents and headers: of the kind and within the bounds that we ask for, or nothing. Pure.

Nothing here raises: what is missing, of another kind or out of bounds is an empty text, list or object, or None.
"""

import email.utils
import re
import time
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from .text import clean

NANO = Decimal("1E-9")
WORD = 100  # characters of a name, an id, a code
SENTENCE = 500
NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{0,30})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
WHOLE = re.compile(r"\d{1,15}", re.ASCII)
SMALLEST = Decimal("1E-30")  # what is smaller, and not 0, is this
LONGEST_WAIT = 10.0**9  # seconds; whoever asks for more asks for ever


def at(value: Any, *path: str | int) -> Any:
    """What stands at a path of keys and places; None where there is nothing."""
    for step in path:
        match value, step:
            case dict(), str():
                value = value.get(step)
            case list(), int() if -len(value) <= step < len(value):
                value = value[step]
            case _:
                return None
    return value


def record(value: Any, *path: str | int) -> dict[str, Any]:
    """The object there."""
    found = at(value, *path)
    return found if isinstance(found, dict) else {}


def rows(value: Any, *path: str | int) -> list[Any]:
    """The list there."""
    found = at(value, *path)
    return found if isinstance(found, list) else []


def records(value: Any, *path: str | int) -> list[dict[str, Any]]:
    """The objects in the list there; what else stands in it is left out."""
    return [row for row in rows(value, *path) if isinstance(row, dict)]


def text(value: Any, *path: str | int, most: int = WORD) -> str:
    """The text there, clean, at most so many characters of it."""
    found = at(value, *path)
    return clean(found[: 2 * most])[:most].strip() if isinstance(found, str) else ""


def texts(value: Any, *path: str | int, most: int = WORD) -> list[str]:
    """The texts in the list there, each as `text` gives it; what else stands in it is left out."""
    return [text(row, most=most) for row in rows(value, *path) if isinstance(row, str)]


def number(value: Any, *path: str | int, least: int | Decimal = 0, most: int | Decimal = 10**15) -> Decimal | None:
    """The number there, exact, also where it comes as a text; None out of bounds."""
    match at(value, *path):
        case bool():
            return None
        case int() | Decimal() | float() as found:
            amount = Decimal(found) if not isinstance(found, float) else Decimal(repr(found))
        case str() as written if NUMBER.fullmatch(written.strip()):
            amount = Decimal(written.strip())
        case _:
            return None
    if not amount.is_finite() or not least <= amount <= most:
        return None
    return SMALLEST if 0 < amount < SMALLEST else amount


def integer(value: Any, *path: str | int, least: int = 0, most: int = 10**15) -> int | None:
    """The whole number there, also as 20.0 or "20"; None out of bounds, and for anything between two numbers."""
    found = number(value, *path, least=least, most=most)
    return int(found) if found is not None and found == found.to_integral_value() else None


def price(value: Any, *path: str | int, most: int) -> Decimal | None:
    """The amount in US dollars there, not below 0 and no more than `most`, as the books can hold it."""
    amount = number(value, *path, most=most)
    return None if amount is None else bookable(amount)


def bookable(usd: Decimal) -> Decimal:
    """The amount in whole nano dollars, rounded up: what is booked in one row and in a sum must be the same."""
    return usd.quantize(NANO, ROUND_CEILING)


def day(value: Any, *path: str | int) -> date | None:
    """The day there, as YYYY-MM-DD or the beginning of a time stamp."""
    try:
        return date.fromisoformat(text(value, *path)[:10])
    except ValueError:
        return None


def header_integer(value: str) -> int | None:
    """The whole number that a header's part holds."""
    return int(value.strip()) if WHOLE.fullmatch(value.strip()) else None


def header_wait(value: str) -> float | None:
    """Retry-After in seconds, from a number or an HTTP date; None where there is none that makes sense."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:20]), LONGEST_WAIT)
    try:
        moment = email.utils.parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return min(max(0.0, moment - time.time()), LONGEST_WAIT)
