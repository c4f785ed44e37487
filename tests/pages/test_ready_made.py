"""Ready-made pages: one read of Redis and nothing else, and never longer than they may be shown."""

from datetime import timedelta

import pytest
from django.core.cache import cache as django_cache
from django.test import Client
from django.utils import timezone

from evaluations.models import Report, Run
from evaluations.presentation import cache
from evaluations.views.access import FRESH_SECONDS, READY_MADE_SECONDS, STALE_SECONDS
from evaluations.views.page_cache import ReadyMadePages
from tests.factories import make_run, score_run
from tests.pages.conftest import redis_settings, use_cache

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    return score_run(make_run())


def commands(redis_client) -> int:
    """How many commands Redis has carried out, this question for it included."""
    return int(redis_client.info("stats")["total_commands_processed"])


@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}])
def test_the_second_reader_costs_one_read_and_no_query(redis_client, run, django_assert_num_queries, headers):
    first = Client().get(f"/runs/{run.pk}/", headers=headers)
    before = commands(redis_client)
    with django_assert_num_queries(0):
        second = Client().get(f"/runs/{run.pk}/", headers=headers)
    assert commands(redis_client) - before == 2  # the read, and the question before it
    assert (second.content, dict(second.headers)) == (first.content, dict(first.headers))
    assert ("Content-Encoding" in second) is bool(headers)
    for header in ("Content-Security-Policy", "X-Content-Type-Options", "Cross-Origin-Opener-Policy", "ETag"):
        assert header in second
    assert not second.cookies


def test_a_process_that_knows_the_page_fetches_its_seal_and_not_the_page(redis_client, run):
    client = Client()

    def sent() -> int:
        return int(redis_client.info("stats")["total_net_output_bytes"])

    client.get(f"/runs/{run.pk}/")
    client.get(f"/runs/{run.pk}/")
    first, second = sent(), sent()
    client.get(f"/runs/{run.pk}/")
    third = sent()
    other = Client()
    fourth = sent()
    other.get(f"/runs/{run.pk}/")
    assert (third - second) - (second - first) < 100
    assert (sent() - fourth) - (second - first) > 1_000  # a process that has never seen it


def test_a_page_that_was_made_again_is_shown_by_a_process_that_knew_the_last(redis_client, run):
    knows = Client()
    for _ in range(2):
        assert "Rovers sign" in knows.get(f"/runs/{run.pk}/").content.decode()
    Report.objects.filter(entry__run=run).update(withheld_at=timezone.now(), withheld_note="Mistaken identity.")
    cache.refresh(run)
    Client().get(f"/runs/{run.pk}/")
    assert redis_client.keys("*page:*")
    assert "Mistaken identity." in knows.get(f"/runs/{run.pk}/").content.decode()


def test_a_connection_that_redis_cut_is_opened_again(redis_client, run, django_assert_num_queries, caplog):
    client = Client()
    client.get(f"/runs/{run.pk}/")
    client.get(f"/runs/{run.pk}/")
    redis_client.client_kill_filter(_type="normal", skipme=True)
    with django_assert_num_queries(0):
        assert client.get(f"/runs/{run.pk}/").status_code == 200
    assert "failed" not in caplog.text


def test_a_browser_that_has_the_page_is_told_so(redis_client, run, django_assert_num_queries):
    etag = Client().get(f"/runs/{run.pk}/")["ETag"]
    with django_assert_num_queries(0):
        answer = Client().get(f"/runs/{run.pk}/", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_a_withheld_report_is_gone_within_five_minutes_even_if_nobody_says_so():
    assert READY_MADE_SECONDS + FRESH_SECONDS + STALE_SECONDS <= 300


def test_the_page_lives_for_a_minute(redis_client, run):
    Client().get(f"/runs/{run.pk}/")
    assert 0 < redis_client.ttl(f"futbolreport:1:page:{run.pk}") <= 60


def test_storing_reports_again_takes_the_page_away_at_once(redis_client, run):
    assert "Rovers sign" in Client().get(f"/runs/{run.pk}/").content.decode()
    Report.objects.filter(entry__run=run).update(withheld_at=timezone.now(), withheld_note="Mistaken identity.")
    cache.refresh(run)
    text = Client().get(f"/runs/{run.pk}/").content.decode()
    assert "Rovers sign" not in text
    assert "Mistaken identity." in text


def test_a_withdrawn_run_is_gone_at_once(redis_client, run):
    Client().get(f"/runs/{run.pk}/")
    Run.objects.filter(pk=run.pk).update(withdrawn_at=timezone.now())
    cache.refresh(run)
    assert Client().get(f"/runs/{run.pk}/").status_code == 404


def test_the_page_of_an_open_run_is_never_kept(redis_client):
    run = make_run(open_for_voting=True)
    Client().get(f"/runs/{run.pk}/")
    assert not redis_client.keys("*page:*")


@pytest.mark.parametrize("query", ["?marks=off", "?models=claude", "?x=1"])
def test_only_the_plain_address_is_kept(redis_client, run, query):
    Client().get(f"/runs/{run.pk}/{query}")
    assert not redis_client.keys("*page:*")


def test_what_somebody_else_put_there_is_not_shown(redis_client, run):
    page = Client().get(f"/runs/{run.pk}/").content
    key = f"futbolreport:1:page:{run.pk}"
    kept = redis_client.get(key)
    for forged in (b"", b"x" * 200, kept[:-1] + b"x", kept[:64] + kept[65:], b"\0" * 68):
        redis_client.set(key, forged)
        assert Client().get(f"/runs/{run.pk}/").content == page
    other = make_run(published_at=timezone.now() - timedelta(days=9))
    Client().get(f"/runs/{other.pk}/")
    redis_client.copy(f"futbolreport:1:page:{other.pk}", key, replace=True)
    assert Client().get(f"/runs/{run.pk}/").content == page


def test_a_host_that_is_not_ours_is_refused(redis_client, run):
    Client().get(f"/runs/{run.pk}/")
    assert Client().get(f"/runs/{run.pk}/", headers={"Host": "evil.example"}).status_code == 400


def test_without_redis_the_page_is_made_anew_and_redis_is_left_alone_for_a_while(settings, run, caplog):
    use_cache(settings, redis_settings("redis://127.0.0.1:1/0"))
    client = Client()
    assert client.get(f"/runs/{run.pk}/").status_code == 200
    assert client.get(f"/runs/{run.pk}/").status_code == 200
    assert caplog.text.count("Cache: reading a page failed") == 1
    assert len(caplog.records) == 1


def test_in_memory_nothing_is_kept(memory_cache, run):
    Client().get(f"/runs/{run.pk}/")
    assert django_cache.get(f"page:{run.pk}") is None
    assert ReadyMadePages.__doc__
