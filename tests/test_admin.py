"""Editors at work in Django admin."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from evaluations.models import Attempt, Budget, Evaluation, ModelConfig, Provider, Report, Run, SearchQuery
from tests.factories import make_run

admin.autodiscover()
pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation.objects.get(slug="futbol-report")


@pytest.fixture
def run(evaluation: Evaluation) -> Run:
    run = make_run(evaluation)
    Budget.objects.create(run=run, spent_usd=Decimal("0.0123"))
    Attempt.objects.create(
        report=Report.objects.filter(entry__run=run)[0],
        number=1,
        state=Attempt.State.PAID,
        messages_sha256="0" * 64,
        day=date(2026, 11, 23),
        reserved_usd=1,
        cost_usd=Decimal("0.0123"),
        body=b"\xff raw",
    )
    return run


def address(instance: Any, page: str = "change") -> str:
    return reverse(f"admin:{instance._meta.app_label}_{instance._meta.model_name}_{page}", args=[instance.pk])


def form_on(response: Any) -> dict[str, Any]:
    """What a browser would send for the page's form if nothing on it were touched."""
    page = response.context
    forms = [page["adminform"].form] if "adminform" in page else []
    formsets = [inline.formset for inline in page.get("inline_admin_formsets", [])]
    formsets += [page["cl"].formset] if page.get("cl") and page["cl"].formset else []
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            parts = bound.subwidgets[0].data["subwidgets"] if hasattr(bound.field.widget, "widgets") else [None]
            values = bound.value() if len(parts) == 1 else bound.field.widget.decompress(bound.value())
            names = [part["name"] if part else bound.html_name for part in parts]
            for name, value in zip(names, values if len(parts) > 1 else [values], strict=True):
                shown = bound.field.widget.format_value(value) if len(parts) == 1 else value
                if value is not None and value is not False:
                    chosen = (shown[0] if len(shown) == 1 else shown or None) if isinstance(shown, list) else shown
                    data[name] = "on" if value is True else chosen
    return {name: value for name, value in data.items() if value is not None}


def save(client: Client, url: str, **changes: Any) -> Any:
    """Open the page at `url`, change some fields and press Save."""
    data = form_on(client.get(url)) | changes
    return client.post(url, data, follow=True)


def errors_of(response: Any) -> dict[str, list[str]]:
    """The messages beside the fields of the page's form."""
    return dict(response.context["adminform"].form.errors)


# Editing


def test_anonymous_visitors_are_sent_to_the_login(client: Client) -> None:
    url = reverse("admin:evaluations_modelconfig_changelist")
    response = client.get(url)
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('admin:login')}?next={url}"


def test_an_editor_changes_a_model(admin_client: Client, evaluation: Evaluation) -> None:
    model = evaluation.roster.get(slug="kimi")
    save(admin_client, address(model), model_id="moonshotai/kimi-k4", temperature="0.7", max_tokens="4096")
    model.refresh_from_db()
    assert (model.model_id, model.temperature, model.max_tokens) == ("moonshotai/kimi-k4", 0.7, 4096)
    assert model.usd_per_million_input == Decimal(3)


def test_an_editor_switches_a_model_off_in_the_list(admin_client: Client, evaluation: Evaluation) -> None:
    url = reverse("admin:evaluations_modelconfig_changelist") + f"?evaluation__id__exact={evaluation.pk}"
    data = form_on(admin_client.get(url))
    del data["form-0-enabled"]
    response = admin_client.post(url, data | {"_save": "Save"}, follow=True)
    assert "1 model config was changed successfully" in response.content.decode()
    assert evaluation.roster.filter(enabled=True).count() == 3


def test_an_editor_adds_a_model_of_another_provider(admin_client: Client, evaluation: Evaluation) -> None:
    fields = {"slug": "local", "name": "Local", "kind": "openai", "base_url": "http://127.0.0.1:11434/v1"}
    admin_client.post(reverse("admin:evaluations_provider_add"), fields)
    model = {
        "evaluation": evaluation.pk,
        "name": "Llama",
        "slug": "llama",
        "provider": Provider.objects.get(slug="local").pk,
        "model_id": "llama4",
    }
    refused = save(admin_client, reverse("admin:evaluations_modelconfig_add"), **model)
    assert "0 where it is free" in errors_of(refused)["usd_per_million_input"][0]
    model |= {"usd_per_million_input": 0, "usd_per_million_output": 0}
    save(admin_client, reverse("admin:evaluations_modelconfig_add"), **model)
    assert evaluation.roster.get(slug="llama").max_tokens == 2048


def test_an_editor_changes_adds_and_removes_queries(admin_client: Client, evaluation: Evaluation) -> None:
    changes = {
        "queries-0-text": "women's football results",
        "queries-1-DELETE": "on",
        "queries-TOTAL_FORMS": "5",
        "queries-4-position": "9",
        "queries-4-text": "injuries",
    }
    save(admin_client, address(evaluation), **changes)
    assert list(evaluation.queries.values_list("text", flat=True)) == [
        "women's football results",
        "managerial changes",
        "league standings",
        "injuries",
    ]


def test_an_editor_switches_the_schedule_on(admin_client: Client, evaluation: Evaluation) -> None:
    schedule = {"schedule_start_0": "2026-12-01", "schedule_start_1": "06:00:00", "every_hours": "24"}
    save(admin_client, address(evaluation), scheduled="on", **schedule)
    evaluation.refresh_from_db()
    assert (evaluation.scheduled, evaluation.every_hours) == (True, 24)
    assert f"{evaluation.schedule_start:%Y-%m-%d %H:%M %Z}" == "2026-12-01 06:00 UTC"


# Refusing, in the models' own words


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"temperature": "3"}, "temperature", "less than or equal to 2"),
        ({"max_tokens": "1"}, "max_tokens", "greater than or equal to 16"),
        ({"extra_parameters": '{"stream": true}'}, "extra_parameters", "Set by the run itself: stream."),
        ({"extra_parameters": "{"}, "extra_parameters", "Enter a valid JSON."),
        ({"usd_per_million_input": "cheap"}, "usd_per_million_input", "Enter a number."),
        ({"usd_per_million_input": "-1"}, "usd_per_million_input", "greater than or equal to 0"),
        ({"slug": "ki mi"}, "slug", "valid “slug”"),
        ({"model_id": ""}, "model_id", "This field is required."),
    ],
)
def test_a_bad_value_of_a_model_is_refused_beside_its_field(
    admin_client: Client, evaluation: Evaluation, changes: dict[str, str], field: str, message: str
) -> None:
    model = evaluation.roster.get(slug="kimi")
    stored = ModelConfig.objects.values().get(pk=model.pk)
    response = save(admin_client, address(model), **changes)
    assert message in " ".join(errors_of(response)[field])
    assert ModelConfig.objects.values().get(pk=model.pk) == stored


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"scheduled": "on"}, "schedule_start", "A schedule needs its first slot."),
        ({"search_source": "files"}, "search_path", "Name the folder or the JSON Lines file."),
        ({"results_per_query": "21"}, "results_per_query", "less than or equal to 20"),
        ({"every_hours": "0"}, "every_hours", "greater than or equal to 1"),
        ({"max_usd_per_day": "lots"}, "max_usd_per_day", "Enter a number."),
    ],
)
def test_a_bad_value_of_an_evaluation_is_refused_beside_its_field(
    admin_client: Client, evaluation: Evaluation, changes: dict[str, str], field: str, message: str
) -> None:
    response = save(admin_client, address(evaluation), **changes)
    assert message in " ".join(errors_of(response)[field])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("word " * 51, "A query has at most 50 words."),
        ("transfer market updates", "already exists"),
        ("", "This field is required."),
    ],
)
def test_a_bad_query_is_refused_beside_it(
    admin_client: Client, evaluation: Evaluation, text: str, message: str
) -> None:
    response = save(admin_client, address(evaluation), **{"queries-0-text": text})
    formset = response.context["inline_admin_formsets"][0].formset
    assert re.search(message, f"{formset.errors} {formset.non_form_errors()}")
    assert SearchQuery.objects.filter(evaluation=evaluation, text="recent football fixtures").exists()


def test_a_key_in_place_of_its_variables_name_is_refused(admin_client: Client) -> None:
    provider = Provider.objects.get(slug="openrouter")
    response = save(admin_client, address(provider), api_key_variable="sk-or-v1-0123")
    assert "never the key" in errors_of(response)["api_key_variable"][0]


# Reading


def test_a_run_shows_its_reports_attempts_and_money(admin_client: Client, run: Run) -> None:
    page = admin_client.get(address(run)).content.decode()
    report = Report.objects.filter(entry__run=run)[0]
    assert address(report) in page
    assert "1 request" in page
    assert "0.0123" in page
    ledger = admin_client.get(address(report)).content.decode()
    assert "answered: booked, whatever the answer" in ledger


def test_nobody_deletes_or_changes_what_happened(admin_client: Client, run: Run) -> None:
    assert admin_client.post(address(run, "delete"), {"post": "yes"}).status_code == 403
    assert admin_client.post(address(run), {"state": "failed"}).status_code == 403
    assert "delete_selected" not in admin_client.get(reverse("admin:evaluations_run_changelist")).content.decode()
    admin_client.post(address(run.evaluation, "delete"), {"post": "yes"})
    assert Run.objects.get(pk=run.pk).state == Run.State.PUBLISHED


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_every_admin_page_opens(admin_client: Client, run: Run, model: type[Model]) -> None:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert admin_client.get(reverse(f"{name}_changelist")).status_code == 200
    if instance := model._default_manager.first():
        assert admin_client.get(reverse(f"{name}_change", args=[instance.pk])).status_code == 200
