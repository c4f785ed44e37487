"""From what editors chose to the services that a run talks to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from evaluations.errors import NotConfiguredError
from evaluations.models import Evaluation, ModelConfig, Provider, Run, RunEntry
from futbolreport.settings import api_key

from .inference import Endpoint
from .search import Brave, Search, brave_parameters

SANDBOX_URL = "http://sandbox"
SANDBOX_KEY = "sandbox"


@dataclass(frozen=True)
class SourceKind:
    """How one kind of source is set up.

    `freeze` gives what a run keeps of it: `parameters`, which become part of the locked document, and whatever
    else `make` needs to ask again in a resume.
    """

    freeze: Callable[[Evaluation], dict[str, Any]]
    make: Callable[[dict[str, Any], httpx.AsyncClient], Search]
    key_variable: str = ""


def brave_options(evaluation: Evaluation) -> dict[str, Any]:
    """What a run keeps of how it asks Brave, or the sandbox in its place."""
    parameters = brave_parameters(
        evaluation.results_per_query, evaluation.country, evaluation.search_language, evaluation.freshness
    )
    return {"parameters": parameters}


def brave(options: dict[str, Any], client: httpx.AsyncClient) -> Brave:
    """Brave itself."""
    return Brave(client, settings.BRAVE_BASE_URL, api_key(settings.BRAVE_KEY_VARIABLE), options["parameters"])


def sandbox(options: dict[str, Any], client: httpx.AsyncClient) -> Brave:
    """The stand-in, behind Brave's wire."""
    return Brave(client, SANDBOX_URL, SANDBOX_KEY, options["parameters"])


# A new source is a module of its own and one line here.
SOURCES: dict[str, SourceKind] = {
    Evaluation.SearchSource.BRAVE: SourceKind(brave_options, brave, settings.BRAVE_KEY_VARIABLE),
    Evaluation.SearchSource.SANDBOX: SourceKind(brave_options, sandbox),
}


def source_kind(name: str) -> SourceKind:
    """The kind of source of this name. Raises NotConfiguredError."""
    if name not in SOURCES:
        raise NotConfiguredError(f"There is no search source {name!r}; there are: {', '.join(SOURCES)}.")
    return SOURCES[name]


def search_options(evaluation: Evaluation) -> dict[str, Any]:
    """How a run of `evaluation` searches: frozen on the run when it starts."""
    source = evaluation.search_source
    return {"source": source, **source_kind(source).freeze(evaluation), "context_tokens": evaluation.context_tokens}


def search_of(run: Run, client: httpx.AsyncClient) -> Search:
    """The run's search service."""
    return source_kind(run.search_options["source"]).make(run.search_options, client)


def search_transport(run: Run) -> httpx.AsyncBaseTransport | None:
    """The sandbox in this process where the run searches there; None for the network."""
    inside = run.search_options["source"] == Evaluation.SearchSource.SANDBOX
    return sandbox_transport(run.evaluation) if inside else None


def missing_keys(evaluation: Evaluation, models: Sequence[ModelConfig], searches: bool = True) -> list[str]:
    """Names of the environment variables that a run needs and the environment has not."""
    needed = [source_kind(evaluation.search_source).key_variable] if searches else []
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
