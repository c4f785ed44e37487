"""What holds at every public address: as many questions for many rows as for few, and nothing of what was withheld."""

import gzip
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import redis
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from evaluations.models import Evaluation, Report, Run
from evaluations.presentation import cache as cache_of_reports
from evaluations.presentation.seals import SEAL_LENGTH
from evaluations.views import archive
from tests.elections import make_standings
from tests.factories import make_entry, make_evaluation, make_report, make_run, score_run

pytestmark = pytest.mark.django_db

MOST = 15
WITH_A_QUERY = {"archive": {"q": "rovers"}, "difference": {"a": "m1", "b": "m2"}}
FOR_STAFF = {"progress"}


class Site:
    """Some of everything that pages show, and more of it."""

    def __init__(self) -> None:
        self.evaluation: Evaluation = make_evaluation(indexable=True)
        self.closed = self.run(9)
        # More than a ballot holds: only then exposures are counted.
        self.still_open = self.run(1, open_for_voting=True, models=("m1", "m2", "a", "b", "c"))
        self.replay = self.run(8, kind="replay", replay_of=self.closed, context=self.closed.context, listed=True)
        self.standing(1)
        self.staff = Client()
        self.staff.force_login(User.objects.create_superuser("editor"))

    def run(self, days: int, **fields: object) -> Run:
        published = timezone.now() - timedelta(days=days)
        return score_run(
            make_run(self.evaluation, **{"models": ("m1", "m2"), "sources": 2, "published_at": published, **fields})
        )

    def standing(self, rank: int) -> None:
        make_standings(self.evaluation, {f"m{number}": "M" for number in range(1, rank + 2)})

    def grow(self) -> None:
        for number in range(3, 8):
            self.standing(number)
            self.run(10 + number)
            make_evaluation(f"other-{number}", indexable=True)
            for run in (self.closed, self.still_open, self.replay):
                make_report(make_entry(run, f"m{number}", number, 100))
        make_report(self.closed.entries.get(slug="m2"), sample=2)

    def address_of(self, name: str) -> str:
        run = self.still_open if name == "ballot" else self.closed
        arguments = {"run": run.pk, "slug": "m1", "replay": self.replay.pk}
        wanted = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
        address = reverse(name, kwargs={argument: arguments[argument] for argument in wanted})
        return f"{address}?{urlencode(WITH_A_QUERY.get(name, {}))}"

    def answers(self) -> dict[str, bytes]:
        """What every address says now."""
        return {
            name: (self.staff if name in FOR_STAFF else Client()).get(self.address_of(name)).content
            for name in public_names()
        }

    def questions(self, name: str) -> int:
        cache.clear()  # local memory, this test's own
        with CaptureQueriesContext(connection) as asked:
            client = self.staff if name in FOR_STAFF else Client()
            assert client.get(self.address_of(name)).status_code == 200, name
        return len(asked)


def public_names() -> list[str]:
    """The name of every address outside the admin."""
    return sorted(name for name in get_resolver().reverse_dict if isinstance(name, str))


@pytest.mark.usefixtures("memory_cache")
def test_every_public_address_asks_as_often_for_many_rows_as_for_few():
    site = Site()
    few = {name: site.questions(name) for name in public_names()}
    site.grow()
    many = {name: site.questions(name) for name in public_names()}
    assert {name: (few[name], many[name]) for name in few if many[name] > few[name]} == {}
    assert {name: number for name, number in many.items() if number > MOST} == {}


def test_all_addresses_are_among_them():
    assert {"latest", "run", "ballot", "standings", "model", "feed", "api_run", "sitemap"} <= set(public_names())


@pytest.mark.usefixtures("memory_cache")
def test_a_page_that_asks_once_for_each_row_would_be_noticed(monkeypatch):
    site = Site()
    monkeypatch.setattr(archive, "search", lambda rows, _words: rows.filter(prompt__in=[r.prompt for r in rows]))
    few = site.questions("archive")
    site.grow()
    assert site.questions("archive") > few


def test_what_is_withheld_is_gone_from_every_address_and_from_redis(redis_client):
    site = Site()
    for run in (site.closed, site.still_open):
        Report.objects.filter(entry__run=run, entry__slug="m1").update(text="Hedgehog.", html="<p>Hedgehog.</p>")
        cache_of_reports.refresh(run)
    told = {name for name, text in site.answers().items() if b"Hedgehog" in text}
    assert {"api_run", "latest", "run", "run_csv", "run_json"} <= told
    assert any(b"Hedgehog" in kept for kept in values(redis_client))
    Report.objects.filter(entry__slug="m1").update(withheld_at=timezone.now(), withheld_note="Names somebody.")
    for run in (site.closed, site.still_open):
        cache_of_reports.refresh(run)
    assert {name for name, text in site.answers().items() if b"Hedgehog" in text} == set()
    assert not any(b"Hedgehog" in kept for kept in values(redis_client))
    assert b"Names somebody." in site.answers()["run"]


def values(client: redis.Redis) -> list[bytes]:
    """Everything that Redis keeps, pages unpacked."""
    kept = [client.get(key) for key in client.keys("*")]
    return [unpacked(value) for value in kept if value]


def unpacked(value: bytes) -> bytes:
    start = value.find(b"\x1f\x8b\x08", SEAL_LENGTH)
    return gzip.decompress(value[start:]) if start > 0 else value
