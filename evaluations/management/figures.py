"""Figures in the words of a terminal: shares, dollars, times, and what lies between two of them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from evaluations.pipeline.budgets import RunCost
from evaluations.statistics.paired import paired_difference

WORDS = {"succeeded": "done", "unknown_outcome": "unknown"}  # of a report's state


def dollars(amount: Decimal | float | None) -> str:
    """An amount in US dollars, with as many decimals as small costs need."""
    return "" if amount is None else f"${amount:.4f}"


def percent(share: float | None) -> str:
    """A share from 0 to 1 in whole percent."""
    return "" if share is None else f"{share:.0%}"


def integer(number: float | None) -> str:
    """A whole number."""
    return "" if number is None else f"{number:,.0f}"


def moment(time: datetime | None) -> str:
    """A time to the minute, in UTC, which it says."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if time else ""


def total(cost: RunCost) -> str:
    """What a run has cost, in words."""
    if not cost.unknown_calls:
        return dollars(cost.known)
    calls = "1 call" if cost.unknown_calls == 1 else f"{cost.unknown_calls} calls"
    return f"not known: at least {dollars(cost.known)}, and {calls} of unknown cost"


def low_to_high(values: Sequence[float | None], form: Callable[[float], str]) -> str:
    """The smallest and the largest of some figures; empty where there is none."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return ""
    low, high = form(known[0]), form(known[-1])
    return low if low == high else f"{low} to {high}"


def one_to_other(before: float | None, now: float | None, form: Callable[[float | None], str]) -> str:
    """A figure before and now; a dash where one is not known."""
    return f"{form(before) or '–'} → {form(now) or '–'}" if (before, now) != (None, None) else ""


def change(differences: Sequence[float]) -> str:
    """The mean difference of a share in percentage points; with its interval, where there are runs enough for one."""
    if not differences:
        return ""
    found = paired_difference(differences)
    if found.interval is None:
        return points(found.value)
    return f"{points(found.value)} ({points(found.interval.low)} to {points(found.interval.high)})"


def points(difference: float) -> str:
    """A signed difference in whole percentage points."""
    whole = round(100 * difference)
    return f"{whole:+d}".replace("-", "−") if whole else "0"
