"""JSON that people type in the admin: what no database or reader could hold is refused in words, and stays as typed."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.test import Client

from evaluations.models import Evaluation, ModelConfig, Prompt
from evaluations.models.json_field import JSONField, JSONFormField, valid_document
from tests.test_admin import address, errors_of, save

pytestmark = [pytest.mark.django_db, pytest.mark.database]

REFUSED = {
    '{"a": NaN}': "NaN",
    '{"a": -Infinity}': "Infinity",
    '{"a": 1e999}': "a number",
    '{"a": ' + "9" * 5_000 + "}": "a number",
    '{"a": 9223372036854775808}': "a number",
    '{"a": "\\u0000"}': "NUL",
    '{"\\u0000": 1}': "NUL",
    '{"a": ["\\ud800"]}': "half of a character",
    '{"\\udfff": 1}': "half of a character",
    '{"a": ' * 60 + "1" + "}" * 60: "nested deeper",
    "[" * 50_000: "nested too deep",
    '{"a": 1, "a": 2}': "twice",
    '{"a": "' + "x" * 200_001 + '"}': "more than 200,000 characters",
    "{'a': 1}": "valid JSON",
    "{": "valid JSON",
}


@pytest.fixture
def model() -> ModelConfig:
    return Evaluation.objects.get(slug="futbol-report").roster.get(slug="kimi")


@pytest.mark.parametrize(("typed", "words"), REFUSED.items(), ids=range(len(REFUSED)))
def test_what_cannot_be_held_is_refused_beside_its_field_and_stays_as_typed(
    admin_client: Client, model: ModelConfig, typed: str, words: str
) -> None:
    answer = save(admin_client, address(model), extra_parameters=typed)
    assert words in errors_of(answer)["extra_parameters"][0]
    assert answer.context["adminform"].form["extra_parameters"].value() == typed


def test_what_is_good_json_and_no_good_value_stays_as_typed_too(admin_client: Client, model: ModelConfig) -> None:
    typed = '{"stream":  1e2, "é": "\\u00e9"}'
    answer = save(admin_client, address(model), extra_parameters=typed)
    assert errors_of(answer)["extra_parameters"] == ["Set by the run itself: stream."]
    assert answer.context["adminform"].form["extra_parameters"].value() == typed


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ('{"seed": 9007199254740993, "x": "Özil 🏟", "p": 0.1, "n": null, "b": [true]}', None),
        ("", {}),
        ("  ", {}),
        ("null", {}),
        ("{}", {}),
    ],
)
def test_what_can_be_held_is_held_as_it_is(
    admin_client: Client, model: ModelConfig, typed: str, held: dict[str, Any] | None
) -> None:
    answer = save(admin_client, address(model), extra_parameters=typed)
    assert "was changed successfully" in answer.content.decode()
    model.refresh_from_db()
    wanted = {"seed": 9007199254740993, "x": "Özil 🏟", "p": 0.1, "n": None, "b": [True]} if held is None else held
    assert model.extra_parameters == wanted


def test_every_json_field_that_a_form_shows_is_ours() -> None:
    shown = [
        (form_model._meta.label, field.name)
        for form_model in (Evaluation, ModelConfig, Prompt)
        for field in form_model._meta.concrete_fields
        if isinstance(field, models.JSONField) and not isinstance(field, JSONField)
    ]
    assert shown == []
    assert isinstance(ModelConfig._meta.get_field("extra_parameters").formfield(), JSONFormField)


@pytest.mark.parametrize("value", [{1}, {"a": b""}, {"a": float("nan")}, {"a": [object()]}])
def test_a_program_is_told_likewise(value: Any) -> None:
    with pytest.raises(ValidationError):
        valid_document(value)


def test_the_control_djangos_own_field_lets_through_what_the_database_refuses(model: ModelConfig) -> None:
    value = forms.JSONField().clean('{"a": NaN}')
    with pytest.raises(DatabaseError), transaction.atomic():
        ModelConfig.objects.filter(pk=model.pk).update(extra_parameters=value)
