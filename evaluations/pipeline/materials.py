"""From what editors chose to the sources that a run searches and the pages that it reads."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from evaluations.errors import BadInputError
from evaluations.models import Evaluation, ModelConfig, Run
from evaluations.models.calibration import bytes_per_token
from evaluations.sources.deployment import Deployment
from evaluations.sources.pages import PageReader
from evaluations.sources.registry import READERS, SEARCHES
from evaluations.sources.search import Search, Wishes
from evaluations.wire.secrets import flaw_of
from futbolreport.settings import api_key

from . import endpoints


def deployment() -> Deployment:
    """What sources are told of where they run."""
    return Deployment(
        brave_url=settings.BRAVE_BASE_URL,
        firecrawl_url=settings.FIRECRAWL_BASE_URL,
        site_url=settings.SITE_URL,
        own_hosts=own_hosts(),
        environment=settings.BARE_ENVIRONMENT,
        key=api_key,
    )


def own_hosts() -> frozenset[str]:
    """The names of this site: pages are never fetched from ourselves."""
    named = [host.removeprefix(".") for host in settings.ALLOWED_HOSTS if host != "*"]
    return frozenset(filter(None, [*named, urlsplit(settings.SITE_URL).hostname]))


def search_options(evaluation: Evaluation, source: str = "") -> dict[str, Any]:
    """How a run of `evaluation` searches: frozen on the run when it starts.

    `source` is the evaluation's own unless one is given, such as `files:PATH`. Raises BadInputError and
    NotConfiguredError where it cannot be used.
    """
    name, _, path = (source or str(evaluation.search_source)).partition(":")
    if name not in SEARCHES:
        raise BadInputError(f"There is no source {name}; there are: {', '.join(SEARCHES)} (as files:PATH).")
    if name == Evaluation.SearchSource.SANDBOX and not evaluation.sandbox:
        raise BadInputError(f"{evaluation} is a real evaluation; the sandbox's invented material is not for it.")
    if evaluation.full_text in READERS:
        READERS[evaluation.full_text].require()
    return {
        "source": name,
        **SEARCHES[name].freeze(wishes_of(evaluation, path), deployment()),
        "context_tokens": evaluation.context_tokens,
        "bytes_per_token": bytes_per_token(evaluation),
        "full_text": evaluation.full_text,
        "full_text_pages": evaluation.full_text_pages,
    }


def wishes_of(evaluation: Evaluation, path: str) -> Wishes:
    """What the evaluation's editors ask of a search."""
    return Wishes(
        count=evaluation.results_per_query,
        country=evaluation.country,
        language=evaluation.search_language,
        freshness=evaluation.freshness,
        path=path or evaluation.search_path,
    )


async def open_search(run: Run) -> Search:
    """The run's search, as it was frozen."""
    return await SEARCHES[run.search_options["source"]].open(run.search_options, deployment())


def open_reader(run: Run) -> PageReader:
    """The run's way to the text of pages; it must have one. Needs a running event loop."""
    return READERS[run.search_options["full_text"]].open(deployment())


def missing_keys(models: Sequence[ModelConfig], options: Mapping[str, Any] | None) -> list[str]:
    """Names of the environment variables that a run needs and the environment has not.

    `options` are its search options; None where it searches nothing.
    """
    missing = {name for name in own_keys(options) if not api_key(name)}
    return sorted(missing | set(endpoints.missing_keys(models)))


def key_problems(models: Sequence[ModelConfig], options: Mapping[str, Any] | None) -> list[str]:
    """Why keys that are there cannot be used, one sentence each."""
    flaws = {name: flaw_of(api_key(name)) for name in own_keys(options) if api_key(name)}
    return [f"{name} {flaw}." for name, flaw in flaws.items() if flaw] + endpoints.key_problems(models)


def own_keys(options: Mapping[str, Any] | None) -> list[str]:
    """The variables of the keys that searching and reading need."""
    if not options:
        return []
    named = [SEARCHES[options["source"]].key_variable]
    named += [READERS[options["full_text"]].key_variable] if options["full_text"] in READERS else []
    return [name for name in named if name]
