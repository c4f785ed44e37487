"""Notices: whom they reach, what they say, and that nothing depends on them. Over a real loopback server."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from evaluations import scheduled
from evaluations.errors import RunFailedError, RunHandedOverError, RunPausedError, TickFailedError
from evaluations.models import Evaluation, Run, Slot
from evaluations.pipeline import notices, runs
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.start import start
from evaluations.pipeline.worker import News, StepNews
from evaluations.scheduled import do_what_is_due
from futbolreport.settings import api_key
from tests.servers import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]


class Hook:
    """A webhook that keeps what it gets and answers as it is told."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.status, self.seconds, self.location = 204, 0.0, ""
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                time.sleep(hook.seconds)
                self.send_response(hook.status)
                if hook.location:
                    self.send_header("Location", hook.location)
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/test-very-secret-path"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def events(self) -> list[str]:
        return [notice["event"] for notice in self.received]


@pytest.fixture
def hook(settings: Any) -> Iterator[Hook]:
    hook = Hook()
    settings.NOTIFY_WEBHOOK = hook.url
    yield hook
    hook.server.shutdown()
    hook.server.server_close()


@pytest.fixture
def evaluation() -> Evaluation:
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug__in=["brief", "inventor"]).delete()
    return evaluation


def test_a_failed_run_is_told_once_by_webhook_and_mail(
    evaluation: Evaluation, hook: Hook, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.NOTIFY_EMAIL = "desk@paper.example"
    Evaluation.objects.update(country="XX")
    evaluation.refresh_from_db()
    hold = start(evaluation)
    with pytest.raises(RunFailedError):
        runs.execute(hold)
    (notice,) = hook.received
    admin = f"http://127.0.0.1:8000/admin/evaluations/run/{hold.run.pk}/change/"
    assert notice == {
        "event": "failed",
        "subject": f"Run {hold.run.pk} of Sandbox failed. Read why, mend it, and resume it: {admin}",
        "text": notice["text"],
        "url": admin,
        "evaluation": "Sandbox",
        "run": hold.run.pk,
    }
    assert "Only 0 of 4 queries were answered" in notice["text"]
    (mail,) = mailoutbox
    assert (mail.subject, mail.to, mail.body) == (notice["subject"], ["desk@paper.example"], notice["text"])


def test_a_run_that_waits_for_review_is_told_and_a_published_one_is_not(evaluation: Evaluation, hook: Hook) -> None:
    runs.execute(start(evaluation))
    assert hook.events == []
    evaluation.review_before_publishing = True
    evaluation.save()
    runs.execute(start(evaluation))
    assert hook.events == ["awaiting_review"]


def paused(evaluation: Evaluation) -> Run:
    stop = runs.Stop()

    def stop_when_asking(news: News) -> None:
        if isinstance(news, StepNews) and news.step == "infer":
            stop.ask()

    hold = start(evaluation)
    with pytest.raises(RunPausedError):
        runs.execute(hold, runs.Worker(watch=stop_when_asking, stop=stop))
    return hold.run


def test_a_paused_run_is_told_and_so_is_one_whose_worker_died(evaluation: Evaluation, hook: Hook) -> None:
    paused(evaluation)
    assert hook.events == ["paused"]
    dead = start(evaluation).run
    Run.objects.filter(pk=dead.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    start(evaluation)
    assert hook.events == ["paused", "paused"]
    assert hook.received[1]["run"] == dead.pk


def test_a_run_that_is_handed_to_the_next_tick_is_not_told(evaluation: Evaluation, hook: Hook) -> None:
    with pytest.raises(RunHandedOverError):
        runs.execute(start(evaluation), runs.Worker(seconds_left=lambda: 40.0))  # it fetches and locks
    assert hook.events == []


def test_a_ceiling_is_told_once_for_all_models_and_not_again_on_a_resume(evaluation: Evaluation, hook: Hook) -> None:
    evaluation.roster.filter(slug="brief").update(usd_per_million_output=10_000)
    run = runs.execute(start(evaluation))
    assert hook.events == ["ceiling"]
    assert "brief: " in hook.received[0]["text"]
    Run.objects.filter(pk=run.pk).update(state="paused")
    runs.execute(runs.resume(Run.objects.get(pk=run.pk)))
    assert hook.events == ["ceiling"]


def test_a_slot_that_cannot_start_is_told_once_however_often_the_tick_comes(hook: Hook) -> None:
    Evaluation.objects.filter(slug="futbol-report").update(scheduled=True, schedule_start=timezone.now())
    for _ in range(3):
        with pytest.raises(TickFailedError) as failed:
            do_what_is_due(runs.Worker())
        assert len(failed.value.failures) == 1
    assert hook.events == ["not_started"]
    assert "BRAVE_API_KEY" in hook.received[0]["text"]
    assert "/admin/evaluations/evaluation/" in hook.received[0]["subject"]
    assert "BRAVE_API_KEY" in Slot.objects.get().skipped_because


def test_a_slot_that_starts_after_all_no_longer_says_why_not(evaluation: Evaluation, hook: Hook) -> None:
    Evaluation.objects.filter(pk=evaluation.pk).update(scheduled=True, schedule_start=timezone.now())
    evaluation.prompts.all().delete()
    with pytest.raises(TickFailedError, match="prompt"):
        do_what_is_due(runs.Worker())
    assert Slot.objects.get().skipped_because
    evaluation.prompts.create(system_text="Write.")
    assert len(do_what_is_due(runs.Worker())["started"]) == 1
    assert Slot.objects.get().skipped_because == ""
    assert hook.events == ["not_started"]


def test_no_key_that_a_provider_repeats_leaves(
    evaluation: Evaluation, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THEIR_API_KEY", "test-canary-key")
    run = paused(evaluation)
    assert api_key("THEIR_API_KEY") == "test-canary-key"  # as whoever asks the provider reads it
    notices.tell(run, "failed", "401: the key test-canary-key is wrong")
    assert "test-canary-key" not in json.dumps(hook.received)
    assert "the key [key] is wrong" in hook.received[-1]["text"]


@pytest.mark.parametrize("how", ["status", "redirect", "silence", "nobody", "nonsense"])
def test_a_webhook_that_fails_is_logged_without_its_address_and_the_run_ends_as_it_would(
    evaluation: Evaluation, hook: Hook, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any, how: str
) -> None:
    monkeypatch.setattr(notices, "SECONDS", 0.3)
    match how:
        case "status":
            hook.status = 500
        case "redirect":
            hook.status, hook.location = 302, hook.url
        case "silence":
            hook.seconds = 1
        case "nobody":
            settings.NOTIFY_WEBHOOK = f"http://127.0.0.1:{free_port()}/test-very-secret-path"
        case "nonsense":
            settings.NOTIFY_WEBHOOK = "test-very-secret-path"
    evaluation.review_before_publishing = True
    evaluation.save()
    with caplog.at_level(logging.WARNING, "evaluations.pipeline.notices"):
        runs.execute(start(evaluation))
    assert Run.objects.get().state == "awaiting_review"
    assert "did not reach the webhook" in caplog.text
    assert "secret-path" not in caplog.text
    assert len(hook.received) <= 1


def test_a_mail_server_that_is_not_there_is_logged_and_changes_nothing(
    evaluation: Evaluation, settings: Any, caplog: Any
) -> None:
    settings.NOTIFY_EMAIL = "desk@paper.example"
    backend = "django.core.mail.backends.smtp.EmailBackend"
    nobody = {"host": "127.0.0.1", "port": free_port()}
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": nobody}}
    evaluation.review_before_publishing = True
    evaluation.save()
    runs.execute(start(evaluation))
    assert Run.objects.get().state == "awaiting_review"
    assert "was not mailed: ConnectionRefusedError" in caplog.text


def test_without_anybody_to_tell_nothing_is_asked_or_sent(
    evaluation: Evaluation, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "send", lambda notice: pytest.fail(str(notice)))
    paused(evaluation)
    assert mailoutbox == []


def test_a_run_that_no_worker_comes_for_is_told_of_once(hook: Hook) -> None:
    run = start(Evaluation.objects.get(slug="sandbox")).run
    worker = runs.Worker(hands_over=True)

    def look() -> None:
        for work in list(scheduled.lonely_runs(worker)):
            work.act()

    look()
    assert hook.events == []
    Run.objects.filter(pk=run.pk).update(lease_expires_at=timezone.now() - timedelta(hours=3))
    look()
    look()
    assert hook.events == ["left_alone"]
    assert "no worker comes for it" in hook.received[0]["text"]


def test_a_run_that_a_worker_has_come_for_meanwhile_is_not_told_of(hook: Hook) -> None:
    run = start(Evaluation.objects.get(slug="sandbox")).run
    Run.objects.filter(pk=run.pk).update(lease_expires_at=timezone.now() - timedelta(hours=3))
    (work,) = scheduled.lonely_runs(runs.Worker(hands_over=True))
    Hold.take(run)
    work.act()
    assert hook.events == []
