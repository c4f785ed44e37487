"""The sandbox's models: who they are, what they cost, how fast they are, and what /models says about them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluations.sandbox.writing.dice import Dice
from evaluations.sandbox.writing.reading import Assignment
from evaluations.sandbox.writing.reports import Habits, write_report
from evaluations.sandbox.writing.unruly import write_freely, write_inventively

PROVIDER = "Sandbox"
CREATED = 1_788_220_800  # 1 September 2026
PARAMETERS = ("frequency_penalty", "max_tokens", "presence_penalty", "seed", "stop", "temperature", "top_p")

Writer = Callable[[Assignment, Dice], str]


@dataclass(frozen=True)
class Model:
    """One model. Prices are USD per token, `pace` is seconds to an answer: a least and a spread."""

    id: str
    name: str
    description: str
    prompt_price: Decimal
    completion_price: Decimal
    context_length: int = 131_072
    max_completion_tokens: int = 16_384
    parameters: tuple[str, ...] = PARAMETERS
    pace: tuple[float, float] = (0.3, 0.5)
    writer: Writer | None = None
    fails: bool = False

    def as_json(self, suffix: str = "") -> dict[str, Any]:
        """The entry in /models of the model, or of its namesake with this suffix."""
        return {
            "id": self.id + suffix,
            "canonical_slug": self.id + suffix,
            "hugging_face_id": None,
            "name": self.name + suffix,
            "created": CREATED,
            "description": self.description,
            "context_length": self.context_length,
            "architecture": {
                "modality": "text->text",
                "input_modalities": ["text"],
                "output_modalities": ["text"],
                "tokenizer": "Other",
                "instruct_type": None,
            },
            "pricing": {
                "prompt": f"{self.prompt_price:f}",
                "completion": f"{self.completion_price:f}",
                "request": "0",
                "image": "0",
                "web_search": "0",
                "internal_reasoning": "0",
            },
            "top_provider": {
                "context_length": self.context_length,
                "max_completion_tokens": self.max_completion_tokens,
                "is_moderated": False,
            },
            "per_request_limits": None,
            "supported_parameters": list(self.parameters),
            "default_parameters": {},
            "expiration_date": None,
            "knowledge_cutoff": None,
            "links": {"details": f"/api/v1/models/{self.id}{suffix}/endpoints"},
        }


def _per_million(dollars: str) -> Decimal:
    return Decimal(dollars) / 1_000_000


MODELS = (
    Model(
        id="sandbox/thorough",
        name="Sandbox: Thorough",
        description="Reads every source and keeps to the form. No real model.",
        prompt_price=_per_million("3"),
        completion_price=_per_million("15"),
        pace=(1.1, 0.6),
        writer=lambda assignment, dice: write_report(assignment, Habits(fullness=0.8), dice),
    ),
    Model(
        id="sandbox/brief",
        name="Sandbox: Brief",
        description="Keeps to the form with few sources and few words. No real model.",
        prompt_price=_per_million("0.1"),
        completion_price=_per_million("0.4"),
        context_length=65_536,
        pace=(0.3, 0.2),
        writer=lambda assignment, dice: write_report(
            assignment, Habits(fullness=0.0, sources=3, attributes=0, words=30, items=2), dice
        ),
    ),
    Model(
        id="sandbox/freeform",
        name="Sandbox: Freeform",
        description="Tells it in its own way, whatever form was asked for. No real model.",
        prompt_price=_per_million("0.6"),
        completion_price=_per_million("2.5"),
        parameters=("max_tokens", "stop", "temperature"),
        pace=(0.6, 0.4),
        writer=write_freely,
    ),
    Model(
        id="sandbox/inventor",
        name="Sandbox: Inventor",
        description="Keeps to the form and mixes in names and numbers of its own. No real model.",
        prompt_price=_per_million("0.36"),
        completion_price=_per_million("0.4"),
        parameters=tuple(name for name in PARAMETERS if name != "seed"),
        pace=(0.5, 0.4),
        writer=write_inventively,
    ),
    Model(
        id="sandbox/slow",
        name="Sandbox: Slow",
        description="A decent report after a long while, and none for one request in four. No real model.",
        prompt_price=_per_million("1.25"),
        completion_price=_per_million("10"),
        context_length=262_144,
        pace=(2.1, 0.4),
        writer=lambda assignment, dice: write_report(assignment, Habits(fullness=0.5, attributes=6), dice),
        fails=True,
    ),
)


class Roster:
    """Finds models by id. A numeric suffix makes a namesake, if there are to be any."""

    def __init__(self, models: Iterable[Model], namesakes: int | None = 0) -> None:
        self._models = {model.id: model for model in models}
        self._namesakes = namesakes

    def find(self, model_id: str) -> Model | None:
        """The model with this id, or the one whose numbered namesake it is."""
        found = self._models.get(model_id)
        if found is None and self._namesakes is not None:
            found = self._models.get(re.sub(r"-\d+$", "", model_id))
        return found

    def entries(self) -> Iterator[dict[str, Any]]:
        """The entries of /models: the models, then so many numbered namesakes, taking turns."""
        models = list(self._models.values())
        yield from (model.as_json() for model in models)
        for number in range(self._namesakes or 0):
            yield models[number % len(models)].as_json(f"-{number // len(models) + 1}")


def recorded_models(ids: Iterable[str]) -> tuple[Model, ...]:
    """A model for each name in the recordings. They have no writer: their words are recorded."""
    return tuple(
        Model(
            id=name,
            name=f"Recorded: {name}",
            description="Answers with recorded words of the system of this name.",
            prompt_price=_per_million("1"),
            completion_price=_per_million("3"),
        )
        for name in ids
    )
