"""The roster: chosen from a provider's list, in fields instead of JSON, with warnings, a test question, retirement."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluations.models import Evaluation, Job, ModelConfig, Provider, ProviderListing
from evaluations.pipeline.start import choose_models
from evaluations.providers.catalogue import SECONDS
from tests.desk.conftest import ROWS
from tests.factories import make_run
from tests.test_admin import address, errors_of, save

pytestmark = pytest.mark.django_db

CHOOSE = "/admin/evaluations/modelconfig/choose/"
LIST = "/admin/evaluations/modelconfig/"


@pytest.fixture
def sandbox() -> Evaluation:
    return Evaluation.objects.get(slug="sandbox")


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation.objects.get(slug="futbol-report")


@pytest.fixture
def openrouter() -> Provider:
    return Provider.objects.get(slug="openrouter")


def keep_list(provider: Provider, **rows: dict[str, Any]) -> ProviderListing:
    named = {name.replace("__", "/"): row for name, row in rows.items()}
    return ProviderListing.objects.create(provider=provider, rows=named, complete=True, asked_at=timezone.now())


# From the list


def test_a_model_is_added_from_the_providers_own_list(editors_browser: Client, sandbox: Evaluation) -> None:
    sandbox.roster.filter(model_id="sandbox/slow").delete()
    page = editors_browser.get(CHOOSE, {"evaluation": sandbox.pk, "q": "slow sandbox"})
    (row,) = page.context["rows"]
    form = editors_browser.get(row["address"])
    assert form.context["adminform"].form["model_id"].value() == row["id"]
    save(editors_browser, row["address"])
    added = sandbox.roster.get(model_id=row["id"])
    assert added.usd_per_million_input == row["listed"].usd_per_million_input
    again = editors_browser.get(CHOOSE, {"evaluation": sandbox.pk, "q": "slow"}).content.decode()
    assert "in the roster" in again


def test_a_fresh_list_is_not_asked_for_again_unless_an_editor_wants_it(editors_browser, sandbox, monkeypatch) -> None:
    editors_browser.get(CHOOSE, {"evaluation": sandbox.pk})
    first = ProviderListing.objects.get().asked_at
    editors_browser.get(CHOOSE, {"evaluation": sandbox.pk, "q": "brief"})
    assert ProviderListing.objects.get().asked_at == first
    editors_browser.get(CHOOSE, {"evaluation": sandbox.pk, "anew": "1"})
    assert ProviderListing.objects.get().asked_at > first


def test_where_the_provider_is_away_the_last_copy_is_shown_and_its_day(
    editors_browser, evaluation, openrouter, settings, monkeypatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "test-canary-0123456789")
    settings.OPENROUTER_BASE_URL = "http://127.0.0.1:9/api/v1"
    listing = keep_list(openrouter, acme__one={"window": 1000, "input": "1", "output": "2"})
    ProviderListing.objects.update(asked_at=timezone.now() - timedelta(days=3))
    page = editors_browser.get(CHOOSE, {"evaluation": evaluation.pk, "provider": openrouter.pk})
    words = page.content.decode()
    assert [row["id"] for row in page.context["rows"]] == ["acme/one"]
    assert "OpenRouter gave no list now" in words
    assert f"{listing.asked_at - timedelta(days=3):%Y-%m-%d %H:%M}" in words
    assert "test-canary" not in words


def test_a_provider_is_not_asked_without_its_key(editors_browser, evaluation, openrouter) -> None:
    page = editors_browser.get(CHOOSE, {"evaluation": evaluation.pk, "provider": openrouter.pk}).content.decode()
    assert "OPENROUTER_API_KEY is not set" in page
    assert "There is no earlier copy" in page


def test_a_model_that_no_list_shows_is_typed(editors_browser, evaluation, openrouter) -> None:
    keep_list(openrouter)
    fields = {"evaluation": evaluation.pk, "name": "Secret", "slug": "secret", "provider": openrouter.pk}
    save(editors_browser, f"{LIST}add/", **fields, model_id="acme/secret")
    assert evaluation.roster.filter(model_id="acme/secret").exists()


# Fields instead of JSON


def test_parameters_and_routing_are_fields(editors_browser, evaluation) -> None:
    kimi = evaluation.roster.get(slug="kimi")
    changes = {
        "top_p": "0.9",
        "seed": "7",
        "reasoning_effort": "low",
        "extra_parameters": '{"presence_penalty": 0.2}',
        "provider_order": "groq, fireworks",
        "quantizations": ["fp8", "bf16"],
    }
    save(editors_browser, address(kimi), **changes)
    kimi.refresh_from_db()
    assert kimi.extra_parameters == {
        "presence_penalty": 0.2, "top_p": 0.9, "seed": 7, "reasoning": {"effort": "low"},
    }  # fmt: skip
    assert (kimi.provider_order, kimi.quantizations) == (["groq", "fireworks"], ["fp8", "bf16"])
    form = editors_browser.get(address(kimi)).context["adminform"].form
    assert [form[name].value() for name in ("top_p", "seed", "reasoning_effort")] == [0.9, 7, "low"]
    message = LogEntry.objects.latest("pk").change_message
    assert "Seed: empty → 7" in message


def test_what_is_emptied_is_no_longer_sent(editors_browser, evaluation) -> None:
    kimi = evaluation.roster.get(slug="kimi")
    ModelConfig.objects.filter(pk=kimi.pk).update(extra_parameters={"seed": 7, "reasoning": {"effort": "high", "x": 1}})
    save(editors_browser, address(kimi), seed="")
    kimi.refresh_from_db()
    assert kimi.extra_parameters == {"reasoning": {"effort": "high", "x": 1}}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("top_p", "2", "less than or equal to 1"),
        ("seed", "x", "whole number"),
        ("extra_parameters", '{"stream": true}', "Set by the run itself: stream."),
        ("extra_parameters", "[1]", "A JSON object of parameters."),
        ("quantizations", ["fp1"], "not one of the available choices"),
        ("provider_order", "x" * 101, "at most 100 characters"),
    ],
)
def test_a_bad_value_is_refused_beside_its_field(editors_browser, evaluation, field, value, words) -> None:
    kimi = evaluation.roster.get(slug="kimi")
    assert words in " ".join(errors_of(save(editors_browser, address(kimi), **{field: value}))[field])


# Warnings


def warnings_in_list(client: Client) -> dict[str, list[str]]:
    return {model.slug: model.warnings for model in client.get(LIST).context["cl"].result_list}


def test_the_list_warns_of_a_key_that_is_not_set(editors_browser, monkeypatch) -> None:
    assert "OPENROUTER_API_KEY is not set." in warnings_in_list(editors_browser)["kimi"]
    monkeypatch.setenv("OPENROUTER_API_KEY", "test-canary-0123456789")
    assert warnings_in_list(editors_browser)["kimi"] == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"expires": "2020-01-01"}, "expired on 2020-01-01"),
        ({"expires": (timezone.now() + timedelta(days=5)).date().isoformat()}, "Expires on"),
        ({"expires": (timezone.now() + timedelta(days=50)).date().isoformat()}, ""),
        ({"window": 100}, "Its window of 100 tokens is too small for the last lock"),
        ({"window": 1_000_000}, ""),
        ({"input": "3.6", "output": "15"}, "Price of reading: 3 USD here, 3.6 on the provider's list."),
        ({"input": "3.59", "output": "15"}, ""),
        ({"input": "3", "output": "12"}, "Price of writing: 15 USD here, 12 on the provider's list."),
        ({"parameters": ["max_tokens"]}, "Takes no temperature: left out."),
    ],
)
def test_the_list_warns_of_what_the_provider_says(
    editors_browser, evaluation, openrouter, monkeypatch, row, words
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "test-canary-0123456789")
    make_run(evaluation)
    keep_list(openrouter, moonshotai__kimi_k3=row)
    ProviderListing.objects.update(rows={"moonshotai/kimi-k3": row})
    found = warnings_in_list(editors_browser)["kimi"]
    assert words in " ".join(found) if words else found == []


def test_the_list_warns_of_a_model_that_its_provider_no_longer_has(editors_browser, openrouter, monkeypatch) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "test-canary-0123456789")
    keep_list(openrouter, acme__one={})
    assert "is not on the provider's list" in warnings_in_list(editors_browser)["kimi"][0]


# A test question


def test_a_test_question_has_its_price_and_is_a_private_trial(editors_browser, editor, evaluation, monkeypatch) -> None:
    monkeypatch.setattr("evaluations.tasks.ask", lambda job: None)
    run, gemma = make_run(evaluation), evaluation.roster.get(slug="gemma")
    page = editors_browser.get(address(gemma)).content.decode()
    assert "Ask a test question: at most 0.0" in " ".join(page.split())
    editors_browser.post(reverse("admin:evaluations_modelconfig_ask", args=[gemma.pk]))
    job = Job.objects.get()
    assert (job.kind, job.arguments, job.asked_by) == ("trial", {"replay": run.pk, "models": ["gemma"]}, editor)


def test_without_material_a_test_question_says_what_is_missing(editors_browser, evaluation) -> None:
    gemma = evaluation.roster.get(slug="gemma")
    assert "needs material" in editors_browser.get(address(gemma)).content.decode()
    editors_browser.post(reverse("admin:evaluations_modelconfig_ask", args=[gemma.pk]))
    assert not Job.objects.exists()


# Deleting and retiring


def test_a_model_with_a_history_is_retired_and_not_deleted(editors_browser, evaluation) -> None:
    make_run(evaluation)
    gemma = evaluation.roster.get(slug="gemma")
    assert gemma.entries.exists()
    assert editors_browser.post(address(gemma, "delete"), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [gemma.pk], "post": "yes"}
    editors_browser.post(LIST, chosen)
    assert ModelConfig.objects.filter(pk=gemma.pk).exists()
    editors_browser.post(reverse("admin:evaluations_modelconfig_standing", args=[gemma.pk]))
    gemma.refresh_from_db()
    assert gemma.retired_at
    assert gemma not in choose_models(evaluation, [])
    assert "gemma" not in warnings_in_list(editors_browser)
    assert "retired on" in editors_browser.get(f"{LIST}?standing=retired").content.decode()
    assert "Retired." in editors_browser.get(address(gemma, "history")).content.decode()


def test_a_retired_model_comes_back_switched_off(editors_browser, evaluation) -> None:
    gemma = evaluation.roster.get(slug="gemma")
    url = reverse("admin:evaluations_modelconfig_standing", args=[gemma.pk])
    editors_browser.post(url)
    editors_browser.post(url)
    gemma.refresh_from_db()
    assert (gemma.retired_at, gemma.enabled) == (None, False)


def test_a_model_without_a_history_is_deleted(editors_browser, evaluation) -> None:
    gemma = evaluation.roster.get(slug="gemma")
    editors_browser.post(address(gemma, "delete"), {"post": "yes"})
    assert not ModelConfig.objects.filter(pk=gemma.pk).exists()


# Many


def test_a_long_roster_takes_a_dozen_queries(editors_browser, evaluation, openrouter) -> None:
    make_run(evaluation)
    keep_list(openrouter, acme__one={"window": 1000})
    ModelConfig.objects.bulk_create(
        ModelConfig(
            evaluation=evaluation, provider=openrouter, slug=f"m{n}", name=f"M{n}", model_id=f"acme/{n}",
            usd_per_million_input=Decimal(1), usd_per_million_output=Decimal(1),
        )
        for n in range(ROWS)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        assert editors_browser.get(LIST).status_code == 200
    assert len(queries) <= 12, [query["sql"][:100] for query in queries]


def test_the_deadline_of_a_look_up_is_ten_seconds() -> None:
    assert SECONDS <= 10
