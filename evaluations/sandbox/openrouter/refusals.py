"""OpenRouter's error answers, and which request gets which."""

from dataclasses import replace
from typing import Any

from .answers import Answer, Json
from .request import ChatRequest
from .roster import PROVIDER, Model

USER_ID = "user_2sandboxNoRealAccount000"


def refusal(status: int, message: str, *, http_status: int | None = None, **metadata: Any) -> Answer:
    """An error in OpenRouter's envelope."""
    error: Json = {"code": status, "message": message}
    if metadata:
        error["metadata"] = metadata
    return Answer(http_status or status, {"error": error, "user_id": USER_ID})


def key_refusal(authorization: str | None) -> Answer | None:
    """The 401 of a request without a usable key; the body of a missing one names no user."""
    scheme, _, key = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return Answer(401, {"error": {"code": 401, "message": "Missing Authentication header"}})
    if key.strip().startswith("bad"):
        return Answer(401, {"error": {"code": 401, "message": "User not found."}})
    return None


def request_refusal(request: ChatRequest, model: Model) -> Answer | None:
    """Why this model cannot take this request, or nothing."""
    return _limit_refusal(request, model) or _routing_refusal(request, model)


def _limit_refusal(request: ChatRequest, model: Model) -> Answer | None:
    asked = request.fields.get("max_completion_tokens", request.fields.get("max_tokens"))
    if asked is not None and (request.max_tokens is None or request.max_tokens < 1):
        return refusal(400, "Invalid max_tokens: expected a positive integer", error_type="invalid_request")
    if request.fields.get("stream") is True:
        return refusal(400, "The sandbox does not stream: send stream false", error_type="invalid_request")
    total = request.messages.tokens + (request.max_tokens or 0)
    if total > model.context_length:
        message = (
            f"This endpoint's maximum context length is {model.context_length} tokens. However, you "
            f"requested about {total} tokens ({request.messages.tokens} of text input, "
            f"{request.max_tokens or 0} in the output). Please reduce the length of either one."
        )
        return refusal(400, message, error_type="context_length_exceeded")
    return None


def _routing_refusal(request: ChatRequest, model: Model) -> Answer | None:
    wishes = request.fields.get("provider")
    if not isinstance(wishes, dict):
        return None
    only = wishes.get("only")
    if only is None and wishes.get("allow_fallbacks") is False:
        only = wishes.get("order")
    if isinstance(only, list) and only and PROVIDER.lower() not in {str(name).lower() for name in only}:
        message = (
            "No allowed providers are available for the selected model. "
            f"Providers serving {request.model}: {PROVIDER.lower()}, but your request's provider.only "
            f"preference permits only: {', '.join(str(name) for name in only)}."
        )
        return refusal(404, message)
    sent = {"seed", "temperature", "top_p", "frequency_penalty", "presence_penalty", "tools"} & request.fields.keys()
    if wishes.get("require_parameters") is True and not sent <= set(model.parameters):
        message = (
            "No endpoints found that can handle the requested parameters. To learn more about provider "
            "routing, visit: https://openrouter.ai/docs/guides/routing/provider-selection"
        )
        return refusal(404, message, failed_routing_step="Filter by Parameters")
    return None


def provider_failures(model_id: str) -> tuple[Answer | None, ...]:
    """The ways in which the unreliable model fails; None is a 200 with an empty answer."""
    limited = (
        f"{model_id} is temporarily rate-limited upstream. Please retry shortly, or add your own key to "
        "accumulate your rate limits: https://openrouter.ai/settings/integrations"
    )
    raw = '{"error":"worker ended"}'
    too_many = refusal(
        429,
        "Provider returned error",
        raw=limited,
        provider_name=PROVIDER,
        is_byok=False,
        provider_error_code="upstream_429",
        limit_source="upstream_provider_shared_pool",
    )
    return (
        refusal(502, "Provider returned error", error_type="provider_unavailable", provider_name=PROVIDER, raw=raw),
        refusal(502, "Provider returned error", http_status=200, provider_name=PROVIDER, raw=raw),
        None,
        replace(too_many, headers=(("Retry-After", "1"),)),
    )
