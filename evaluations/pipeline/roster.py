"""Who takes part in a run: chosen, checked with the providers, and frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from asgiref.sync import async_to_sync

from evaluations.errors import NotConfiguredError
from evaluations.models import Evaluation, ModelConfig, Provider, Run, RunEntry
from evaluations.providers.catalogue import offers, verdict
from evaluations.providers.offers import Offer, Verdict
from evaluations.providers.registry import PROVIDERS

from . import endpoints


@dataclass(frozen=True)
class Candidate:
    """A model as it would take part. Prices in USD per million tokens."""

    model: ModelConfig
    parameters: Mapping[str, Any]
    verdict: Verdict
    usd_per_million_input: Decimal | None
    usd_per_million_output: Decimal | None

    @property
    def context_window(self) -> int | None:
        """In tokens: the smaller of what the provider lists and what an editor wrote, where there are two."""
        known = (self.verdict.listed.context_window, self.model.context_window)
        return min((window for window in known if window is not None), default=None)


def choose_models(evaluation: Evaluation, names: Sequence[str]) -> list[ModelConfig]:
    """The models that take part, in roster order: those named by slug or model id, else every enabled one."""
    roster = list(evaluation.roster.filter(retired_at=None).select_related("provider"))
    known = {name for model in roster for name in (model.slug, model.model_id)}
    if unknown := [name for name in names if name not in known]:
        there = ", ".join(model.slug for model in roster) or "none"
        raise NotConfiguredError(f"{evaluation} has no model {', '.join(unknown)}; it has: {there}.")
    if names:
        return [model for model in roster if {model.slug, model.model_id} & set(names)]
    enabled = [model for model in roster if model.enabled]
    if not enabled:
        raise NotConfiguredError(f"{evaluation} has no enabled model; enable one in admin.")
    return enabled


def check_models(evaluation: Evaluation, roster: Sequence[ModelConfig]) -> list[Candidate]:
    """The roster after a look at what its providers offer: one `/models` and one key request each."""
    providers = {model.provider.slug: model.provider for model in roster}
    found = ask_offers(evaluation, list(providers.values()))
    return [candidate(model, found[model.provider.slug]) for model in roster]


def ask_offers(evaluation: Evaluation, providers: Sequence[Provider]) -> dict[str, Offer]:
    """What each provider offers, by its slug."""
    inside = endpoints.sandbox_transport(evaluation)
    return async_to_sync(offers)({provider.slug: endpoints.endpoint(provider, inside) for provider in providers})


def candidate(model: ModelConfig, offer: Offer) -> Candidate:
    """The model with the parameters that it takes, and the higher of its own and the listed prices."""
    wanted = PROVIDERS[model.provider.kind].parameters(model)
    found = verdict(offer, model.model_id, wanted)
    return Candidate(
        model,
        {name: value for name, value in wanted.items() if name not in found.unsupported},
        found,
        higher_price(model.usd_per_million_input, found.listed.usd_per_million_input),
        higher_price(model.usd_per_million_output, found.listed.usd_per_million_output),
    )


def higher_price(own: Decimal | None, listed: Decimal | None) -> Decimal | None:
    """The higher of two prices, where there are two: a ceiling must not be understated."""
    return max((price for price in (own, listed) if price is not None), default=None)


def require_one(candidates: Sequence[Candidate]) -> None:
    """Raise NotConfiguredError where no model can be asked, saying why of each."""
    if all(found.verdict.error for found in candidates):
        reasons = "; ".join(f"{c.model.slug}: {c.verdict.error} ({c.verdict.detail})" for c in candidates)
        raise NotConfiguredError(f"No model can be asked, and nothing was spent. {reasons}")


def entry_of(run: Run, found: Candidate, position: int, blind_position: int) -> RunEntry:
    """The model as it takes part in `run`: a snapshot."""
    model = found.model
    return RunEntry(
        run=run,
        config=model,
        position=position,
        blind_position=blind_position,
        slug=model.slug,
        name=model.name,
        provider=model.provider,
        provider_slug=model.provider.slug,
        provider_kind=model.provider.kind,
        base_url=endpoints.base_url(model.provider),
        api_key_variable=model.provider.api_key_variable,
        model_id=model.model_id,
        parameters=dict(found.parameters),
        context_window=found.context_window,
        other_names=list(found.verdict.listed.also),
        usd_per_million_input=found.usd_per_million_input,
        usd_per_million_output=found.usd_per_million_output,
    )
