"""Any server of the chat completions form: what its requests hold, and what its answers may say. Pure.

Another provider is a class like this one in a file of its own, and one line in `registry`.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from evaluations.wire import values

if TYPE_CHECKING:  # late: no page needs what lists of models say
    from .offers import ListedModel, Offer

MILLION = 10**6
MOST_USD = 10**4  # of one answer
MOST_USD_A_TOKEN = 10
MOST_TOKENS = 10**9  # of a context window
WINDOWS = ("context_length", "max_model_len", "context_window")


class Model(Protocol):
    """What a request takes from the roster's entry of a model."""

    model_id: str
    max_tokens: int
    temperature: float | None
    extra_parameters: Mapping[str, Any]
    allow_fallbacks: bool
    provider_order: Sequence[str]
    quantizations: Sequence[str]


class OpenAICompatible:
    """A server that is reached at its own address, with or without a key, and says what the form demands."""

    title: ClassVar[str] = "Any OpenAI-compatible server"
    base_url: ClassVar[str] = ""  # where it is always reached
    base_url_setting: ClassVar[str] = ""  # the setting that says where it is reached, unless an editor does
    key: ClassVar[str] = ""  # the key that it always takes
    within: ClassVar[bool] = False  # this process, without a network
    look_ups: ClassVar[tuple[str, ...]] = ("models",)  # what is asked before anything is paid
    tells_cost: ClassVar[bool] = False  # of every answer
    keeps_generations: ClassVar[bool] = False  # and says later, by their ids, what they cost

    @property
    def needs_address(self) -> bool:
        """Whether only an editor can say where it is reached."""
        return not (self.base_url or self.base_url_setting)

    def parameters(self, model: Model) -> dict[str, Any]:
        """All of the request's body besides the messages."""
        parameters: dict[str, Any] = {"model": model.model_id, "max_tokens": model.max_tokens, "stream": False}
        if model.temperature is not None:
            parameters["temperature"] = model.temperature
        return {**parameters, **model.extra_parameters}

    def headers(self, key: str, site_url: str) -> dict[str, str]:
        """The headers of every request; `site_url` is who we are."""
        return {"Authorization": f"Bearer {key}"} if key else {}

    def offer_in(self, document: Any) -> "Offer":
        """What a list of models says. Servers list less than they serve, and most tell no more than ids."""
        from .offers import Offer

        rows = values.rows(document) or values.rows(document, "data") or values.rows(document, "models")
        there = isinstance(document, list) or bool(values.record(document).keys() & {"data", "models"})
        listed = {name: listing(row) for row in values.records(rows) if (name := values.text(row, "id", most=200))}
        return Offer(listed if there else None)

    def generation_cost(self, document: Any) -> Decimal | None:
        """What its record of one call says that it cost, in US dollars; only some keep one."""
        return None

    def cost_in(self, usage: Mapping[str, Any]) -> tuple[Decimal | None, bool]:
        """What an answer says that it cost in US dollars, and whether it says anything; 0 is an answer.

        The form has no cost. Servers that tell it all the same give a number, or an object of parts with or without
        their sum.
        """
        said = usage.get("cost")
        if not isinstance(said, dict):
            return values.price(said, most=MOST_USD), said is not None
        total = next((said[name] for name in ("total_cost", "total") if said.get(name) is not None), None)
        if total is not None:
            return values.price(total, most=MOST_USD), True
        parts = [values.price(part, most=MOST_USD) for name, part in said.items() if name.endswith("_cost")]
        known = [part for part in parts if part is not None]
        return (sum(known, Decimal(0)) if known and len(known) == len(parts) else None), True


def listing(row: dict[str, Any]) -> "ListedModel":
    """One row of a list of models: OpenRouter's form, vLLM's and Groq's words for the window."""
    from .offers import ListedModel

    windows = (values.integer(row, name, least=1, most=MOST_TOKENS) for name in WINDOWS)
    canonical = values.text(row, "canonical_slug", most=200)
    return ListedModel(
        context_window=next((window for window in windows if window), None),
        expires=values.day(row, "expiration_date"),
        parameters=frozenset(filter(None, values.texts(row, "supported_parameters"))) or None,
        usd_per_million_input=per_million(row, "prompt"),
        usd_per_million_output=per_million(row, "completion"),
        also=(canonical,) if canonical else (),
    )


def per_million(row: dict[str, Any], what: str) -> Decimal | None:
    """USD per million tokens from a price per token, which is a text on the wire; -1 means that it varies."""
    price = values.number(row, "pricing", what, most=MOST_USD_A_TOKEN)
    return None if price is None else price * MILLION
