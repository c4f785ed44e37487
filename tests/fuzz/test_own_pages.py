"""Whatever is asked of the admin's own pages, or typed into them, they answer, refuse in words, and never with 500."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from tests.fuzz.conftest import Border
from tests.fuzz.oddities import Mutant
from tests.fuzz.test_forms import TYPED, desk, send
from tests.fuzz.test_visitors import SAID, escape

__all__ = ["desk"]

pytestmark = [pytest.mark.django_db, pytest.mark.database]

OF_DJANGO = ("changelist", "add", "history", "delete", "change", "change_password")
CONTROL = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"[^>]*')
VALUE = re.compile(r'\bvalue="([^"]*)"')


def pages() -> Iterator[str]:
    """Every page that Django does not make by itself, of the first row where it is of one."""
    for model, of_model in admin.site._registry.items():
        first = model._default_manager.first()
        for pattern in of_model.get_urls():
            name = getattr(pattern, "name", None) or ""
            if not isinstance(pattern, URLPattern) or not name or name.endswith(OF_DJANGO):
                continue
            wanted = pattern.pattern.regex.groups
            if not wanted or first:
                # The first part of an address is a row's number; a second one says what is decided about it.
                parts = [first.pk, "publish"][:wanted] if first else []
                yield reverse(f"admin:{name}", args=parts)


def odd_questions(client: Client) -> Iterator[Mutant]:
    """Every control that such a page has with every odd text in it, asked for and sent."""
    for address in pages():
        content = client.get(address).content.decode()
        controls = {found[1]: "".join(VALUE.findall(found[0])[:1]) for found in CONTROL.finditer(content)}
        for name in controls or {"q": ""}:
            for text in TYPED:
                yield Mutant(controls | {name: text}, f"POST {address} {name}", text)
                if len(text) < 20_000:
                    yield Mutant(None, f"GET {address}?{name}={escape(text)} {name}", text)


def test_own_pages_of_the_admin(border: Border, desk: Client) -> None:
    for mutant in border.take(odd_questions(desk), 0.03):
        method, address, _ = mutant.where.split(" ", 2)
        try:
            with transaction.atomic():
                response = desk.get(address) if method == "GET" else send(desk, address, mutant.document)
                transaction.set_rollback(True)
            if response.status_code not in SAID:
                border.escapes.append(f"{mutant}: {response.status_code}")
        except Exception as error:  # noqa: BLE001 - this is what it is about
            border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])
    border.hold()
