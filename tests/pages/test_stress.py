"""Redis that hangs, readers who all come at once, more threads than connections: pages stay fast and right."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
from django.db import connections
from django.test import Client

from evaluations.models import Run
from evaluations.presentation import building, cache, cards, circuit
from evaluations.views import page_cache
from tests import servers
from tests.factories import make_run
from tests.pages.conftest import redis_settings, use_cache
from tests.votes.conftest import Voter, counted

pytestmark = pytest.mark.django_db(transaction=True)


class HangingRedis:
    """A real Redis that can be stopped as if its machine hung: connections are taken, nothing is answered."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.url = process, f"redis://127.0.0.1:{port}/0"

    def hang(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)


@pytest.fixture
def hanging_redis(settings: Any) -> Iterator[HangingRedis]:
    port = servers.free_port()
    command = [servers.redis_executable(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        servers.wait_until_open(port, process)
        use_cache(settings, redis_settings(f"redis://127.0.0.1:{port}/0"))
        stand = HangingRedis(process, port)
        yield stand
        stand.go_on()
        process.terminate()


def seconds_of(ask: Callable[[], object]) -> float:
    begun = time.monotonic()
    ask()
    return time.monotonic() - begun


def together[T](number: int, ask: Callable[[], T]) -> list[T]:
    """What so many threads get that begin at the same moment."""
    barrier = threading.Barrier(number)

    def one(_: int) -> T:
        barrier.wait()
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_a_hanging_redis_costs_one_page_a_moment_and_is_left_alone_then(hanging_redis, caplog):
    run, client = make_run(), Client()
    client.get(f"/runs/{run.pk}/")
    usual = min(seconds_of(lambda: client.get(f"/runs/{run.pk}/?marks=off")) for _ in range(5))
    hanging_redis.hang()
    first = seconds_of(lambda: client.get(f"/runs/{run.pk}/"))
    caplog.clear()
    rest = sorted(seconds_of(lambda: client.get(f"/runs/{run.pk}/")) for _ in range(20))
    assert first < 0.3 + 10 * usual
    assert rest[-2] < 10 * usual + 0.1  # none of them waited for Redis
    assert not caplog.records
    assert client.get(f"/runs/{run.pk}/").status_code == 200


def test_a_hanging_redis_costs_one_voter_a_moment_and_no_vote(hanging_redis):
    voters = [Voter(make_run(open_for_voting=True), f"203.0.113.{number}") for number in range(6)]
    usual = max(seconds_of(voter.vote) for voter in voters[:2])
    hanging_redis.hang()
    first = seconds_of(voters[2].vote)
    rest = [seconds_of(voter.vote) for voter in voters[3:]]
    assert first < 0.3 + 10 * usual
    assert min(rest) < 10 * usual
    assert [counted(voter.run) for voter in voters] == [1] * 6


def test_the_control_without_the_circuit_every_page_waits(hanging_redis, monkeypatch):
    run, client = make_run(), Client()
    hanging_redis.hang()
    monkeypatch.setattr(circuit, "PAUSE_SECONDS", 0.0)
    assert min(seconds_of(lambda: client.get(f"/runs/{run.pk}/")) for _ in range(3)) > 0.25


def test_when_the_minute_is_over_one_reader_finds_out_whether_redis_is_back(hanging_redis, monkeypatch):
    run = make_run()
    hanging_redis.hang()
    cache.reports(run)
    assert not circuit.CIRCUIT.asks()
    hanging_redis.go_on()
    circuit.CIRCUIT.open_until = time.monotonic()
    assert [circuit.CIRCUIT.asks() for _ in range(3)] == [True, False, False]
    circuit.CIRCUIT.open_until = time.monotonic()
    cache.reports(run)
    assert circuit.CIRCUIT.asks()
    assert redis.Redis.from_url(hanging_redis.url).keys("*:1:report:*")


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A mark for each time that the cards of a run are built, which takes a while."""
    made: list[int] = []
    build = building.build_cards

    def slowly(run: Run) -> list[cards.Card]:
        made.append(run.pk)
        time.sleep(0.2)
        return build(run)

    monkeypatch.setattr(cache, "build_cards", slowly)
    return made


def test_a_page_that_is_gone_is_made_once_however_many_ask(redis_client, builds):
    run, client = make_run(), Client()
    client.get(f"/runs/{run.pk}/")
    redis_client.flushdb()
    builds.clear()
    pages = together(12, lambda: client.get(f"/runs/{run.pk}/").content)
    assert len(builds) == 1
    assert len(set(pages)) == 1


def test_reports_that_are_gone_are_built_once_however_many_ask(redis_client, builds):
    run = make_run()
    found = together(12, lambda: cache.reports(run))
    assert len(builds) == 1
    assert all(one == found[0] for one in found)


def test_a_page_that_gets_old_is_made_anew_by_one_while_the_others_have_the_old_one(redis_client, monkeypatch):
    run, client = make_run(), Client()
    old = client.get(f"/runs/{run.pk}/").content
    redis_client.delete(*redis_client.keys("*:1:report:*"))
    monkeypatch.setattr(page_cache, "GETTING_OLD_SECONDS", -1)
    others_done, build, built = threading.Event(), building.build_cards, []

    def slowly(shown: Run) -> list[cards.Card]:
        built.append(others_done.wait(20))  # True: nobody waited for this
        return build(shown)

    monkeypatch.setattr(cache, "build_cards", slowly)
    left = threading.Semaphore(0)

    def ask() -> bytes:
        content = client.get(f"/runs/{run.pk}/").content
        left.release()
        return content

    def tell_when_the_others_are_done() -> None:
        for _ in range(11):
            left.acquire(timeout=20)
        others_done.set()

    teller = threading.Thread(target=tell_when_the_others_are_done)
    teller.start()
    assert set(together(12, ask)) == {old}
    teller.join()
    assert built == [True]


def test_nobody_waits_for_the_page_of_an_open_vote_which_is_never_kept(redis_client):
    run, client = make_run(open_for_voting=True), Client()
    client.get(f"/runs/{run.pk}/")
    assert max(together(8, lambda: seconds_of(lambda: client.get(f"/runs/{run.pk}/")))) < page_cache.LONGEST_WAIT / 2


def test_a_page_that_was_taken_away_while_it_was_made_is_not_kept(redis_client, monkeypatch):
    run, client = make_run(), Client()
    build = building.build_cards

    def meanwhile_withdrawn(shown: Run) -> list[cards.Card]:
        found = build(shown)
        cache.forget_page(shown)
        return found

    monkeypatch.setattr(cache, "build_cards", meanwhile_withdrawn)
    assert client.get(f"/runs/{run.pk}/").status_code == 200
    assert not redis_client.keys(f"*page:{run.pk}")


def test_forty_threads_share_what_connections_there_are(redis_client, settings, caplog):
    run, client = make_run(), Client()
    client.get(f"/runs/{run.pk}/")
    for _ in range(3):
        answers = together(40, lambda: client.get(f"/runs/{run.pk}/").status_code)
        assert set(answers) == {200}
        assert set(together(40, lambda: len(cache.reports(run)))) == {4}
    assert not caplog.records
