"""What a call costs: at worst, before it is sent, and really, once it is answered. US dollars."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from evaluations.contexts import BYTES_PER_TOKEN
from evaluations.wire.values import bookable

from .completions import Completion
from .openai_compatible import MILLION

# No tokenizer in use makes more than one token of two bytes of such text.
BYTES_PER_TOKEN_AT_LEAST = 2


class Priced(Protocol):
    """Anything with prices per million tokens."""

    @property
    def usd_per_million_input(self) -> Decimal | None:
        """USD per million tokens read."""

    @property
    def usd_per_million_output(self) -> Decimal | None:
        """USD per million tokens written."""


def price(model: Priced, tokens_in: int, tokens_out: int) -> Decimal | None:
    """The price of so many tokens; None where the prices are not known."""
    if model.usd_per_million_input is None or model.usd_per_million_output is None:
        return None
    usd = (tokens_in * model.usd_per_million_input + tokens_out * model.usd_per_million_output) / MILLION
    return bookable(usd)


def worst_case(model: Priced, parameters: Mapping[str, Any], message_bytes: int, most: Decimal) -> Decimal:
    """The most that one call can cost; `most`, the ceiling per call, where the prices are not known."""
    tokens_in = message_bytes // BYTES_PER_TOKEN_AT_LEAST + 1
    worst = price(model, tokens_in, int(parameters.get("max_tokens", 0)))
    return most if worst is None else worst


def exceeds_window(
    window: int | None, message_bytes: int, parameters: Mapping[str, Any], bytes_per_token: float = BYTES_PER_TOKEN
) -> bool:
    """Whether a context window, in tokens, cannot hold the messages and the longest answer."""
    needed = int(message_bytes / bytes_per_token) + int(parameters.get("max_tokens", 0))
    return window is not None and needed > window


def cost_of(model: Priced, answer: Completion) -> Decimal | None:
    """What an answer cost: as billed, else from its tokens, else not known; where tokens are free, nothing."""
    if answer.cost_usd is None and price(model, MILLION, MILLION) == 0:
        return Decimal(0)
    if answer.cost_usd is None and "usage_rejected" in answer.flags:
        return None  # what it billed was not readable: a price from tokens could understate it
    if answer.cost_usd is not None or answer.input_tokens is None or answer.output_tokens is None:
        return answer.cost_usd
    return price(model, answer.input_tokens, answer.output_tokens)
