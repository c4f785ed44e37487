"""What people may type: amounts, numbers, ports, a run's number, an evaluation's slug, the name of a file."""

import sys
from argparse import ArgumentTypeError
from decimal import Decimal, InvalidOperation
from pathlib import Path

from evaluations.errors import NotConfiguredError
from evaluations.models import Evaluation, Run

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


def find_run(number: int) -> Run:
    """The run of this number, with what it was made from. Raises NotConfiguredError."""
    run = Run.objects.for_work().filter(pk=number).first()
    if run is None:
        raise NotConfiguredError(f"There is no run {number}.")
    return run


def find_evaluation(slug: str | None) -> Evaluation:
    """The one with that slug, else the first public one. Raises NotConfiguredError."""
    found = Evaluation.objects.filter(slug=slug) if slug else Evaluation.objects.for_the_public()
    evaluation = found.first()
    if evaluation is None:
        raise NotConfiguredError(f"There is no evaluation {slug!r}." if slug else "There is no public evaluation.")
    return evaluation


def find_evaluations(slug: str | None) -> list[Evaluation]:
    """The one with that slug, else all."""
    return [find_evaluation(slug)] if slug else list(Evaluation.objects.order_by("pk"))


def read_file(name: str) -> bytes:
    """The bytes of a file; those of standard input for "-". Raises OSError."""
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
