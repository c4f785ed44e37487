"""What a run tells whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StepNews:
    """A step of the run began or ended, in words for a person."""

    step: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReportNews:
    """A report moved to another state."""

    report: int
    model: str
    state: str
    seconds: float | None = None
    output_tokens: int | None = None
    cost_usd: Decimal | None = None
    error: str = ""


type News = StepNews | ReportNews
type Watch = Callable[[News], None]


def nobody(_news: News) -> None:
    """Nobody watches."""
