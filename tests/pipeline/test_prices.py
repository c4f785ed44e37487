"""What a call cost: as the provider says it, in every form; what nobody says is not known, and 0 is an answer."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from evaluations.models import Evaluation, ModelConfig, Provider
from evaluations.providers.completions import read_completion
from evaluations.providers.prices import cost_of
from evaluations.providers.registry import PROVIDERS

PRICED = ModelConfig(usd_per_million_input=Decimal(1), usd_per_million_output=Decimal(2))
FREE = ModelConfig(usd_per_million_input=Decimal(0), usd_per_million_output=Decimal(0))
UNPRICED = ModelConfig()
TOKENS = {"prompt_tokens": 1000, "completion_tokens": 500}


def cost(usage: Any, model: ModelConfig = PRICED, kind: str = "openrouter") -> Decimal | None:
    choice = {"finish_reason": "stop", "message": {"content": "Words."}}
    body = json.dumps({"model": "m", "choices": [choice], "usage": usage}).encode()
    return cost_of(model, read_completion(body, "m", (), PROVIDERS[kind]))


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        ({"cost": 0.001}, "0.001"),
        ({"cost": "0.001"}, "0.001"),
        ({"cost": 0}, "0"),
        ({"cost": {"input_tokens_cost": 0.001, "output_tokens_cost": 0.002, "total_cost": 0.0035}}, "0.0035"),
        ({"cost": {"input_cost": 0.001, "output_cost": 0.002, "currency": "USD"}}, "0.003"),
        ({"cost": 0, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.036}}, "0.036"),
        ({"cost": 0.002, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.036}}, "0.038"),
        ({"cost": 0.002, "is_byok": False, "cost_details": {"upstream_inference_cost": 0.036}}, "0.002"),
        ({"cost": 0, "cost_details": {"upstream_inference_cost": 0.036}}, "0.036"),
        ({"cost": 0, "is_byok": True, **TOKENS}, "0.002"),
        (TOKENS, "0.002"),
        ({"prompt_tokens": "1000", "completion_tokens": 500.0}, "0.002"),
        ({"input_tokens": 1000, "output_tokens": 500}, "0.002"),
    ],
)
def test_a_cost_is_booked_as_it_is_stated_else_from_the_tokens(usage: Any, usd: str) -> None:
    assert cost(usage) == Decimal(usd)


@pytest.mark.parametrize(
    "usage", [None, {}, {"cost": "free", **TOKENS}, {"cost": {"note": "x"}, **TOKENS}, {"cost": [1], **TOKENS}]
)
def test_a_cost_that_nobody_states_is_not_known(usage: Any) -> None:
    assert cost(usage) is None


def test_a_model_without_prices_has_no_cost_and_one_that_is_free_costs_nothing() -> None:
    assert cost(TOKENS, UNPRICED, "openai") is None
    assert cost(TOKENS, FREE, "openai") == 0


def test_a_record_of_a_generation_tells_what_the_customers_own_key_was_billed() -> None:
    openrouter = PROVIDERS["openrouter"]
    own = {"total_cost": 0, "is_byok": True, "upstream_inference_cost": 0.03}
    assert openrouter.generation_cost({"data": own}) == Decimal("0.03")
    assert openrouter.generation_cost({"data": {**own, "is_byok": False}}) == 0
    for odd in ({}, {"data": []}, {"data": {"total_cost": 99999999999}}, {"data": {"total_cost": None}}, [], None):
        assert openrouter.generation_cost(odd) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "prices", "refused"),
    [("openai", {}, True), ("openai", {"usd_per_million_input": 0, "usd_per_million_output": 0}, False),
     ("openai", {"usd_per_million_input": 1}, True), ("openrouter", {}, False)],
)  # fmt: skip
def test_prices_are_asked_for_where_the_provider_tells_no_cost(
    kind: str, prices: dict[str, int], refused: bool
) -> None:
    provider = Provider.objects.create(slug="x", name="X", kind=kind, base_url="https://models.example/v1")
    evaluation = Evaluation.objects.get(slug="sandbox")
    model = ModelConfig(evaluation=evaluation, provider=provider, slug="x", name="X", model_id="x", **prices)
    if refused:
        with pytest.raises(ValidationError, match="0 where it is free"):
            model.full_clean()
    else:
        model.full_clean()
