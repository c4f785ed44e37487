"""Any server of the chat completions form: what its requests hold, and what its answers may say. Pure.

Another provider is a class like this one in a file of its own, and one line in `registry`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol


class Model(Protocol):
    """What a request takes from the roster's entry of a model."""

    model_id: str
    max_tokens: int
    temperature: float | None
    extra_parameters: Mapping[str, Any]
    allow_fallbacks: bool
    provider_order: Sequence[str]
    quantizations: Sequence[str]


class OpenAICompatible:
    """A server that is reached at its own address, with or without a key, and says what the form demands."""

    title: ClassVar[str] = "Any OpenAI-compatible server"
    base_url: ClassVar[str] = ""  # where it is always reached
    base_url_setting: ClassVar[str] = ""  # the setting that says where it is reached, unless an editor does
    key: ClassVar[str] = ""  # the key that it always takes
    within: ClassVar[bool] = False  # this process, without a network
    look_ups: ClassVar[tuple[str, ...]] = ("models",)  # what is asked before anything is paid
    keeps_generations: ClassVar[bool] = False  # and says later, by their ids, what they cost

    @property
    def needs_address(self) -> bool:
        """Whether only an editor can say where it is reached."""
        return not (self.base_url or self.base_url_setting)

    def parameters(self, model: Model) -> dict[str, Any]:
        """All of the request's body besides the messages."""
        parameters: dict[str, Any] = {"model": model.model_id, "max_tokens": model.max_tokens, "stream": False}
        if model.temperature is not None:
            parameters["temperature"] = model.temperature
        return {**parameters, **model.extra_parameters}

    def headers(self, key: str, site_url: str) -> dict[str, str]:
        """The headers of every request; `site_url` is who we are."""
        return {"Authorization": f"Bearer {key}"} if key else {}
