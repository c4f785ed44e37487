"""Asking a provider what it offers, before anything is paid: one `/models` and one key request a run. Pure."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import httpx

from evaluations.wire import connections, documents
from evaluations.wire.failures import Code, Failure

from .batch import Endpoint
from .offers import Offer, Verdict

MAX_BODY = 20_000_000
SECONDS = 10.0
# In a refusal of a list: the key is good, and may not ask for this.
NOT_FOR_THIS_KEY = (b"scope", b"permission")


async def offers(endpoints: Mapping[str, Endpoint]) -> dict[str, Offer]:
    """The offer of every provider by its slug, asked side by side."""
    found = await asyncio.gather(*map(offer_of, endpoints.values()))
    return dict(zip(endpoints, found, strict=True))


async def offer_of(endpoint: Endpoint) -> Offer:
    """One provider's offer. A provider that does not answer is no refusal: its calls will say what is wrong."""
    async with httpx.AsyncClient(transport=endpoint.transport, timeout=SECONDS) as client:
        replies = await asyncio.gather(*(look_up(client, endpoint, path) for path in endpoint.provider.look_ups))
    refusals = [reply for reply in replies if isinstance(reply, Offer) and reply.refusal]
    listing = refusals[0] if refusals else replies[0]
    if isinstance(listing, Offer):
        return listing
    try:
        offer = endpoint.provider.offer_in(documents.read(listing))
    except documents.UnreadableError as error:
        return Offer(detail=f"the list of models is {error}"[:300])
    return replace(offer, complete=offer.complete and not endpoint.elsewhere)


async def look_up(client: httpx.AsyncClient, endpoint: Endpoint, path: str) -> bytes | Offer:
    """What one request brought; else an offer of nothing, which says why, and whether nobody should be asked."""
    request = client.stream("GET", f"{endpoint.base_url}/{path}", headers=dict(endpoint.headers))
    found = await connections.ask(request, SECONDS, MAX_BODY)
    if isinstance(found, Failure):
        refusal = found.code if found.code == Code.CERTIFICATE else ""
        return Offer(refusal=refusal, detail=f"{path} did not answer: {found.detail}"[:300])
    status, body = found[0].status_code, found[1]
    refused = status == 401 or (status == 403 and path != endpoint.provider.look_ups[0])
    if refused and not any(word in body for word in NOT_FOR_THIS_KEY):
        return Offer(refusal=Code.BAD_KEY, detail=f"status {status} for /{path}")
    return body if status == 200 else Offer()


# Sent to every model and listed by none.
ALWAYS = frozenset({"model", "stream", "plugins", "provider", "max_tokens"})


def verdict(offer: Offer, model_id: str, parameters: Mapping[str, Any], today: date | None = None) -> Verdict:
    """Whether this model can be asked with these parameters. Only a complete list refuses what is not on it."""
    if offer.refusal:
        return Verdict(error=offer.refusal, detail=offer.detail)
    found = offer.find(model_id)
    if found is None:
        unknown = Verdict(error=Code.UNKNOWN_MODEL, detail=f"{model_id} is not on the provider's list of models.")
        return unknown if offer.complete else Verdict()
    if found.expires and found.expires <= (today or datetime.now(UTC).date()):
        return Verdict(found, error=Code.EXPIRED_MODEL, detail=f"{model_id} expired on {found.expires}.")
    supported = found.parameters
    unsupported = () if supported is None else tuple(sorted(parameters.keys() - supported - ALWAYS))
    return Verdict(found, unsupported=unsupported)
