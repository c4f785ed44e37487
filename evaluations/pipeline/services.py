"""From what editors chose to the services that a run talks to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from evaluations.errors import BadInputError, NotConfiguredError
from evaluations.models import Evaluation, ModelConfig, Provider, Run, RunEntry
from evaluations.providers.batch import Endpoint
from evaluations.sources import files
from evaluations.sources.brave import Brave, brave_parameters
from evaluations.sources.downloads import Downloads
from evaluations.sources.files import Files
from evaluations.sources.firecrawl import Firecrawl
from evaluations.sources.guard import Guard
from evaluations.sources.own_reader import Local
from evaluations.sources.pages import PageReader
from evaluations.sources.parser_processes import Readers
from evaluations.sources.search import Search
from futbolreport.settings import api_key

from .calibration import bytes_per_token

SANDBOX_URL = "http://sandbox"
SANDBOX_KEY = "sandbox"
AGENT = "FutbolReport"  # what robots.txt calls us


@dataclass(frozen=True)
class SourceKind:
    """How one kind of source is set up.

    `freeze` takes an evaluation and a path, and gives what a run keeps: `parameters`, which become part of the
    locked document, and whatever else `make` needs to ask again in a resume.
    """

    freeze: Callable[[Evaluation, str], dict[str, Any]]
    make: Callable[[dict[str, Any], httpx.AsyncClient], Search]
    key_variable: str = ""


def brave_options(evaluation: Evaluation, _path: str) -> dict[str, Any]:
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


def files_options(evaluation: Evaluation, path: str) -> dict[str, Any]:
    """What a run keeps of the files it reads; the document names them without the folders above."""
    whole = Path(path or evaluation.search_path).expanduser().resolve()
    parameters = {
        "name": whole.name,
        "sha256": files.digest(files.load(whole)),
        "count": str(evaluation.results_per_query),
    }
    return {"path": str(whole), "parameters": parameters}


def from_files(options: dict[str, Any], _client: httpx.AsyncClient) -> Files:
    """A search in one's own articles."""
    return Files(Path(options["path"]), int(options["parameters"]["count"]), options["parameters"]["sha256"])


# A new source is a module of its own and one line here.
SOURCES: dict[str, SourceKind] = {
    Evaluation.SearchSource.BRAVE: SourceKind(brave_options, brave, settings.BRAVE_KEY_VARIABLE),
    Evaluation.SearchSource.FILES: SourceKind(files_options, from_files),
    Evaluation.SearchSource.SANDBOX: SourceKind(brave_options, sandbox),
}


def search_options(evaluation: Evaluation, source: str = "") -> dict[str, Any]:
    """How a run of `evaluation` searches: frozen on the run when it starts.

    `source` is the evaluation's own unless one is given, such as `files:PATH`. Raises BadInputError and
    NotConfiguredError where it cannot be used.
    """
    name, _, path = (source or str(evaluation.search_source)).partition(":")
    if name not in SOURCES:
        raise BadInputError(f"There is no source {name}; there are: {', '.join(SOURCES)} (as files:PATH).")
    if name == Evaluation.SearchSource.SANDBOX and not evaluation.sandbox:
        raise BadInputError(f"{evaluation} is a real evaluation; the sandbox's invented material is not for it.")
    require_full_text(evaluation)
    return {
        "source": name,
        **SOURCES[name].freeze(evaluation, path),
        "context_tokens": evaluation.context_tokens,
        "bytes_per_token": bytes_per_token(evaluation),
        "full_text": evaluation.full_text,
        "full_text_pages": evaluation.full_text_pages,
    }


def search_of(run: Run, client: httpx.AsyncClient) -> Search:
    """The run's search service."""
    return SOURCES[run.search_options["source"]].make(run.search_options, client)


def search_transport(run: Run) -> httpx.AsyncBaseTransport | None:
    """The sandbox in this process where the run searches there; None for the network."""
    inside = run.search_options["source"] == Evaluation.SearchSource.SANDBOX
    return sandbox_transport(run.evaluation) if inside else None


def require_full_text(evaluation: Evaluation) -> None:
    """Raise NotConfiguredError where pages are to be read here and the parser is not installed."""
    if evaluation.full_text == Evaluation.FullText.LOCAL and find_spec("trafilatura") is None:
        raise NotConfiguredError(
            f"{evaluation} reads full pages, which needs trafilatura: "
            "`uv pip install -r requirements-fulltext.txt`, or choose snippets only in admin."
        )


def page_reader(run: Run) -> PageReader | None:
    """The run's way to the text of pages; None where it reads snippets only. Needs a running event loop."""
    match run.search_options.get("full_text"):
        case Evaluation.FullText.LOCAL:
            agent = f"{AGENT}/1.0 (+{settings.SITE_URL}/about/)"
            readers = Readers(given=settings.BARE_ENVIRONMENT)
            return Local(Downloads(agent, Guard(), own_hosts=own_hosts()), readers, AGENT)
        case Evaluation.FullText.FIRECRAWL:
            key = api_key(settings.FIRECRAWL_KEY_VARIABLE)
            return Firecrawl(httpx.AsyncClient(), settings.FIRECRAWL_BASE_URL, key)
    return None


def own_hosts() -> frozenset[str]:
    """The names of this site: pages are never fetched from ourselves."""
    named = [host.removeprefix(".") for host in settings.ALLOWED_HOSTS if host != "*"]
    return frozenset(filter(None, [*named, urlsplit(settings.SITE_URL).hostname]))


def missing_keys(models: Sequence[ModelConfig], options: Mapping[str, Any] | None) -> list[str]:
    """Names of the environment variables that a run needs and the environment has not.

    `options` are its search options; None where it searches nothing.
    """
    needed = [SOURCES[options["source"]].key_variable] if options else []
    if options and options["full_text"] == Evaluation.FullText.FIRECRAWL:
        needed.append(settings.FIRECRAWL_KEY_VARIABLE)
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
