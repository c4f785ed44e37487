"""OpenRouter: many providers behind one key, which says of every answer who gave it and what it cost. Pure."""

from typing import Any, ClassVar

from .openai_compatible import Model, OpenAICompatible


class OpenRouter(OpenAICompatible):
    """https://openrouter.ai/docs/api-reference: fields and headers that only OpenRouter knows go there alone."""

    title: ClassVar[str] = "OpenRouter"
    base_url_setting: ClassVar[str] = "OPENROUTER_BASE_URL"
    look_ups: ClassVar[tuple[str, ...]] = ("models", "key")
    keeps_generations: ClassVar[bool] = True

    def parameters(self, model: Model) -> dict[str, Any]:
        """The common ones, the routing, and no compression: by default it cuts the middle out of prompts for
        windows of 8k and less."""
        own = {"plugins": [{"id": "context-compression", "enabled": False}], "provider": routing(model)}
        return {**own, **super().parameters(model)}

    def headers(self, key: str, site_url: str) -> dict[str, str]:
        """The key, who we are, and that it should say how it served us."""
        return super().headers(key, site_url) | {
            "HTTP-Referer": site_url,
            "X-OpenRouter-Title": "Futbol Report",
            "X-OpenRouter-Metadata": "enabled",
        }


def routing(model: Model) -> dict[str, Any]:
    """The `provider` object: which servers of the same model may answer."""
    wanted: dict[str, Any] = {"allow_fallbacks": model.allow_fallbacks}
    wanted |= {"order": model.provider_order} if model.provider_order else {}
    return wanted | ({"quantizations": model.quantizations} if model.quantizations else {})
