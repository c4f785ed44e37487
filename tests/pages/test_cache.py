"""The cache is a convenience: whatever is wrong with it, the pages say what the database says."""

import json
import logging
import socket
import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from evaluations.models import Report, Run
from evaluations.presentation.cache import refresh, report_key, reports, seal
from evaluations.presentation.cards import Card, Scores
from evaluations.presentation.circuit import CIRCUIT
from tests.factories import make_report, make_run
from tests.pages.conftest import redis_settings, use_cache

pytestmark = pytest.mark.django_db

PREFIX = "futbolreport:1:"


@pytest.fixture
def run() -> Run:
    return make_run(states=["succeeded", "succeeded", "failed", "unknown_outcome"])


def without_database(run: Run, django_assert_num_queries) -> list[Card]:
    """The reports, where one small query is all that may be asked: which ones there are."""
    with django_assert_num_queries(1):
        return reports(run)


def test_a_published_run_is_in_redis_under_the_agreed_keys_for_ninety_days(redis_client, run):
    refresh(run)
    assert sorted(redis_client.keys()) == sorted(
        [f"{PREFIX}runs:index".encode()]
        + [f"{PREFIX}report:{run.pk}:{model}".encode() for model in ("claude", "kimi", "qwen", "gemma")]
    )
    assert 90 * 86_400 - 60 < redis_client.ttl(f"{PREFIX}report:{run.pk}:claude") <= 90 * 86_400
    assert redis_client.ttl(f"{PREFIX}runs:index") == -1
    assert json.loads(redis_client.get(f"{PREFIX}runs:index")) == [run.pk]
    stored = json.loads(redis_client.get(f"{PREFIX}report:{run.pk}:claude"))
    assert stored["text"].startswith("# Rovers sign")
    assert stored["html"].startswith("<h3>Rovers sign")
    assert stored["scores"] == {
        "groundedness": 0.87, "context_utilization": 0.42, "format_compliance": 0.9, "words": 61.0
    }  # fmt: skip
    assert stored["cost_usd"] == "0.0123"


@pytest.mark.parametrize("where", ["memory_cache", "redis_client"])
def test_stored_reports_are_read_without_building_them(where, request, run, django_assert_num_queries):
    request.getfixturevalue(where)
    built = reports(run)
    assert without_database(run, django_assert_num_queries) == built
    assert [(card.model, card.state) for card in built] == [
        ("claude", "succeeded"), ("kimi", "succeeded"), ("qwen", "failed"), ("gemma", "unknown_outcome")
    ]  # fmt: skip


def test_an_expired_report_is_rebuilt_as_it_was(redis_client, run):
    refresh(run)
    before = redis_client.get(f"{PREFIX}report:{run.pk}:kimi")
    redis_client.delete(f"{PREFIX}report:{run.pk}:kimi")
    reports(run)
    assert redis_client.get(f"{PREFIX}report:{run.pk}:kimi") == before
    assert redis_client.ttl(f"{PREFIX}report:{run.pk}:kimi") > 0


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x80\x05cposix\nsystem\n.",
        b"not json",
        b'"a text"',
        b"17",
        b"null",
        b"[]",
        b"{}",
        b'{"form": 1, "html": "<script>a()</script>"}',
        b"[" * 100_000,
        b"9" * 5_000,
        b"\xff\xfe",
    ],
)
def test_what_we_did_not_put_there_is_replaced_by_the_truth(redis_client, run, garbage):
    truth = reports(run)
    redis_client.set(f"{PREFIX}report:{run.pk}:claude", garbage)
    assert reports(run) == truth
    assert json.loads(redis_client.get(f"{PREFIX}report:{run.pk}:claude"))["text"]


def test_a_key_of_another_type_counts_as_missing(redis_client, run):
    truth = reports(run)
    redis_client.delete(f"{PREFIX}report:{run.pk}:claude")
    redis_client.rpush(f"{PREFIX}report:{run.pk}:claude", "x")
    assert reports(run) == truth


def test_a_well_formed_report_with_another_text_is_not_believed(redis_client, run):
    truth = reports(run)
    forged = truth[0]._replace(html="<script>a()</script>")
    redis_client.set(f"{PREFIX}report:{run.pk}:claude", json.dumps(seal(truth[0]) | {"html": forged.html}))
    assert reports(run) == truth
    # The control: the same value under our own seal would be shown, so the seal is what stops it.
    redis_client.set(f"{PREFIX}report:{run.pk}:claude", json.dumps(seal(forged)))
    assert reports(run)[0].html == "<script>a()</script>"


def test_a_report_under_the_key_of_another_is_not_believed(redis_client, run):
    truth = reports(run)
    redis_client.copy(f"{PREFIX}report:{run.pk}:kimi", f"{PREFIX}report:{run.pk}:claude", replace=True)
    assert reports(run) == truth


@pytest.mark.parametrize("where", ["memory_cache", "redis_client"])
def test_a_withheld_report_is_gone_at_once_even_if_nobody_told_the_cache(where, request, run):
    request.getfixturevalue(where)
    refresh(run)
    Report.objects.filter(entry__run=run, entry__slug="claude").update(
        withheld_at=timezone.now(), withheld_note="Names a private person."
    )
    card = reports(run)[0]
    assert not any((card.text, card.html, card.marked, card.blind_text, card.blind_html, card.flags, card.notes))
    assert not card.readable
    assert card.withheld_note == "Names a private person."
    assert "Rovers" not in json.dumps(cache.get(report_key(run.pk, "claude")))


def test_a_model_without_any_report_is_still_told_about(memory_cache, run):
    run.entries.get(slug="kimi").reports.all().delete()
    assert [card.state for card in reports(run)] == ["succeeded", "missing", "failed", "unknown_outcome"]


def test_further_samples_have_keys_of_their_own(redis_client, run):
    make_report(run.entries.get(slug="claude"), "Second try.", sample=2)
    refresh(run)
    assert [(card.model, card.sample) for card in reports(run)][:2] == [("claude", 1), ("claude", 2)]
    assert redis_client.exists(f"{PREFIX}report:{run.pk}:claude:2")


def test_scores_of_two_versions_are_never_mixed(memory_cache, run):
    report = Report.objects.get(entry__run=run, entry__slug="claude")
    report.scores.create(metric="groundedness", value=0.5, scorer_version="2")
    assert reports(run)[0].scores == Scores("2", {"groundedness": 0.5})


def test_a_forgotten_run_leaves_nothing(redis_client, run):
    refresh(run)
    Run.objects.filter(pk=run.pk).update(state="cancelled")
    redis_client.set("of another application", 1)
    refresh(run)
    assert sorted(redis_client.keys()) == [PREFIX.encode() + b"runs:index", b"of another application"]
    assert json.loads(redis_client.get(f"{PREFIX}runs:index")) == []


# Redis in trouble: the page is right, and the log says so in one line


def in_trouble(run: Run, caplog) -> None:
    caplog.clear()
    with caplog.at_level(logging.WARNING, "evaluations.presentation.circuit"):
        assert [card.model for card in reports(run)] == ["claude", "kimi", "qwen", "gemma"]
    assert len(caplog.records) == 1
    CIRCUIT.leave_alone(0)
    caplog.clear()
    with caplog.at_level(logging.WARNING, "evaluations.presentation.circuit"):
        refresh(run)
        assert len(caplog.records) == 1


def test_redis_is_gone(settings, run, caplog):
    use_cache(settings, redis_settings("redis://127.0.0.1:1/0"))
    in_trouble(run, caplog)
    refresh(run)


def test_redis_never_answers(settings, run, caplog):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        use_cache(settings, redis_settings(f"redis://127.0.0.1:{listener.getsockname()[1]}/0"))
        in_trouble(run, caplog)


@pytest.mark.parametrize(
    "reply",
    [
        b"-NOAUTH Authentication required.\r\n",
        b"-READONLY You can't write against a read only replica.\r\n",
        b"-OOM command not allowed when used memory > 'maxmemory'.\r\n",
        b"-LOADING Redis is loading the dataset in memory\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_redis_refuses_everything(settings, run, caplog, reply):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=refuse, args=(listener, reply), daemon=True).start()
        use_cache(settings, redis_settings(f"redis://127.0.0.1:{listener.getsockname()[1]}/0"))
        in_trouble(run, caplog)


def refuse(listener: socket.socket, reply: bytes) -> None:
    """Answer every command of every connection with the same line, until the listener closes."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(connection, reply), daemon=True).start()


def answer(connection: socket.socket, reply: bytes) -> None:
    with connection:
        while connection.recv(65536):
            connection.sendall(reply)


def test_a_full_redis_still_serves_what_it_has(redis_client, run, caplog):
    truth = reports(run)
    redis_client.delete(f"{PREFIX}report:{run.pk}:claude")
    redis_client.config_set("maxmemory", 1)
    try:
        with caplog.at_level(logging.WARNING, "evaluations.presentation.circuit"):
            assert reports(run) == truth
    finally:
        redis_client.config_set("maxmemory", 0)
    assert "'maxmemory'" in caplog.text


def test_a_cache_that_ends_with_the_process_is_emptied_and_filled_by_its_first_reader(memory_cache, run):
    built_at_first = reports(run)
    entry = run.entries.first()
    entry.reports.update(flags=["repeats"])
    refresh(run)
    assert cache.get(report_key(run.pk, entry.slug)) is None
    assert reports(run)[0].flags == ("repeats",) != built_at_first[0].flags
    assert cache.get(report_key(run.pk, entry.slug))["flags"] == ["repeats"]


def test_reports_are_masked_while_names_are_not_told_and_only_then(redis_client, run):
    assert not any(card.masked for card in reports(run))
    Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now() + timedelta(hours=1))
    blind = reports(Run.objects.get(pk=run.pk))
    assert all(card.masked for card in blind)
    assert [card.blind_text for card in blind if card.on_ballots] == [card.text for card in blind if card.on_ballots]
