"""Whatever is typed into a form of the admin, it ends in the field's error, with what was typed, or in a good row.

A row is good when SQLite and PostgreSQL can keep it, every page still opens, and the next run can be planned with it.
"""

import html
import json
import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.contrib.auth.models import Group, User
from django.db import models, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.forms import BoundField
from django.test import Client
from django.urls import reverse

from evaluations.errors import FutbolReportError
from evaluations.models import Evaluation
from evaluations.models.money import UsdField
from evaluations.pipeline import plan
from tests.factories import make_run
from tests.fuzz.conftest import PARTS, Border
from tests.fuzz.oddities import ODD, Mutant, encoded
from tests.test_admin import form_on

admin.autodiscover()
pytestmark = [pytest.mark.django_db, pytest.mark.database]

TYPED = (
    *(value if isinstance(value, str) else encoded(value).decode() for value in ODD),
    "\ud800", "\udfff\ud800", "a\0b", "9" * 4_301, "-" + "9" * 5_000, "0x10", "1_000", "+5", " 7 ", "1,5", "١٢", "１２",
    "1e-999", "1e-9999999999", "1E+3", "0.0000000001", "0.1e-8", "sNaN", "-Infinity", "inf", "nan123", "70000000",
    "32768", "2147483648", "9223372036854775808", "1000000.000000001", "10001", "-0", "3.0", "true", "on", "off",
    "0001-01-01", "9999-12-31", "1900-02-29", "2026-13-01", "99999-01-01", "2026-11-28T10:00", "28.11.2026", "24:00:00",
    "23:59:60", "23:59:59.9999999", "10:00 PM", "today", "{", '{"a": NaN}', '{"a": -Infinity}', '{"a": 1e999}',
    '{"a": "\\u0000"}', '{"\\u0000": 1}', '{"a": "\\ud800"}', '{"\\udfff": 1}', '["\\ud800"]', '["\\u0000"]', "[1e400]",
    '{"a": ' + "9" * 5_000 + "}", '{"a": 9223372036854775808}', '{"a": 1e300}', '{"seed": 1e22}', "'single'", "{}x",
    '{"a": ' * 900 + "1" + "}" * 900, "[" * 60 + "]" * 60, '{"min_words": 1e2}', '{"sections": [{"heading": 1e999}]}',
    '{"a": {"a": 1, "a": 2}}', '"text"', '{"a": "' + "é" * 200_000 + '"}',
)  # fmt: skip

# In the empty fields of a new one, so that it is saved but for what is odd.
GOOD = {
    "name": "Odd", "slug": "odd", "evaluation": "1", "provider": "1", "model_id": "maker/odd", "system_text": "Write.",
    "base_url": "https://api.example.org/v1", "username": "odd",
    "password1": "test-Pass-9x", "password2": "test-Pass-9x",
    "usd_per_million_input": "1", "usd_per_million_output": "2",
}  # fmt: skip
# What nobody types: it is fired at, but need not come back. A password must not.
NOT_SHOWN_AGAIN = (forms.ChoiceField, forms.ModelChoiceField, forms.BooleanField, ReadOnlyPasswordHashField)


@pytest.fixture
def desk() -> Client:
    """A superuser's browser, and something of everything that can be edited."""
    run = make_run(Evaluation.objects.get(slug="futbol-report"))
    run.entries.first().reports.update(withheld_note="Wrong name.")
    Group.objects.create(name="Copy desk")
    client = Client(raise_request_exception=True)
    client.force_login(User.objects.create_superuser("editor", "editor@example.org"))
    return client


def pages(client: Client) -> Iterator[str]:
    """Every page of the admin with a form: lists, new ones, and one that is there already."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for address in addresses(name, model):
            response = client.get(address)
            if response.status_code == 200 and b'name="_save"' in response.content:
                yield address


def addresses(name: str, model: type[models.Model]) -> Iterator[str]:
    """The pages of one model."""
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    if instance := model._default_manager.first():
        yield reverse(f"{name}_change", args=[instance.pk])


def fields_of(response: Any) -> dict[str, str]:
    """What a browser would send for the page's form, boxes that are not ticked as empty ones."""
    every = {part: "" for bound in bound_fields(response) for part in parts_of(bound)}
    return every | {name: str(value) for name, value in form_on(response).items()} if every else {}


def parts_of(bound: BoundField) -> list[str]:
    """The names of a field's controls."""
    widgets = getattr(bound.field.widget, "widgets_names", None)
    return [f"{bound.html_name}{part}" for part in widgets] if widgets else [bound.html_name]


def bound_fields(response: Any) -> Iterator[BoundField]:
    """Every field on the page."""
    page = response.context or {}
    if "adminform" in page:
        yield from page["adminform"].form
    formsets = [inline.formset for inline in page.get("inline_admin_formsets") or []]
    formsets += [page["cl"].formset] if page.get("cl") and page["cl"].formset else []
    for formset in formsets:
        yield from formset.management_form
        for form in formset.forms:
            yield from form


def typed_into(client: Client) -> Iterator[Mutant]:
    """Every control of every page with every odd text in it."""
    for address in pages(client):
        data = fields_of(client.get(address)) | {"_save": "Save"}
        data |= {name: value for name, value in GOOD.items() if data.get(name) == ""}
        for name in data.keys() - {"_save"}:
            for text in TYPED:
                yield Mutant(data | {name: text}, f"{address} {name}", text)


def send(client: Client, address: str, data: dict[str, str]) -> Any:
    """Post the form as a browser would, in bytes, whatever they are."""
    body = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in data.items()})
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


def judge(client: Client, mutant: Mutant) -> str:
    """What is wrong with the answer to an odd form; "" for nothing."""
    address, name = mutant.where.split(" ", 1)
    response = send(client, address, mutant.document)
    if response.status_code == 302:
        return flaw_of_rows(client, address)
    if response.status_code == 400:
        typed = len(mutant.what) < 200_000 and not name.endswith(("-id", "_FORMS"))
        return "400 for a form of ordinary size" if typed else ""
    if response.status_code != 200:
        return f"status {response.status_code}"
    return flaw_of_answer(response, name, mutant.what)


def flaw_of_answer(response: Any, name: str, typed: str) -> str:
    """A form that was refused says so, and shows again what was typed."""
    bound = next((bound for bound in bound_fields(response) if name in parts_of(bound)), None)
    if bound is None or bound.widget_type in ("hidden", "password") or isinstance(bound.field, NOT_SHOWN_AGAIN):
        return ""
    if not bound.form.errors and not any_error(response):
        return "refused without a word"
    shown = html.unescape(str(bound))
    wanted = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    kept = wanted in shown or not bound.errors or not wanted.strip()
    return "" if kept else f"what was typed is gone: {shown[:80]}"


def any_error(response: Any) -> bool:
    """Whether the page says anywhere what is wrong."""
    return 'class="errornote"' in response.content.decode() or "errorlist" in response.content.decode()


def flaw_of_rows(client: Client, address: str) -> str:
    """What was saved is held by both databases, shown by every page, and of use to the next run."""
    for model in (*admin.site._registry, Evaluation.queries.rel.related_model):
        if model._meta.app_label in ("evaluations", "auth"):
            for instance in model._default_manager.order_by("-pk")[:30]:
                for field in instance._meta.concrete_fields:
                    if flaw := misfit(field, getattr(instance, field.attname)):
                        return f"{instance._meta.label}.{field.name} {flaw}"
    for page in (address, address.rsplit("/", 3)[0] + "/", "/", "/models/", "/about/"):
        if (status := client.get(page).status_code) not in (200, 302, 404):
            return f"then {page} answers {status}"
    return flaw_of_plan()


def flaw_of_plan() -> str:
    """Whether the next run can be planned: a value that was saved must be of use, or refused in our words."""
    for evaluation in Evaluation.objects.filter(sandbox=False):
        try:
            plan.plan(evaluation)
            next_end = evaluation.schedule_start and evaluation.schedule_start + timedelta(hours=evaluation.every_hours)
        except FutbolReportError:
            continue
        except Exception as error:  # noqa: BLE001 - this is what it is about
            return f"then no run can be planned: {type(error).__name__}: {error}"[:200]
        if next_end and not 2000 <= next_end.year <= 2102:
            return "starts beyond every calendar"
    return ""


def misfit(field: models.Field, value: Any) -> str:
    """Why PostgreSQL or a reader could not hold a stored value; "" where they can."""
    if value is None:
        return ""
    if isinstance(field, models.JSONField):
        written = json.dumps(value, allow_nan=False, ensure_ascii=False)
        held = json.loads(written.encode()) == value and "\\u0000" not in written.replace("\\\\", "")
        return "" if held else "holds JSON that a database refuses"
    if isinstance(field, UsdField):
        return "" if 0 <= value <= 10**9 else f"is {value}"
    if (kind := field.get_internal_type()) in BaseDatabaseOperations.integer_field_ranges:
        low, high = BaseDatabaseOperations.integer_field_ranges[kind]
        return "" if low <= value <= high else f"is {value}"
    if isinstance(value, float):
        return "" if math.isfinite(value) else f"is {value}"
    if isinstance(value, str):
        value.encode()
        too_long = field.max_length is not None and len(value) > field.max_length
        return "is too long" if too_long else "holds NUL" if "\0" in value else ""
    return ""


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.slow
def test_forms_of_the_admin(border: Border, desk: Client, part: int) -> None:
    for mutant in border.take(typed_into(desk), 0.1 / PARTS, part):
        try:
            with transaction.atomic():
                flaw = judge(desk, mutant)
                transaction.set_rollback(True)
        except Exception as error:  # noqa: BLE001 - this is what it is about
            border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])
        else:
            if flaw:
                border.lost.append(f"{mutant}: {flaw}"[:300])
    border.hold()
