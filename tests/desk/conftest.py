"""People of the newsroom, each in a browser of their own."""

import os
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from tests.desk.people import make_editor

admin.autodiscover()

type Visit = Callable[[str], Client]

# Of each kind in long lists: more than two pages of any. `make test-browser` has 10,000.
ROWS = int(os.environ.get("ROWS", "250"))


@pytest.fixture
def editor(db: None) -> User:
    """A member of the newsroom, as the group that a migration makes allows."""
    return make_editor()


@pytest.fixture
def editors_browser(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def visit(editor: User) -> Visit:
    """A browser by role."""

    def browser(role: str) -> Client:
        client = Client()
        if role == "reader":
            client.force_login(User.objects.get_or_create(username="reader")[0])
        elif role == "editor":
            client.force_login(editor)
        elif role == "superuser":
            client.force_login(User.objects.get_or_create(username="root", is_staff=True, is_superuser=True)[0])
        return client

    return browser
