"""The lists of models that providers give: asked for anew, and the last copy for when a provider is away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.models import Evaluation, Provider, ProviderListing
from evaluations.pipeline import endpoints
from evaluations.pipeline.roster import ask_offers
from evaluations.providers.offers import ListedModel, Offer

FRESH = timedelta(hours=1)  # so long a list is not asked for anew by itself


@dataclass(frozen=True)
class ModelList:
    """What a provider lists, when it did, and why it did not now."""

    offer: Offer
    asked_at: datetime | None
    problem: str = ""

    def rows(self, words: str = "") -> list[tuple[str, ListedModel]]:
        """Models whose id has all these words in it, by id."""
        wanted = words.casefold().split()
        listed = sorted((self.offer.models or {}).items())
        return [(name, row) for name, row in listed if all(word in name.casefold() for word in wanted)]


def models_of(provider: Provider, evaluation: Evaluation, *, anew: bool = False) -> ModelList:
    """The provider's list: the kept one while it is fresh, else as it says now; the last copy where it is away."""
    kept = kept_listing(provider)
    if kept and not anew and timezone.now() - kept.asked_at < FRESH:
        return ModelList(offer_in(kept), kept.asked_at)
    if flaw := why_not_asked(provider, evaluation):
        return ModelList(offer_kept(provider), kept.asked_at if kept else None, flaw)
    offer = ask_offers(evaluation, [provider])[provider.slug]
    if offer.models is None:
        problem = offer.detail or offer.refusal or _("it gives no list of models")
        return ModelList(offer_kept(provider), kept.asked_at if kept else None, problem)
    return ModelList(offer, keep(provider, offer).asked_at)


def why_not_asked(provider: Provider, evaluation: Evaluation) -> str:
    """Why this provider is not asked at all; empty where it may be."""
    variable = provider.api_key_variable
    if provider.kind == "sandbox" and not evaluation.sandbox:
        return _("the sandbox is for sandbox evaluations")
    if not provider.key_is_confirmed:
        return _("%(variable)s would go to %(host)s, which a superuser has not confirmed") % {
            "variable": variable,
            "host": provider.key_host,
        }
    if variable and not endpoints.provider_key(variable):
        return _("%s is not set") % variable
    return ""


def kept_listing(provider: Provider) -> ProviderListing | None:
    """The last list that the provider gave."""
    return getattr(provider, "listing", None)


def offer_kept(provider: Provider) -> Offer:
    """What the provider offered last; nobody is asked."""
    listing = kept_listing(provider)
    return offer_in(listing) if listing else Offer()


def keep(provider: Provider, offer: Offer) -> ProviderListing:
    """Keep a list for when the provider is away."""
    rows = {name: row_of(listed) for name, listed in (offer.models or {}).items()}
    kept = {"rows": rows, "complete": offer.complete, "asked_at": timezone.now()}
    listing, _made = ProviderListing.objects.update_or_create(provider=provider, defaults=kept)
    return listing


def row_of(listed: ListedModel) -> dict[str, Any]:
    """One model as it is kept; what the list does not say is left out."""
    row = {
        "window": listed.context_window,
        "expires": listed.expires and listed.expires.isoformat(),
        "parameters": None if listed.parameters is None else sorted(listed.parameters),
        "input": text_of(listed.usd_per_million_input),
        "output": text_of(listed.usd_per_million_output),
        "also": list(listed.also),
    }
    return {key: value for key, value in row.items() if value not in (None, [])}


def text_of(price: Decimal | None) -> str | None:
    """A price as it is kept and read, without loss and without needless zeros; None where it is not known."""
    return None if price is None else f"{price.normalize():f}"


def offer_in(listing: ProviderListing) -> Offer:
    """The list that is kept."""
    return Offer({name: listed_in(row) for name, row in listing.rows.items()}, complete=listing.complete)


def listed_in(row: Mapping[str, Any]) -> ListedModel:
    """One model of it."""
    return ListedModel(
        context_window=row.get("window"),
        expires=date.fromisoformat(row["expires"]) if "expires" in row else None,
        parameters=frozenset(row["parameters"]) if "parameters" in row else None,
        usd_per_million_input=Decimal(row["input"]) if "input" in row else None,
        usd_per_million_output=Decimal(row["output"]) if "output" in row else None,
        also=tuple(row.get("also", ())),
    )
