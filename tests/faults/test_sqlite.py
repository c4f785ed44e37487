"""What SQLite does to a run: another process holds the lock, the disk is full for a moment, the file is read-only."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing

import pytest
from django.db import DatabaseError, connection

from evaluations.models import Evaluation
from evaluations.pipeline import lease
from tests.faults.conftest import PLACES, SLUGS, Services, make_roster
from tests.faults.test_database import before_it_is_asked, go, resumed, whole
from tests.faults.test_models import good
from tests.pipeline.provider import Answer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def evaluation(services: Services) -> Evaluation:
    if connection.vendor != "sqlite":
        pytest.skip("on SQLite only; `make test` runs it there")
    return make_roster(services.url, call_deadline_seconds=20)


def locked() -> Callable[[], None]:
    """Somebody else writes, and gives the lock back after a while."""
    free = threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(str(connection.settings_dict["NAME"]), uri=True)) as other:
            other.execute("BEGIN IMMEDIATE")
            held.set()
            free.wait(10)

    held = threading.Event()
    holder = threading.Thread(target=hold)

    def act() -> None:
        holder.start()
        held.wait(10)
        threading.Timer(0.3, free.set).start()

    return act


def pragma(setting: str) -> Callable[[], None]:
    """A limit of this connection, which a fresh one has not."""

    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {setting}")

    return act


@pytest.mark.parametrize("place", PLACES)
def test_a_run_waits_while_another_process_writes(place: str, evaluation: Evaluation, services: Services) -> None:
    whole(go(evaluation, before_it_is_asked(place, locked())), services)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("setting", ["max_page_count = 1", "query_only = 1"])
def test_a_run_gets_over_a_moment_in_which_the_disk_is_full_or_the_file_read_only(
    setting: str, place: str, evaluation: Evaluation, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    # Each answer is longer than all room that the ones before it may have left in the file.
    times = {f"maker/{slug}": count for slug, count in zip(SLUGS, (250_000, 600_000, 1_500_000), strict=True)}

    def long(model: str, _number: int) -> Answer:
        message = {"content": "Rovers won.", "reasoning": "Hm. " * times[model]}
        return good(model, choices=[{"finish_reason": "stop", "message": message}])

    services.script = long
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # and no more than tests before this one have left
    whole(go(evaluation, before_it_is_asked(place, pragma(setting))), services)
    assert "The database did not take a write; trying again" in caplog.text


def test_a_file_that_stays_locked_ends_the_worker_before_anybody_is_asked(
    evaluation: Evaluation, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "PATIENCE", 0.0)
    with pytest.raises(DatabaseError):
        go(evaluation, before_it_is_asked("first", pragma("query_only = 1")))
    assert services.asked == []
    whole(resumed(lease.Run.objects.get()), services)
