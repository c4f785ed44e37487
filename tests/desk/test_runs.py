"""The pages of runs: how each stands, what can be done next, what it costs, and what is done then."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluations.admin import orders
from evaluations.manifests.documents import to_bytes
from evaluations.manifests.exports import manifest
from evaluations.models import Attempt, Budget, Evaluation, Job, Report, Run, RunEntry, Score
from evaluations.pipeline import runs
from evaluations.pipeline.start import Order, start
from evaluations.wire import secrets
from tests.desk.conftest import ROWS
from tests.factories import make_context, make_evaluation, make_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]
NEXT = re.compile(r'<ul class="next">(.*?)</ul>', re.DOTALL)
LABEL = re.compile(r"<(?:a|button)[^>]*button[^>]*>([^<]+)<")


@pytest.fixture
def quick_sandbox(settings: Any) -> None:
    """The sandbox in this process answers at once."""
    settings.SANDBOX_ANSWER_SECONDS = 0


@pytest.fixture
def evaluation() -> Evaluation:
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug__in=("brief", "thorough")).delete()
    return evaluation


@pytest.fixture
def run(evaluation: Evaluation) -> Run:
    return runs.execute(start(evaluation))


@pytest.fixture
def browser(editors_browser: Client) -> Client:
    return editors_browser


def page(run: Run, name: str = "change", *more: Any) -> str:
    return reverse(f"admin:evaluations_run_{name}", args=[run.pk, *more])


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def offered(client: Client, run: Run) -> list[str]:
    """The buttons at the head of a run's page."""
    found = NEXT.search(text_of(client, page(run)))
    return [label.strip().removesuffix("…") for label in LABEL.findall(found[1])] if found else []


def press(client: Client, url: str, **fields: Any) -> str:
    """What the page says that a button leads to; what it ordered is done by then."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = client.post(url, fields)
    if answer.status_code == 302:
        answer = client.get(answer["Location"], follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def lose(run: Run, slug: str = "brief") -> Report:
    report = Report.objects.get(entry__run=run, entry__slug=slug)
    report.attempts.update(state=Attempt.State.UNKNOWN, cost_usd=None)
    report.scores.all().delete()
    Report.objects.filter(pk=report.pk).update(
        state="unknown_outcome", error="timeout", text="", html="", cost_usd=None
    )
    Run.objects.filter(pk=run.pk).update(partial=True)
    report.refresh_from_db()
    return report


# The list


@pytest.mark.parametrize(
    ("fields", "icon", "words"),
    [
        ({}, "yes", "Published"),
        ({"partial": True}, "alert", "Published, partial"),
        ({"state": "failed"}, "no", "Failed"),
        ({"state": "cancelled"}, "no", "Cancelled"),
        ({"state": "paused"}, "alert", "Paused"),
        ({"state": "inferring"}, "clock", "Models are writing"),
        ({"state": "awaiting_review", "published_at": None}, "viewlink", "Waits for review"),
        ({"withdrawn_at": timezone.now()}, "hidelink", "Withdrawn from the public"),
        ({"kind": "trial"}, "yes", "Done, private"),
    ],
)
def test_the_list_shows_how_a_run_stands(browser: Client, fields: dict[str, Any], icon: str, words: str) -> None:
    make_run(**fields)
    row = text_of(browser, reverse("admin:evaluations_run_changelist")).partition('<th class="field-standing">')[2]
    assert f"icon-{icon}.svg" in row.partition("</th>")[0]
    assert f"> {words}<" in row.partition("</th>")[0]


def test_the_list_tells_progress_scores_cost_and_failures(browser: Client) -> None:
    run = make_run(states=["succeeded", "failed", "unknown_outcome"])
    Budget.objects.create(run=run, spent_usd=Decimal("0.0123"), reserved_usd=Decimal("0.5"))
    told = text_of(browser, reverse("admin:evaluations_run_changelist"))
    for words in ("2 of 4", "87 %", "0.0123, 0.5000 held", "1 failed, 1 outcome unknown"):
        assert words in told


def test_a_long_list_of_runs_takes_a_dozen_queries(browser: Client) -> None:
    evaluation, context = make_evaluation(), make_context()
    prompt = evaluation.prompt
    assert prompt
    ceilings = dict.fromkeys(("max_usd_per_call", "max_usd_per_run", "max_usd_per_day"), 1)
    some = {"evaluation": evaluation, "prompt": prompt, "context": context, "state": "published"}
    some |= {"published_at": timezone.now(), **ceilings}
    made = Run.objects.bulk_create(Run(**some) for _ in range(ROWS))
    entries = RunEntry.objects.bulk_create(
        RunEntry(run=one, position=1, blind_position=1, slug="m", name="M", provider_slug="p", provider_kind="openai",
                 model_id="m") for one in made[-200:]
    )  # fmt: skip
    reports = Report.objects.bulk_create(Report(entry=entry, state="succeeded") for entry in entries)
    Score.objects.bulk_create(
        Score(report=report, metric="groundedness", value=0.5, scorer_version="1") for report in reports
    )
    browser.get(reverse("admin:evaluations_run_changelist"))
    with CaptureQueriesContext(connection) as asked:
        told = text_of(browser, reverse("admin:evaluations_run_changelist"))
    assert f"{ROWS} runs" in told.replace(",", "")
    assert told.count("50 %") == 50
    assert len(asked) <= 12, "\n".join(query["sql"][:200] for query in asked)


# The page


def make_large_run(models: int = 64, samples: int = 3) -> Run:
    """A run of so many models and samples, scored, each report with one request behind it."""
    slugs = [f"m{number}" for number in range(models)]
    run = make_run(models=slugs)
    first = list(Report.objects.filter(entry__run=run).order_by("entry__position"))
    more = Report.objects.bulk_create(
        Report(entry=one.entry, sample=sample, state="succeeded", text=one.text, cost_usd=one.cost_usd)
        for one in first for sample in range(2, samples + 1)
    )  # fmt: skip
    Score.objects.bulk_create(
        Score(report=report, metric=metric, value=0.5, scorer_version="1")
        for report in more for metric in ("groundedness", "context_utilization", "format_compliance")
    )  # fmt: skip
    Attempt.objects.bulk_create(
        Attempt(report=report, number=1, state="paid", messages_sha256="0" * 64, day="2026-11-23", reserved_usd=1,
                cost_usd=report.cost_usd, body=b"{}") for report in [*first, *more]
    )  # fmt: skip
    return run


def test_the_page_of_a_large_run_takes_thirty_queries(browser: Client) -> None:
    run = make_large_run()
    text_of(browser, page(run))
    with CaptureQueriesContext(connection) as asked:
        told = text_of(browser, page(run))
    assert told.count('<details id="behind-') == 192
    assert len(asked) <= 30, "\n".join(query["sql"][:200] for query in asked)


def test_the_first_screen_says_state_steps_cost_and_what_can_be_done(browser: Client, run: Run) -> None:
    told = text_of(browser, page(run)).partition('id="run-reports"')[0]
    for words in ("Published", "2 of 2 reports", "4 of 4 queries answered", "sources, ", "vote open until"):
        assert words in told
    for step in ("Search", "Lock", "Write", "Score", "Publish"):
        assert f"{step}</strong>" in told


STATES = {
    "published": ({}, ["Replay", "Try in private", "Export", "Unpublish"]),
    "in review": (
        {"state": "awaiting_review", "published_at": None},
        ["Publish", "Replay", "Try in private", "Export"],
    ),
    "withdrawn": ({"withdrawn_at": timezone.now()}, ["Undo: show it again", "Replay", "Try in private", "Export"]),
    "paused": ({"state": "paused"}, ["Resume", "Replay", "Try in private", "Export", "Cancel"]),
    "failed": ({"state": "failed"}, ["Resume", "Replay", "Try in private", "Export", "Cancel"]),
    "cancelled": ({"state": "cancelled"}, ["Replay", "Try in private", "Export"]),
    "a private trial": ({"kind": "trial"}, ["Replay", "Try in private", "Export"]),
    "under way": (
        {"state": "inferring", "lease_expires_at": timezone.now() + timedelta(hours=9)},
        ["Replay", "Try in private", "Cancel"],
    ),
    "left by its worker": (
        {"state": "inferring", "lease_expires_at": None},
        ["Resume", "Replay", "Try in private", "Cancel"],
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_what_can_be_done_next_is_offered_and_nothing_else(browser: Client, run: Run, state: str) -> None:
    fields, buttons = STATES[state]
    Run.objects.filter(pk=run.pk).update(**fields)
    assert offered(browser, run) == buttons


def test_those_who_only_look_are_offered_nothing_and_can_do_nothing(client: Client, run: Run) -> None:
    reader = User.objects.create_user("looker", is_staff=True)
    reader.user_permissions.add(*Permission.objects.filter(codename__in=("view_run", "view_report")))
    client.force_login(reader)
    report = lose(run)
    assert offered(client, run) == []
    assert "Withhold" not in text_of(client, page(run))
    addresses = [page(run, name) for name in ("resume", "replay", "trial")]
    addresses += [page(run, "decide", "withdraw"), reverse("admin:evaluations_run_start", args=[run.evaluation.pk])]
    addresses += [reverse(f"admin:evaluations_report_{name}", args=[report.pk]) for name in ("retry", "show_again")]
    assert {client.post(address).status_code for address in addresses} == {403}
    assert not Job.objects.exists()
    run.refresh_from_db()
    assert run.withdrawn_at is None


def test_a_request_its_raw_answer_and_its_outcome_are_behind_a_report(browser: Client, run: Run) -> None:
    report = Report.objects.get(entry__run=run, entry__slug="brief")
    assert f"{reverse('admin:evaluations_report_change', args=[report.pk])}#attempt-1" in text_of(browser, page(run))
    told = text_of(browser, reverse("admin:evaluations_report_change", args=[report.pk]))
    attempt = report.attempts.get()
    for words in ("chat/completions", attempt.messages_sha256, "completion_tokens", "answered: booked", "status 200"):
        assert words in told
    sent = browser.get(reverse("admin:evaluations_report_messages", args=[report.pk]))
    assert json.loads(sent.content)[0]["content"] == run.system_message


# Decisions


def test_a_reviewed_run_is_published_and_taken_back_and_shown_again(browser: Client, run: Run, client: Client) -> None:
    Run.objects.filter(pk=run.pk).update(state="awaiting_review", published_at=None, voting_closes_at=None)
    reader, address = Client(), f"/runs/{run.pk}/"
    told = text_of(browser, page(run, "decide", "publish"))
    assert "2 of 2 reports can be read by everybody" in told
    assert "The vote opens at once, for 72 hours" in told
    assert reader.get(address).status_code == 404  # looking decides nothing
    assert "is published." in press(browser, page(run, "decide", "publish"))
    assert reader.get(address).status_code == 200
    assert "gone from pages, feed, downloads and JSON" in text_of(browser, page(run, "decide", "withdraw"))
    press(browser, page(run, "decide", "withdraw"), note="A source was wrong.")
    assert reader.get(address).status_code == 404
    assert Run.objects.get(pk=run.pk).withdrawn_note == "A source was wrong."
    press(browser, page(run, "decide", "bring-back"))
    assert reader.get(address).status_code == 200
    history = text_of(browser, page(run, "history"))
    for words in ("Published.", "Withdrawn.", "Shown again."):
        assert words in history


def test_a_replay_is_put_into_lists_and_taken_out_again(browser: Client, run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now())
    replay = runs.execute(start(run.evaluation, Order(replay=run)))
    found = f"/runs/{replay.pk}/"
    assert found not in Client().get("/runs/").content.decode()
    assert "Put into lists" in offered(browser, replay)
    press(browser, page(replay, "decide", "put-in-lists"))
    assert found in Client().get("/runs/").content.decode()
    press(browser, page(replay, "decide", "take-out-of-lists"))
    assert found not in Client().get("/runs/").content.decode()


def test_of_two_editors_who_publish_at_once_the_second_is_told_that_nothing_was_changed(
    browser: Client, admin_client: Client, run: Run
) -> None:
    Run.objects.filter(pk=run.pk).update(state="awaiting_review", published_at=None)
    for client in (browser, admin_client):  # both look
        assert "What follows" in text_of(client, page(run, "decide", "publish"))
    assert "is published." in press(admin_client, page(run, "decide", "publish"))
    assert "does not wait for review; nothing was changed" in press(browser, page(run, "decide", "publish"))
    assert "That cannot be done as the run stands: published" in text_of(browser, page(run, "decide", "publish"))


def test_what_is_lost_with_a_cancelled_run_is_said_first(browser: Client, evaluation: Evaluation) -> None:
    start(evaluation).release(state="paused")
    run = Run.objects.get()
    told = text_of(browser, page(run, "decide", "cancel"))
    assert "cannot be resumed" in told
    assert "2 reports are not written." in told
    press(browser, page(run, "decide", "cancel"))
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_a_report_is_withheld_with_a_note_and_shown_again_from_the_runs_page(browser: Client, run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now())
    report = Report.objects.get(entry__run=run, entry__slug="brief")
    change = reverse("admin:evaluations_report_change", args=[report.pk])
    assert f'{change}#withhold"' in text_of(browser, page(run))
    form = {"withheld_note": "It names a private person.", "scores-TOTAL_FORMS": 0, "scores-INITIAL_FORMS": 0}
    told = press(browser, change, **form)
    assert "is withheld: its note stands in its place" in told
    assert "It names a private person." in Client().get(f"/runs/{run.pk}/").content.decode()
    assert "is shown again" in press(browser, reverse("admin:evaluations_report_show_again", args=[report.pk]))
    report.refresh_from_db()
    assert report.withheld_at is None


def test_a_runs_manifest_is_downloaded_as_the_command_writes_it(browser: Client, run: Run) -> None:
    answer = browser.get(page(run, "export"))
    assert answer["Content-Disposition"] == f'attachment; filename="run-{run.pk}.json"'
    assert answer.content == to_bytes(manifest(Run.objects.get(pk=run.pk)))
    Run.objects.filter(pk=run.pk).update(state="inferring")
    assert "export it when it has ended" in browser.get(page(run, "export"), follow=True).content.decode()


# What costs


def priced(told: str) -> str:
    found = re.search(r'name="priced" value="([^"]*)"', told)
    assert found
    return found[1].replace("&quot;", '"')


def test_an_evaluation_is_run_now_after_its_price_was_said(browser: Client, evaluation: Evaluation) -> None:
    url = reverse("admin:evaluations_run_start", args=[evaluation.pk])
    assert url in text_of(browser, reverse("admin:evaluations_evaluation_change", args=[evaluation.pk]))
    told = text_of(browser, url)
    assert re.search(r"Run now, for at most 0\.\d{4} USD", told)
    assert (Run.objects.count(), Job.objects.count()) == (0, 0)
    choice = {"models": ["thorough", "brief"], "samples": "1", "prompt": "1"}
    told = press(browser, url, **choice, priced=priced(told))
    run = Run.objects.get()
    assert f"Run {run.pk} of Sandbox" in told
    assert (run.state, run.kind, run.jobs.get().asked_by) == ("published", "manual", User.objects.get(username="ed"))


def test_another_choice_is_priced_before_it_is_ordered(browser: Client, run: Run) -> None:
    url = page(run, "replay")
    first = text_of(browser, url)
    choice = {"models": ["brief"], "samples": "3", "prompt": "1"}
    told = press(browser, url, **choice, priced=priced(first))
    assert "this is the price now" in told
    assert not Job.objects.exists()
    told = press(browser, url, **choice, priced=priced(told))
    replay = Run.objects.latest("pk")
    assert (replay.kind, replay.samples, [one.slug for one in replay.entries.all()]) == ("replay", 3, ["brief"])
    assert f"Run {replay.pk} of Sandbox" in told


def test_a_choice_without_a_model_is_refused_beside_the_field(browser: Client, run: Run) -> None:
    told = press(browser, page(run, "trial"), samples="1", prompt="1", priced="")
    assert "This field is required." in told
    assert not Job.objects.exists()


def test_something_is_tried_in_private(browser: Client, run: Run) -> None:
    url = page(run, "trial")
    told = text_of(browser, url)
    assert "never public, never voted on" in told
    press(browser, url, models=["thorough"], samples="1", prompt="1", priced=priced(told))
    trial = Run.objects.latest("pk")
    assert (trial.kind, trial.state) == ("trial", "published")
    assert Client().get(f"/runs/{trial.pk}/").status_code == 404


def test_a_lost_answer_is_asked_for_again_after_its_price_was_said(browser: Client, run: Run) -> None:
    report = lose(run)
    assert offered(browser, run)[0] == "Ask Brief (sandbox) again"
    url = reverse("admin:evaluations_report_retry", args=[report.pk])
    assert re.search(r"Ask again, for at most 0\.\d{4} USD", text_of(browser, url))
    assert report.attempts.count() == 1
    press(browser, url)
    report.refresh_from_db()
    assert (report.state, report.attempts.count()) == ("succeeded", 2)
    assert "It was not lost" in text_of(browser, url)
    press(browser, url)  # a second tab
    assert report.attempts.count() == 2


def test_a_paused_run_is_resumed_after_its_price_was_said(browser: Client, evaluation: Evaluation) -> None:
    start(evaluation).release(state="paused", failure="Held back.")
    run = Run.objects.get()
    told = text_of(browser, page(run, "resume"))
    assert re.search(r"Resume, for at most 0\.\d{4} USD", told)
    press(browser, page(run, "resume"))
    run.refresh_from_db()
    assert run.state == "published"


def test_what_stands_in_the_way_is_said_with_the_price(browser: Client, evaluation: Evaluation) -> None:
    start(evaluation)
    told = text_of(browser, reverse("admin:evaluations_run_start", args=[evaluation.pk]))
    assert "is under way; a second one is refused until it has ended" in told
    real = text_of(browser, reverse("admin:evaluations_run_start", args=[make_evaluation().pk]))
    assert "BRAVE_API_KEY is not set" in real


# It follows along


def test_the_pages_script_gets_what_has_changed_and_nothing_else(browser: Client, run: Run) -> None:
    url = page(run, "now")
    first = browser.get(url).json()
    assert (first["goes_on"], set(first["parts"])) == (False, {"run-first", "run-reports", "run-jobs"})
    assert "parts" not in browser.get(url, {"seen": first["seen"]}).json()
    Report.objects.filter(entry__run=run, entry__slug="brief").update(state="answering")
    Run.objects.filter(pk=run.pk).update(state="inferring")
    then = browser.get(url, {"seen": first["seen"]}).json()
    assert then["goes_on"] is True
    assert "Models are writing" in then["parts"]["run-first"]


def test_a_page_goes_on_as_long_as_somebody_waits_for_a_job(browser: Client, run: Run) -> None:
    job = orders.order_rescore(run, None)
    assert browser.get(page(run, "now")).json()["goes_on"] is True
    Job.objects.filter(pk=job.pk).update(state="done")
    assert browser.get(page(run, "now")).json()["goes_on"] is False


def test_whoever_waits_for_a_worker_is_led_to_the_run_and_told_of_a_refusal(browser: Client, run: Run) -> None:
    job = orders.order_run(run.evaluation, None)
    url = reverse("admin:evaluations_run_job", args=[job.pk])
    assert "Waiting for a worker" in text_of(browser, url)
    assert browser.get(f"{url}now/").json() == {"seen": "queued", "goes_on": True, "go_to": ""}
    Job.objects.filter(pk=job.pk).update(run=run, state="running")
    assert browser.get(f"{url}now/").json()["go_to"] == url
    assert browser.get(url)["Location"] == page(run)
    Job.objects.filter(pk=job.pk).update(run=None, state="failed", outcome="Not set: BRAVE_API_KEY.")
    assert "Not set: BRAVE_API_KEY." in text_of(browser, url)


# Keys

CANARY = "sk-canary-3f9c1d7e5b"


def addresses_of(run: Run) -> list[str]:
    found = [page(run, name) for name in ("change", "now", "export", "replay", "trial", "resume", "history")]
    found += [page(run, "decide", name) for name in ("publish", "withdraw", "cancel")]
    for report in Report.objects.filter(entry__run=run):
        found += [
            reverse(f"admin:evaluations_report_{name}", args=[report.pk]) for name in ("change", "messages", "retry")
        ]
        found += [reverse("admin:evaluations_attempt_change", args=[one.pk]) for one in report.attempts.all()]
    lists = ("run", "report", "attempt", "job", "provider", "evaluation")
    found += [reverse(f"admin:evaluations_{name}_changelist") for name in lists]
    return [*found, reverse("admin:evaluations_run_start", args=[run.evaluation.pk])]


def pages_with_the_canary(client: Client, run: Run) -> list[str]:
    return [address for address in addresses_of(run) if CANARY.encode() in client.get(address).content]


def repeat_the_canary(run: Run) -> None:
    """A provider that said the key in its answer, stored before anybody knew that it was one."""
    report = Report.objects.get(entry__run=run, entry__slug="brief")
    report.attempts.update(body=json.dumps({"error": {"message": f"bad key {CANARY}"}}).encode())
    Report.objects.filter(pk=report.pk).update(text=f"I was asked with {CANARY}.", error_detail=f"key {CANARY}")
    Run.objects.filter(pk=run.pk).update(failure=f"Refused: {CANARY}")


def test_no_page_of_a_run_says_a_key_whatever_a_provider_repeats(
    browser: Client, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    repeat_the_canary(run)
    assert len(pages_with_the_canary(browser, run)) > 3  # the control: nobody knows yet that it is a key
    monkeypatch.setattr(secrets, "_known", {*secrets._known, CANARY})
    for table in (secrets.patterns, secrets.skeletons):
        table.cache_clear()
    try:
        assert pages_with_the_canary(browser, run) == []
    finally:
        monkeypatch.undo()
        for table in (secrets.patterns, secrets.skeletons):
            table.cache_clear()
