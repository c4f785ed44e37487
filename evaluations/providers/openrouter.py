"""OpenRouter: many providers behind one key, which says of every answer who gave it and what it cost. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from evaluations.wire import values

from .openai_compatible import MOST_USD, Model, OpenAICompatible

if TYPE_CHECKING:
    from .offers import Offer


class OpenRouter(OpenAICompatible):
    """https://openrouter.ai/docs/api-reference: fields and headers that only OpenRouter knows go there alone."""

    title: ClassVar[str] = "OpenRouter"
    base_url_setting: ClassVar[str] = "OPENROUTER_BASE_URL"
    look_ups: ClassVar[tuple[str, ...]] = ("models", "key")
    tells_cost: ClassVar[bool] = True
    keeps_generations: ClassVar[bool] = True

    def parameters(self, model: Model) -> dict[str, Any]:
        """The common ones, the routing, and no compression: by default it cuts the middle out of prompts for
        windows of 8k and less."""
        own = {"plugins": [{"id": "context-compression", "enabled": False}], "provider": routing(model)}
        return {**own, **super().parameters(model)}

    def offer_in(self, document: Any) -> "Offer":
        """Its list holds every model that it serves, unless the list says that there is more of it."""
        offer = super().offer_in(document)
        return replace(offer, complete=bool(offer.models) and not values.at(document, "links", "next"))

    def cost_in(self, usage: Mapping[str, Any]) -> tuple[Decimal | None, bool]:
        """`usage.cost`, and beside it what a provider bills by itself."""
        cost, stated = super().cost_in(usage)
        if cost is None:
            return None, stated
        total = with_upstream(cost, usage, values.at(usage, "cost_details", "upstream_inference_cost"))
        return total, total is not None

    def generation_cost(self, document: Any) -> Decimal | None:
        """What `GET /generation` says that a call cost, in US dollars."""
        data = values.record(document, "data")
        cost = values.price(data, "total_cost", most=MOST_USD)
        return None if cost is None else with_upstream(cost, data, data.get("upstream_inference_cost"))

    def headers(self, key: str, site_url: str) -> dict[str, str]:
        """The key, who we are, and that it should say how it served us."""
        return super().headers(key, site_url) | {
            "HTTP-Referer": site_url,
            "X-OpenRouter-Title": "Futbol Report",
            "X-OpenRouter-Metadata": "enabled",
        }


def with_upstream(cost: Decimal, record: Mapping[str, Any], upstream: Any) -> Decimal | None:
    """What a call cost in all. With the customer's own key (`is_byok`) OpenRouter bills its fee, or nothing, and the
    provider bills the rest: without that, nobody knows the cost."""
    own_key = record.get("is_byok")
    if own_key is False or (own_key is not True and cost):
        return cost
    billed = values.price(upstream, most=MOST_USD)
    if billed is None:
        return cost if own_key is not True else None
    return cost + billed


def routing(model: Model) -> dict[str, Any]:
    """The `provider` object: which servers of the same model may answer."""
    wanted: dict[str, Any] = {"allow_fallbacks": model.allow_fallbacks}
    wanted |= {"order": model.provider_order} if model.provider_order else {}
    return wanted | ({"quantizations": model.quantizations} if model.quantizations else {})
