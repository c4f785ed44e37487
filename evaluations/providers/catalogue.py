"""Asking a provider what it offers, before anything is paid: one `/models` and one key request a run. Pure."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx

from evaluations.wire.bodies import BodyTooLargeError, is_certificate_error, read_capped

from .batch import Endpoint

MAX_BODY = 20_000_000
SECONDS = 10.0
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One model as its provider lists it; None where the list does not say. Prices in USD per million tokens."""

    context_window: int | None = None
    expires: str = ""
    parameters: frozenset[str] | None = None
    usd_per_million_input: Decimal | None = None
    usd_per_million_output: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a provider offers. `refusal` is why nobody should ask it; `models` is None where it has no list."""

    models: Mapping[str, Listed] | None = None
    refusal: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a model can be asked: a reason code where not, and the parameters that it does not take."""

    listed: Listed = field(default_factory=Listed)
    error: str = ""
    detail: str = ""
    unsupported: tuple[str, ...] = ()


async def offers(endpoints: Mapping[str, Endpoint], keyed: frozenset[str]) -> dict[str, Offer]:
    """The offer of every provider by its slug, asked side by side; `keyed` ones have OpenRouter's `/key`."""
    found = await asyncio.gather(*(offer_of(endpoint, slug in keyed) for slug, endpoint in endpoints.items()))
    return dict(zip(endpoints, found, strict=True))


async def offer_of(endpoint: Endpoint, keyed: bool) -> Offer:
    """One provider's offer. A provider that does not answer is no refusal: its calls will say what is wrong."""
    async with httpx.AsyncClient(transport=endpoint.transport, timeout=SECONDS) as client:
        paths = ("models", "key") if keyed else ("models",)
        answers = await asyncio.gather(*(get(client, endpoint, path) for path in paths))
    for answer in answers:
        if isinstance(answer, Offer):
            return answer
    status, body = next(answer for answer in answers if not isinstance(answer, Offer))
    return Offer(models_in(body) if status == 200 else None)


async def get(client: httpx.AsyncClient, endpoint: Endpoint, path: str) -> tuple[int, bytes] | Offer:
    """Status and body of one request; an Offer that refuses, or that knows nothing, where there is no answer."""
    request = client.stream("GET", f"{endpoint.base_url}/{path}", headers=dict(endpoint.headers))
    try:
        async with asyncio.timeout(SECONDS), request as response:
            status, body = response.status_code, await read_capped(response, MAX_BODY)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, BodyTooLargeError, OSError) as error:
        if is_certificate_error(error):
            return Offer(refusal="certificate", detail=str(error)[:300])
        return Offer(detail=f"{path} did not answer: {error}"[:300])
    if status in (401, 403):
        return Offer(refusal="bad_key", detail=f"status {status} for /{path}")
    return status, body


def models_in(body: bytes) -> dict[str, Listed] | None:
    """The models of a `/models` body by id; None where it is of another form."""
    try:
        rows = json.loads(body, parse_float=Decimal)["data"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(rows, list):
        return None
    return {str(row["id"]): listed(row) for row in rows if isinstance(row, dict) and "id" in row}


def listed(row: Mapping[str, Any]) -> Listed:
    """One row of the list. OpenAI-compatible servers fill in less than OpenRouter does, and that is fine."""
    pricing = row.get("pricing")
    prices = pricing if isinstance(pricing, dict) else {}
    parameters = row.get("supported_parameters")
    window = row.get("context_length")
    return Listed(
        context_window=window if isinstance(window, int) and window > 0 else None,
        expires=str(row.get("expiration_date") or ""),
        parameters=frozenset(map(str, parameters)) if isinstance(parameters, list) and parameters else None,
        usd_per_million_input=per_million(prices.get("prompt")),
        usd_per_million_output=per_million(prices.get("completion")),
    )


def per_million(price: Any) -> Decimal | None:
    """USD per million tokens from a price per token, which is a text on the wire; -1 means that it varies."""
    try:
        amount = Decimal(str(price)) * MILLION
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None


# Sent to every model and listed by none.
ALWAYS = frozenset({"model", "stream", "plugins", "provider", "max_tokens"})


def verdict(offer: Offer, model_id: str, parameters: Mapping[str, Any], today: str = "") -> Verdict:
    """Whether this model can be asked with these parameters; `today` as YYYY-MM-DD."""
    if offer.refusal:
        return Verdict(error=offer.refusal, detail=offer.detail)
    if offer.models is None:
        return Verdict()
    found = offer.models.get(model_id) or offer.models.get(model_id.split(":")[0])
    if found is None:
        return Verdict(error="unknown_model", detail=f"{model_id} is not on the provider's list of models.")
    if found.expires and found.expires <= (today or datetime.now(UTC).date().isoformat()):
        return Verdict(found, error="expired_model", detail=f"{model_id} expired on {found.expires}.")
    supported = found.parameters
    unsupported = () if supported is None else tuple(sorted(parameters.keys() - supported - ALWAYS))
    return Verdict(found, unsupported=unsupported)
