"""What a provider offers, in the shapes that the wire really has."""

import asyncio
import json
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
import respx

from evaluations.providers.batch import Endpoint
from evaluations.providers.catalogue import offers, verdict
from evaluations.providers.offers import ListedModel, Offer
from evaluations.providers.registry import PROVIDERS

BASE = "https://openrouter.ai/api/v1"
ROW: dict[str, Any] = {
    "id": "moonshotai/kimi-k3",
    "context_length": 1048576,
    "pricing": {"prompt": "0.000003", "completion": "0.000015", "request": "0"},
    "supported_parameters": ["temperature", "max_tokens", "seed"],
    "expiration_date": None,
}
KIMI = ListedModel(1048576, None, frozenset({"temperature", "max_tokens", "seed"}), Decimal(3), Decimal(15))


def ask(keyed: bool = True) -> Offer:
    kind = PROVIDERS["openrouter" if keyed else "openai"]
    endpoint = Endpoint("openrouter", BASE, {"Authorization": "Bearer key"}, provider=kind)
    return asyncio.run(offers({"openrouter": endpoint}))["openrouter"]


@respx.mock
def test_models_come_with_their_window_their_prices_and_their_parameters() -> None:
    models = respx.get(f"{BASE}/models").respond(json={"data": [ROW]})
    key = respx.get(f"{BASE}/key").respond(json={"data": {"label": "k"}})
    assert ask() == Offer({"moonshotai/kimi-k3": KIMI}, complete=True)
    assert (models.call_count, key.call_count) == (1, 1)
    assert models.calls.last.request.headers["Authorization"] == "Bearer key"


@respx.mock
def test_a_plain_server_is_not_asked_for_a_key_and_may_list_bare_ids() -> None:
    respx.get(f"{BASE}/models").respond(json={"object": "list", "data": [{"id": "llama3", "object": "model"}]})
    assert ask(keyed=False) == Offer({"llama3": ListedModel()})


@respx.mock
@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_found_out(status: int) -> None:
    respx.get(f"{BASE}/models").respond(json={"data": [ROW]})
    respx.get(f"{BASE}/key").respond(status, json={"error": {"code": status, "message": "No"}})
    assert ask().refusal == "bad_key"


@respx.mock
@pytest.mark.parametrize(
    "answer",
    [httpx.Response(404), httpx.Response(500), httpx.Response(200, text="<html>"), httpx.Response(200, json=[])],
)
def test_a_provider_without_a_list_refuses_nothing(answer: httpx.Response) -> None:
    respx.get(f"{BASE}/models").mock(return_value=answer)
    assert not ask(keyed=False).models
    assert ask(keyed=False).refusal == ""


@respx.mock
def test_a_provider_that_does_not_answer_refuses_nothing() -> None:
    respx.get(f"{BASE}/models").mock(side_effect=httpx.ConnectError("refused"))
    offer = ask(keyed=False)
    assert (offer.models, offer.refusal) == (None, "")
    assert "did not answer" in offer.detail


def judge(model_id: str = "moonshotai/kimi-k3", **changes: Any) -> Any:
    row = {"moonshotai/kimi-k3": ListedModel(**{"context_window": 8_192} | changes)}
    parameters = {"model": model_id, "temperature": 0.2, "max_tokens": 9}
    return verdict(Offer(row, complete=True), model_id, parameters, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("model_id", "changes", "error"),
    [
        ("moonshotai/kimi-k3", {}, ""),
        ("moonshotai/kimi-k3:free", {}, ""),
        ("moonshot/kimi-k3", {}, "unknown_model"),
        ("moonshotai/kimi-k3", {"expires": date(2026, 11, 23)}, "expired_model"),
        ("moonshotai/kimi-k3", {"expires": date(2026, 11, 24)}, ""),
    ],
)
def test_an_id_that_cannot_be_asked_is_named(model_id: str, changes: dict[str, Any], error: str) -> None:
    assert judge(model_id, **changes).error == error


def test_parameters_that_a_model_does_not_take_are_named() -> None:
    assert judge(parameters=frozenset({"max_tokens"})).unsupported == ("temperature",)
    assert judge(parameters=frozenset({"temperature"})).unsupported == ()
    assert judge(parameters=None).unsupported == ()


@pytest.mark.parametrize("price", ["-1", "free", None, "NaN", "9e999999", "1e999999999999999999999", 9e99, "9" * 5_000])
@respx.mock
def test_a_price_that_makes_no_sense_is_no_price(price: Any) -> None:
    respx.get(f"{BASE}/models").respond(json={"data": [ROW | {"pricing": {"prompt": price}}]})
    offer = ask(keyed=False)
    assert offer.models is not None
    assert offer.models["moonshotai/kimi-k3"].usd_per_million_input is None


@respx.mock
@pytest.mark.parametrize("odd", ["1e999999999999999999999", "9" * 5_000, "NaN", '"9e999999"'])
def test_a_number_of_another_model_costs_no_model_its_place_on_the_list(odd: str) -> None:
    other = f'{{"id": "maker/other", "context_length": {odd}, "pricing": {{"prompt": {odd}}}}}'
    respx.get(f"{BASE}/models").respond(text=f'{{"data": [{other}, {json.dumps(ROW)}]}}')
    respx.get(f"{BASE}/key").respond(text=f'{{"data": {{"limit": {odd}}}}}')
    assert ask() == Offer({"maker/other": ListedModel(), "moonshotai/kimi-k3": KIMI}, complete=True)


@respx.mock
@pytest.mark.parametrize(
    "listed", [{"data": []}, {"data": [ROW], "links": {"next": "/models?offset=1"}}, {"data": [{"name": "no id"}]}]
)
def test_a_list_that_is_empty_or_goes_on_elsewhere_refuses_nothing(listed: Any) -> None:
    respx.get(f"{BASE}/models").respond(json=listed)
    respx.get(f"{BASE}/key").respond(json={"data": {}})
    assert verdict(ask(), "maker/unlisted", {}).error == ""


@respx.mock
@pytest.mark.parametrize("elsewhere", [False, True])
def test_only_a_list_that_is_known_to_be_complete_refuses(elsewhere: bool) -> None:
    respx.get(f"{BASE}/models").respond(json={"data": [ROW]})
    respx.get(f"{BASE}/key").respond(json={"data": {}})
    endpoint = Endpoint("x", BASE, {}, provider=PROVIDERS["openrouter"], elsewhere=elsewhere)
    offer = asyncio.run(offers({"x": endpoint}))["x"]
    assert verdict(offer, "maker/unlisted", {}).error == ("" if elsewhere else "unknown_model")


@pytest.mark.parametrize(
    ("asked", "listed"),
    [("gemma3", "gemma3:latest"), ("gemini-3", "models/gemini-3"), ("models/gemini-3", "gemini-3"),
     ("maker/x:free", "maker/x"), ("maker/x-20260101", "maker/x")],
)  # fmt: skip
def test_a_model_is_found_however_the_list_spells_it(asked: str, listed: str) -> None:
    offer = Offer({listed: ListedModel(context_window=9, also=("maker/x-20260101",))}, complete=True)
    assert verdict(offer, asked, {}).listed.context_window == 9


@respx.mock
@pytest.mark.parametrize(
    ("status", "words", "refusal"),
    [(401, "Incorrect API key provided", "bad_key"), (403, "Missing scopes: api.model.read", ""), (403, "No", ""),
     (401, "You have insufficient permissions for this operation", "")],
)  # fmt: skip
def test_a_key_that_may_not_see_the_list_may_still_chat(status: int, words: str, refusal: str) -> None:
    respx.get(f"{BASE}/models").respond(status, json={"error": {"message": words}})
    assert ask(keyed=False).refusal == refusal
