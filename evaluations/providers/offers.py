"""What providers offer, as their lists say it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One model as its provider lists it; None where the list does not say. Prices in USD per million tokens."""

    context_window: int | None = None
    expires: date | None = None
    parameters: frozenset[str] | None = None
    usd_per_million_input: Decimal | None = None
    usd_per_million_output: Decimal | None = None
    also: tuple[str, ...] = ()  # other ids of the same model


@dataclass(frozen=True, slots=True)
class Offer:
    """What a provider offers. `refusal` is why nobody should ask it; `models` is None where it has no list.

    `complete`: what is not on the list is not there. Most lists are hints: servers list fewer models than they
    serve, and spell them otherwise.
    """

    models: Mapping[str, ListedModel] | None = None
    refusal: str = ""
    detail: str = ""
    complete: bool = False

    def find(self, model_id: str) -> ListedModel | None:
        """The model, however the list spells its id: with Ollama's `:latest`, Google's `models/`, or no variant."""
        models = self.models or {}
        names = [model_id, f"{model_id}:latest", f"models/{model_id}", model_id.removeprefix("models/")]
        names += [model_id.split(":")[0]] if "/" in model_id else []
        found = next((models[name] for name in names if name in models), None)
        return found or next((listed for listed in models.values() if model_id in listed.also), None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a model can be asked: a reason code where not, and the parameters that it does not take."""

    listed: ListedModel = field(default_factory=ListedModel)
    error: str = ""
    detail: str = ""
    unsupported: tuple[str, ...] = ()
