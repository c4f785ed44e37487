"""From what editors chose to the providers that a run asks: addresses, keys, and the sandbox in this process."""

from collections.abc import Sequence

import httpx
from django.conf import settings

from evaluations.models import Evaluation, ModelConfig, Provider, RunEntry
from evaluations.providers.batch import Endpoint
from evaluations.providers.registry import PROVIDERS
from evaluations.wire.secrets import flaw_of, is_name_of_key
from futbolreport.settings import api_key


def base_url(provider: Provider) -> str:
    """Where a provider is reached."""
    return PROVIDERS[provider.kind].base_url or provider.base_url.rstrip("/") or usual_url(provider.kind)


def usual_url(kind: str) -> str:
    """Where providers of a kind are reached unless an editor says otherwise; empty where only an editor knows."""
    provider = PROVIDERS[kind]
    named: str = getattr(settings, provider.base_url_setting) if provider.base_url_setting else ""
    return provider.base_url or named


def endpoint_of(entry: RunEntry, sandbox: httpx.AsyncBaseTransport | None) -> Endpoint:
    """Where and with which headers an entry's provider is asked, as frozen with the run."""
    return endpoint_at(entry.provider_slug, entry.provider_kind, entry.base_url, entry.api_key_variable, sandbox)


def endpoint(provider: Provider, sandbox: httpx.AsyncBaseTransport | None) -> Endpoint:
    """Where and with which headers a provider is asked today."""
    return endpoint_at(provider.slug, provider.kind, base_url(provider), provider.api_key_variable, sandbox)


def endpoint_at(
    slug: str, kind: str, url: str, key_variable: str, sandbox: httpx.AsyncBaseTransport | None
) -> Endpoint:
    """The endpoint of a kind; only one within this process is reached through the sandbox."""
    provider = PROVIDERS[kind]
    key = provider.key or (provider_key(key_variable) if key_variable else "")
    headers = provider.headers(key, settings.SITE_URL)
    return Endpoint(slug, url, headers, sandbox if provider.within else None, provider, url != usual_url(kind))


def provider_key(variable: str) -> str:
    """The key under a variable; empty where it is none of a provider's, whatever a row says."""
    return api_key(variable) if is_name_of_key(variable) and variable not in settings.KEYS_OF_OTHERS else ""


def key_problems(models: Sequence[ModelConfig]) -> list[str]:
    """Why keys that are there cannot be used, one sentence each."""
    found = []
    for provider in dict.fromkeys(model.provider for model in models):
        variable = provider.api_key_variable
        key = provider_key(variable)
        if variable and not key and api_key(variable):
            found.append(f"{variable} is not the name of a provider's key ({provider}); its value is not sent.")
        elif key and (flaw := flaw_of(key)):
            found.append(f"{variable} {flaw}.")
        elif not provider.key_is_confirmed:
            found.append(f"{variable} would go to {provider.key_host}; a superuser must confirm that in admin first.")
    return found


def missing_keys(models: Sequence[ModelConfig]) -> list[str]:
    """Names of the environment variables that these models need and the environment has not."""
    needed = {model.provider.api_key_variable for model in models} - {""}
    return sorted(name for name in needed if not api_key(name))


def sandbox_transport(evaluation: Evaluation) -> httpx.AsyncBaseTransport | None:
    """The sandbox in this process, for a sandbox evaluation."""
    if not evaluation.sandbox:
        return None
    from evaluations.sandbox.app import SandboxConfig, create_app

    return httpx.ASGITransport(create_app(SandboxConfig(answer_seconds=settings.SANDBOX_ANSWER_SECONDS)))
