"""What speaks against a model of the roster, from what is known without asking anybody."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluations.models import ModelConfig
from evaluations.pipeline import endpoints
from evaluations.pipeline.roster import candidate
from evaluations.providers.offers import Offer
from evaluations.providers.prices import exceeds_window

from .lists import text_of

SOON = timedelta(days=14)
MOVED = Decimal("0.2")  # of a price


def warnings_of(model: ModelConfig, offer: Offer, lock_bytes: int | None, today: date) -> Iterator[str]:
    """One sentence each. `lock_bytes` is the size of the last lock, None before the first."""
    provider = model.provider
    if provider.api_key_variable and not endpoints.provider_key(provider.api_key_variable):
        yield _("%s is not set.") % provider.api_key_variable
    yield from endpoints.key_problems([model])
    found = candidate(model, offer)
    listed = found.verdict.listed
    if found.verdict.error:
        yield found.verdict.detail
    elif listed.expires and listed.expires <= today + SOON:
        yield _("Expires on %s.") % listed.expires
    if lock_bytes and exceeds_window(found.context_window, lock_bytes, found.parameters):
        yield _("Its window of %s tokens is too small for the last lock and its answer.") % f"{found.context_window:,}"
    for word, own, now in (
        ("reading", model.usd_per_million_input, listed.usd_per_million_input),
        ("writing", model.usd_per_million_output, listed.usd_per_million_output),
    ):
        if own is not None and now is not None and has_moved(own, now):
            yield _("Price of %(kind)s: %(own)s USD here, %(listed)s on the provider's list.") % {
                "kind": word,
                "own": text_of(own),
                "listed": text_of(now),
            }
    if found.verdict.unsupported:
        yield _("Takes no %s: left out.") % ", ".join(found.verdict.unsupported)


def has_moved(own: Decimal, now: Decimal) -> bool:
    """Whether a price has moved by a fifth or more."""
    return own != now and (own == 0 or abs(now - own) >= MOVED * own)
