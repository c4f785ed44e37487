"""The sandbox: OpenRouter's wire in this process, with invented models and invented money. Pure."""

from typing import ClassVar

from .openrouter import OpenRouter


class Sandbox(OpenRouter):
    """Reached by no network, whatever an editor writes."""

    title: ClassVar[str] = "Sandbox"
    base_url: ClassVar[str] = "http://sandbox/api/v1"
    key: ClassVar[str] = "sandbox"
    within: ClassVar[bool] = True
