"""Voters: browsers that get a ballot and send it."""

import os
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client

from evaluations.models import Run
from tests.factories import make_run
from votes import ballots
from votes.models import Vote


@pytest.fixture(autouse=True)
def memory_cache(settings):
    """A cache of the test's own."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": os.urandom(8).hex()}}


@pytest.fixture
def run(db) -> Run:
    """A run of six reports, open for voting."""
    return make_run(open_for_voting=True, models=[f"model-{number}" for number in range(1, 7)])


@dataclass
class Voter:
    """One browser at one address."""

    run: Run
    address: str = "203.0.113.7"
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    form: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)

    @property
    def page(self) -> str:
        return f"/runs/{self.run.pk}/ballot/"

    def ask(self, *, seconds: float = 60, **meta: Any) -> HttpResponse:
        """Load the ballot, and read it for so long: the form says that it was issued then."""
        response = self.client.get(self.page, REMOTE_ADDR=self.address, **meta)
        text = response.content.decode()
        self.form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)) or self.form
        if "ballot" in self.form and text:
            self.form["ballot"] = issued_earlier(self.form["ballot"], seconds)
        self.labels = list(re.findall(r'name="choice" value="([A-Z]+)"', text))
        return response

    def cast(self, choice: str | None = None, form: dict[str, str] | None = None, **meta: Any) -> HttpResponse:
        """Send the form, with the first report chosen unless told."""
        data = self.form | {"choice": choice or self.labels[0]} | (form or {})
        return self.client.post(self.page, data, REMOTE_ADDR=self.address, **meta)

    def vote(self, choice: str | None = None, **meta: Any) -> HttpResponse:
        """Load the ballot, then vote."""
        self.ask(**meta)
        return self.cast(choice, **meta)


def issued_earlier(field: str, seconds: float) -> str:
    """The signed field of a ballot, as it would be had it been issued some seconds before."""
    content = signing.loads(field, salt=ballots.SALT)
    return signing.dumps(content | {"issued": content["issued"] - seconds}, salt=ballots.SALT)


@pytest.fixture
def voter(run: Run) -> Voter:
    return Voter(run)


def counted(run: Run) -> int:
    """Votes that count."""
    return Vote.objects.filter(run=run, quarantined=False).count()


def stored(run: Run) -> int:
    """Votes of any kind."""
    return Vote.objects.filter(run=run).count()


def move_voting(run: Run, opens: datetime, closes: datetime) -> None:
    Run.objects.filter(pk=run.pk).update(voting_opens_at=opens, voting_closes_at=closes)
