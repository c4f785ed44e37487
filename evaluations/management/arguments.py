"""What people may type after an option."""

from argparse import ArgumentTypeError
from decimal import Decimal, InvalidOperation

LARGEST = 2**31 - 1  # what every column of a number holds


def usd(text: str) -> Decimal:
    """An amount over 0 in US dollars. Raises ArgumentTypeError."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 < amount < LARGEST:
        raise ArgumentTypeError(f"{text!r} is no amount over 0 in USD, such as 0.25")
    return amount


def number(text: str) -> int:
    """A whole number from 1. Raises ArgumentTypeError."""
    if not text.isdecimal() or not 1 <= len(text) <= 10 or not 1 <= int(text) <= LARGEST:
        raise ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def port(text: str) -> int:
    """A port, 0 for any that is free. Raises ArgumentTypeError."""
    if not text.isdecimal() or len(text) > 5 or int(text) > 65_535:
        raise ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)
