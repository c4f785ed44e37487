"""Every fault of the layer redis, in the middle of a run: the run is none the worse, and its page is right."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import redis
from django.test import Client

from evaluations.models import Run
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from tests.faults.conftest import PLACES, SLUGS, Services, make_roster, placed
from tests.pages.conftest import redis_settings, use_cache

pytestmark = pytest.mark.django_db
STRANGER = "another:application"


@pytest.fixture
def server(own_redis: str, settings) -> Iterator[redis.Redis]:
    """The Redis of this test, well again afterwards."""
    client = redis.Redis.from_url(own_redis)
    client.flushall()
    client.set(STRANGER, "mine")
    use_cache(settings, redis_settings(own_redis))
    yield client
    with suppress(redis.RedisError):  # its line is open already
        client.config_set("maxclients", 10_000)
    for password in (None, "changed"):
        well = redis.Redis.from_url(own_redis, password=password)
        try:
            well.execute_command("ACL", "SETUSER", "default", "+@all")
            well.config_set("requirepass", "")
            well.config_set("maxmemory", 0)
            well.replicaof("NO", "ONE")
            well.flushall()
        except redis.AuthenticationError:
            continue
        finally:
            well.close()
    client.close()


def keys(run: Run) -> list[str]:
    return [f"futbolreport:1:report:{run.pk}:{slug}" for slug in SLUGS]


def poison(client: redis.Redis, run: Run, value: bytes) -> None:
    for key in keys(run):
        client.set(key, value)


def wrong_type(client: redis.Redis, run: Run) -> None:
    for key in keys(run):
        client.delete(key)
        client.rpush(key, "a list")


MID_RUN: dict[str, Callable[[redis.Redis], object]] = {
    "flushed": lambda client: client.flushall(),
    "oom_noeviction": lambda client: client.config_set("maxmemory", 1),
    "readonly_replica": lambda client: client.replicaof("127.0.0.1", "1"),
    "auth_changed": lambda client: client.config_set("requirepass", "changed"),
}
# A pickle that would print a canary: never unpickled, for the serializer is JSON.
GADGET = b"cbuiltins\nprint\n(S'canary'\ntR."
AFTERWARDS: dict[str, Callable[[redis.Redis, Run], object]] = {
    "flushed": lambda client, _run: client.flushall(),
    "ttl_expired": lambda client, run: client.delete(*keys(run)),
    "poisoned_value": lambda client, run: poison(client, run, GADGET),
    "wrong_type": wrong_type,
}


SHARED = "db_shared"  # nothing happens but that a stranger's key is there, too
KNOWN = {*MID_RUN, *AFTERWARDS, SHARED}

# What happens to a run's keys once it is published knows no place.
ANYWHERE = dict.fromkeys(("ttl_expired", "poisoned_value", "wrong_type", "db_shared"), "it happens after the run")


# Neighbours of those kinds.
MORE: dict[str, Callable[[redis.Redis], object]] = {
    "slow": lambda client: client.client_pause(1_200),
    "cut": lambda client: client.client_kill_filter(_type="normal", skipme=True),
    "no_permission": lambda client: client.execute_command("ACL", "SETUSER", "default", "-@write"),
    "no_read": lambda client: client.execute_command("ACL", "SETUSER", "default", "-@read"),
    "another_kind_of_index": lambda client: client.rpush("futbolreport:1:runs", "a list"),
    "no_clients": lambda client: client.config_set("maxclients", 1),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", MORE if len(PLACES) > 1 else ["slow", "cut"])
def test_a_neighbour_of_those_faults_changes_nothing_either(
    kind: str, place: str, server: redis.Redis, services: Services
) -> None:
    evaluation = make_roster(services.url)
    services.on_ask = lambda model: MORE[kind](server) if model == f"maker/{place}" else None
    runs.execute(start(evaluation), runs.Worker(at_once=1))
    run = Run.objects.get()
    assert (run.state, run.partial, len(services.asked)) == ("published", False, 3)
    assert all(f"maker/{slug} says: Rovers won 2-1." in page(run) for slug in SLUGS)


def test_a_redis_that_is_gone_from_the_start_changes_nothing(services: Services, settings) -> None:
    use_cache(settings, redis_settings("redis://127.0.0.1:1/0"))
    runs.execute(start(make_roster(services.url)), runs.Worker(at_once=1))
    run = Run.objects.get()
    assert (run.state, run.partial) == ("published", False)
    assert all(f"maker/{slug} says: Rovers won 2-1." in page(run) for slug in SLUGS)


@pytest.mark.parametrize(("kind", "place"), placed("redis", ANYWHERE))
def test_a_fault_of_redis_in_the_middle_of_a_run_changes_nothing_that_counts(
    kind: str, place: str, server: redis.Redis, services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluation = make_roster(services.url)
    assert kind in KNOWN, f"no test knows what {kind} is"
    happen = MID_RUN.get(kind, lambda _client: None)
    services.on_ask = lambda model: happen(server) if model == f"maker/{place}" else None
    runs.execute(start(evaluation), runs.Worker(at_once=1))
    run = Run.objects.get()
    assert (run.state, run.partial, len(services.asked)) == ("published", False, 3)
    before = page(run)
    assert all(f"maker/{slug} says: Rovers won 2-1." in before for slug in SLUGS)
    if kind in AFTERWARDS:
        AFTERWARDS[kind](server, run)
    assert page(run) == before
    assert "canary" not in capsys.readouterr().out
    if kind == SHARED:
        assert server.get(STRANGER) == b"mine"


def page(run: Run) -> str:
    """The run as everybody sees it."""
    answer = Client().get(f"/runs/{run.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()
