"""The wire of OpenRouter: the bodies of answers, of what was booked, and of the key.

Shapes follow recorded answers (pydantic-ai's OpenRouter cassettes) and the official OpenAPI description.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .roster import PROVIDER, Model

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What goes back to the caller, and after how many seconds."""

    status: int
    body: Json | list[Any]
    seconds: float = 0.0
    headers: tuple[tuple[str, str], ...] = ()


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
            "rate_limit": {"requests": -1, "interval": "10s", "note": "This field is deprecated and safe to ignore."},
        }
    }


def wants_metadata(headers: Mapping[str, str]) -> bool:
    """Whether the caller asked for routing metadata."""
    return headers.get("x-openrouter-metadata", "").lower() == "enabled"
