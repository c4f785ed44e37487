"""The wire of OpenRouter: chat requests taken apart, success and error bodies put together.

Shapes follow recorded answers (pydantic-ai's OpenRouter cassettes) and the official OpenAPI description.
"""

import json
import secrets
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from evaluations.sandbox.dice import seed_of
from evaluations.sandbox.reading import Assignment, read_assignment, text_of
from evaluations.sandbox.roster import PROVIDER, Model

Json = dict[str, Any]

BYTES_PER_TOKEN = 4
USER_ID = "user_2sandboxNoRealAccount000"
REMEMBERED_PAYLOADS = 16


class Messages:
    """One distinct messages array. What follows from it is worked out once, however many models get it."""

    def __init__(self, raw: bytes, parsed: list[Any]) -> None:
        self.raw = raw
        self.parsed = parsed
        self.reports: dict[str, str | None] = {}

    @cached_property
    def digest(self) -> bytes:
        """The hash of its bytes."""
        return seed_of(self.raw)

    @cached_property
    def assignment(self) -> Assignment:
        """What a model reads in it."""
        return read_assignment(self.parsed)

    @cached_property
    def material(self) -> str:
        """All its text."""
        return "\n".join(text_of(message) for message in self.parsed)

    @cached_property
    def tokens(self) -> int:
        """Its length in tokens, by the sandbox's rule of thumb."""
        return tokens_in(self.material) + 4 * len(self.parsed)


@dataclass(frozen=True)
class ChatRequest:
    """One chat request: its messages, and its other fields."""

    fields: Json
    messages: Messages

    @property
    def model(self) -> Any:
        """The model id as sent."""
        return self.fields.get("model")

    @property
    def max_tokens(self) -> int | None:
        """The upper limit of the answer, by its new or its old name."""
        found = self.fields.get("max_completion_tokens", self.fields.get("max_tokens"))
        return found if isinstance(found, int) and not isinstance(found, bool) else None


class RequestReader:
    """Takes request bodies apart. A messages array that was seen before is not parsed again."""

    KEY = b'"messages"'

    def __init__(self) -> None:
        self._known: deque[Messages] = deque(maxlen=REMEMBERED_PAYLOADS)

    def read(self, body: bytes) -> ChatRequest:
        """The request in this body. Raises ValueError when it is not one."""
        return self._recognised(body) or self._parsed(body)

    def _recognised(self, body: bytes) -> ChatRequest | None:
        start = body.find(self.KEY)
        for known in self._known:
            end = start + len(known.raw)
            if start < 0 or not body.startswith(known.raw, start) or body[end : end + 1] not in {b",", b"}"}:
                continue
            fields = json.loads(body[:start] + self.KEY + b":null" + body[end:])
            if isinstance(fields, dict) and fields.pop("messages", self) is None:
                return ChatRequest(fields, known)
        return None

    def _parsed(self, body: bytes) -> ChatRequest:
        fields = json.loads(body)
        parsed = fields.pop("messages", None) if isinstance(fields, dict) else None
        if not (isinstance(parsed, list) and parsed):
            raise ValueError('Input required: specify "prompt" or "messages"')
        messages = Messages(self._raw(body), parsed)
        self._known.appendleft(messages)
        return ChatRequest(fields, messages)

    def _raw(self, body: bytes) -> bytes:
        """The bytes of the messages with their key, as they stand in the body."""
        text = body.decode("utf-8")
        start = text.find(self.KEY.decode())
        begin = start + len(self.KEY)
        begin += len(text[begin:]) - len(text[begin:].lstrip())
        begin += 1 + len(text[begin + 1 :]) - len(text[begin + 1 :].lstrip())
        try:
            _, end = json.JSONDecoder().raw_decode(text, begin)
        except ValueError:
            return body  # spelled with escapes or nested: the whole body stands for it
        return text[start:end].encode()


def tokens_in(text: str) -> int:
    """About one token for four bytes of UTF-8."""
    return -(-len(text.encode()) // BYTES_PER_TOKEN)


def cut(text: str, max_tokens: int | None) -> tuple[str, bool]:
    """The text within so many tokens, and whether something was cut off."""
    if max_tokens is None or tokens_in(text) <= max_tokens:
        return text, False
    return text.encode()[: max_tokens * BYTES_PER_TOKEN].decode(errors="ignore"), True


@dataclass(frozen=True)
class Generation:
    """One finished answer, as it was booked."""

    id: str
    model_id: str
    model: Model
    created: int
    seconds: float
    prompt_tokens: int
    completion_tokens: int
    finish_reason: str

    @property
    def prompt_cost(self) -> Decimal:
        """USD for the prompt."""
        return self.model.prompt_price * self.prompt_tokens

    @property
    def completion_cost(self) -> Decimal:
        """USD for the answer."""
        return self.model.completion_price * self.completion_tokens

    @property
    def cost(self) -> Decimal:
        """USD in all."""
        return self.prompt_cost + self.completion_cost

    def usage_json(self) -> Json:
        """The `usage` of the answer."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
            "cost": float(self.cost),
            "is_byok": False,
            "prompt_tokens_details": {
                "cached_tokens": 0,
                "cache_write_tokens": 0,
                "audio_tokens": 0,
                "video_tokens": 0,
            },
            "cost_details": {
                "upstream_inference_cost": float(self.cost),
                "upstream_inference_prompt_cost": float(self.prompt_cost),
                "upstream_inference_completions_cost": float(self.completion_cost),
            },
            "completion_tokens_details": {"reasoning_tokens": 0, "image_tokens": 0, "audio_tokens": 0},
        }

    def chat_json(self, content: str) -> Json:
        """The body of the answer."""
        return {
            "id": self.id,
            "provider": PROVIDER,
            "model": self.model_id,
            "object": "chat.completion",
            "created": self.created,
            "choices": [
                {
                    "logprobs": None,
                    "finish_reason": self.finish_reason,
                    "native_finish_reason": self.finish_reason,
                    "index": 0,
                    "message": {"role": "assistant", "content": content, "refusal": None, "reasoning": None},
                }
            ],
            "system_fingerprint": "fp_sandbox_1",
            "usage": self.usage_json(),
        }

    def metadata_json(self) -> Json:
        """What `X-OpenRouter-Metadata: enabled` adds."""
        endpoint = {"provider": PROVIDER, "model": self.model_id, "selected": True}
        return {
            "requested": self.model_id,
            "strategy": "direct",
            "region": "local",
            "summary": f"available=1, selected={PROVIDER}",
            "attempt": 1,
            "is_byok": False,
            "endpoints": {"total": 1, "available": [endpoint]},
        }

    def lookup_json(self) -> Json:
        """The body of /generation?id=…"""
        return {
            "data": {
                "id": self.id,
                "upstream_id": self.id.replace("gen-", "chatcmpl-"),
                "total_cost": float(self.cost),
                "usage": float(self.cost),
                "cache_discount": None,
                "upstream_inference_cost": None,
                "created_at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(self.created)),
                "model": self.model_id,
                "app_id": None,
                "streamed": False,
                "cancelled": False,
                "provider_name": PROVIDER,
                "latency": round(self.seconds * 300),
                "moderation_latency": None,
                "generation_time": round(self.seconds * 1000),
                "finish_reason": self.finish_reason,
                "native_finish_reason": self.finish_reason,
                "tokens_prompt": self.prompt_tokens,
                "tokens_completion": self.completion_tokens,
                "native_tokens_prompt": self.prompt_tokens,
                "native_tokens_completion": self.completion_tokens,
                "native_tokens_reasoning": 0,
                "native_tokens_cached": 0,
                "num_media_prompt": None,
                "num_media_completion": None,
                "num_search_results": None,
                "origin": "",
                "is_byok": False,
                "provider_responses": [{"provider_name": PROVIDER, "status": 200, "is_byok": False}],
            }
        }


def new_generation_id(created: int) -> str:
    """An id such as OpenRouter gives: the second, then twenty letters and digits."""
    return f"gen-{created}-{secrets.token_hex(10)}"


# Errors


@dataclass(frozen=True)
class Refusal:
    """An answer that is an error: the HTTP status, the body, further headers."""

    status: int
    body: Json
    headers: tuple[tuple[str, str], ...] = ()


def refusal(status: int, message: str, *, http_status: int | None = None, **metadata: Any) -> Refusal:
    """An error in OpenRouter's envelope."""
    error: Json = {"code": status, "message": message}
    if metadata:
        error["metadata"] = metadata
    return Refusal(http_status or status, {"error": error, "user_id": USER_ID})


def key_refusal(authorization: str | None) -> Refusal | None:
    """The 401 of a request without a usable key; the body of a missing one names no user."""
    scheme, _, key = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return Refusal(401, {"error": {"code": 401, "message": "Missing Authentication header"}})
    if key.strip().startswith("bad"):
        return Refusal(401, {"error": {"code": 401, "message": "User not found."}})
    return None


def not_a_model(model_id: Any) -> Refusal:
    """The 400 for an id that nobody has."""
    return refusal(400, f"{model_id} is not a valid model ID")


def no_endpoints(model_id: str) -> Refusal:
    """The 404 for a model that nobody serves just now."""
    return refusal(404, f"No endpoints found for {model_id}.")


def request_refusal(request: ChatRequest, model: Model) -> Refusal | None:
    """Why this model cannot take this request, or nothing."""
    return _limit_refusal(request, model) or _routing_refusal(request, model)


def _limit_refusal(request: ChatRequest, model: Model) -> Refusal | None:
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


def _routing_refusal(request: ChatRequest, model: Model) -> Refusal | None:
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
    sent = {
        "seed",
        "temperature",
        "top_p",
        "frequency_penalty",
        "presence_penalty",
        "tools",
    } & request.fields.keys()
    if wishes.get("require_parameters") is True and not sent <= set(model.parameters):
        message = (
            "No endpoints found that can handle the requested parameters. To learn more about provider "
            "routing, visit: https://openrouter.ai/docs/guides/routing/provider-selection"
        )
        return refusal(404, message, failed_routing_step="Filter by Parameters")
    return None


def provider_failures(model_id: str) -> tuple[Refusal | None, ...]:
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
        refusal(
            502, "Provider returned error", error_type="provider_unavailable", provider_name=PROVIDER, raw=raw
        ),
        refusal(502, "Provider returned error", http_status=200, provider_name=PROVIDER, raw=raw),
        None,
        Refusal(429, too_many.body, (("Retry-After", "1"),)),
    )


def key_json(label: str, usage: Decimal) -> Json:
    """The body of /key."""
    spent = float(usage)
    return {
        "data": {
            "label": label,
            "is_management_key": False,
            "is_provisioning_key": False,
            "limit": None,
            "limit_reset": None,
            "limit_remaining": None,
            "include_byok_in_limit": False,
            "usage": spent,
            "usage_daily": spent,
            "usage_weekly": spent,
            "usage_monthly": spent,
            "byok_usage": 0,
            "byok_usage_daily": 0,
            "byok_usage_weekly": 0,
            "byok_usage_monthly": 0,
            "is_free_tier": False,
            "expires_at": None,
            "rate_limit": {
                "requests": -1,
                "interval": "10s",
                "note": "This field is deprecated and safe to ignore.",
            },
        }
    }


def wants_metadata(headers: Mapping[str, str]) -> bool:
    """Whether the caller asked for routing metadata."""
    return headers.get("x-openrouter-metadata", "").lower() == "enabled"
