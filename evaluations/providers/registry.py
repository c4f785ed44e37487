"""The kinds of providers, by the word that rows, runs and manifests keep."""

from collections.abc import Mapping

from .openai_compatible import OpenAICompatible
from .openrouter import OpenRouter
from .sandbox import Sandbox

PROVIDERS: Mapping[str, OpenAICompatible] = {
    "openrouter": OpenRouter(),
    "openai": OpenAICompatible(),
    "sandbox": Sandbox(),
}


def provider_of(kind: str) -> OpenAICompatible:
    """The provider of a kind; of one that is not there (any more), what every server of the form can do."""
    return PROVIDERS.get(kind) or OpenAICompatible()
