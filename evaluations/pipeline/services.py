"""From what editors chose to the services that a run talks to."""

from collections.abc import Sequence
from typing import Any

import httpx
from django.conf import settings

from evaluations.errors import NotConfiguredError
from evaluations.models import Evaluation, ModelConfig, Provider, Run, RunEntry
from futbolreport.settings import api_key

from .inference import Endpoint
from .search import Brave, Search

SANDBOX_URL = "http://sandbox"
SANDBOX_KEY = "sandbox"


def search_options(evaluation: Evaluation) -> dict[str, Any]:
    """How a run of `evaluation` searches: frozen on the run when it starts."""
    return {
        "source": evaluation.search_source,
        "count": evaluation.results_per_query,
        "country": evaluation.country,
        "language": evaluation.search_language,
        "freshness": evaluation.freshness,
        "context_tokens": evaluation.context_tokens,
    }


def search_of(run: Run, client: httpx.AsyncClient) -> Search:
    """The run's search service. A new source is one case here and one module."""
    options = dict(run.search_options)
    source, _ = options.pop("source"), options.pop("context_tokens")
    match source:
        case Evaluation.SearchSource.BRAVE:
            return Brave(client, settings.BRAVE_BASE_URL, api_key(settings.BRAVE_KEY_VARIABLE), **options)
        case Evaluation.SearchSource.SANDBOX:
            return Brave(client, SANDBOX_URL, SANDBOX_KEY, **options, name="sandbox")
    raise NotConfiguredError(f"There is no search source {source!r}; there are brave and sandbox.")


def missing_keys(evaluation: Evaluation, models: Sequence[ModelConfig], searches: bool = True) -> list[str]:
    """Names of the environment variables that a run needs and the environment has not."""
    by_brave = searches and evaluation.search_source == Evaluation.SearchSource.BRAVE
    needed = [settings.BRAVE_KEY_VARIABLE] if by_brave else []
    needed += [model.provider.api_key_variable for model in models]
    return sorted({name for name in needed if name and not api_key(name)})


def base_url(provider: Provider) -> str:
    """Where a provider is reached."""
    if provider.kind == Provider.Kind.SANDBOX:
        return f"{SANDBOX_URL}/api/v1"
    own: str = provider.base_url.rstrip("/")
    openrouter: str = settings.OPENROUTER_BASE_URL
    return own or openrouter


def request_parameters(model: ModelConfig) -> dict[str, Any]:
    """A model's own part of the request body. Fields that only OpenRouter knows go to OpenRouter alone."""
    parameters: dict[str, Any] = {"model": model.model_id, "max_tokens": model.max_tokens, "stream": False}
    if model.temperature is not None:
        parameters["temperature"] = model.temperature
    if model.provider.kind != Provider.Kind.OPENAI:
        # Where a window is 8k or less, OpenRouter cuts the middle out of prompts unless told not to.
        parameters["plugins"] = [{"id": "context-compression", "enabled": False}]
        parameters["provider"] = routing(model)
    return {**parameters, **model.extra_parameters}


def routing(model: ModelConfig) -> dict[str, Any]:
    """OpenRouter's `provider` object: which servers of the same model may answer."""
    chosen: dict[str, Any] = {"allow_fallbacks": model.allow_fallbacks}
    if model.provider_order:
        chosen["order"] = model.provider_order
    if model.quantizations:
        chosen["quantizations"] = model.quantizations
    return chosen


def endpoint_of(entry: RunEntry, sandbox: httpx.AsyncBaseTransport | None) -> Endpoint:
    """Where and with which headers an entry's provider is asked, as frozen with the run."""
    headers = request_headers(entry.provider_kind, entry.api_key_variable)
    inside = sandbox if entry.provider_kind == Provider.Kind.SANDBOX else None
    return Endpoint(entry.provider_slug, entry.base_url, headers, inside)


def endpoint(provider: Provider, sandbox: httpx.AsyncBaseTransport | None) -> Endpoint:
    """Where and with which headers a provider is asked today."""
    headers = request_headers(provider.kind, provider.api_key_variable)
    inside = sandbox if provider.kind == Provider.Kind.SANDBOX else None
    return Endpoint(provider.slug, base_url(provider), headers, inside)


def request_headers(kind: str, key_variable: str) -> dict[str, str]:
    """The key, and for OpenRouter who we are and that it should say how it served us."""
    key = SANDBOX_KEY if kind == Provider.Kind.SANDBOX else api_key(key_variable) if key_variable else ""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    if kind != Provider.Kind.OPENAI:
        headers |= {"HTTP-Referer": settings.SITE_URL, "X-OpenRouter-Title": "Futbol Report"}
        headers |= {"X-OpenRouter-Metadata": "enabled"}
    return headers


def sandbox_transport(evaluation: Evaluation) -> httpx.AsyncBaseTransport | None:
    """The sandbox in this process, for a sandbox evaluation."""
    if not evaluation.sandbox:
        return None
    from evaluations.sandbox.app import SandboxConfig, create_app

    return httpx.ASGITransport(create_app(SandboxConfig(answer_seconds=settings.SANDBOX_ANSWER_SECONDS)))
