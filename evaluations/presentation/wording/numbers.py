"""How numbers and counts are written."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext_lazy

SMALLEST = Decimal("0.00001")
NUMBERS = [
    gettext_noop(word)
    for word in (
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    )
]


NOUNS = {
    "model": ngettext_lazy("model", "models"),
    "report": ngettext_lazy("report", "reports"),
    "run": ngettext_lazy("run", "runs"),
    "search": ngettext_lazy("search", "searches"),
    "source": ngettext_lazy("source", "sources"),
}


def percent(share: Any) -> str:
    """A share of one as whole percent; more digits than that the scores do not carry."""
    return "–" if share is None or share == "" else f"{100 * float(share):.0f} %"


def out_of(share: float, number: int) -> str:
    """A share of one as a count: .8 out of 60 is "48 of 60"."""
    return f"{round(share * number):,} of {number:,}".replace(",", "\u2009")


def usd(amount: Any) -> str:
    """US dollars, with as many digits as small amounts need."""
    try:
        dollars = Decimal(str(amount))
    except InvalidOperation:
        return "–"
    if 0 < dollars < SMALLEST:
        return f"<${SMALLEST}"
    digits = 2 if dollars >= 1 or dollars == 0 else 4 if dollars >= Decimal("0.001") else 5
    return f"${dollars:.{digits}f}"


def seconds(duration: Any) -> str:
    """A duration in seconds, one decimal."""
    return "–" if duration is None or duration == "" else f"{float(duration):.1f} s"


def whole_number(number: Any) -> str:
    """A whole number with thousands separated by a thin space."""
    return "–" if number is None or number == "" else f"{round(float(number)):,}".replace(",", "\u2009")


def count_of(number: int, noun: str) -> str:
    """A number with its noun, in words up to twelve: "four models", "one search", "24 sources"."""
    shown = _(NUMBERS[number]) if 0 <= number < len(NUMBERS) else str(number)
    return f"{shown} {NOUNS[noun] % number}"


def interval_as(interval: Any, form: str) -> str:
    """An interval in the form of its metric."""
    return low_to_high(interval.low, interval.high, form)


def low_to_high(least: float, most: float, form: str) -> str:
    """From where to where some numbers reach, with the unit once: "88–94 %"; one number where both read alike."""
    low, high = number_as(least, form), number_as(most, form)
    return low if low == high else f"{without_unit(low)}–{high.removeprefix('$')}"


def without_unit(number: str) -> str:
    """A written number, in front of another one of its unit."""
    return number.removesuffix(" %").removesuffix(" s")


def number_as(number: Any, form: str) -> str:
    """A number in the form that its metric has."""
    forms = {"percent": percent, "whole": whole_number, "seconds": seconds, "usd": usd}
    return forms[form](number)
